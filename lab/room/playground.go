package room

import (
	"gradus/internal/say"
	"gradus/internal/trial"
	"gradus/lab/scene"
)

// playWindow is how many batches or examples can be stepped through from the chosen epoch on.
const playWindow = 240

// playground is the learner's free space: data, network, cost and rule of one's own, looked at while it learns.
func playground() *scene.Page {
	return &scene.Page{
		ID: "playground", Words: "labroom.play", Seed: 7, Controls: playControls(), Make: playRun, Exercises: playTasks,
	}
}

func playControls() []scene.Control {
	word := func(key string) scene.Words { return scene.Say("labroom.play_" + key) }
	var sets []string
	for _, d := range playSets() {
		sets = append(sets, d.name)
	}
	list := []scene.Control{
		scene.ChoiceControl("by", word("by"), "labroom.play_by", "epoch", "batch", "example").In("bar"),
		scene.ChoiceControl("data", word("data"), "labroom.play_data", sets...).In("list"),
		scene.TypedControl("border", word("border"), "x1^2+x2^2-3", 60).In("list").Only("data", "own"),
		scene.RealControl("noise", word("noise"), .35, 0, 1, .05).In("list"),
		scene.SizesControl("hidden", word("hidden"), 1, 8, 6, 6, 4).In("list"),
		scene.ChoiceControl("activation", word("activation"), "labroom.play_activation", "tanh", "sigmoid", "relu", "leaky-relu", "elu", "gelu",
			"gelu-tanh", "silu", "softplus", "mish", "linear", "step").In("list"),
		scene.RealControl("alpha", word("alpha"), .03, .0001, 100, .01).Logarithmic().In("list"),
		scene.ChoiceControl("rule", word("rule"), "labroom.play_rule", "adam", "descent", "momentum", "nesterov", "adagrad", "rmsprop", "amsgrad",
			"adamw").In("list"),
		scene.ChoiceControl("cost", word("cost"), "labroom.play_cost", "binary-cross-entropy", "mse", "mae", "half-sse", "huber").In("list"),
		scene.WholeControl("batch", word("batch"), 10, 1, 270).In("more"),
		scene.WholeControl("share", word("share"), 30, 10, 90).In("more"),
		scene.WholeControl("epochs", word("epochs"), 240, 10, 600).In("more"),
		scene.RealControl("l2", word("l2"), 0, 0, 1, .001).In("more"),
		scene.RealControl("l1", word("l1"), 0, 0, 1, .001).In("more"),
		scene.RealControl("dropout", word("dropout"), 0, 0, .8, .05).In("more"),
		scene.RealControl("target", word("target"), 0, 0, 1, .01).In("more"),
		scene.WholeControl("from", word("from"), 0, 0, 599).In("more"),
	}
	for i, f := range playFeatures() {
		list = append(list, scene.ToggleControl(f.key, scene.Text(f.label), i < 2).In("more"))
	}
	return append(list, scene.FreeControl("edits", word("edits"), 1+3*64))
}

// play is the playground at work.
type play struct {
	s        *scene.State
	set      playSet
	features []playFeature
	at       [][2]float64
	class    []int
	train    int // cases that are learnt from: the first ones
	hidden   []int
	training trial.Training
	walk     *trial.Walk
	by       string
	base     int // iteration at which the window begins, 0 by epochs
	steps    int
	rows     trial.Set // the cases that are learnt from
	held     trial.Set // those that are not
	cases    scene.Cases
	inputs   [][]float32    // what each feature is over the neurons' pictures
	view     *trial.Scenery // over the plane, then over the neurons' pictures; nil before the first look
	last     *moment        // the one that was looked at last
}

// playRun is the instrument of a state.
func playRun(s *scene.State) (*scene.Run, error) {
	p, err := playOf(s)
	if err != nil {
		return nil, err
	}
	return &scene.Run{Steps: p.steps, Unit: scene.Say("labroom.play_by_" + p.by), Marks: p.marks(), At: p.scene, Drag: p.setWeight, Own: p}, nil
}

