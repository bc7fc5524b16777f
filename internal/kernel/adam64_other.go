//go:build !amd64 || noasm

package kernel

// Nothing here is reached: isa never offers the lanes.

func adam64wide(*adamPass64) {}

func adam64narrow(*adamPass64) {}
