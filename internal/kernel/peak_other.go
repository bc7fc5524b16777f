//go:build (!amd64 && !arm64) || noasm

package kernel

func multiplyAdds(rounds int) int { return plainMultiplyAdds(rounds) }
