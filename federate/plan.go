// Package federate trains one model at several hospitals without moving a row: a plan that all hold, a summary from each, a start, rounds
// of local steps and their mean, a judgement at each site, and the figures of all sites together. It reads and writes plain values and
// files; who carries them from site to site (Flower, a courier) is not its business. docs/federation.md lists what leaves a site.
package federate

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"slices"

	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

// Plan is what the sites agree on before anything leaves one of them. Who may see what is decided here: a site that holds another plan
// takes no part, because every file names the plan's hash.
type Plan struct {
	Format     string         `json:"format"`
	Target     table.Target   `json:"target"`
	Columns    []Column       `json:"columns"`
	Patient    string         `json:"patient,omitempty"` // column that says whose a row is; empty: each row is a patient
	Settings   model.Settings `json:"settings"`          // epochs: of one round
	Rounds     int            `json:"rounds"`
	Mu         float64        `json:"mu,omitempty"` // μ of FedProx; 0: FedAvg
	LeastRows  int            `json:"least_rows"`   // a site with fewer takes no part
	LeastCount int            `json:"least_count"`  // rows below which nothing is said of a group of them
	Privacy    *Privacy       `json:"privacy,omitempty"`
}

// Column is an input and what is known of it beforehand.
type Column struct {
	Name   string       `json:"name"`
	Kind   table.Kind   `json:"kind"`             // number or category
	Levels []string     `json:"levels,omitempty"` // of a category: those that may get an indicator
	Scale  *table.Scale `json:"scale,omitempty"`  // of a number: given, so that no site says anything of it
}

// Privacy asks for differential privacy.
type Privacy struct {
	Unit  string  `json:"unit"`  // Patient: noise in every gradient step; Site: noise in what a site sends
	Clip  float64 `json:"clip"`  // C, the largest norm of what one patient, or one site, adds
	Noise float64 `json:"noise"` // σ, in units of C
	Delta float64 `json:"delta"` // δ
}

// Whom the noise covers.
const (
	Patient = "patient"
	Site    = "site"
)

// What a plan asks for where nobody says: the fewest patients of a site, and the fewest rows that anything is said of.
const (
	DefaultLeastRows  = 100
	DefaultLeastCount = 10
)

const (
	planFormat  = "gradus-plan-1"
	fewestCount = 2 // a plan may not go below: a count of one is a patient
	mostRounds  = 10000
	largestText = 1 << 24 // bytes of a plan, a summary, a judgement
)

// New makes a plan of what tbl shows: names and kinds of its columns, and the levels that at least least rows share. No number of tbl is in it.
func New(tbl *table.Table, target *table.Target, leave []string, least int) (*Plan, error) {
	if target.Task == table.TaskSurvival {
		return nil, say.Error("federate.survival")
	}
	p, err := table.Fit(tbl, nil, target.Column, table.PrepareOptions{Leave: leave, MinRows: max(least, fewestCount)})
	if err != nil {
		return nil, err
	}
	plan := &Plan{Format: planFormat, Target: *target, LeastCount: least}
	for _, in := range p.Inputs {
		plan.Columns = append(plan.Columns, Column{Name: in.Name, Kind: in.Kind, Levels: in.Levels})
	}
	return plan, nil
}

// Read reads a plan; name is the file's in messages.
func Read(b []byte, name string) (*Plan, error) {
	var p Plan
	if err := strict(b, &p, name); err != nil {
		return nil, err
	}
	return &p, p.Valid(name)
}

// strict reads one JSON value without fields that nobody knows.
func strict(b []byte, into any, name string) error {
	if len(b) > largestText {
		return say.Error("federate.large", "file", name, "bytes", len(b), "most", largestText)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return say.Error("federate.json", "file", name, "cause", err)
	}
	if d.More() {
		return say.Error("federate.json_more", "file", name)
	}
	return nil
}

// Valid checks every part.
func (p *Plan) Valid(name string) error {
	if p.Format != planFormat {
		return say.Error("federate.format", "file", name, "found", p.Format, "want", planFormat)
	}
	if err := p.Target.Valid(); err != nil {
		return err
	}
	if p.Target.Task == table.TaskSurvival {
		return say.Error("federate.survival")
	}
	if err := p.columns(name); err != nil {
		return err
	}
	if err := inPlan(name, p.parts()); err != nil {
		return err
	}
	if err := p.Privacy.valid(name); err != nil {
		return err
	}
	s, err := p.Settings.Complete(1)
	p.Settings = s
	return err
}

// part is a value of a plan and whether it is allowed.
type part struct {
	name    string
	value   any
	allowed string
	ok      bool
}

// inPlan refuses the first part that is not allowed.
func inPlan(file string, parts []part) error {
	for _, v := range parts {
		if !v.ok {
			return say.Error("federate.plan_value", "file", file, "part", v.name, "value", v.value, "allowed", v.allowed)
		}
	}
	return nil
}

