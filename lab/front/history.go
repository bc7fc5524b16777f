package front

import (
	"strconv"
	"sync"

	"gradus/internal/kernel"
	"gradus/internal/trial"
	"gradus/lab/scene"
)

const (
	oldLayers            = 8 // of the network that hears nothing
	oldWidth             = 6 //
	fitUpdates, fitHeld  = 600, 400
	fitWidth, fitBatch   = 16, 20
	smallGap             = .05
	workRows, workEpochs = 1000, 100
)

// eras are the years of the line, and the part of the page that each obstacle among them opens.
var eras = []struct {
	year     int
	obstacle string
}{{1957, ""}, {1969, ""}, {1986, ""}, {1991, "vanishing"}, {1992, "overfitting"}, {2009, "work"}, {2012, ""}}

// history is F3: the three things that stood in the way, each to be run.
func history() *scene.Page {
	return &scene.Page{
		ID: "F3", Words: "labf.p03", Slip: true, Vignette: true,
		Controls: []scene.Control{
			scene.ChoiceControl("part", scene.Say("labf.p03_part"), "labf.p03_part", "vanishing", "overfitting", "work").In("bar"),
			scene.ChoiceControl("f", scene.Say("labf.p03_f"), "labf.f", "sigmoid", "relu").Only("part", "vanishing"),
			scene.WholeControl("n", scene.Say("labf.p03_n"), 20, 20, 2000).Logarithmic().Only("part", "overfitting"),
			measured(scene.RealControl("speed", scene.Say("labf.p03_speed"), 8, 3, 13, .1).Only("part", "work")),
		},
		Make: historyRun, Exercises: historyExercises,
	}
}

// measured is a control whose value the page can measure on the computer it runs on.
func measured(c scene.Control) scene.Control {
	c.Measured = true
	return c
}

func historyRun(s *scene.State) (*scene.Run, error) {
	var sc *scene.Scene
	var err error
	switch s.Raw("part") {
	case "overfitting":
		sc, err = overfitting(s)
	case "work":
		sc, err = work(s)
	default:
		sc, err = vanishing(s)
	}
	if err != nil {
		return nil, err
	}
	sc.Figures = append([]scene.Figure{{Eras: timeline(s.Raw("part"))}}, append(sc.Figures, scene.Figure{Table: slip()})...)
	return scene.Still(sc), nil
}

// timeline is the line of years; the obstacle that is being run is lit.
func timeline(part string) *scene.Eras {
	t := &scene.Eras{Low: 1955, High: 2015}
	for _, e := range eras {
		t.List = append(t.List, scene.Era{
			Year: e.year, Label: scene.Say("labf.p03_in" + strconv.Itoa(e.year)), Heavy: e.obstacle != "", Lit: e.obstacle == part,
		})
	}
	return t
}

// slip sets what the deck says of data beside what holds.
func slip() *scene.Table {
	return &scene.Table{Head: []scene.Words{scene.Say("labf.p03_deck"), scene.Say("labf.p03_exact")}, Rows: [][]scene.Cell{
		{{Words: scene.Say("labf.p03_deck_says"), Tone: scene.Fail}, {Words: scene.Say("labf.p03_exact_is"), Tone: scene.Pass}},
	}}
}

// vanishing is eight layers and the gradient of each.
func vanishing(s *scene.State) (*scene.Scene, error) {
	net, err := trial.Net{In: 4, Hidden: trial.Layers(oldLayers-1, oldWidth), Out: 1, Activation: s.Raw("f"), Last: "sigmoid", Seed: s.Seed}.Build()
	if err != nil {
		return nil, err
	}
	g, err := trial.Gradients(net, "binary-cross-entropy", trial.Patients(chance(s, 3), 24))
	if err != nil {
		return nil, err
	}
	bars := &scene.Bars{Log: true, Low: 1e-9}
	for i, v := range g {
		bars.Rows = append(bars.Rows, scene.Bar{Number: scene.Value("g"+strconv.Itoa(i+1), "", v).Named(scene.Say("labf.p03_layer", "n", i+1))})
	}
	ratio := g[0] / g[len(g)-1]
	return &scene.Scene{
		Figures:  []scene.Figure{{Bars: bars, Title: scene.Say("labf.p03_bars")}},
		Readings: []scene.Number{named("ratio", scene.Say("labf.p03_ratio"), ratio)},
		Summary:  scene.Say("labf.p03_summary_vanishing", "times", scene.Round(1/ratio, 0)),
	}, nil
}

// fitted is the network after the same count of updates on n patients, and its shares of right answers there and on others.
func fitted(s *scene.State, n int) (net trial.Outcome, train, test float64, err error) {
	set, held := trial.Patients(chance(s, 4), n), trial.Patients(chance(s, 5), fitHeld)
	perEpoch := (n + fitBatch - 1) / fitBatch
	net, err = learnt(trial.Training{
		Net:  trial.Net{In: 4, Hidden: []int{fitWidth}, Out: 1, Activation: "relu", Last: "sigmoid", Seed: s.Seed},
		Cost: "binary-cross-entropy", Rule: "adam", Alpha: .02, Epochs: max(1, fitUpdates/perEpoch), Batch: fitBatch, Seed: s.Seed,
	}, set, trial.Set{})
	if err != nil {
		return net, 0, 0, err
	}
	return net, float64(trial.Right(net.Net, set)) / float64(n), float64(trial.Right(net.Net, held)) / fitHeld, nil
}

