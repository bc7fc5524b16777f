package room

import (
	"math"
	"testing"
)

// A border that is typed is the one that is meant: signs bind as on paper.
func TestFormula(t *testing.T) {
	for text, want := range map[string]float64{ // at (2, −1)
		"x1^2+x2^2-3": 2, "-x1^2+x2+6": 1, "2*x1-x2/4-1": 3.25, "sin(x1)-cos(x2)": math.Sin(2) - math.Cos(1), "exp(x2)-abs(x2)/2": math.Exp(-1) - .5,
		"(x1+x2)*(x1-x2)": 3, "X1-1": 1, "sqrt(abs(x1))-1": math.Sqrt2 - 1, "x1-x2-1-1": 1, "x1/x2/2": -1, "0.5*x1": 1,
	} {
		f, err := playFormula(text)
		if err != nil {
			t.Error(text, err)
			continue
		}
		if got := f(2, -1); math.Abs(got-want) > 1e-15*(1+math.Abs(want)) {
			t.Errorf("%s is %g, want %g", text, got, want)
		}
	}
}

// What cannot be read, or leaves one side empty, is refused.
func TestFormulaRefused(t *testing.T) {
	for _, text := range []string{"", "x3", "x1+", "x1 ^", "x1^0", "x1^x2", "(x1", "x1)", "sin x1", "1..2*x1", "tan(x1)", "x1x2", "((((((((((((((x1))))))))))))))", "1", "x1^2+9", "0/0", "x1-2.95"} {
		if _, err := playFormula(text); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

// The cases of a typed border lie on their own side of it, where there is no noise.
func TestOwnBorder(t *testing.T) {
	p, _ := open(t, "data=own&border=x1^2%2Bx2^2-3&noise=0")
	for i, at := range p.at {
		if v := at[0]*at[0] + at[1]*at[1] - 3; (v > 0) != (p.class[i] == 1) && math.Abs(v) > .01 {
			t.Errorf("case %d of class %d at %v", i, p.class[i], at)
		}
	}
}
