package metric

import (
	"errors"
	"math"
	"testing"
)

// survivalMore is expected_survival_more.json, made by survival_references.R.
type survivalMore struct {
	PairC      []float64 `json:"pair_c"`
	PairSE     []float64 `json:"pair_se"`
	ClusterSE  []float64 `json:"pair_cluster_se"`
	UnoC       []float64 `json:"uno_c"`
	UnoSE      []float64 `json:"uno_se"`
	Quantiles  []float64
	Horizons   []float64
	Brier      []float64
	BrierNull  []float64 `json:"brier_null"`
	AUC        []float64
	Integrated []float64
	Lp         []float64 // of both scores, one after the other
	Survival   [][]float64
	Grid       [][]float64
}

// Two scores of the same rows: C, standard errors by row and by threes, and of the difference, as R's concordance of two fits has them.
func TestConcordancePairs(t *testing.T) {
	f := decode[survivalMore](t, "expected_survival_more.json")
	time, event, _, _ := survivors(t)
	a, b, three := f.Lp[:300], f.Lp[300:], make([]int, 300)
	for i := range three {
		three[i] = i / 3
	}
	for _, c := range []struct {
		name  string
		get   func() (ConcordanceTest, error)
		c, se []float64
	}{
		{"Harrell", func() (ConcordanceTest, error) { return HarrellPair(time, event, a, b, nil) }, f.PairC, f.PairSE},
		{"by threes", func() (ConcordanceTest, error) { return HarrellPair(time, event, a, b, three) }, f.PairC, f.ClusterSE},
		{"Uno", func() (ConcordanceTest, error) { return UnoPair(time, event, a, b, nil, 700) }, f.UnoC, f.UnoSE},
	} {
		got, err := c.get()
		if err != nil {
			t.Fatal(c.name, err)
		}
		agree(t, c.name+" A", got.A.Value, c.c[0])
		agree(t, c.name+" B", got.B.Value, c.c[1])
		agree(t, c.name+" A low", got.A.Low, c.c[0]-z95*c.se[0])
		agree(t, c.name+" B high", got.B.High, c.c[1]+z95*c.se[1])
		agree(t, c.name+" difference", got.Difference.Value, c.c[0]-c.c[1])
		agree(t, c.name+" se", got.SE, c.se[2])
		agree(t, c.name+" p", got.P, math.Erfc((c.c[0]-c.c[1])/c.se[2]/math.Sqrt2))
	}
}

// Brier scores and AUROC at a time against sums over all rows and pairs in R.
func TestHorizon(t *testing.T) {
	f := decode[survivalMore](t, "expected_survival_more.json")
	time, event, _, _ := survivors(t)
	curve, err := KaplanMeier(time, event, Log)
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range f.Horizons {
		h, err := NewHorizon(time, event, at)
		if err != nil {
			t.Fatal(err)
		}
		brier, terms, err := h.Brier(f.Survival[i])
		auc, err2 := h.AUROC(f.Lp[:300])
		p, err3 := SurvivalAt(time, event, at, Log)
		same := make([]float64, 300)
		for k := range same {
			same[k] = float64(p.Value)
		}
		null, _, err4 := h.Brier(same)
		if err := errors.Join(err, err2, err3, err4); err != nil || len(terms) != 300 {
			t.Fatal(err)
		}
		agree(t, "Brier", brier, f.Brier[i])
		agree(t, "AUROC", auc, f.AUC[i])
		agree(t, "Brier of the curve", null, f.BrierNull[i])
	}
	grid, scores := []float64{0}, []Number{0}
	for k, s := range f.Grid {
		h, err := NewHorizon(time, event, 70*float64(k+1))
		if err != nil {
			t.Fatal(err)
		}
		b, _, err := h.Brier(s)
		if err != nil {
			t.Fatal(err)
		}
		grid, scores = append(grid, h.At), append(scores, b)
	}
	agree(t, "integrated", IntegratedBrier(grid, scores), f.Integrated[0])
	m := MedianSurvival(curve)
	agree(t, "median", m.Value, f.Quantiles[1])
	agree(t, "its low", m.Low, f.Quantiles[3])
	agree(t, "its high", m.High, f.Quantiles[5])
}

// The p of R's cox.zph, of one and of three degrees of freedom.
func TestChiSquareTail(t *testing.T) {
	f := decode[struct {
		X []float64 `json:"zph_km_chisq"`
		P []float64 `json:"zph_km_p"`
	}](t, "expected_survival_more.json")
	for i, x := range f.X {
		agree(t, "p", ChiSquareTail(x, map[bool]int{true: 3, false: 1}[i == 3]), f.P[i])
	}
	if ChiSquareTail(math.NaN(), 1).Defined() || ChiSquareTail(1, 0).Defined() {
		t.Error("a p of nothing")
	}
}

func TestHazardAt(t *testing.T) {
	for at, want := range map[float64]float64{2: 0, 3: .1, 4: .1, 5: .2, 9: .2} {
		if h := HazardAt([]float64{3, 5}, []float64{.1, .2}, at); h != want {
			t.Errorf("at %v: %v", at, h)
		}
	}
}

// scikit-survival's figures of the same rows, no two times tied.
func TestScikitSurvival(t *testing.T) {
	f := decode[struct {
		Harrell, Uno, Integrated float64
		AUC, Brier               []float64
	}](t, "expected_survival_sksurv.json")
	time, event, risk, _ := survivors(t)
	for i := range time {
		time[i] += float64(i+1) / 1000
	}
	c, err := HarrellC(time, event, risk)
	u, err2 := UnoC(time, event, risk, 700)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	agree(t, "Harrell", c.Value, f.Harrell)
	agree(t, "Uno", u.Value, f.Uno)
	at, scores := []float64{90, 365, 700}, []Number(nil)
	for k, hazard := range []float64{.2, 1, 2.2} {
		h, err := NewHorizon(time, event, at[k])
		if err != nil {
			t.Fatal(err)
		}
		chance := make([]float64, len(risk))
		for i, r := range risk {
			chance[i] = math.Exp(-hazard * math.Exp(r))
		}
		a, err := h.AUROC(risk)
		b, _, err2 := h.Brier(chance)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		agree(t, "AUROC", a, f.AUC[k])
		agree(t, "Brier", b, f.Brier[k])
		scores = append(scores, b)
	}
	agree(t, "integrated", IntegratedBrier(at, scores), f.Integrated)
}

// Beyond the last time nothing is known; without an event until then there is no AUROC; a median that is never reached is undefined.
func TestHorizonAtItsEnds(t *testing.T) {
	time, event := []float64{5, 6, 7, 8}, []bool{true, false, true, false}
	if _, err := NewHorizon(time, event, 8); !errors.Is(err, ErrTime) {
		t.Error("at the last time:", err)
	}
	h, err := NewHorizon(time, event, 4)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := h.AUROC([]float64{1, 2, 3, 4}); v.Defined() || err != nil {
		t.Error("without an event:", v, err)
	}
	if _, _, err := h.Brier([]float64{1, 2, .5, .5}); !errors.Is(err, ErrProbability) {
		t.Error(err)
	}
	if _, err := h.AUROC([]float64{1, math.NaN(), 3, 4}); !errors.Is(err, ErrScore) {
		t.Error(err)
	}
	curve, err := KaplanMeier(time, []bool{true, false, false, false}, Log)
	if m := MedianSurvival(curve); err != nil || m.Value.Defined() || m.High.Defined() {
		t.Error(m, err)
	}
}
