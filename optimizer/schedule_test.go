package optimizer

import (
	"math"
	"strings"
	"testing"

	"gradus/internal/say"
)

// schedule makes a schedule or fails.
func schedule(t *testing.T, name string, alpha float64, values map[string]float64) Schedule {
	t.Helper()
	s, err := NewSchedule(name, alpha, values)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Values by hand from PyTorch's closed forms of StepLR, ExponentialLR and CosineAnnealingLR, whose epoch is t−1.
func TestSchedules(t *testing.T) {
	type v = map[string]float64
	for _, c := range []struct {
		name   string
		values v
		want   map[int]float64
	}{
		{"constant", nil, map[int]float64{1: .8, 2: .8, 1000000: .8}},
		{"step", v{"every": 10, "factor": .5}, map[int]float64{1: .8, 10: .8, 11: .4, 20: .4, 21: .2, 101: .00078125}},
		{"step", v{"every": 1}, map[int]float64{1: .8, 2: .08, 3: .008}},
		{"exponential", v{"gamma": .5}, map[int]float64{1: .8, 2: .4, 4: .1, 2000: 0}},
		{"cosine", v{"total": 4}, map[int]float64{1: .8, 2: .4 * (1 + math.Sqrt2/2), 3: .4, 4: .4 * (1 - math.Sqrt2/2), 5: 0, 99: 0}},
		{
			"cosine",
			v{"total": 8, "warm_up": 4, "floor": .2},
			map[int]float64{1: .2, 2: .4, 3: .6, 4: .8, 5: .8, 6: .2 + .3*(1+math.Sqrt2/2), 7: .5, 8: .2 + .3*(1-math.Sqrt2/2), 9: .2},
		},
		{"plateau", nil, map[int]float64{1: .8, 500: .8}},
	} {
		s := schedule(t, c.name, .8, c.values)
		for at, want := range c.want {
			if got := s.Alpha(at); math.Abs(got-want) > 1e-15 {
				t.Errorf("%s %v at %d: %v, want %v", c.name, c.values, at, got, want)
			}
		}
	}
}

// The sequence of PyTorch's ReduceLROnPlateau (mode min, threshold relative), followed by hand.
func TestPlateau(t *testing.T) {
	s := schedule(t, "plateau", 1, map[string]float64{"factor": .5, "patience": 1, "threshold": .1, "cooldown": 1, "floor": .2}).(*Plateau)
	for i, c := range []struct{ cost, alpha float64 }{
		{10, 1},           // the first is the best
		{9.5, 1},          // not below 9: bad 1
		{8, 1},            // better
		{8, 1},            // bad 1
		{7.9, .5},         // bad 2 > patience: reduced, one observation to wait
		{7.9, .5},         // waited out, not counted
		{math.NaN(), .5},  // bad 1
		{7.9, .25},        // bad 2: reduced
		{7.9, .25},        // waited out
		{7.9, .25},        // bad 1
		{7.9, .2},         // bad 2: .125 is below the floor
		{1, .2},           // better
		{-1, .2},          // better, below 0 too
		{-1.05, .2},       // not below −1.1: bad 1
		{math.Inf(1), .2}, // bad 2: already at the floor
	} {
		s.Observe(c.cost)
		if got := s.Alpha(i); math.Abs(got-c.alpha) > 1e-15 {
			t.Fatalf("observation %d (%v): α %v, want %v", i, c.cost, got, c.alpha)
		}
	}
}

func TestPlateauWithoutAFirstCost(t *testing.T) {
	s := schedule(t, "plateau", 1, map[string]float64{"patience": 1}).(*Plateau)
	s.Observe(math.NaN())
	s.Observe(math.NaN())
	if s.Alpha(1) != .1 || s.Memory.Seen {
		t.Errorf("%+v", s.Memory)
	}
	if s.Observe(3); s.Memory.Best != 3 {
		t.Errorf("%+v", s.Memory)
	}
}

// A plateau that is copied out and back in after any observation goes on exactly.
func TestPlateauResumes(t *testing.T) {
	costs := []float64{5, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3}
	values := map[string]float64{"patience": 1, "cooldown": 2, "factor": .3}
	whole := schedule(t, "plateau", 1, values).(*Plateau)
	for _, c := range costs {
		whole.Observe(c)
	}
	for stop := range costs {
		first, second := schedule(t, "plateau", 1, values).(*Plateau), schedule(t, "plateau", 1, values).(*Plateau)
		for _, c := range costs[:stop] {
			first.Observe(c)
		}
		second.Memory = first.Memory
		for _, c := range costs[stop:] {
			second.Observe(c)
		}
		if second.Memory != whole.Memory || whole.Memory.Alpha == 1 {
			t.Errorf("stopped after %d: %+v, want %+v", stop, second.Memory, whole.Memory)
		}
	}
}

func TestNewScheduleRefuses(t *testing.T) {
	type v = map[string]float64
	for _, c := range []struct {
		name   string
		alpha  float64
		values v
		says   string
	}{
		{"cosin", .1, nil, `"cosine"`},
		{"constant", 0, nil, "alpha is 0"},
		{"constant", math.NaN(), nil, "alpha is NaN"},
		{"constant", .1, v{"gamma": 1}, "no values"},
		{"step", .1, nil, `needs a value for "every"`},
		{"step", .1, v{"every": 0}, "every is 0; allowed: 1 ≤ every"},
		{"step", .1, v{"every": 2.5}, "every is 2.5"},
		{"step", .1, v{"every": 2, "factor": 1}, "0 < factor < 1"},
		{"exponential", .1, v{"gamma": 0}, "0 < gamma ≤ 1"},
		{"exponential", .1, v{"gama": .9}, `"gamma"`},
		{"cosine", .1, v{"total": 10, "warm_up": 10}, "warm_up is 10"},
		{"cosine", .1, v{"total": 10, "floor": .2}, "floor is 0.2"},
		{"plateau", .1, v{"patience": -1}, "patience is -1"},
		{"plateau", .1, v{"threshold": 1}, "threshold is 1"},
	} {
		_, err := NewSchedule(c.name, c.alpha, c.values)
		if err == nil || !strings.Contains(err.Error(), c.says) || say.In(say.Korean, err) == err.Error() {
			t.Errorf("%s %v %v: %v, want %q", c.name, c.alpha, c.values, err, c.says)
		}
	}
}

// Every schedule stays between 0 and its first rate, without allocating.
func TestEverySchedule(t *testing.T) {
	for _, row := range Schedules() {
		values := map[string]float64{}
		for _, k := range row.Keys {
			if math.IsNaN(k.Default) {
				values[k.Name] = k.High
				if k.Whole {
					values[k.Name] = 7
				}
			}
		}
		s := schedule(t, row.Name, .3, values)
		for at := range 40 {
			if a := s.Alpha(at + 1); !(a >= 0 && a <= .3) {
				t.Errorf("%s at %d: %v", row.Name, at+1, a)
			}
		}
		if count := testing.AllocsPerRun(10, func() { s.Alpha(3) }); count != 0 {
			t.Errorf("%s: %v allocations", row.Name, count)
		}
	}
}
