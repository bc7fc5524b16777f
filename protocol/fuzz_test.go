package protocol

import (
	"errors"
	"testing"

	"gradus/check"
	"gradus/internal/say"
)

// FuzzThreshold reads the rule of a threshold as a study file or --threshold has it, harm:9.
func FuzzThreshold(f *testing.F) {
	for _, s := range []string{"", "youden", "harm:9", "sensitivity:0.9", "harm:", ":", "harm:NaN", "harm:1e400", "harm:-1:2"} {
		f.Add(s, "binary")
	}
	f.Fuzz(func(t *testing.T, rule, task string) {
		made := check.Study{Threshold: rule}
		made.Target.Task = task
		p, err := Plan(&made, &check.Log{})
		if _, ok := errors.AsType[*say.Err](err); err != nil && !ok {
			t.Fatalf("no sentence: %v", err)
		}
		if err == nil && len(p.Rule) > len(rule) {
			t.Errorf("%q: %q %v", rule, p.Rule, p.Value)
		}
	})
}
