package metric

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"testing"
)

type driftFixture struct {
	PSI     *float64  `json:"psi10"`
	Deciles []float64 `json:"deciles"`
	KS      float64   `json:"ks"`
	P       float64   `json:"ks_p_asymp"`
	SMD     float64   `json:"smd"`
	Table   [][]int   `json:"table"`
	Chi     float64   `json:"chi2"`
	DF      int       `json:"df"`
	ChiP    float64   `json:"p"`
	V       float64   `json:"cramers_v"`
}

// Training rows against the temporal and the external ones: numpy's and scipy's numbers.
func TestDriftFixture(t *testing.T) {
	cohort := rows(t, "risk_cohort.csv.gz")
	for split, columns := range decode[map[string]map[string]driftFixture](t, "expected_drift.json") {
		for name, want := range columns {
			if want.PSI == nil {
				a, err := ChiSquare(want.Table)
				if err != nil || a.DF != want.DF {
					t.Error(name, a, err)
				}
				agree(t, name+" chi²", a.ChiSq, want.Chi)
				agree(t, name+" p", a.P, want.ChiP)
				agree(t, name+" V", a.CramerV, want.V)
				continue
			}
			old, now := known(cohort, "train", name), known(cohort, split, name)
			edges := Deciles(old)
			for i, e := range want.Deciles {
				agree(t, name+" decile", Number(edges[i]), e)
			}
			psi, err := PSI(Binned(old, edges), Binned(now, edges))
			d, err2 := KolmogorovSmirnov(old, now)
			if err := errors.Join(err, err2); err != nil {
				t.Error(err)
			}
			agree(t, split+" "+name+" PSI", psi, *want.PSI)
			agree(t, name+" KS", d.D, want.KS)
			agree(t, name+" p of KS", d.P, want.P)
			agree(t, name+" SMD", StandardDifference(old, now), want.SMD)
		}
	}
}

func known(cohort []map[string]string, split, column string) (values []float64) {
	for _, r := range cohort {
		if v, err := strconv.ParseFloat(r[column], 64); err == nil && r["split"] == split {
			values = append(values, v)
		}
	}
	return values
}

func TestDriftAtItsEnds(t *testing.T) {
	if v, err := PSI([]int{10, 0}, []int{0, 10}); err != nil || !v.Defined() || v < 15 {
		t.Error("an empty bin is held at 1e-4", v, err)
	}
	if _, err := PSI([]int{0}, []int{1}); !errors.Is(err, ErrTable) {
		t.Error(err)
	}
	if d, err := KolmogorovSmirnov([]float64{1, 2}, []float64{1, 2}); err != nil || d.D != 0 || d.P != 1 {
		t.Error("the same values", d, err)
	}
	if _, err := KolmogorovSmirnov([]float64{1}, []float64{math.NaN()}); !errors.Is(err, ErrScore) {
		t.Error(err)
	}
	agree(t, "the example of Marsaglia, Tsang and Wang", Number(1-kolmogorovTail(.274, 10)), .6284796154565)
	for _, at := range [][2]float64{{math.Sqrt(2.2 / 400), 400}, {math.Pow(1.4/2000, 1/1.5), 2000}, {math.Sqrt(4. / 100), 100}} { // where one way hands over to another
		a, b := kolmogorovTail(at[0]*(1-1e-9), at[1]), kolmogorovTail(at[0]*(1+1e-9), at[1])
		if math.Abs(a-b) > 3e-7 {
			t.Error("the ways part", at, a, b)
		}
	}
	for _, c := range []struct{ d, n, want float64 }{ // scipy.stats.kstwo.sf
		{0.3, 10, 0.27053557479999946},
		{0.02, 2000, 0.3953133626892045},
		{0.01, 2000, 0.9871373661366796},
		{0.05, 2000, 8.74309579589503e-05},
		{0.004, 50000, 0.3994316646755731},
		{0.0005, 50000, 1.0},
		{0.01, 50000, 9.018048811843602e-05},
		{0.001, 1000000, 0.26982107442589376},
		{0.002, 1000000, 0.0006700277103670718},
		{0.0008, 1000000, 0.5438713666611479},
		{0.15, 140, 0.0032495604415101703},
		{0.1, 141, 0.11128445516467944},
		{0.09, 200, 0.07358925139953587},
	} {
		agree(t, "Kolmogorov's tail", Number(kolmogorovTail(c.d, c.n)), c.want)
	}
	a, err := ChiSquare([][]int{{3, 0}, {5, 0}})
	if b, _ := json.Marshal(a); err != nil || string(b) != `{"chi_square":null,"df":0,"p":null,"cramers_v":null}` {
		t.Error(string(b), err)
	}
	if v := StandardDifference([]float64{2, 2}, []float64{2, 2}); v.Defined() {
		t.Error("nothing varies", v)
	}
}
