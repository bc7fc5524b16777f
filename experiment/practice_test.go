package experiment

import (
	"math"
	"testing"
)

// Targets, not oracles: the figures of scikit-learn 1.2.1 and imbalanced-learn 0.10.0 on the same patients (logistic regression, C = 1, medians,
// z-scores), whose preparation is not ours to the last column and whose draws are others.
func TestResampling(t *testing.T) {
	for _, seed := range seeds {
		r := get(t, "resampling", "", seed)
		for _, c := range []struct {
			table, name, column string
			want, within        float64
		}{
			{"rows", "none", "auroc", .713615023474, 2e-4},
			{"rows", "none", "mean_risk", .0781756631613, 2e-4},
			{"rows", "none", "brier", .0599162581103, 1e-4},
			{"rows", "none", "slope", .948081674093, .015},
			{"rows", "none", "net_benefit", .0181405895692, 1e-9},
			{"rows", "smote", "auroc", .700995571538, .01},
			{"rows", "smote", "mean_risk", .398536059529, .015},
			{"rows", "smote", "net_benefit", -.0328798185941, .004},
			{"rows", "oversampling", "auroc", .705990077581, .01},
			{"rows", "oversampling", "mean_risk", .410407054888, .02},
			{"rows", "undersampling", "auroc", .693304032231, .02},
			{"rows", "undersampling", "mean_risk", .408077353647, .03},
			{"rows", "class-weights", "auroc", .711051177039, .001},
			{"rows", "class-weights", "mean_risk", .405153106018, .006},
			{"rows", "class-weights", "slope", .968079282687, .01},
			{"cure", "weights-corrected", "auroc", .711051177039, .001},
			{"cure", "weights-corrected", "mean_risk", .0778938690046, .0005},
			{"cure", "weights-corrected", "brier", .0601749353758, .0002},
			{"cure", "weights-corrected", "net_benefit", .0157110463233, .001},
		} {
			if got := value(t, r, c.table, c.column, c.name); math.Abs(got-c.want) > c.within {
				t.Errorf("seed %d: %s of %s is %v, want %v ± %v", seed, c.column, c.name, got, c.want, c.within)
			}
		}
	}
}

// Noise is found out by the honest way alone: its interval holds a half, the dishonest one lies far above.
func TestLeakage(t *testing.T) {
	for _, seed := range seeds {
		r := get(t, "leakage", "", seed)
		for _, name := range []string{"chosen-outside", "by-row"} {
			if low := value(t, r, "rows", "low", name); low < .75 {
				t.Errorf("seed %d: %s finds only %v", seed, name, low)
			}
		}
		for _, name := range []string{"chosen-inside", "by-patient"} {
			if v := value(t, r, "cure", "auroc", name); v < .45 || v > .55 {
				t.Errorf("seed %d: %s finds %v in noise", seed, name, v)
			}
		}
	}
}

// Over 20 seeds of noise the honest ways find a half on the average, and each says how sure it is.
func TestLeakageOverTwentySeeds(t *testing.T) {
	const seeds = 20
	for _, name := range []string{"chosen-inside", "by-patient"} {
		mean := 0.
		for seed := range uint64(seeds) {
			r := get(t, "leakage", "", seed+1)
			v, low, high := value(t, r, "cure", "auroc", name), value(t, r, "cure", "low", name), value(t, r, "cure", "high", name)
			if !(low <= v && v <= high && high-low > .02) {
				t.Errorf("seed %d: %s finds %v, interval %v to %v", seed+1, name, v, low, high)
			}
			mean += v / seeds
		}
		t.Logf("%s: mean AUROC %.4f", name, mean)
		if mean < .47 || mean > .53 {
			t.Errorf("%s: mean AUROC %v", name, mean)
		}
	}
}
