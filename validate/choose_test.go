package validate

import (
	"reflect"
	"testing"

	"gradus/model"
	"gradus/table"
)

// The same seed draws the same settings; every one drawn is allowed, an ensemble stays one, one network stays one.
func TestSpace(t *testing.T) {
	for _, s := range []model.Settings{{Seed: 3}, {Seed: 3, Activation: "relu"}, {Seed: 3, Hidden: []int{8}}} {
		whole, err := s.Complete(400)
		if err != nil {
			t.Fatal(err)
		}
		list, again := space(s, table.TaskBinary, 400, 30), space(s, table.TaskBinary, 400, 30)
		if len(list) != 30 || !reflect.DeepEqual(list[0].settings, s) {
			t.Fatalf("%d, the first %+v", len(list), list[0].settings)
		}
		seen := map[string]bool{}
		for i, c := range list {
			if !reflect.DeepEqual(c.settings, again[i].settings) {
				t.Errorf("%d: %+v and %+v", i, c.settings, again[i].settings)
			}
			full, err := c.settings.Complete(400)
			if err != nil || full.Members != whole.Members || (full.Beside == "") != (whole.Beside == "") || (full.Bins == 0) != (whole.Bins == 0) {
				t.Errorf("%d: %v, %+v", i, err, full)
			}
			seen[full.Activation] = true
		}
		if whole.Members > 0 && len(seen) < 3 {
			t.Errorf("%+v: only %v drawn", s, seen)
		}
	}
}
