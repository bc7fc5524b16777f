//go:build !noasm

#include "textflag.h"

// pause is written by hand.
// func pause(n uint32)
// n times PAUSE: a spinning core leaves the other thread of its core and the memory bus alone.
TEXT ·pause(SB), NOSPLIT, $0-4
	MOVL n+0(FP), CX

loop:
	PAUSE
	DECL CX
	JNZ  loop
	RET
