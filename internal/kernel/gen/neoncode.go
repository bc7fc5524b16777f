package main

// opcode is an instruction over all lanes of its registers: its code with every register 0, and how objdump writes it.
type opcode struct {
	code       uint32
	name, kind string // kind of the operands
}

// Three registers, d = n op m. The four of the second row also read d: d + n·m, d − n·m, n's bits where m's are set, where not.
var (
	fadd, fsub = opcode{0x4e20d400, "fadd", "4s"}, opcode{0x4ea0d400, "fsub", "4s"}
	fmul, fdiv = opcode{0x6e20dc00, "fmul", "4s"}, opcode{0x6e20fc00, "fdiv", "4s"}
	fmla, fmls = opcode{0x4e20cc00, "fmla", "4s"}, opcode{0x4ea0cc00, "fmls", "4s"}
	bit, bif   = opcode{0x6ea01c00, "bit", "16b"}, opcode{0x6ee01c00, "bif", "16b"}

	fcmeq  = opcode{0x4e20e400, "fcmeq", "4s"}
	fcmge  = opcode{0x6e20e400, "fcmge", "4s"}
	fcmgt  = opcode{0x6ea0e400, "fcmgt", "4s"}
	addInt = opcode{0x4ea08400, "add", "4s"}
	subInt = opcode{0x6ea08400, "sub", "4s"}
	bitAnd = opcode{0x4e201c00, "and", "16b"}
	bitOr  = opcode{0x4ea01c00, "orr", "16b"}
	bitXor = opcode{0x6e201c00, "eor", "16b"}

	faddWide = opcode{0x4e60d400, "fadd", "2d"}
	fmulWide = opcode{0x6e60dc00, "fmul", "2d"}
	fmlaWide = opcode{0x4e60cc00, "fmla", "2d"}
)

// Two registers, d = op n.
var (
	fsqrt  = opcode{0x6ea1f800, "fsqrt", "4s"}
	fneg   = opcode{0x6ea0f800, "fneg", "4s"}
	scvtf  = opcode{0x4e21d800, "scvtf", "4s"}
	bitNot = opcode{0x6e205800, "mvn", "16b"}
	rev64  = opcode{0x4ea00800, "rev64", "4s"} // lanes 1 0 3 2
)

func (a *arm) three(o opcode, d, n, m int) {
	a.word(o.code|uint32(m<<16|n<<5|d), "%s v%d.%s, v%d.%s, v%d.%s", o.name, d, o.kind, n, o.kind, m, o.kind)
}

func (a *arm) one(o opcode, d, n int) {
	a.word(o.code|uint32(n<<5|d), "%s v%d.%s, v%d.%s", o.name, d, o.kind, n, o.kind)
}

// negative is d = n < 0 by the sign bit alone, all bits of a lane or none.
func (a *arm) negative(d, n int) {
	a.word(uint32(0x4ea0a800|n<<5|d), "cmlt v%d.4s, v%d.4s, #0", d, n)
}

// widen is d = the lower or the upper two lanes of n in float64, narrow puts n there, rounded; the lower clears the upper.
func (a *arm) widen(d, n, upper int) {
	name, from := half("fcvtl", upper)
	a.word(uint32(0x0e617800|upper<<30|n<<5|d), "%s v%d.2d, v%d.%s", name, d, n, from)
}

func (a *arm) narrow(d, n, upper int) {
	name, to := half("fcvtn", upper)
	a.word(uint32(0x0e616800|upper<<30|n<<5|d), "%s v%d.%s, v%d.2d", name, d, to, n)
}

func half(name string, upper int) (full, kind string) {
	if upper == 1 {
		return name + "2", "4s"
	}
	return name, "2s"
}

// swapHalves is d = lanes 2 3 0 1 of n.
func (a *arm) swapHalves(d, n int) {
	a.word(uint32(0x6e004000|n<<16|n<<5|d), "ext v%d.16b, v%d.16b, v%d.16b, #8", d, n, n)
}

// sumPair is the lower lane of d = the sum of the two of n, in float64.
func (a *arm) sumPair(d, n int) {
	a.word(uint32(0x7e70d800|n<<5|d), "faddp d%d, v%d.2d", d, n)
}

// loadAt and storeAt move all of v from or to the memory at base + index.
func (a *arm) loadAt(v, base, index int) {
	a.word(uint32(0x3ce06800|index<<16|base<<5|v), "ldr q%d, [x%d, x%d]", v, base, index)
}

func (a *arm) storeAt(v, base, index int) {
	a.word(uint32(0x3ca06800|index<<16|base<<5|v), "str q%d, [x%d, x%d]", v, base, index)
}
