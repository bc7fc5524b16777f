package model_test

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/internal/safetensors"
	"gradus/model"
	"gradus/table"
)

// aged is a model of survival of one column, its one neuron o = 2·z, and the table it was made from.
func aged(t *testing.T) (*model.Model, *table.Table) {
	t.Helper()
	tbl, err := table.Read(strings.NewReader("age,days,died\n40,10,1\n50,20,0\n60,30,1\n70,40,1\n"), "a.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	target, y, err := table.NewSurvival(tbl, "days", nil, "died", "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := model.Settings{Task: table.TaskSurvival, Hidden: []int{2}, Horizons: []float64{15, 30}}.Complete(4)
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.New(tbl.Drop("died"), nil, target, y, s)
	if err != nil {
		t.Fatal(err)
	}
	line, err := m.Linear([]float64{2})
	if err != nil {
		t.Fatal(err)
	}
	line.Baseline(.5, []float64{10, 30, 40}, []float64{.1, .4, 1})
	line.Card.Rows, line.Card.Events = 4, 3
	return line, tbl
}

func survivalFile(t *testing.T, m *model.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The file says version 3; what it predicts is exp(−H(t)·e^(o − centre)), by hand; no time of a patient but the horizons and a hundredth of
// the last event's steps is in it.
func TestSurvivalByHand(t *testing.T) {
	m, tbl := aged(t)
	b := survivalFile(t, m)
	f, err := safetensors.Read(b)
	if err != nil || f.Metadata["version"] != "3" {
		t.Fatal(f.Metadata["version"], err)
	}
	read, err := model.Read(b, "m")
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := read.All(tbl)
	if err != nil || out.Cols != 3 {
		t.Fatal(out.Cols, err)
	}
	sd := math.Sqrt(125)
	for r, age := range []float64{40, 50, 60, 70} {
		risk := 2*(age-55)/sd - .5
		for k, want := range []float64{risk, math.Exp(-.1 * math.Exp(risk)), math.Exp(-.4 * math.Exp(risk))} {
			if got := out.Row(r)[k]; math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("row %d, %d: %v, not %v", r+1, k, got, want)
			}
		}
	}
	if times := read.Survival.Times; len(times) != 101 || !slices.Contains(times, 15) || slices.Contains(times, 10.5) || times[100] != 40 {
		t.Errorf("%d times: %v", len(read.Survival.Times), read.Survival.Times)
	}
}

// A head whose parts of survival contradict each other, or are no hazard, is refused.
func TestSurvivalHeads(t *testing.T) {
	m, _ := aged(t)
	for what, change := range map[string]func(head map[string]any){
		"no hazard":               func(h map[string]any) { delete(h, "survival") },
		"no event":                func(h map[string]any) { h["target"].(map[string]any)["event"] = "" },
		"another task":            func(h map[string]any) { h["target"].(map[string]any)["task"] = "number" },
		"a hazard that falls":     func(h map[string]any) { h["survival"].(map[string]any)["hazard"].([]any)[50] = -1. },
		"a horizon of no time":    func(h map[string]any) { h["survival"].(map[string]any)["horizons"].([]any)[0] = 15.01 },
		"horizons the card lacks": func(h map[string]any) { delete(h["card"].(map[string]any)["settings"].(map[string]any), "horizons") },
		"fewer hazards": func(h map[string]any) {
			s := h["survival"].(map[string]any)
			s["hazard"] = s["hazard"].([]any)[1:]
		},
	} {
		f, err := safetensors.Read(survivalFile(t, m))
		if err != nil {
			t.Fatal(err)
		}
		var head map[string]any
		if err := json.Unmarshal([]byte(f.Metadata["model"]), &head); err != nil {
			t.Fatal(err)
		}
		change(head)
		text, err := json.Marshal(head)
		if err != nil {
			t.Fatal(err)
		}
		f.Metadata["model"] = string(text)
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		_, err = model.Read(b.Bytes(), "m.gradus")
		sentence(t, what, err, "model.damaged")
	}
}