// overfitting is one network on few or many patients.
func overfitting(s *scene.State) (*scene.Scene, error) {
	n := s.Whole("n")
	out, train, test, err := fitted(s, n)
	if err != nil {
		return nil, err
	}
	bars := &scene.Bars{Tall: true, Rows: []scene.Bar{
		{Number: named("train", scene.Say("labf.p03_seen", "n", n), train)},
		{Number: named("test", scene.Say("labf.p03_unseen", "n", fitHeld), test)},
		{Number: named("gap", scene.Say("labf.p03_gap"), train-test)},
	}}
	return &scene.Scene{
		Figures:  []scene.Figure{{Bars: bars, Title: scene.Say("labf.p03_fit")}},
		Readings: []scene.Number{scene.Count("updates", scene.Say("labf.p03_updates"), out.Updates), scene.Count("n", scene.Say("labf.p03_n"), n)},
		Summary:  scene.Say("labf.p03_summary_overfitting", "n", n, "train", scene.Round(100*train, 1), "test", scene.Round(100*test, 1), "gap", scene.Round(train-test, 3)),
	}, nil
}

// work is what training costs by the size of the network, and how long that takes at a speed.
func work(s *scene.State) (*scene.Scene, error) {
	table := &scene.Table{Head: []scene.Words{
		scene.Say("labf.p03_size"), scene.Say("labf.p03_weights"), scene.Say("labf.p03_products"), scene.Say("labf.p03_seconds"),
	}}
	bars := &scene.Bars{Log: true, Low: 1e-6}
	var longest float64
	for i, size := range [][2]int{{1, 8}, {2, 32}, {4, 128}, {8, 512}} {
		net, err := trial.Net{In: 30, Hidden: trial.Layers(size[0], size[1]), Out: 1, Activation: "relu", Last: "sigmoid", Seed: s.Seed}.Build()
		if err != nil {
			return nil, err
		}
		weights, products := trial.Work(net)
		all := trial.Products * float64(products) * workRows * workEpochs
		at := strconv.Itoa(i + 1)
		label := scene.Text(strconv.Itoa(size[0]) + " × " + strconv.Itoa(size[1]))
		longest = all / kernel.Pow(10, s.Real("speed"))
		table.Rows = append(table.Rows, []scene.Cell{
			scene.W(label), scene.N(scene.Count("weights"+at, label, weights)), scene.N(scene.Value("products"+at, "", all)), scene.N(scene.Value("seconds"+at, "", longest)),
		})
		bars.Rows = append(bars.Rows, scene.Bar{Number: scene.Value("", "", longest).Named(label)})
	}
	return &scene.Scene{
		Figures:  []scene.Figure{{Bars: bars, Title: scene.Say("labf.p03_time")}, {Table: table, Note: scene.Say("labf.p03_work_note", "rows", workRows, "epochs", workEpochs)}},
		Readings: []scene.Number{named("longest", scene.Say("labf.p03_longest"), longest)},
		Summary:  scene.Say("labf.p03_summary_work", "hours", scene.Round(longest/3600, 2)),
	}, nil
}

// widths remembers the answer of a seed.
var widths sync.Map

// wide is the fewest patients, of a few counts, with which the gap is small.
func wide(s *scene.State) (string, error) {
	if v, ok := widths.Load(s.Seed); ok {
		return v.(string), nil
	}
	for _, n := range []int{100, 200, 400, 700, 1000, 1500, 2000} {
		_, train, test, err := fitted(s, n)
		if err != nil {
			return "", err
		}
		if train-test < smallGap {
			widths.Store(s.Seed, strconv.Itoa(n))
			return strconv.Itoa(n), nil
		}
	}
	return "2000", nil
}

// historyExercises ask which cure belongs to which obstacle, and to close the gap by more patients alone.
func historyExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	cures := []scene.Words{scene.Say("labf.p03_cure1"), scene.Say("labf.p03_cure2"), scene.Say("labf.p03_cure3")}
	order := chance(s, 6).Perm(3)
	options, at := make([]scene.Words, 3), make([]int, 3)
	for i, k := range order {
		options[i], at[k] = cures[k], i+1
	}
	match := scene.Exercise{Key: "labf.p03_task1"}
	for i, key := range []string{"vanishing", "overfitting", "work"} {
		match.Fields = append(match.Fields, scene.Field{Label: scene.Say("labf.p03_part_" + key), Options: options, Choice: at[i]})
	}
	swapped := func(key string, a, b int) scene.Mistake {
		m := scene.Mistake{Key: key, Values: []float64{anything, anything, anything}}
		m.Values[a], m.Values[b] = float64(at[b]), float64(at[a])
		return m
	}
	match.Mistakes = []scene.Mistake{
		swapped("labf.p03_task1_data", 0, 1), swapped("labf.p03_task1_speed", 0, 2), swapped("labf.p03_task1_size", 1, 2),
	}
	gap, err := gapExercise(s)
	return []scene.Exercise{match.Distinct(), gap}, err
}

func gapExercise(s *scene.State) (scene.Exercise, error) {
	n, err := wide(s)
	if err != nil {
		return scene.Exercise{}, err
	}
	_, train, test, err := fitted(s, s.Whole("n"))
	here := s.Raw("part") == "overfitting"
	why := scene.Say("labf.p03_task2_more", "gap", scene.Round(train-test, 3))
	if !here {
		why = scene.Say("labf.p03_task2_open")
	}
	return scene.Exercise{Key: "labf.p03_task2", Goal: &scene.Goal{
		Now: named("gap", scene.Say("labf.p03_gap"), train-test), Target: scene.Say("labf.p03_target"),
		Done: here && train-test < smallGap, Why: why, Solve: map[string]string{"part": "overfitting", "n": n},
	}}, err
}
