package federate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/data"
	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/privacy"
	"gradus/table"
)

// ward is the bundled cohort, the rows that keep says, with the columns of a plan or, where there is none, all.
func ward(t *testing.T, p *Plan, keep func(site, patient string) bool) *table.Table {
	t.Helper()
	set, err := data.Get("cohort")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(set.CSV()), "\n")
	picked := lines[:1]
	for _, line := range lines[1:] {
		if cells := strings.Split(line, ","); len(cells) > 3 && keep(cells[2], cells[0]) {
			picked = append(picked, line)
		}
	}
	opt := table.Options{}
	if p != nil {
		opt.Kinds = p.Kinds()
	}
	tbl, err := table.Read(strings.NewReader(strings.Join(picked, "")), "ward.csv", opt)
	if err != nil {
		t.Fatal(err)
	}
	return tbl
}

// held is about a third of the patients.
func held(patient string) bool { return strings.ContainsAny(patient[len(patient)-1:], "036") }

func training(site string) func(string, string) bool {
	return func(s, p string) bool { return strings.Contains(site, s) && !held(p) }
}

func judging(site string) func(string, string) bool {
	return func(s, p string) bool { return strings.Contains(site, s) && held(p) }
}

func plan(t *testing.T, change func(*Plan)) *Plan {
	t.Helper()
	tbl := ward(t, nil, training("A"))
	target, _, err := table.NewTarget(tbl, "died_30d", table.TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(tbl, target, []string{"site", "visit_date", "patient_id"}, DefaultLeastCount)
	if err != nil {
		t.Fatal(err)
	}
	decay := .001
	p.Patient, p.Rounds, p.LeastRows = "patient_id", 15, DefaultLeastRows
	p.Settings = model.Settings{Hidden: []int{16}, Alpha: .004, Epochs: 5, Seed: 1, WeightDecay: &decay, Task: target.Task}
	if change != nil {
		change(p)
	}
	if err := p.Valid("plan.json"); err != nil {
		t.Fatal(err)
	}
	return p
}

// begin makes the start of the sites' summaries, through their files.
func begin(t *testing.T, p *Plan, sites ...*table.Table) *model.Model {
	t.Helper()
	var list []*Summary
	for _, tbl := range sites {
		s, err := Summarise(p, tbl)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if s, err = ReadSummary(b, "summary.json", p); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	m, err := Start(p, list)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// copied is m through its file.
func copied(t *testing.T, m *model.Model) *model.Model {
	t.Helper()
	again, err := model.Read(file(t, m), "model.gradus")
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func file(t *testing.T, m *model.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// step is what a site sends: the file of its weights.
func step(t *testing.T, p *Plan, m *model.Model, tbl *table.Table, round int) []byte {
	t.Helper()
	own := copied(t, m)
	said, err := Step(context.Background(), p, own, tbl, round, privacy.Seeded(uint64(round)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteWeights(&b, own, said); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func average(t *testing.T, p *Plan, m *model.Model, files ...[]byte) *model.Model {
	t.Helper()
	var list []*Weights
	for _, b := range files {
		w, err := ReadWeights(b, "site", p.Hash())
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, w)
	}
	mean := copied(t, m)
	if err := Average(p, mean, list, name); err != nil {
		t.Fatal(err)
	}
	return mean
}

func name(i int) string { return fmt.Sprintf("site %d", i+1) }

// run is a whole federation.
func run(t *testing.T, p *Plan, sites ...*table.Table) *model.Model {
	t.Helper()
	m := begin(t, p, sites...)
	for round := range p.Rounds {
		var files [][]byte
		for _, tbl := range sites {
			files = append(files, step(t, p, m, tbl, round+1))
		}
		m = average(t, p, m, files...)
	}
	return m
}

func wards(t *testing.T, p *Plan, sites func(string) func(string, string) bool) (list []*table.Table) {
	for _, s := range []string{"A", "B", "C"} {
		list = append(list, ward(t, p, sites(s)))
	}
	return list
}

func auroc(t *testing.T, m *model.Model, tbl *table.Table) float64 {
	t.Helper()
	y, err := m.Target.Encode(tbl)
	if err != nil {
		t.Fatal(err)
	}
	all, _, err := m.All(tbl)
	if err != nil {
		t.Fatal(err)
	}
	truth, p := make([]bool, tbl.Rows), make([]float64, tbl.Rows)
	for i := range truth {
		truth[i], p[i] = y[i] == 1, all.At(i, m.EventIndex())
	}
	a, err := metric.AUROC(truth, p)
	if err != nil {
		t.Fatal(err)
	}
	return float64(a.Value)
}

// Three sites together come near to what their rows in one table would give, by rows that none was trained on; what was true of the
// single sites is in docs/federation.md, by more rows than these.
func TestFederationComesNearToOneTable(t *testing.T) {
	p := plan(t, nil)
	judges := ward(t, p, judging("ABC"))
	together := auroc(t, run(t, p, wards(t, p, training)...), judges)
	pooled := auroc(t, run(t, p, ward(t, p, training("ABC"))), judges)
	if together < .68 || math.Abs(together-pooled) > .02 {
		t.Errorf("federated %v, pooled %v", together, pooled)
	}
}

func TestSameBytes(t *testing.T) {
	p := plan(t, func(p *Plan) { p.Rounds = 2 })
	sites := wards(t, p, training)
	once := file(t, run(t, p, sites...))
	slices.Reverse(sites)
	if !bytes.Equal(once, file(t, run(t, p, sites...))) {
		t.Error("the order of the sites changes the model")
	}
}

// The mean of one site is what it sent, and a federation of one is its steps one after the other.
func TestOneSite(t *testing.T) {
	p := plan(t, func(p *Plan) { p.Rounds = 3 })
	tbl := ward(t, p, training("B"))
	alone := begin(t, p, tbl)
	for round := range p.Rounds {
		if _, err := Step(context.Background(), p, alone, tbl, round+1, nil); err != nil {
			t.Fatal(err)
		}
	}
	if m := run(t, p, tbl); !slices.Equal(m.Network.Weights(), alone.Network.Weights()) {
		t.Error("a federation of one site is not its own training")
	}
}

// μ = 0 is FedAvg to the bit; a larger μ stays nearer to the common weights.
func TestProximal(t *testing.T) {
	away := func(mu float64) (float64, []float32) {
		p := plan(t, func(p *Plan) { p.Mu = mu })
		tbl := ward(t, p, training("C"))
		m := begin(t, p, tbl)
		before := slices.Clone(m.Network.Weights())
		if _, err := Step(context.Background(), p, m, tbl, 1, nil); err != nil {
			t.Fatal(err)
		}
		d := 0.
		for i, w := range m.Network.Weights() {
			d += math.Pow(float64(w-before[i]), 2)
		}
		return d, m.Network.Weights()
	}
	none, w := away(0)
	least, near := away(1e-30)
	some, _ := away(1)
	most, _ := away(30)
	if !slices.Equal(w, near) || least != none {
		t.Error("a μ of nearly 0 is not FedAvg")
	}
	if !(most < some && some < none) {
		t.Errorf("distances %v, %v, %v for μ = 0, 1, 30", none, some, most)
	}
}

// The mean against a hand-made one: weights by rows.
func TestAverageByRows(t *testing.T) {
	p := plan(t, nil)
	m := begin(t, p, wards(t, p, training)...)
	site := func(v float32, rows int) []byte {
		own := copied(t, m)
		for i := range own.Network.Weights() {
			own.Network.Weights()[i] = v
		}
		var b bytes.Buffer
		if err := WriteWeights(&b, own, Said{Plan: p.Hash(), Round: 1, Rows: rows, Sites: 1}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	mean := average(t, p, m, site(1, 100), site(-2, 300), site(4, 600))
	for _, w := range mean.Network.Weights() {
		if want := float32((100.*1 - 300*2 + 600*4) / 1000); w != want {
			t.Fatalf("%v, want %v", w, want)
		}
	}
	if f := mean.Card.Federation; f.Sites != 3 || f.Round != 1 || mean.Card.Rows != 1000 || mean.Card.Epochs != 5 {
		t.Errorf("%+v of %d rows", f, mean.Card.Rows)
	}
}

func key(err error) string {
	if e, ok := errors.AsType[*say.Err](err); ok {
		return e.Key
	}
	return fmt.Sprint(err)
}

// refused fails unless err has the key and its sentence the words.
func refused(t *testing.T, what string, err error, want string, words ...string) {
	t.Helper()
	if key(err) != want {
		t.Errorf("%s: %v, want %s", what, err, want)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) || !strings.Contains(say.In(say.Korean, err), w) {
			t.Errorf("%s: %q does not say %q", what, err, w)
		}
	}
}

func TestHostileWeights(t *testing.T) {
	p := plan(t, nil)
	m := begin(t, p, wards(t, p, training)...)
	spoil := func(change func(f *safetensors.File, said *Said)) error {
		own := copied(t, m)
		var b bytes.Buffer
		_ = WriteWeights(&b, own, Said{Plan: p.Hash(), Round: 1, Rows: 500, Sites: 1})
		f, err := safetensors.Read(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		said := Said{Plan: p.Hash(), Round: 1, Rows: 500, Sites: 1}
		change(f, &said)
		text, _ := json.Marshal(said)
		f.Metadata["said"] = string(text)
		var again bytes.Buffer // f shares the bytes of b
		if err := f.Write(&again); err != nil {
			t.Fatal(err)
		}
		w, err := ReadWeights(again.Bytes(), "bad.safetensors", p.Hash())
		if err != nil {
			return err
		}
		return w.Into(own, "bad.safetensors")
	}
	refused(t, "as it is", spoil(func(*safetensors.File, *Said) {}), "<nil>")
	bits := func(v float32) func(f *safetensors.File, _ *Said) {
		return func(f *safetensors.File, _ *Said) {
			t := &f.Tensors[1]
			n := len(t.Data) / 4
			values := make([]float32, n)
			values[n-1] = v
			*t = safetensors.Floats(t.Name, values, t.Shape...)
		}
	}
	refused(t, "NaN", spoil(bits(float32(math.NaN()))), "federate.array_value", "layers.0.biases", "NaN", "bad.safetensors")
	refused(t, "Inf", spoil(bits(float32(math.Inf(-1)))), "federate.array_value", "layers.0.biases")
	refused(t, "shape", spoil(func(f *safetensors.File, _ *Said) { slices.Reverse(f.Tensors[0].Shape) }), "federate.array_shape", "layers.0.weights")
	refused(t, "float64", spoil(func(f *safetensors.File, _ *Said) {
		f.Tensors[0] = safetensors.Floats("layers.0.weights", make([]float64, len(f.Tensors[0].Data)/4), f.Tensors[0].Shape...)
	}), "federate.array_shape", "layers.0.weights", "F64")
	refused(t, "one array less", spoil(func(f *safetensors.File, _ *Said) { f.Tensors = f.Tensors[:3] }), "federate.array_missing", "layers.1.biases")
	refused(t, "one array more", spoil(func(f *safetensors.File, _ *Said) {
		f.Tensors = append(f.Tensors, safetensors.Floats("layers.9.weights", []float32{1}, 1))
	}), "federate.arrays")
	refused(t, "no rows", spoil(func(_ *safetensors.File, s *Said) { s.Rows = 0 }), "federate.weights_said")
	refused(t, "rows beyond any hospital", spoil(func(_ *safetensors.File, s *Said) { s.Rows = 1 << 60 }), "federate.weights_said")
	refused(t, "another plan", spoil(func(_ *safetensors.File, s *Said) { s.Plan = "beef" }), "federate.other_plan", "beef")
	refused(t, "another format", spoil(func(f *safetensors.File, _ *Said) { f.Metadata["format"] = "gradus-model" }), "federate.format", "gradus-model")
	_, err := ReadWeights([]byte("no file"), "bad.safetensors", p.Hash())
	refused(t, "no file", err, "federate.weights_damaged", "bad.safetensors")
	a, b := step(t, p, m, ward(t, p, training("A")), 1), step(t, p, m, ward(t, p, training("B")), 2)
	first, _ := ReadWeights(a, "a", p.Hash())
	second, _ := ReadWeights(b, "b", p.Hash())
	refused(t, "rounds mixed", Average(p, m, []*Weights{first, second}, name), "federate.other_round", "site 2")
	refused(t, "nobody", Average(p, m, nil, name), "federate.no_sites")
}
