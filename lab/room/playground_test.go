package room

import (
	"bytes"
	"context"
	"math"
	"slices"
	"testing"

	"gradus/activation"
	"gradus/cost"
	"gradus/lab/scene"
	"gradus/optimizer"
	"gradus/trace"
)

func open(t *testing.T, query string) (*play, *scene.Run) {
	t.Helper()
	s, ignored := playground().Read(query)
	if ignored != nil {
		t.Fatal(query, ignored)
	}
	run, err := playground().Make(s)
	if err != nil {
		t.Fatal(query, err)
	}
	return run.Own.(*play), run
}

func at(t *testing.T, run *scene.Run, step int) string {
	t.Helper()
	s, err := run.At(step)
	if err != nil {
		t.Fatal(err)
	}
	return string(scene.Append(nil, s))
}

// A step is the same whichever way it is come to, with dropout too.
func TestPlaygroundGoesBack(t *testing.T) {
	const query = "dropout=0.2&epochs=20&hidden=3"
	_, there := open(t, query)
	_, back := open(t, query)
	last := at(t, back, 20)
	for _, step := range []int{0, 7, 20, 7} {
		if at(t, there, step) != at(t, back, step) {
			t.Errorf("step %d depends on the way to it", step)
		}
	}
	if last != at(t, there, 20) {
		t.Error("the end depends on the way to it")
	}
}

// Epochs, batches and cases are three rulers along one training.
func TestPlaygroundPaces(t *testing.T) {
	epochs, _ := open(t, "batch=20")
	batches, _ := open(t, "batch=20&by=batch&from=2")
	cases, _ := open(t, "batch=20&by=example&from=2")
	if per := epochs.perEpoch(); per != 5 || batches.base != 10 { // 90 cases in batches of 20: the last has 10
		t.Fatalf("%d batches an epoch, window from %d", per, batches.base)
	}
	want, _ := epochs.moment(3)
	for name, got := range map[string]func() (*moment, error){
		"batch": func() (*moment, error) { return batches.moment(5) },
		"case":  func() (*moment, error) { return cases.moment(90) },
	} {
		m, err := got()
		if err != nil || m.now.Iteration != 15 || !slices.Equal(m.now.Weights, want.now.Weights) {
			t.Errorf("by %s: iteration %d, %v", name, m.now.Iteration, err)
		}
	}
	if before, _ := cases.moment(89); before.now.Iteration != 14 || len(before.hand()) != 1 {
		t.Errorf("a batch is learnt from before it is complete: %d", before.now.Iteration)
	}
	if m, _ := batches.moment(5); len(m.hand()) != 10 {
		t.Errorf("the last batch has %d cases", len(m.hand()))
	}
}

// The controls offer what the engine has.
func TestPlaygroundOffersAll(t *testing.T) {
	offered := func(key string) (list []string) {
		for _, c := range playControls() {
			for _, o := range c.Options {
				if c.Key == key {
					list = append(list, o.Value)
				}
			}
		}
		slices.Sort(list)
		return list
	}
	var functions, costs, rules []string
	for _, f := range activation.All[float64]() {
		if f.Name() != "softmax" { // of several outputs
			functions = append(functions, f.Name())
		}
	}
	for _, c := range cost.All[float64]() {
		if c.Name() != "cross-entropy" { // of several classes
			costs = append(costs, c.Name())
		}
	}
	for _, r := range optimizer.All[float64]() {
		rules = append(rules, r.Name)
	}
	for key, want := range map[string][]string{"activation": functions, "cost": costs, "rule": rules} {
		slices.Sort(want)
		if got := offered(key); !slices.Equal(got, want) {
			t.Errorf("%s: %v, the engine has %v", key, got, want)
		}
	}
}

// What is taken along is read by trace, and the next update there is the next one here.
func TestPlaygroundExport(t *testing.T) {
	p, _ := open(t, "by=batch&rule=descent&l2=0.01&hidden=3,2&batch=5")
	m, err := p.moment(4)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := trace.Read(bytes.NewReader(m.traceFile()))
	if err != nil {
		t.Fatal(err)
	}
	out, err := trace.Run(context.Background(), spec, trace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	next, _ := p.moment(5)
	var got []float64
	for _, l := range out.Layers {
		for _, row := range l.Weights {
			got = append(got, row...)
		}
		got = append(got, l.Biases...)
	}
	for i, w := range next.now.Weights { // a training takes sigmoid and cross-entropy in one, which rounds once less
		if math.Abs(got[i]-w) > 1e-14 {
			t.Errorf("weight %d: trace %g, the playground %g", i, got[i], w)
		}
	}
	if len(got) != len(next.now.Weights) {
		t.Errorf("trace comes to %v, the playground to %v", got, next.now.Weights)
	}
}

// The sentence names what happens, with its number.
func TestPlaygroundVerdicts(t *testing.T) {
	for query, want := range map[string]string{
		"step=0":                            "is_new",
		"step=240":                          "is_learning_by_heart",
		"rule=descent&alpha=0.0001&step=60": "is_stuck",
		"activation=step&step=20":           "is_dead",
		"rule=descent&alpha=100&cost=mse&step=60":                "is_wild",
		"activation=linear&rule=descent&alpha=100&l2=1&step=240": "is_fallen",
	} {
		s, _ := playground().Read(query)
		run, err := playground().Make(s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := run.At(s.Step)
		if err != nil || got.Summary.Key != "labroom.play_"+want {
			t.Errorf("%s: %v %v, want %s", query, got.Summary, err, want)
		}
	}
}

// The run ends at the target, and a learner's own seed has its own solutions.
func TestPlaygroundGoals(t *testing.T) {
	p, _ := open(t, "target=0.25")
	if last, _ := p.moment(p.steps); p.steps == 240 || last.now.Held > .25 {
		t.Errorf("stopped at %d with %g", p.steps, last.now.Held)
	}
	for _, query := range []string{"seed=1", "seed=2", "seed=11", "seed=999999"} {
		p, _ := open(t, query)
		m, err := p.moment(0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range []scene.Exercise{m.stopTask(), m.brakeTask(), m.featureTask()} {
			done, _ := e.Goal.Settled()
			if solve, _ := e.Goal.Solution(); done || solve == nil {
				t.Errorf("%s: %s done %v, solution %v", query, e.Key, done, solve)
			}
		}
	}
}
