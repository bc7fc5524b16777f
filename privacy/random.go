package privacy

import (
	"crypto/rand"
	"encoding/binary"
	mathrand "math/rand/v2"
)

// Random draws what keeps a patient hidden. The zero value is not ready; see Secure and Seeded.
type Random struct{ r *mathrand.Rand }

// Secure draws from ChaCha8 under a key of 256 bits from the operating system: nobody can draw the same again.
func Secure() *Random {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails: it ends the program first
	return &Random{mathrand.New(mathrand.NewChaCha8(key))}
}

// Seeded draws what seed says, for tests: whoever knows the seed can take the noise away.
func Seeded(seed uint64) *Random {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return &Random{mathrand.New(mathrand.NewChaCha8(key))}
}

// Float64 is uniform on [0, 1).
func (r *Random) Float64() float64 { return r.r.Float64() }

// Normal is of mean 0 and variance 1: half the sum of four normal draws, whose low bits do not tell the draw (Holohan and Braghin 2021, against
// Mironov 2012).
func (r *Random) Normal() float64 {
	return (r.r.NormFloat64() + r.r.NormFloat64() + r.r.NormFloat64() + r.r.NormFloat64()) / 2
}
