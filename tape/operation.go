package tape

import (
	"math"

	"gradus/internal/kernel"
)

// one adds the node f(a) with its derivative.
func (a Value) one(op string, x, local float64) Value {
	return a.tape.node(op, x, Parent{a.id, local})
}

// two adds a node of a and b with its derivatives by each.
func (a Value) two(op string, b Value, x, byA, byB float64) Value {
	if a.tape != b.tape {
		return a.tape.node(op, math.NaN())
	}
	return a.tape.node(op, x, Parent{a.id, byA}, Parent{b.id, byB})
}

// Add is a + b, ∂ 1 and 1.
func (a Value) Add(b Value) Value { return a.two("+", b, a.Value()+b.Value(), 1, 1) }

// Sub is a − b, ∂ 1 and −1.
func (a Value) Sub(b Value) Value { return a.two("−", b, a.Value()-b.Value(), 1, -1) }

// Mul is a·b, ∂ b and a.
func (a Value) Mul(b Value) Value {
	x, y := a.Value(), b.Value()
	return a.two("×", b, float64(x*y), y, x)
}

// Div is a/b, ∂ 1/b and −a/b².
func (a Value) Div(b Value) Value {
	x, y := a.Value(), b.Value()
	return a.two("÷", b, x/y, 1/y, -(x/y)/y)
}

// Max is the larger of a and b, ∂ 1 for the one taken (a where they are equal) and 0 for the other.
func (a Value) Max(b Value) Value {
	x, y := a.Value(), b.Value()
	if y > x {
		return a.two("max", b, y, 0, 1)
	}
	return a.two("max", b, max(x, y), 1, 0) // max keeps a NaN of either
}

// Neg is −a, ∂ −1.
func (a Value) Neg() Value { return a.one("neg", -a.Value(), -1) }

// Exp is eᵃ, ∂ eᵃ.
func (a Value) Exp() Value {
	y := kernel.Exp(a.Value())
	return a.one("exp", y, y)
}

// Expm1 is eᵃ − 1, exact near 0, ∂ eᵃ.
func (a Value) Expm1() Value {
	x := a.Value()
	return a.one("expm1", kernel.Expm1(x), kernel.Exp(x))
}

// Log is log a, ∂ 1/a.
func (a Value) Log() Value {
	x := a.Value()
	return a.one("log", kernel.Log(x), 1/x)
}

// Log1p is log(1 + a), exact near 0, ∂ 1/(1 + a).
func (a Value) Log1p() Value {
	x := a.Value()
	return a.one("log1p", kernel.Log1p(x), 1/(1+x))
}

// Sqrt is √a, ∂ 1/(2√a).
func (a Value) Sqrt() Value {
	y := math.Sqrt(a.Value())
	return a.one("√", y, 1/(2*y))
}

// Sigmoid is h = 1/(1+e⁻ᵃ), ∂ h(1−h), deck 4-5-16.
func (a Value) Sigmoid() Value {
	h := kernel.Sigmoid(a.Value())
	return a.one("sigmoid", h, float64(h*(1-h)))
}

// Tanh is h = tanh a, ∂ 1 − h².
func (a Value) Tanh() Value {
	h := kernel.Tanh(a.Value())
	return a.one("tanh", h, 1-float64(h*h))
}

// Erf is erf a, ∂ 2/√π·e^(−a²).
func (a Value) Erf() Value {
	x := a.Value()
	return a.one("erf", kernel.Erf(x), 2/math.Sqrt(math.Pi)*kernel.Exp(-float64(x*x)))
}

// Abs is |a|, ∂ the sign of a, 0 at 0.
func (a Value) Abs() Value {
	x := a.Value()
	switch {
	case x > 0:
		return a.one("abs", x, 1)
	case x < 0:
		return a.one("abs", -x, -1)
	}
	return a.one("abs", math.Abs(x), 0)
}

// ReLU is a where a > 0, else 0, ∂ 1 or 0.
func (a Value) ReLU() Value {
	x := a.Value()
	if x > 0 {
		return a.one("relu", x, 1)
	}
	return a.one("relu", max(x, 0), 0)
}

// Step is 1 where a ≥ 0, else 0, ∂ 0, deck 4-1-6.
func (a Value) Step() Value {
	switch x := a.Value(); {
	case x >= 0:
		return a.one("step", 1, 0)
	case x < 0:
		return a.one("step", 0, 0)
	default:
		return a.one("step", x, 0)
	}
}
