package chapter1

import (
	"math"
	"strconv"

	"gradus/lab/scene"
	"gradus/perceptron"
)

func rightRows(t perceptron.Table, p perceptron.Perceptron) (right int, err error) {
	for r := range t.Rows() {
		st, err := p.Run(t.X(r)...)
		if err != nil {
			return 0, err
		}
		if int(st.Y) == t.Output(r) {
			right++
		}
	}
	return right, nil
}

// tenths writes a number as a control has it.
func tenths(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// widest is the bias, in tenths, that makes the table with the widest margin for given weights.
func widest(t perceptron.Table, w1, w2 float64) map[string]string {
	best, at := 0., 0.
	for i := -40; i <= 40; i++ {
		b := float64(i) / 10
		if m, _ := margin(t, perceptron.Perceptron{W: []float64{w1, w2}, B: b}); m > best {
			best, at = m, b
		}
	}
	return map[string]string{"w1": tenths(w1), "w2": tenths(w2), "b": tenths(at)}
}

// fourRight is the goal that all four rows are right, under a further condition on the numbers.
func fourRight(key string, right int, also bool, solve map[string]string) scene.Exercise {
	why := scene.Say(key+"_more", "n", right)
	if right == 4 {
		why = scene.Say(key + "_other")
	}
	return scene.Exercise{Key: key, Goal: &scene.Goal{
		Now: scene.Count("right", scene.Say("lab41.points"), right), Target: scene.Say("lab41.four"), Done: right == 4 && also, Why: why, Solve: solve,
	}}
}

// andExercises ask for the line, for its margin, and for small whole weights.
func andExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	and, p := gateTable("and"), byHand(s)
	right, err := rightRows(and, p)
	if err != nil {
		return nil, err
	}
	m, _ := margin(and, p)
	solve := widest(and, 1, 1)
	solve["gate"] = "and"
	whole := func(v float64) bool { return v == math.Trunc(v) && math.Abs(v) <= 2 }
	return []scene.Exercise{
		fourRight("lab41.p08_task1", right, s.Raw("gate") == "and", solve),
		{Key: "lab41.p08_task2", Goal: &scene.Goal{
			Now: scene.Value("margin", "", m).Named(scene.Say("lab41.margin")), Target: scene.Say("lab41.margin_target"),
			Done: m >= .2, Why: scene.Say("lab41.p08_task2_more", "margin", scene.Round(m, 4)), Solve: solve,
		}},
		fourRight("lab41.p08_task3", right, whole(p.W[0]) && whole(p.W[1]), solve),
	}, nil
}

// orExercises ask to make OR of AND by one number, and which number that is for other weights.
func orExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	or, p := gateTable("or"), byHand(s)
	right, err := rightRows(or, p)
	return []scene.Exercise{fourRight("lab41.p09_task1", right, p.W[0] == 1 && p.W[1] == 1, widest(or, 1, 1))}, err
}

// nandExercises ask to turn AND round and to mend the tie, and what the tie does.
func nandExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	nand, p := gateTable("nand"), byHand(s)
	right, err := rightRows(nand, p)
	if err != nil {
		return nil, err
	}
	tied, err := perceptron.Perceptron{W: []float64{-1, -1}, B: 2}.Run(1, 1)
	return []scene.Exercise{
		fourRight("lab41.p10_task1", right, p.W[0] == -1 && p.W[1] == -1, widest(nand, -1, -1)),
		scene.Exercise{
			Key: "lab41.p10_task2", Fields: []scene.Field{{Label: scene.Text("o"), Right: tied.O, Within: 1e-9}, {Label: scene.Text("y"), Right: tied.Y, Within: 1e-9}},
			Mistakes: []scene.Mistake{
				{Key: "lab41.p10_task2_tie", Values: []float64{tied.O, 1 - tied.Y}},
				{Key: "lab41.p10_task2_half", Values: []float64{2 - 1, math.NaN()}},
				{Key: "lab41.p10_task2_bias", Values: []float64{-2, math.NaN()}},
				{Key: "lab41.p10_task2_unturned", Values: []float64{4, math.NaN()}},
			},
		}.Distinct(),
	}, err
}
