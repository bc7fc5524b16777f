package model_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"gradus/internal/safetensors"
	"gradus/model"
)

// An ensemble comes back from its file, of version 3 with networks behind ramps and beside them, else of version 2, and says the same; one
// network's file is of version 1.
func TestEnsembleFile(t *testing.T) {
	for _, c := range []struct {
		s       model.Settings
		version string
	}{
		{model.Settings{}, "3"},
		{model.Settings{Hidden: []int{3}, Members: 2, Bins: 2, Beside: "silu"}, "3"},
		{model.Settings{Hidden: []int{3}, Members: 2, Beside: "silu"}, "2"},
		{model.Settings{Hidden: []int{3}, Members: 2, Bins: 2}, "2"},
		{model.Settings{Hidden: []int{3}, Bins: 2}, "2"},
		{model.Settings{Hidden: []int{3}}, "1"},
	} {
		s := c.s
		m, tbl := untrained(t, binaryCSV, "died", s)
		var b bytes.Buffer
		if err := m.Write(&b); err != nil {
			t.Fatal(err)
		}
		f, err := safetensors.Read(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if f.Metadata["version"] != c.version {
			t.Errorf("%+v: version %s, not %s", s, f.Metadata["version"], c.version)
		}
		again, err := model.Read(b.Bytes(), "m")
		if err != nil {
			t.Fatal(err)
		}
		x, _, _ := m.All(tbl)
		y, _, err := again.All(tbl)
		if err != nil || !slices.Equal(x.Data, y.Data) {
			t.Errorf("%+v: %v, %v and %v", s, err, x.Data, y.Data)
		}
	}
}

// A head that lies about ramps or chains is refused before memory is made for it.
func TestHostileEnsemble(t *testing.T) {
	m, _ := untrained(t, binaryCSV, "died", model.Settings{Hidden: []int{3}, Members: 2, Bins: 2})
	dense := func(units any) map[string]any { return map[string]any{"kind": "dense", "units": units} }
	ramp := func(of, from, to any) map[string]any {
		return map[string]any{"kind": "ramps", "ramps": []any{map[string]any{"of": of, "from": from, "to": to}}}
	}
	sum := func(chains ...any) map[string]any { return map[string]any{"kind": "sum", "chains": chains} }
	for i, layers := range [][]any{
		{ramp(99, 0, 1), dense(1)},
		{ramp(-1, 0, 1), dense(1)},
		{ramp(0, 1, 1), dense(1)},
		{ramp(0, 0, 1e-320), dense(1)},
		{sum()},
		{map[string]any{"kind": "first", "units": 0}, dense(1)},
		{map[string]any{"kind": "first", "units": 1 << 40}, dense(1)},
		{map[string]any{"kind": "first", "units": -1}, dense(1)},
		{sum([]any{})},
		{sum([]any{dense(1)}, []any{dense(2)})},
		{sum([]any{dense(1 << 27)}, []any{dense(1 << 27)})},
		{sum([]any{sum([]any{dense(1)})})},
		{sum([]any{dense(-1)})},
	} {
		b := edited(t, m, func(_ *safetensors.File, head map[string]any) { head["layers"] = layers })
		_, err := model.Read(b, "m.gradus")
		sentence(t, fmt.Sprint(i), err, "model.damaged")
	}
}

// Many columns and rows widen the networks; few of either, layers that were asked for and a dropout that was given stay.
func TestWide(t *testing.T) {
	if s := (model.Settings{}).Wide(100, 2000); !slices.Equal(s.Hidden, []int{128, 64}) || s.Dropout != .2 || s.Members <= model.DefaultMembers || s.Beside == "" || s.Bins < 3 {
		t.Errorf("%+v", s)
	}
	if s := (model.Settings{Dropout: .4, Activation: "relu"}).Wide(100, 2000); s.Dropout != .4 || s.Beside != "relu" {
		t.Errorf("%+v", s)
	}
	for _, s := range []model.Settings{(model.Settings{}).Wide(60, 2000), (model.Settings{}).Wide(100, 900), (model.Settings{Members: 1}).Wide(100, 2000)} {
		if s.Hidden != nil || s.Dropout != 0 {
			t.Errorf("%+v", s)
		}
	}
	if s := (model.Settings{Hidden: []int{}}).Wide(100, 2000); s.Hidden == nil || s.Dropout != 0 || s.Members != 0 {
		t.Errorf("%+v", s)
	}
}
