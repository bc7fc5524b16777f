package chapter4

import (
	"math"
	"strconv"

	"gradus/lab/scene"
	"gradus/train"
)

// epochs is 4-4-6: the patients dealt in hands, one hand an iteration, one deal an epoch.
func epochs() *scene.Page {
	return &scene.Page{
		ID: "4-4-6", Words: "lab44.p06", Vignette: true, Slip: true,
		Controls: []scene.Control{
			scene.WholeControl("rows", scene.Say("lab44.rows"), 1200, 100, 4000),
			scene.WholeControl("batch", scene.Say("lab44.batch"), 500, 50, 4000),
			scene.WholeControl("epochs", scene.Say("lab44.epochs"), 2, 1, 10),
		},
		Make: epochRun, Exercises: epochExercises,
	}
}

func counted(rows, batch, epochs int) train.Counts {
	c, err := train.Count(rows, batch, epochs)
	if err != nil {
		panic(err) // the controls hold what can be counted
	}
	return c
}

func epochRun(s *scene.State) (*scene.Run, error) {
	rows, batch := s.Whole("rows"), s.Whole("batch")
	c := counted(rows, batch, s.Whole("epochs"))
	run := &scene.Run{Steps: c.Total, Unit: scene.Say("lab44.iteration")}
	for e := 1; e <= s.Whole("epochs"); e++ {
		run.Marks = append(run.Marks, scene.Mark{Step: e * c.PerEpoch, Label: scene.Text(strconv.Itoa(e))})
	}
	run.At = func(step int) (*scene.Scene, error) { return epochScene(s, c, step), nil }
	return run, nil
}

// epochScene is after iteration step: the hand just played is marked.
func epochScene(s *scene.State, c train.Counts, step int) *scene.Scene {
	rows, batch := s.Whole("rows"), s.Whole("batch")
	deal := &scene.Deal{Now: -1}
	for i := range c.PerEpoch {
		n := batch
		if i == c.PerEpoch-1 {
			n = c.Last
		}
		deal.Hands = append(deal.Hands, n)
	}
	epoch, seen := 0, 0
	if step > 0 {
		epoch = (step-1)/c.PerEpoch + 1
		deal.Now = (step - 1) % c.PerEpoch
		deal.Done = deal.Now
		seen = (epoch-1)*rows + min((deal.Now+1)*batch, rows)
	}
	return &scene.Scene{
		Readings: []scene.Number{
			scene.Count("iteration", scene.Say("lab44.iteration"), step), scene.Count("epoch", scene.Say("lab44.epoch"), epoch),
			scene.Count("seen", scene.Say("lab44.rows_seen"), seen),
		},
		Figures: []scene.Figure{
			{Equation: &scene.Equation{Hero: true, Parts: countParts(s, c)}},
			{Deal: deal, Title: scene.Say("lab44.one_epoch")},
			{Table: slipTable(), Title: scene.Say("lab44.deck_says")},
		},
		Summary: scene.Say("lab44.p06_summary", "rows", rows, "batch", batch, "per", c.PerEpoch, "total", c.Total, "last", c.Last, "epochs", s.Whole("epochs")),
	}
}

// countParts is ⌈rows ÷ batch⌉ × epochs with its numbers.
func countParts(s *scene.State, c train.Counts) []scene.Part {
	of := func(key string) scene.Part {
		return number(scene.Count(key, scene.Say("lab44."+key), s.Whole(key)).Editable(key))
	}
	return []scene.Part{
		text("⌈"), of("rows"), text("÷"), of("batch"), text("⌉ ="), number(scene.Count("per_epoch", scene.Say("lab44.per_epoch"), c.PerEpoch)),
		text(","), of("epochs"), text("×"), number(scene.Count("", scene.Say("lab44.per_epoch"), c.PerEpoch)), text("="),
		number(scene.Count("total", scene.Say("lab44.total"), c.Total)),
	}
}

// slipTable sets the deck's division beside what it comes to, and its word for the iteration beside the meaning.
func slipTable() *scene.Table {
	quotient := scene.Value("quotient", "500/2000", 500./2000)
	quotient.Printed, quotient.Slip = "4", true
	return &scene.Table{
		Head: []scene.Words{scene.Say("lab44.printed"), scene.Say("lab44.exact"), {}},
		Rows: [][]scene.Cell{
			{scene.W(scene.Text("500/2000 = 4")), scene.N(quotient), scene.W(scene.Say("lab44.slip_quotient"))},
			{scene.W(scene.Say("lab44.slip_iteration_deck")), scene.W(scene.Say("lab44.slip_iteration_right")), scene.W(scene.Say("lab44.slip_iteration"))},
		},
	}
}

func epochExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	o := ownOf(s)
	batch := int(o.pick(500, 200, 250, 400))
	rows := batch * int(o.pick(4, 5, 8, 10))
	epochs := int(o.pick(5, 3, 6, 7))
	uneven := int(o.pick(600, 700, 900, 350))
	rounds := int(o.pick(3, 4, 6))
	return []scene.Exercise{even(rows, batch, epochs), partial(int(o.pick(2000, 1500, 2500)), uneven, rounds)}, nil
}

// even is the deck's question: iterations an epoch, and in all.
func even(rows, batch, epochs int) scene.Exercise {
	c := counted(rows, batch, epochs)
	right, all := float64(c.PerEpoch), float64(c.Total)
	return scene.Exercise{
		Key: "lab44.p06_task1", Args: []any{"rows", rows, "batch", batch, "epochs", epochs},
		Fields: []scene.Field{{Label: scene.Say("lab44.per_epoch"), Right: right}, {Label: scene.Say("lab44.total"), Right: all}},
		Mistakes: []scene.Mistake{
			{Key: "lab44.p06_upside", Values: []float64{float64(batch) / float64(rows), math.NaN()}},
			{Key: "lab44.p06_batch_size", Values: []float64{float64(batch), math.NaN()}},
			{Key: "lab44.p06_one_epoch", Values: []float64{right, right}},
			{Key: "lab44.p06_added", Values: []float64{right, right + float64(epochs)}},
		},
	}
}

// partial has a last hand that is not full.
func partial(rows, batch, epochs int) scene.Exercise {
	c := counted(rows, batch, epochs)
	down := float64(rows / batch)
	return scene.Exercise{
		Key: "lab44.p06_task2", Args: []any{"rows", rows, "batch", batch, "epochs", epochs},
		Fields: []scene.Field{{Label: scene.Say("lab44.total"), Right: float64(c.Total)}, {Label: scene.Say("lab44.last_hand"), Right: float64(c.Last)}},
		Mistakes: []scene.Mistake{
			{Key: "lab44.p06_dropped", Values: []float64{down * float64(epochs), math.NaN()}},
			{Key: "lab44.p06_one_epoch", Values: []float64{float64(c.PerEpoch), math.NaN()}},
			{Key: "lab44.p06_fraction", Values: []float64{float64(rows) / float64(batch) * float64(epochs), math.NaN()}},
			{Key: "lab44.p06_full_last", Values: []float64{float64(c.Total), float64(batch)}},
		},
	}
}
