package kernel

import (
	"math"
	"math/rand/v2"
)

// √½ and 1/√(2π), each with what its float64 leaves out.
const (
	half2, half2Low       = 0x1.6a09e667f3bcdp-1, -0x1.bdd3413b26456p-55
	density0, density0Low = 0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56
)

// Phi is Φ(x) = ½·erfc(−x/√2), the normal distribution function; −x/√2 and its square are carried in two float64s, so that the far tail
// is as exact as the middle. Largest error measured .95 ulp.
//
// Phi(+Inf) = 1, Phi(−Inf) = 0, Phi(NaN) = NaN.
func Phi(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < -38.6:
		return 0
	case x > 8.5:
		return 1
	}
	z, zl := Product(-x, half2)
	zl -= float64(x * half2Low)
	switch {
	case z >= erfTail:
		s, sl := Product(x, .5*x)
		return erfcTail(z, zl, s, sl, -1)
	case z >= 0:
		return .5 * erfcNear(z, zl)
	}
	return 1 - float64(.5*Erfc(-z))
}

// Density is φ(x) = e^(−x²/2)/√(2π), the normal density. Largest error measured .51 ulp.
//
// Density(±Inf) = 0, Density(NaN) = NaN.
func Density(x float64) float64 {
	switch {
	case x != x:
		return x
	case math.Abs(x) > 39:
		return 0
	}
	s, sl := Product(x, -.5*x)
	e, el, k := expDouble(s, sl)
	p, pl := Product(e, density0)
	return math.Ldexp(p+(pl+float64(el*density0)+float64(e*density0Low)), k)
}

// Normal draws from the standard normal distribution: √(−2·log u)·cos(2πv), Box and Muller 1958. Every draw takes exactly two numbers
// from rng, so a stream's place is twice the count of draws.
func Normal(rng *rand.Rand) float64 {
	u, v := 1-float64(rng.Float64()), rng.Float64()
	return math.Sqrt(-2*Log(u)) * Cos(2*math.Pi*v)
}
