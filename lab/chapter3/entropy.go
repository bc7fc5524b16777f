package chapter3

import (
	"math"
	"math/rand/v2"
	"strconv"

	"gradus/cost"
	"gradus/internal/kernel"
	"gradus/internal/trial"
	"gradus/lab/chapter4"
	"gradus/lab/scene"
	"gradus/optimizer"
)

// entropy is 4-3-4: the price of a probability, with the minus sign and without it.
func entropy() *scene.Page {
	return &scene.Page{
		ID: "4-3-4", Words: "lab43.p04", Formula: "Cost = −Σ y_c · log p_c", Vignette: true, Slip: true,
		Controls: []scene.Control{
			scene.ChoiceControl("part", scene.Say("lab43.part"), "lab43.part", "price", "sign", "slope", "rare").In("bar"),
			scene.ChoiceControl("y", scene.Say("lab43.truth"), "lab43.truth", "1", "0").Only("part", "price", "slope"),
			scene.RealControl("p", scene.Say("lab43.p"), .3, .001, .999, .001).Only("part", "price", "slope"),
			scene.ToggleControl("deck", scene.Say("lab43.deck_sign"), false).Only("part", "price"),
			scene.RealControl("rate", scene.Say("lab43.base_rate"), .01, .001, .5, .001).Logarithmic().Only("part", "rare"),
		},
		Make: entropyRun, Exercises: entropyExercises,
	}
}

// priced is the cross-entropy of one probability against one truth.
func priced(p, y float64) float64 {
	return cost.BinaryCrossEntropy[float64]{}.Forward(column([]float64{p}), column([]float64{y}))
}

// through is ∂E/∂z of one sigmoid neuron that says p, by backpropagation.
func through(name string, p, y float64) float64 {
	net, err := trial.Net{In: 1, Out: 1, Last: "sigmoid"}.Build()
	if err != nil {
		panic(err) // one neuron
	}
	w := net.Weights()
	w[0], w[1] = 0, kernel.Log(p)-kernel.Log1p(-p)
	pass := net.NewPass(1, 1)
	pass.Forward(column([]float64{1}))
	f, err := cost.ByName[float64](name)
	if err != nil {
		panic(err) // the engine has it
	}
	pass.Backward(f, column([]float64{y}))
	return pass.Gradient()[1]
}

// lactates are eight synthetic patients: lactate, and whether they died.
func lactates(seed uint64) trial.Set {
	rng := rand.New(rand.NewPCG(seed, 0x434))
	var x, y [][]float64
	for i := range 8 {
		died := float64(i / 4)
		x = append(x, []float64{math.Round((-1+float64(2*died)+float64(.7*kernel.Normal(rng)))*100) / 100})
		y = append(y, []float64{died})
	}
	return trial.Rows(x, y)
}

// neuron is the cross-entropy of one sigmoid neuron over its weight and bias; sign −1 is the deck's, without the minus.
func neuron(set trial.Set, sign float64) optimizer.Surface {
	net, err := trial.Net{In: 1, Out: 1, Last: "sigmoid"}.Build()
	if err != nil {
		panic(err) // one neuron
	}
	f := cost.BinaryCrossEntropy[float64]{}
	look, pass := trial.Judge(net, f, set.Len()), net.NewPass(set.Len(), 1)
	return optimizer.Surface{
		Name: "neuron", Start: []float64{0, 0},
		Value: func(w []float64) float64 {
			copy(net.Weights(), w)
			return sign * look(set)
		},
		Gradient: func(g, w []float64) {
			copy(net.Weights(), w)
			pass.Forward(set.X)
			pass.Backward(f, set.Y)
			for i, v := range pass.Gradient() {
				g[i] = sign * v
			}
		},
	}
}

// trained is how many steps the neuron learns.
const trained = 40

// lesson is the neuron under both signs.
type lesson struct {
	set         trial.Set
	right, deck optimizer.Trajectory
}

func entropyRun(s *scene.State) (*scene.Run, error) {
	switch s.Raw("part") {
	case "sign":
		return signRun(s)
	case "slope":
		return scene.Still(slopeScene(s.Real("p"), float64(s.Whole("y")))), nil
	case "rare":
		return scene.Still(rareScene(s.Real("rate"))), nil
	}
	return scene.Still(priceScene(s)), nil
}

