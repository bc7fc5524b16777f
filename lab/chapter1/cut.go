package chapter1

import (
	"math"
	"math/rand/v2"

	"gradus/internal/kernel"
	"gradus/lab/scene"
	"gradus/perceptron"
)

// person is one of a synthetic cohort: a weighted sum in tenths, and whether the event came.
type person struct {
	sum float64
	ill bool
}

const cohortSize = 400

// cohort draws 80 with the event about a sum of 3.4 and 320 without about 1.2.
func cohort(rng *rand.Rand) []person {
	list := make([]person, cohortSize)
	for i := range list {
		ill := i < cohortSize/5
		mean, sd := 1.2, 1.
		if ill {
			mean, sd = 3.4, 1.1
		}
		v := math.Round(10*(mean+float64(sd*kernel.Normal(rng)))) / 10
		list[i] = person{min(max(v, -1.5), 6.5), ill}
	}
	return list
}

// counts are the four outcomes of a bias.
type counts struct{ hit, missed, alarm, quiet int }

// judge runs the perceptron with weight 1 and bias b over everyone.
func judge(list []person, b float64) (c counts, err error) {
	p := perceptron.Perceptron{W: []float64{1}, B: b}
	for _, q := range list {
		st, err := p.Run(q.sum)
		if err != nil {
			return c, err
		}
		switch fires := st.Y == 1; {
		case q.ill && fires:
			c.hit++
		case q.ill:
			c.missed++
		case fires:
			c.alarm++
		default:
			c.quiet++
		}
	}
	return c, nil
}

func (c counts) sensitivity() float64 { return float64(c.hit) / float64(c.hit+c.missed) }
func (c counts) specificity() float64 { return float64(c.quiet) / float64(c.quiet+c.alarm) }

// flagged is how many of a hundred the alarm names.
func (c counts) flagged() float64 { return 100 * float64(c.hit+c.alarm) / cohortSize }

// bias is 4-1-4: b is the threshold with its sign turned.
func bias() *scene.Page {
	return &scene.Page{
		ID: "4-1-4", Words: "lab41.p04", Formula: "Σwᵢxᵢ + b ≥ 0 ⇔ Σwᵢxᵢ ≥ −b", Vignette: true,
		Controls: []scene.Control{scene.RealControl("b", scene.Text("b"), -4.5, -7, 2, .1)},
		Make:     biasRun, Exercises: biasExercises,
	}
}

func biasRun(s *scene.State) (*scene.Run, error) {
	list, b := cohort(chance(s, 4)), s.Real("b")
	c, err := judge(list, b)
	if err != nil {
		return nil, err
	}
	run := scene.Still(&scene.Scene{
		Figures: []scene.Figure{
			{Equation: &scene.Equation{Hero: true, Parts: []scene.Part{
				textPart("b ="), numberPart(scene.Value("b", "b", b).Editable("b")), textPart("⇔"),
				{Text: scene.Say("lab41.p04_threshold")},
				textPart("="), numberPart(scene.Value("threshold", "−b", -b+0)),
			}}},
			{Plot: histogram(list, b), Note: scene.Say("lab41.p04_note")},
			{Table: fourfold(c), Width: "rail"},
		},
		Readings: []scene.Number{
			share("sensitivity", c.sensitivity()), share("specificity", c.specificity()),
			named("flagged", scene.Say("lab41.flagged"), c.flagged()).Fixed(1),
		},
		Summary: scene.Say("lab41.p04_summary", "b", scene.Round(b, 1), "cut", scene.Round(-b, 1), "sens", scene.Round(100*c.sensitivity(), 1),
			"spec", scene.Round(100*c.specificity(), 1), "flagged", scene.Round(c.flagged(), 1)),
	})
	run.Drag = func(_ string, x, _ float64) map[string]string {
		return map[string]string{"b": tenths(math.Round(-10*x) / 10)}
	}
	return run, nil
}

// share is a share of patients in per cent.
func share(symbol string, v float64) scene.Number {
	n := named(symbol, scene.Say("lab41."+symbol), v).Fixed(1)
	n.Percent = true
	return n
}

// histogram is the share of each group in every half point, with the threshold between them.
func histogram(list []person, b float64) *scene.Plot {
	const bins = 16
	var x [bins + 1]float64
	var with, without [bins + 1]float64
	for i := range x {
		x[i] = -1.5 + float64(i)/2
	}
	for _, q := range list {
		i := min(int((q.sum+1.5)*2), bins-1)
		if q.ill {
			with[i] += 100. / (cohortSize / 5)
		} else {
			without[i] += 100. / (cohortSize * 4 / 5)
		}
	}
	return &scene.Plot{
		X: scene.Axis{Label: scene.Text("Σwᵢxᵢ"), Low: -1.5, High: 6.5}, Y: scene.Axis{Label: scene.Say("lab41.p04_share"), Low: 0, High: 32},
		Series: []scene.Series{
			{Label: scene.Say("lab41.without"), X: x[:], Y: scene.Y(without[:]), Kind: "steps", Tone: scene.Negative, Dash: "6 3"},
			{Label: scene.Say("lab41.with"), X: x[:], Y: scene.Y(with[:]), Kind: "steps", Tone: scene.Positive, Heavy: true},
		},
		Lines:   []scene.Reference{{Vertical: true, At: -b, Solid: true, Heavy: true, Label: scene.Say("lab41.p04_fires")}},
		Handles: []scene.Handle{{Name: "cut", X: min(max(-b, -1.5), 6.5), Y: 16, Mark: "needle", Label: scene.Say("lab41.p04_handle"), StepX: .1}},
	}
}

func fourfold(c counts) *scene.Table {
	n := func(symbol string, v int) scene.Cell { return scene.N(scene.Count(symbol, scene.Words{}, v)) }
	return &scene.Table{
		Head: []scene.Words{{}, scene.Say("lab41.with"), scene.Say("lab41.without")},
		Rows: [][]scene.Cell{
			{scene.W(scene.Say("lab41.fires")), n("tp", c.hit), n("fp", c.alarm)},
			{scene.W(scene.Say("lab41.silent")), n("fn", c.missed), n("tn", c.quiet)},
		},
	}
}

// bestBias scans every bias of the slider: the most specific one that still finds nine of ten.
func bestBias(list []person) (at, best float64, err error) {
	for i := -70; i <= 20; i++ {
		c, err := judge(list, float64(i)/10)
		if err != nil {
			return 0, 0, err
		}
		if c.sensitivity() >= .9 && c.specificity() > best {
			at, best = float64(i)/10, c.specificity()
		}
	}
	return at, best, nil
}

func biasExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	list := cohort(chance(s, 4))
	at, best, err := bestBias(list)
	if err != nil {
		return nil, err
	}
	c, err := judge(list, s.Real("b"))
	why := "lab41.p04_task1_low"
	if c.sensitivity() >= .9 {
		why = "lab41.p04_task1_room"
	}
	return []scene.Exercise{{Key: "lab41.p04_task1", Goal: &scene.Goal{
		Now: share("specificity", c.specificity()), Target: scene.Say("lab41.p04_target"),
		Done: c.sensitivity() >= .9 && c.specificity() == best, Why: scene.Say(why, "sens", scene.Round(100*c.sensitivity(), 1)),
		Solve: map[string]string{"b": tenths(at)},
	}}}, err
}
