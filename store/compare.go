package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
)

// Line is one setting or figure of two runs side by side; what a run does not have is "".
type Line struct {
	Part string `json:"part"` // run, settings or figures
	Name string `json:"name"` // calibration.slope
	A    string `json:"a"`
	B    string `json:"b"`
	Same bool   `json:"same"`
}

// Compare lays two runs side by side: what they are, their settings, their figures.
func Compare(a, b Run) []Line {
	lines := beside("run", about(a), about(b))
	lines = append(lines, beside("settings", flat(a.Settings), flat(b.Settings))...)
	return append(lines, beside("figures", flat(a.Figures), flat(b.Figures))...)
}

// leaf is one value of a document and where it stands.
type leaf struct{ name, value string }

func about(r Run) []leaf {
	return []leaf{
		{"command", r.Command},
		{"version", r.Version},
		{"seed", strconv.FormatUint(r.Seed, 10)},
		{"file", r.File},
		{"study", r.Study},
		{"model", r.Model},
		{"held", r.Held},
	}
}

// beside pairs the leaves of one name; those of b alone follow.
func beside(part string, a, b []leaf) []Line {
	other := map[string]string{}
	for _, l := range b {
		other[l.name] = l.value
	}
	var lines []Line
	had := map[string]bool{}
	for _, l := range a {
		had[l.name] = true
		v := other[l.name]
		lines = append(lines, Line{part, l.name, l.value, v, l.value == v})
	}
	for _, l := range b {
		if !had[l.name] {
			lines = append(lines, Line{part, l.name, "", l.value, l.value == ""})
		}
	}
	return lines
}

// flat lists the leaves of a document by name, numbers as they are written.
func flat(doc json.RawMessage) []leaf {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var v any
	if len(doc) == 0 || d.Decode(&v) != nil {
		return nil
	}
	leaves := fall(nil, "", v)
	slices.SortStableFunc(leaves, func(a, b leaf) int { return cmp.Compare(a.name, b.name) })
	return leaves
}

func fall(leaves []leaf, name string, v any) []leaf {
	under := func(part string) string {
		if name == "" {
			return part
		}
		return name + "." + part
	}
	switch v := v.(type) {
	case map[string]any:
		for k, part := range v {
			leaves = fall(leaves, under(k), part)
		}
		return leaves
	case []any:
		if b, err := json.Marshal(v); err == nil && len(b) < 60 {
			return append(leaves, leaf{name, string(b)})
		}
		for i, part := range v {
			leaves = fall(leaves, under(strconv.Itoa(i+1)), part)
		}
		return leaves
	case string:
		return append(leaves, leaf{name, v})
	}
	b, _ := json.Marshal(v) // a number, true, false or null
	return append(leaves, leaf{name, string(b)})
}
