//go:build !noasm

package kernel

// supported reports whether the processor offers l. Go itself runs on no arm64 without NEON.
func supported(l level) bool { return l <= neon }
