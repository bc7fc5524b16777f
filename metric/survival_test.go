package metric

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"testing"
)

type survivalFixture struct {
	Harrell   float64 `json:"harrell_C"`
	HarrellSE float64 `json:"harrell_C_se"`
	Uno       float64 `json:"uno_C_ymax700"`
	LogRank   float64 `json:"logrank_trt_chisq"`
	Log       struct {
		Time, Surv, Lower, Upper, SE []float64
		Risk                         []int `json:"n.risk"`
	} `json:"km_log_ci"`
	LogLog struct{ Lower, Upper []float64 } `json:"km_loglog_ci"`
}

// survivors is survival.csv: time, event, risk and treatment of each row.
func survivors(t *testing.T) (time []float64, event []bool, risk []float64, arm []int) {
	for _, r := range rows(t, "survival.csv") {
		v := map[string]float64{}
		for k, s := range r {
			v[k], _ = strconv.ParseFloat(s, 64)
		}
		time, event = append(time, v["time"]), append(event, v["status"] == 1)
		risk, arm = append(risk, v["lp"]), append(arm, int(v["trt"]))
	}
	return time, event, risk, arm
}

func agree(t *testing.T, what string, got Number, want float64) {
	t.Helper()
	if !(math.Abs(float64(got)-want) <= 1e-8*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: %.12g, R has %.12g", what, float64(got), want)
	}
}

// Every figure of R's survival 3.5-3 on survival.csv, which has tied times.
func TestSurvivalFixture(t *testing.T) {
	f := decode[survivalFixture](t, "expected_survival_R.json")
	time, event, risk, arm := survivors(t)
	for i, at := range f.Log.Time {
		p, err := SurvivalAt(time, event, at, Log)
		q, _ := SurvivalAt(time, event, at, LogLog)
		if err != nil || p.AtRisk != f.Log.Risk[i] {
			t.Error(at, p.AtRisk, f.Log.Risk[i], err)
		}
		agree(t, "S", p.Value, f.Log.Surv[i])
		agree(t, "se", p.SE, f.Log.SE[i])
		agree(t, "low", p.Low, f.Log.Lower[i])
		agree(t, "high", p.High, f.Log.Upper[i])
		agree(t, "log-log low", q.Low, f.LogLog.Lower[i])
		agree(t, "log-log high", q.High, f.LogLog.Upper[i])
	}
	test, err := LogRank(time, event, arm, 2)
	agree(t, "log-rank", test.ChiSq, f.LogRank)
	agree(t, "its p", test.P, math.Erfc(math.Sqrt(f.LogRank/2))) // one degree of freedom
	c, err2 := HarrellC(time, event, risk)
	agree(t, "Harrell", c.Value, f.Harrell)
	agree(t, "Harrell's se", c.SE, f.HarrellSE)
	u, err3 := UnoC(time, event, risk, 700)
	agree(t, "Uno", u.Value, f.Uno)
	if err := errors.Join(err, err2, err3); err != nil {
		t.Error(err)
	}
}

func TestSurvivalAtItsEnds(t *testing.T) {
	for _, c := range []struct {
		time  []float64
		event []bool
		want  error
	}{
		{[]float64{1, -1}, []bool{true, true}, ErrTime},
		{[]float64{1, math.NaN()}, []bool{true, true}, ErrTime},
		{[]float64{1, 2}, []bool{false, false}, ErrEvents},
		{[]float64{1}, []bool{true, false}, ErrLength},
		{nil, nil, ErrEmpty},
	} {
		if _, err := KaplanMeier(c.time, c.event, Log); !errors.Is(err, c.want) {
			t.Error(c, err)
		}
	}
	curve, err := KaplanMeier([]float64{1, 2}, []bool{true, true}, LogLog)
	if err != nil || curve[1].Value != 0 || curve[1].Low.Defined() || curve[1].SE.Defined() {
		t.Error("a curve that falls to 0 has no interval there", curve, err)
	}
	if b, err := json.Marshal(curve[1]); err != nil || string(b) != `{"time":2,"at_risk":1,"events":1,"se":null,"value":0,"low":null,"high":null}` {
		t.Error(string(b), err)
	}
	if m := SurvivalQuantile(curve, .5); m != 1 {
		t.Error("median", m)
	}
	if _, err := HarrellC([]float64{1, 1}, []bool{true, true}, []float64{1, 2}); !errors.Is(err, ErrPairs) {
		t.Error("two events of one time cannot be compared", err)
	}
}
