package room

import (
	"errors"
	"testing"

	"gradus/internal/say"
)

// FuzzFormula reads the border that a learner types.
func FuzzFormula(f *testing.F) {
	for _, s := range []string{"x1^2+sin(x2)-1", "x1", "-x1*-x2/0.5", "((((((((((((x1))))))))))))", "(((((((((((((x1)))))))))))))", "sqrt(abs(x1))-exp(cos(X2))", "1.2.3", "x1^", "x1^0", "sin x1", "한글", "-----x1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		of, err := playFormula(text)
		if _, ok := errors.AsType[*say.Err](err); err != nil && !ok || (err == nil) != (of != nil) {
			t.Fatalf("%q: %v", text, err)
		}
		if of != nil {
			_ = of(1e308, -1e308)
		}
	})
}