// playOf draws the cases and begins the training; nothing is learnt before it is looked at.
func playOf(s *scene.State) (*play, error) {
	set, err := playSetOf(s)
	if err != nil {
		return nil, err
	}
	p := &play{s: s, set: set, features: playSeen(s), by: s.Raw("by"), train: playRows * s.Whole("share") / 100}
	if len(p.features) == 0 {
		return nil, say.Error("labroom.play_blind")
	}
	for _, v := range s.List("hidden") {
		p.hidden = append(p.hidden, int(v))
	}
	p.at, p.class = playCases(s, set)
	all := playInput(p.features, p.at, p.class)
	p.rows, p.held = all.Top(p.train), all.From(p.train)
	p.cases = playMarks(p.at, p.class, p.train)
	p.training = p.trainingOf()
	if p.walk, err = p.training.Walk(p.rows, p.held, p.stops()); err != nil {
		return nil, err
	}
	p.walk.Edit(p.edits())
	p.stopAtTarget()
	return p, nil
}

func (p *play) trainingOf() trial.Training {
	s := p.s
	return trial.Training{
		Net: trial.Net{
			In: len(p.features), Hidden: p.hidden, Out: 1, Activation: s.Raw("activation"), Last: "sigmoid", Dropout: s.Real("dropout"), Seed: s.Seed,
		},
		Cost: s.Raw("cost"), Rule: s.Raw("rule"), Alpha: s.Real("alpha"), Decay: s.Real("l2"), Sparse: s.Real("l1"),
		Epochs: s.Whole("epochs"), Batch: min(s.Whole("batch"), p.train), Seed: s.Seed,
	}
}

// perEpoch is how many batches an epoch has.
func (p *play) perEpoch() int { return (p.train-1)/p.training.Batch + 1 }

// stops are the iterations that can be looked at, and sets how many steps that makes.
func (p *play) stops() []int {
	per, epochs := p.perEpoch(), p.training.Epochs
	if p.by == "epoch" {
		p.steps = epochs
		return arithmetic(0, per, epochs+1)
	}
	p.base = min(p.s.Whole("from"), epochs-1) * per
	left := per*epochs - p.base
	p.steps = min(playWindow, left)
	stops := p.steps
	if p.by == "example" {
		p.steps = min(playWindow, p.examples(p.base+left)-p.examples(p.base))
		stops = p.batchesAt(p.steps)
	}
	return arithmetic(p.base, 1, stops+1)
}

// arithmetic is n numbers from first on.
func arithmetic(first, by, n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = first + i*by
	}
	return list
}

// examples is how many cases have been looked at after so many batches; the last batch of an epoch may be smaller.
func (p *play) examples(iteration int) int {
	per := p.perEpoch()
	return iteration/per*p.train + min(p.train, iteration%per*p.training.Batch)
}

// batchesAt is how many batches of the window are complete after so many examples.
func (p *play) batchesAt(step int) int {
	seen := p.examples(p.base) + step
	within := seen % p.train
	return seen/p.train*p.perEpoch() + within/p.training.Batch - p.base
}

// stopOf is the stop that a step stands at.
func (p *play) stopOf(step int) int {
	if p.by == "example" {
		return p.batchesAt(step)
	}
	return step
}

// stepOf is the first step at a stop.
func (p *play) stepOf(stop int) int {
	if p.by == "example" {
		return p.examples(p.base+stop) - p.examples(p.base)
	}
	return stop
}

// stopAtTarget ends the run where the cost on the test cases first reaches the target.
func (p *play) stopAtTarget() {
	target := p.s.Real("target")
	if target == 0 {
		return
	}
	for i := 0; p.stepOf(i) <= p.steps; i++ {
		list, fall := p.walk.To(i)
		if fall != nil {
			return
		}
		if list[i].Held <= target {
			p.steps = p.stepOf(i)
			return
		}
	}
}

// marks number the epochs on the step bar.
func (p *play) marks() []scene.Mark {
	by := 60
	for by*8 < p.steps {
		by *= 2
	}
	if p.steps < 120 {
		by = 10
	}
	var list []scene.Mark
	for i := 0; i <= p.steps; i += by {
		list = append(list, scene.Mark{Step: i, Label: scene.Text(itoa(i))})
	}
	return list
}
