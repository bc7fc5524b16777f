package room

import (
	"math"

	"gradus/lab/chapter4"
	"gradus/lab/scene"
	"gradus/optimizer"
)

// uncorrected is Adam without any correction from the start of all; it is not in the race, its memory is shown beside the others'.
func uncorrected(s *scene.State, t *chapter4.Track) (chapter4.Runner, error) {
	beta1, beta2 := s.Real("beta1"), s.Real("beta2")
	alpha, epsilon := chapter4.Uncorrected(alphaOf(s, 5), beta1, beta2, 1e-8)
	rule, err := optimizer.New[float64]("adam", len(t.On.Start), optimizer.Printed, map[string]float64{"beta1": beta1, "beta2": beta2, "epsilon": epsilon})
	if err != nil {
		return chapter4.Runner{}, err
	}
	alone := &chapter4.Track{On: t.On, Steps: t.Steps}
	err = alone.Run(optimizer.Course{On: t.On, Start: startOf(s, t)}, chapter4.Runner{Key: "none", Name: scene.Say("labroom.inner_none"), Alpha: alpha, Bare: true}, rule)
	if err != nil {
		return chapter4.Runner{}, err
	}
	return alone.Runners[0], nil
}

// inside is the memory of Adam as it is meant, as the deck prints it and without correction, side by side.
func inside(t *chapter4.Track, none chapter4.Runner, step, axis int) *scene.Table {
	exact, printed := t.Runners[5], t.Runners[6]
	exact.Name, printed.Name = scene.Say("labroom.inner_exact"), scene.Say("labroom.inner_printed")
	three := chapter4.Track{Runners: []chapter4.Runner{exact, printed, none}}
	all := turned(three.States(step, axis))
	table := &scene.Table{Head: all.Head}
	for _, r := range []int{0, 3, 4, 5, 6, 8} { // g, M, V, M̂, V̂, Δw
		row := all.Rows[r]
		for c := 1; c < len(row); c++ {
			n := brief(*row[c].Number)
			if c < 3 {
				n = n.Again() // the table of all rules has it
			}
			row[c] = scene.N(n)
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// brief is a number with four digits, for a narrow column.
func brief(n scene.Number) scene.Number {
	if n.Value == nil {
		return n
	}
	places := 3
	for v := math.Abs(*n.Value); v >= 10 && places > 0; v /= 10 {
		places--
	}
	return n.Fixed(places)
}