// priceScene is the cost of one probability, and the printed one beside it.
func priceScene(s *scene.State) *scene.Scene {
	p, y := s.Real("p"), float64(s.Whole("y"))
	e := priced(p, y)
	shown := scene.Value("E", "", e).Named(scene.Say("lab43.ce"))
	if s.On("deck") {
		shown = scene.Value("E_deck", "", -e).Named(scene.Say("lab43.ce_deck"))
	}
	return &scene.Scene{
		Readings: []scene.Number{shown},
		Figures:  []scene.Figure{{Plot: price(s, p, y, e)}, {Table: signs(e), Title: scene.Say("lab43.deck_says")}},
		Summary:  scene.Say("lab43.p04_summary", "p", p, "y", int(y), "loss", scene.Round(e, 4)),
	}
}

// signRun trains one neuron by both formulas.
func signRun(s *scene.State) (*scene.Run, error) {
	l := lesson{set: lactates(s.Seed)}
	for i, to := range []*optimizer.Trajectory{&l.right, &l.deck} {
		tr, err := optimizer.Course{On: neuron(l.set, float64(1-2*i)), Steps: trained, Alpha: .5}.Run(optimizer.NewDescent[float64]())
		if err != nil {
			return nil, err
		}
		*to = tr
	}
	return &scene.Run{
		Steps: trained, Unit: scene.Say("lab43.step"),
		At: func(step int) (*scene.Scene, error) { return l.scene(step), nil },
	}, nil
}

func (l lesson) scene(step int) *scene.Scene {
	right, deck := at(l.right, step).F, -at(l.deck, step).F
	return &scene.Scene{
		Readings: []scene.Number{
			scene.Value("E_right", "", right).Named(scene.Say("lab43.exact")), scene.Value("E_deck", "", deck).Named(scene.Say("lab43.deck")),
		},
		Figures: []scene.Figure{
			{Plot: l.losses(step), Title: scene.Say("lab43.two_runs"), Note: scene.Say("lab43.two_runs_note")},
			{Table: l.patients(step)},
		},
		Summary: scene.Say("lab43.p04_summary_sign", "t", step, "right", scene.Round(right, 4), "deck", scene.Round(deck, 4)),
	}
}

// at is a walk after a step.
func at(tr optimizer.Trajectory, step int) optimizer.Point {
	return chapter4.Runner{Walk: tr}.Now(step)
}

// price is the cost over the probability, the deck's line too where asked.
func price(s *scene.State, p, y, e float64) *scene.Plot {
	line := scene.Series{Label: scene.Text("−log p"), Heavy: true}
	if y == 0 {
		line.Label = scene.Text("−log(1 − p)")
	}
	deck := scene.Series{Label: scene.Say("lab43.deck"), Style: "printed"}
	var ys, without []float64
	for i := 1; i < 200; i++ {
		q := float64(i) / 200
		v := priced(q, y)
		line.X, ys, without = append(line.X, q), append(ys, v), append(without, -v)
	}
	line.Y, deck.X, deck.Y = scene.Y(ys), line.X, scene.Y(without)
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab43.p"), High: 1}, Y: scene.Axis{Label: scene.Say("lab43.ce"), High: 5.5}, Height: 320,
		Series: []scene.Series{line},
	}
	if s.On("deck") {
		plot.Y.Low, e = -5.5, -e
		plot.Series = append(plot.Series, deck)
	}
	plot.Handles = []scene.Handle{{X: p, Y: e, KeyX: "p", Label: scene.Say("lab43.p"), StepX: .01}}
	return plot
}

