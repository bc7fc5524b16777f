//go:build amd64 && !noasm

package kernel

import "golang.org/x/sys/cpu"

// supported reports whether the processor and the operating system offer l; cpu asks both.
func supported(l level) bool {
	switch l {
	case avx512:
		return cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL && supported(avx2)
	case avx2:
		return cpu.X86.HasAVX2 && cpu.X86.HasFMA
	}
	return l == plainGo
}