func (p *Plan) parts() []part {
	s := &p.Settings
	return []part{
		{"rounds", p.Rounds, "1 … 10000", p.Rounds >= 1 && p.Rounds <= mostRounds},
		{"mu", p.Mu, "≥ 0", p.Mu >= 0 && p.Mu < math.MaxFloat32},
		{"least_rows", p.LeastRows, "≥ 2", p.LeastRows >= fewestCount},
		{"least_count", p.LeastCount, "≥ 2", p.LeastCount >= fewestCount},
		{"settings.members", s.Members, "0", s.Members == 0},
		{"settings.bins", s.Bins, "0", s.Bins == 0},
		{"settings.hidden", s.Hidden, "[…]", s.Hidden != nil},
		{"settings.validation", s.Validation, "0", s.Validation == nil || *s.Validation == 0},
		{"settings.class_weights", s.ClassWeights, "false", !s.ClassWeights},
		{"settings.precision", s.Precision, model.Float32, s.Precision == ""},
		{"settings.temperature", s.Temperature, "0", s.Temperature == 0},
	}
}

func (p *Plan) columns(name string) error {
	seen := map[string]bool{p.Target.Column: true}
	if p.Patient != "" {
		seen[p.Patient] = true
	}
	for _, c := range p.Columns {
		ok := c.Name != "" && !seen[c.Name]
		seen[c.Name] = true
		switch c.Kind {
		case table.Number:
			ok = ok && len(c.Levels) == 0 && (c.Scale == nil || c.Scale.SD > 0 && c.Scale.SD < math.MaxFloat32 && math.Abs(c.Scale.Mean) < math.MaxFloat32)
		case table.Category:
			ok = ok && c.Scale == nil && slices.IsSorted(c.Levels) && len(slices.Compact(slices.Clone(c.Levels))) == len(c.Levels)
		default:
			ok = false
		}
		if !ok {
			return say.Error("federate.plan_column", "file", name, "column", c.Name)
		}
	}
	if len(p.Columns) == 0 {
		return say.Error("federate.plan_column", "file", name, "column", "")
	}
	return nil
}

func (p *Privacy) valid(name string) error {
	if p == nil {
		return nil
	}
	return inPlan(name, []part{
		{"privacy.unit", p.Unit, Patient + ", " + Site, p.Unit == Patient || p.Unit == Site},
		{"privacy.clip", p.Clip, "> 0", p.Clip > 0 && p.Clip < math.MaxFloat32},
		{"privacy.noise", p.Noise, "> 0", p.Noise > 0 && p.Noise < math.MaxFloat32},
		{"privacy.delta", p.Delta, "(0, 1)", p.Delta > 0 && p.Delta < 1},
	})
}

// Hash names the plan: the SHA-256 of its values, however its file is spaced.
func (p *Plan) Hash() string {
	b, _ := json.Marshal(p) // Valid leaves only finite numbers
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Kinds gives table.Options.Kinds: a site reads the columns of the plan and no other.
func (p *Plan) Kinds() map[string]table.Kind {
	kinds := map[string]table.Kind{p.Target.Column: p.Target.Kind}
	for _, c := range p.Columns {
		kinds[c.Name] = c.Kind
	}
	if p.Patient != "" {
		kinds[p.Patient] = table.Category
	}
	return kinds
}

// patients are the rows of each patient, in the order of their first rows; a row that does not say whose it is stands for itself.
func (p *Plan) patients(tbl *table.Table) [][]int {
	var list [][]int
	at := map[string]int{}
	var whose *table.Column
	if p.Patient != "" {
		whose = tbl.Column(p.Patient)
	}
	for r := range tbl.Rows {
		if whose != nil && !whose.Missing(r) {
			name := whose.Text(r)
			if k, known := at[name]; known {
				list[k] = append(list[k], r)
				continue
			}
			at[name] = len(list)
		}
		list = append(list, []int{r})
	}
	return list
}

// encoded checks that tbl has what the plan asks for and enough rows of it, and returns the targets.
func (p *Plan) encoded(tbl *table.Table) ([]float64, error) {
	for _, c := range p.Columns {
		if _, err := tbl.Need(c.Name); err != nil {
			return nil, err
		}
	}
	if p.Patient != "" {
		if _, err := tbl.Need(p.Patient); err != nil {
			return nil, err
		}
	}
	y, err := p.Target.Encode(tbl)
	if err != nil {
		return nil, err
	}
	if n := len(p.patients(tbl)); n < p.LeastRows {
		return nil, say.Error("federate.few_rows", "file", tbl.Name, "found", n, "least", p.LeastRows)
	}
	return y, p.enough(tbl, y)
}

// enough refuses a table that has some rows of a level, but fewer than may be told of, or of a binary target too few of either.
func (p *Plan) enough(tbl *table.Table, y []float64) error {
	if p.Target.Task == table.TaskNumber {
		return nil
	}
	n := make([]int, len(p.Target.Levels))
	for _, v := range y {
		n[int(v)]++
	}
	for i, k := range n {
		if k < p.LeastCount && (k > 0 || p.Target.Task == table.TaskBinary) {
			level := p.Target.Levels[i]
			if p.Target.Task == table.TaskBinary {
				level = p.binary(i)
			}
			return say.Error("federate.few_level", "file", tbl.Name, "column", p.Target.Column, "level", level, "least", p.LeastCount)
		}
	}
	return nil
}

// binary is the level that code (1: the event) stands for.
func (p *Plan) binary(code int) string {
	i := slices.Index(p.Target.Levels, p.Target.Event)
	if code == 1 {
		return p.Target.Levels[i]
	}
	return p.Target.Levels[1-i]
}
