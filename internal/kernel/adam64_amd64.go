//go:build amd64 && !noasm

package kernel

//go:noescape
func adam64wide(args *adamPass64)

//go:noescape
func adam64narrow(args *adamPass64)
