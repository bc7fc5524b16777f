//go:build (!amd64 && !arm64) || noasm

package kernel

import "runtime"

// pause gives the core to whoever waits for it: without an instruction for a short moment, that is the polite way to spin.
func pause(uint32) { runtime.Gosched() }
