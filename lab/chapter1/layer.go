package chapter1

import (
	"strconv"

	"gradus/internal/trial"
	"gradus/lab/scene"
	"gradus/network"
)

// layer is 4-1-7: n inputs, m neurons, and how many numbers there are to learn.
func layer() *scene.Page {
	return &scene.Page{
		ID: "4-1-7", Words: "lab41.p07", Formula: "y = f(W·x + b)", Vignette: true,
		Controls: []scene.Control{scene.WholeControl("n", scene.Say("lab41.p07_in"), 3, 1, 8), scene.WholeControl("m", scene.Say("lab41.p07_out"), 2, 1, 6)},
		Make:     layerRun, Exercises: layerExercises,
	}
}

// dense is a layer of the engine, and how many numbers it learns.
func dense(n, m int, seed uint64) (d *network.Dense[float64], parameters int, err error) {
	net, err := trial.Net{In: n, Out: m, Seed: seed}.Build()
	if err != nil {
		return nil, 0, err
	}
	return net.Layers()[0].(*network.Dense[float64]), len(net.Weights()), nil
}

func layerRun(s *scene.State) (*scene.Run, error) {
	n, m := s.Whole("n"), s.Whole("m")
	d, parameters, err := dense(n, m, s.Seed)
	if err != nil {
		return nil, err
	}
	w, b := scene.Matrix{Label: scene.Text("W")}, scene.Matrix{Label: scene.Text("b")}
	for j := range m {
		at := strconv.Itoa(j + 1)
		b.Rows = append(b.Rows, []scene.Number{scene.Value("b"+at, "b"+lowered(j), d.Biases()[j])})
		row := make([]scene.Number, n)
		for i, v := range d.Weights().Row(j) {
			row[i] = scene.Value("w"+at+strconv.Itoa(i+1), "w"+lowered(j)+lowered(i), v).With(scene.Signed(v))
		}
		w.Rows = append(w.Rows, row)
	}
	svg := drawn(d.Weights().Slices())
	return scene.Still(&scene.Scene{
		Figures: []scene.Figure{
			{Chart: &scene.Chart{SVG: svg, Table: counted(n, m)}, Note: scene.Say("lab41.p07_net")},
			{Matrices: &scene.Matrices{Items: []scene.Matrix{w, {Sign: "·x +"}, b}}, Title: scene.Say("lab41.p07_matrix", "n", n, "m", m)},
			{Files: &scene.Files{Items: []scene.File{{
				Name: "layer-" + strconv.Itoa(n) + "-" + strconv.Itoa(m) + ".svg", Title: scene.Say("lab41.p07_file"), Write: func() []byte { return []byte(svg) },
			}}}, Title: scene.Say("lab41.p07_take")},
		},
		Readings: []scene.Number{
			scene.Count("weights", scene.Say("lab41.p07_weights"), n*m), scene.Count("biases", scene.Say("lab41.p07_biases"), m),
			scene.Count("parameters", scene.Say("lab41.p07_parameters"), parameters),
		},
		Summary: scene.Say("lab41.p07_summary", "n", n, "m", m, "w", n*m, "all", parameters),
	}), nil
}

// counted says in numbers what the picture of a layer shows.
func counted(n, m int) *scene.Table {
	row := func(key string, count int) []scene.Cell {
		return []scene.Cell{{Words: scene.Say(key)}, {Words: scene.Text(strconv.Itoa(count))}}
	}
	return &scene.Table{Head: []scene.Words{{}, {}}, Rows: [][]scene.Cell{
		row("lab41.p07_in", n), row("lab41.p07_out", m), row("lab41.p07_weights", n*m), row("lab41.p07_biases", m),
	}}
}

// lowered is the index i, from 0, as a subscript that counts from 1.
func lowered(i int) string { return string(rune('₁' + i)) }

// layerExercises ask for the count of a layer that is not on the screen: 5 inputs and 3 neurons, or others of another seed.
func layerExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	n, m := 5, 3
	if !decks(s) {
		rng := chance(s, 7)
		n, m = 9+rng.IntN(8), 3+rng.IntN(5)
	}
	_, parameters, err := dense(n, m, s.Seed)
	e := scene.Exercise{
		Key: "lab41.p07_task1", Args: []any{"n", n, "m", m},
		Fields: []scene.Field{{Right: float64(parameters), Within: 1e-9}},
		Mistakes: []scene.Mistake{
			{Key: "lab41.p07_task1_bias", Values: []float64{float64(n * m)}},
			{Key: "lab41.p07_task1_input", Values: []float64{float64(n*m + n)}},
			{Key: "lab41.p07_task1_one", Values: []float64{float64(n*m + 1)}},
			{Key: "lab41.p07_task1_sum", Values: []float64{float64(n + m)}},
		},
	}
	return []scene.Exercise{e.Distinct()}, err
}
