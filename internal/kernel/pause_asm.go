//go:build (amd64 || arm64) && !noasm

package kernel

// pause waits for n short moments without giving the core away; n is at least 1.
//
//go:noescape
func pause(n uint32)