// signs is the printed cost beside the exact one.
func signs(e float64) *scene.Table {
	printed, exact := scene.Value("cost_printed", "Σ y log p", -e), scene.Value("cost_exact", "−Σ y log p", e)
	printed.Slip = true
	return &scene.Table{
		Head: []scene.Words{{}, scene.Say("lab43.formula"), scene.Say("lab43.value"), {}},
		Rows: [][]scene.Cell{
			{scene.W(scene.Say("lab43.printed")), scene.W(scene.Text("Σ y_c log p_c")), scene.N(printed), {Tone: scene.Fail}},
			{scene.W(scene.Say("lab43.exact")), scene.W(scene.Text("−Σ y_c log p_c")), scene.N(exact), {Tone: scene.Pass}},
		},
	}
}

// losses is the true cross-entropy of both runs: the one that lowers it, and the one that lowers the deck's.
func (l lesson) losses(step int) *scene.Plot {
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab43.step"), High: trained}, Y: scene.Axis{Label: scene.Say("lab43.ce")}, OnSteps: true, Height: 260,
		Lines: []scene.Reference{{Vertical: true, At: float64(step), Solid: true, Heavy: true}},
	}
	for i, tr := range []optimizer.Trajectory{l.right, l.deck} {
		line := scene.Series{Style: []string{"gd", "printed"}[i], Label: scene.Say([]string{"lab43.exact", "lab43.deck"}[i]), Future: new(step + 1)}
		var ys []float64
		for k := range trained + 1 {
			v := math.Abs(at(tr, k).F)
			line.X, ys = append(line.X, float64(k)), append(ys, v)
			plot.Y.High = max(plot.Y.High, 1.1*v)
		}
		line.Y = scene.Y(ys)
		plot.Series = append(plot.Series, line)
	}
	return plot
}

// patients are what the neuron says of each, under both signs.
func (l lesson) patients(step int) *scene.Table {
	t := &scene.Table{Head: []scene.Words{scene.Say("lab43.died"), scene.Say("lab43.lactate"), scene.Say("lab43.p_exact"), scene.Say("lab43.p_deck")}}
	a, b := at(l.right, step).W, at(l.deck, step).W
	for i := range l.set.Len() {
		x, y, k := l.set.X.At(i, 0), l.set.Y.At(i, 0), strconv.Itoa(i+1)
		mark := "circle"
		if y == 1 {
			mark = "triangle"
		}
		t.Rows = append(t.Rows, []scene.Cell{
			{Mark: mark},
			scene.N(scene.Value("x_"+k, "", x)),
			scene.N(scene.Value("p_"+k, "", kernel.Sigmoid(float64(a[0]*x)+a[1]))),
			scene.N(scene.Value("p_deck_"+k, "", kernel.Sigmoid(float64(b[0]*x)+b[1]))),
		})
	}
	return t
}

func entropyExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	p := .1
	if s.Seed != 7 {
		p = []float64{.1, .2, .05, .25, .15}[s.Seed%5]
	}
	right := priced(p, 1)
	options := []scene.Words{
		scene.Text("Σ y_c log p_c"), scene.Text("−Σ y_c log p_c"), scene.Text("Σ y_c log(1 − p_c)"), scene.Text("−Σ log p_c"),
	}
	return []scene.Exercise{
		{
			Key: "lab43.p04_task1", Args: []any{"p", p},
			Fields: []scene.Field{{Right: right, Within: 1e-3}},
			Mistakes: apart(right, 1e-3,
				scene.Mistake{Key: "lab43.p04_sign", Values: []float64{-right}},
				scene.Mistake{Key: "lab43.p04_ten", Values: []float64{right / priced(.1, 1)}},
				scene.Mistake{Key: "lab43.p04_other", Values: []float64{priced(p, 0)}},
				scene.Mistake{Key: "lab43.p04_square", Values: []float64{cost.MSE[float64]{}.Forward(column([]float64{p}), column([]float64{1}))}},
				scene.Mistake{Key: "lab43.p04_two", Values: []float64{right / priced(.5, 1)}},
			),
		},
		{
			Key: "lab43.p04_task2", Fields: []scene.Field{{Options: options, Choice: 2}},
			Mistakes: []scene.Mistake{
				{Key: "lab43.p04_printed", Values: []float64{1}}, {Key: "lab43.p04_complement", Values: []float64{3}}, {Key: "lab43.p04_all", Values: []float64{4}},
			},
		},
	}, nil
}
