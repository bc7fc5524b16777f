package model

import "gradus/metric"

// TableOne describes the rows analysed by outcome, columns as they are before any preparation.
type TableOne struct {
	Groups  []TableGroup `json:"groups"` // one for each level of the outcome, the event last; a number task has one, of all rows
	Columns []TableRow   `json:"columns"`
	// Least is the smallest count that is shown; smaller ones but 0 are hidden, with as many others as keep them from being worked out.
	Least  int `json:"least"`
	Hidden int `json:"hidden"` // cells
}

// TableGroup is a column of Table 1.
type TableGroup struct {
	Level string `json:"level,omitempty"`
	N     int    `json:"n"`
}

// TableRow is one column of the table: numbers have Numbers, categories Levels.
type TableRow struct {
	Column string `json:"column"`
	Kind   string `json:"kind"` // number or category
	// Feature is false of what the model does not see, such as a site.
	Feature bool `json:"feature"`
	// SMD is the standardised difference between the two outcomes, of several the largest between any two; of a category that of
	// Yang and Dalton over all its levels.
	SMD     metric.Number `json:"smd"`
	Missing []Cell        `json:"missing"` // by group
	Total   Cell          `json:"missing_total"`
	Numbers []Summary     `json:"numbers,omitempty"` // by group
	Levels  []LevelRow    `json:"levels,omitempty"`
}

// Summary is a number in one group; undefined where fewer than Least rows have it.
type Summary struct {
	Mean   metric.Number `json:"mean"`
	SD     metric.Number `json:"sd"`
	Median metric.Number `json:"median"`
	Q1     metric.Number `json:"q1"`
	Q3     metric.Number `json:"q3"`
}

// LevelRow counts one level; Other is for those that fewer than Least rows have, together.
type LevelRow struct {
	Level string `json:"level,omitempty"`
	Other bool   `json:"other,omitempty"`
	Cells []Cell `json:"cells"` // by group
	Total Cell   `json:"total"`
}

// Cell is a count and its share of all rows of the group, those without a value too. Hidden: neither is shown.
type Cell struct {
	N      int           `json:"n"`
	Share  metric.Number `json:"share"`
	Hidden bool          `json:"hidden,omitempty"`
}
