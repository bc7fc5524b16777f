package room

import (
	"math"
	"strconv"

	"gradus/lab/scene"
)

// saturated is the share of cases on which a neuron must be flat to be called saturated.
const saturated = .95

// verdict says in one sentence how the training goes, with the number that says so.
func (m *moment) verdict() scene.Words {
	first, best := m.past[0], m.past[m.best]
	dead, flat, all := m.count()
	switch {
	case m.fall != nil:
		return scene.Say("labroom.play_is_fallen", "iteration", m.fall.Iteration, "epoch", m.fall.Epoch, "layer", m.fall.Layer,
			"value", short(m.fall.Value), "alpha", m.fall.Alpha, "smaller", m.fall.Smaller, "weight", short(largest(m.now.Weights)))
	case m.step == 0:
		return scene.Say("labroom.play_is_new", "train", m.train, "test", playRows-m.train, "weights", len(m.now.Weights),
			"loss", scene.Round(m.now.Held, 4))
	case m.now.Cost > float64(1.5*first.Cost):
		return scene.Say("labroom.play_is_wild", "first", scene.Round(first.Cost, 4), "now", short(m.now.Cost), "alpha", m.training.Alpha,
			"weight", short(largest(m.now.Weights)))
	case all > 0 && dead == all:
		return scene.Say("labroom.play_is_dead", "n", dead, "loss", scene.Round(m.now.Cost, 4))
	case m.by == "epoch" && m.step >= 10 && m.now.Cost > float64(.98*first.Cost):
		return m.stuck(flat, all)
	case m.by == "epoch" && m.best < len(m.past)-5 && m.now.Held > float64(1.1*best.Held) && m.now.Cost < m.past[m.best].Cost:
		return scene.Say("labroom.play_is_learning_by_heart", "at", m.best, "best", scene.Round(best.Held, 4), "now", scene.Round(m.now.Held, 4),
			"train", scene.Round(m.now.Cost, 4))
	}
	return scene.Say("labroom.play_is_learning", "step", m.step, "train", scene.Round(m.now.Cost, 4), "test", scene.Round(m.now.Held, 4),
		"right", m.right, "all", playRows-m.train)
}

// stuck says why nothing is learnt: neurons that are flat, or a step that is too small.
func (m *moment) stuck(flat, all int) scene.Words {
	if flat > 0 {
		return scene.Say("labroom.play_is_flat", "n", flat, "all", all, "loss", scene.Round(m.now.Cost, 4))
	}
	moved := 0.
	for i, w := range m.now.Weights {
		moved = max(moved, math.Abs(w-m.past[0].Weights[i]))
	}
	return scene.Say("labroom.play_is_stuck", "loss", scene.Round(m.now.Cost, 4), "moved", short(moved), "alpha", m.training.Alpha,
		"gradient", short(m.signal[0]))
}

// short is a number of any size in four digits.
func short(v float64) float64 {
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	return v
}

// count counts dead and saturated hidden neurons.
func (m *moment) count() (dead, flat, all int) {
	for _, layer := range m.vitals {
		for _, v := range layer {
			all++
			switch {
			case v.Dead:
				dead++
			case v.Flat >= saturated:
				flat++
			}
		}
	}
	return dead, flat, all
}

// signals are the mean |∂E/∂w| of each layer.
func (m *moment) signals() *scene.Bars {
	bars := &scene.Bars{Log: true, Low: 1e-8}
	for l, v := range m.signal {
		n := scene.Value("g"+itoa(l+1), "", v).Named(m.layerName(l))
		bars.Rows = append(bars.Rows, scene.Bar{Number: n, Hatch: v == 0})
	}
	return bars
}

// vitalTable names the neurons that are dead or saturated, layer by layer.
func (m *moment) vitalTable() *scene.Table {
	t := &scene.Table{Head: []scene.Words{
		scene.Say("labroom.play_vital_layer"), scene.Say("labroom.play_vital_dead"), scene.Say("labroom.play_vital_flat"), scene.Say("labroom.play_vital_who"),
	}}
	for l, layer := range m.vitals {
		dead, flat, who := 0, 0, ""
		for n, v := range layer {
			if !v.Dead && v.Flat < saturated {
				continue
			}
			if who != "" {
				who += " · "
			}
			who += itoa(n + 1)
			if v.Dead {
				dead++
			} else {
				flat++
			}
		}
		names := scene.Say("labroom.play_vital_none")
		if who != "" {
			names = scene.Say("labroom.play_vital_list", "list", who)
		}
		t.Rows = append(t.Rows, []scene.Cell{
			scene.W(m.layerName(l)),
			scene.N(scene.Count("dead"+itoa(l+1), scene.Words{}, dead)), scene.N(scene.Count("flat"+itoa(l+1), scene.Words{}, flat)), scene.W(names),
		})
	}
	return t
}
