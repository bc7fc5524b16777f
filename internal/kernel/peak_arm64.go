//go:build !noasm

package kernel

// drill is what the peak routine gets; gen/neon.go knows the field by its place.
type drill struct{ rounds int }

//go:noescape
func drill128(args *drill)

func multiplyAdds(rounds int) int {
	drill128(&drill{rounds})
	return 2 * 24 * 4 * rounds
}
