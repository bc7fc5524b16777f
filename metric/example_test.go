package metric_test

import (
	"fmt"
	"log"

	"gradus/metric"
)

// Ten patients: what happened, and the risk that was predicted.
var (
	died = []bool{false, false, true, false, true, false, true, true, false, true}
	risk = []float64{.05, .1, .15, .2, .35, .4, .55, .7, .75, .9}
)

// Every figure of a predicted risk at once.
func ExampleBinary() {
	r, err := metric.Binary(died, risk, metric.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("AUROC %.2f (%.2f to %.2f)  Brier %.3f  O/E %.2f\n", r.AUROC.Value, r.AUROC.Low, r.AUROC.High, r.Brier, r.Calibration.OE)
	fmt.Printf("of %d with the event %d are called\n", r.Events, r.Confusion.TP)
	// Output:
	// AUROC 0.72 (0.37 to 1.00)  Brier 0.222  O/E 1.20
	// of 5 with the event 3 are called
}

// What is no probability is refused, with the row.
func ExampleBinary_wrong() {
	_, err := metric.Binary([]bool{true, false}, []float64{.2, 1.2}, metric.Options{})
	fmt.Println(err)
	// Output: metric: a probability is not a number within [0, 1]: row 2 holds 1.2
}

// Two predictions of the same patients compared: DeLong's paired test.
func ExampleDeLong() {
	other := []float64{.3, .2, .1, .4, .5, .35, .45, .5, .6, .8}
	t, err := metric.DeLong(died, risk, other)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("difference %.2f, p %.2f\n", t.Difference, t.P)
	// Output: difference 0.04, p 0.75
}

// How many patients lived without the event, of those who could be followed.
func ExampleKaplanMeier() {
	days := []float64{3, 5, 5, 8, 10, 12}
	event := []bool{true, true, false, true, false, true}
	curve, err := metric.KaplanMeier(days, event, metric.Log)
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range curve {
		fmt.Printf("day %2g  at risk %d  S %.3f\n", p.Time, p.AtRisk, p.Value)
	}
	// Output:
	// day  3  at risk 6  S 0.833
	// day  5  at risk 5  S 0.667
	// day  8  at risk 3  S 0.444
	// day 12  at risk 1  S 0.000
}

// How many rows the development of a model asks for: an expected R² of .1, ten candidate parameters, one event in five.
func ExampleSizeBinary() {
	s, err := metric.SizeBinary(.1, 10, .2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d rows, %.1f events for each parameter\n", s.N, s.PerTerm)
	// Output: 850 rows, 17.0 events for each parameter
}
