package safetensors

import (
	"encoding/binary"
	"math"
)

// foreign are the bytes of one number of each type that others write.
var foreign = map[string]int{
	"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1,
	"I64": 8, "U64": 8, "I32": 4, "U32": 4, "I16": 2, "U16": 2, "I8": 1, "U8": 1, "BOOL": 1,
}

// Values are the numbers of a tensor of F64, F32, F16 or BF16, all of which float64 holds exactly; false of another type.
func (t Tensor) Values() ([]float64, bool) {
	size := foreign[t.DType]
	var one func(b []byte) float64
	switch t.DType {
	case "F64":
		one = func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }
	case "F32":
		one = func(b []byte) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(b))) }
	case "BF16":
		one = func(b []byte) float64 {
			return float64(math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16))
		}
	case "F16":
		one = func(b []byte) float64 { return half(binary.LittleEndian.Uint16(b)) }
	default:
		return nil, false
	}
	list := make([]float64, len(t.Data)/size)
	for i := range list {
		list[i] = one(t.Data[i*size:])
	}
	return list, true
}

// half is a float16: a sign, 5 bits of exponent, 10 of fraction.
func half(bits uint16) float64 {
	exponent, fraction := int(bits>>10&31), float64(bits&1023)
	v := math.Ldexp(fraction, -24)
	switch {
	case exponent == 31 && fraction == 0:
		v = math.Inf(1)
	case exponent == 31:
		v = math.NaN()
	case exponent > 0:
		v = math.Ldexp(1024+fraction, exponent-25)
	}
	if bits>>15 == 1 {
		return -v
	}
	return v
}
