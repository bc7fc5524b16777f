package front

import (
	"testing"

	"gradus/internal/trial"
)

// The depth that is asked for reaches the accuracy, and none before it does.
func TestSmallestDepth(t *testing.T) {
	for _, seed := range []uint64{7, 1} {
		at, err := smallestDepth(seed)
		if err != nil || at < 1 || at > deepest {
			t.Fatal(at, err)
		}
		train, test := spiral(seed)
		for depth := 0; depth <= at; depth++ {
			out, err := learnt(winding(depth, seed, spiralEpochs), train, trial.Set{})
			if err != nil {
				t.Fatal(err)
			}
			if right := trial.Right(out.Net, test); (right >= 190) != (depth == at) {
				t.Errorf("seed %d, depth %d: %d of 200 right, asked for %d", seed, depth, right, at)
			}
		}
	}
}

// Twenty patients are learnt by heart, two thousand are not.
func TestMorePatientsCloseTheGap(t *testing.T) {
	p := history()
	s, _ := p.Read("part=overfitting")
	_, few, fewOthers, err := fitted(s, 20)
	if err != nil {
		t.Fatal(err)
	}
	_, many, manyOthers, err := fitted(s, 2000)
	if err != nil || few-fewOthers < .1 || many-manyOthers > smallGap || manyOthers <= fewOthers {
		t.Errorf("20: %g and %g; 2000: %g and %g, %v", few, fewOthers, many, manyOthers, err)
	}
}

// The contents count what they are told.
func TestHome(t *testing.T) {
	p := Home(func(chapter string) int { return len(chapter) })
	s, _ := p.Read("")
	run, err := p.Make(s)
	if err != nil {
		t.Fatal(err)
	}
	sc, err := run.At(0)
	if err != nil || len(sc.Numbers()) != len(chapters) || *sc.Numbers()[5].Value != 3 {
		t.Errorf("%+v %v", sc, err)
	}
}
