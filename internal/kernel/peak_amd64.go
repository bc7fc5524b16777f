//go:build amd64 && !noasm

package kernel

// drill is what the peak routines get; gen/peak.go knows the field by its place.
type drill struct{ rounds int }

//go:noescape
func drill512(args *drill)

//go:noescape
func drill256(args *drill)

func multiplyAdds(rounds int) int {
	args := drill{rounds}
	switch below(avx512) {
	case avx512:
		drill512(&args)
		return 2 * 24 * 16 * rounds
	case avx2:
		drill256(&args)
		return 2 * 12 * 8 * rounds
	}
	return plainMultiplyAdds(rounds)
}
