// Command gen writes the assembly of internal/kernel: each family becomes the file <name>_amd64.s or <name>_arm64.s beside
// the Go sources.
// It is a module of its own, so that nobody who builds gradus downloads avo. Run it as `go generate ./internal/kernel`.
package main

import (
	"flag"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"
)

// families are the files: a new one is a Go file here with its generator function and a row in this list.
var families = []struct {
	name  string
	write func(*asm)
}{
	{"gemm", gemm},
	{"cascade", cascade},
	{"gemm64", gemm64},
	{"adam64", adam64},
	{"vector", func(a *asm) { vector(a) }},
	{"lines", func(a *asm) { lines(a) }},
	{"update", func(a *asm) { update(a) }},
	{"peak", peak},
	{"norm", norm},
	{"dropout", dropout},
	{"gather", gather},
	{"softmax", softmax},
}

// asm is one assembly file in the making: avo's context and what every generator here needs besides.
type asm struct {
	*build.Context
	origin []string // a line of the printed file, the same line with the generator before it, …
}

// sheet is a file of routines said by formulas, for amd64 or arm64.
type sheet interface {
	routine(t *table, name, generator string, vectors int, body func(s *simd))
	constants(t *table) // after the routines that filled it
}

func (a *asm) constants(t *table) { t.write(a) }

// begin starts the routine name, declared in Go as func name(args *of); generator is the function that writes it, named in the .s.
// No routine keeps a frame and none calls, so none may split the stack. It returns the register that holds args.
func (a *asm) begin(name, of, generator string, args reg.GPPhysical) {
	pkg := types.NewPackage("gradus/internal/kernel", "kernel")
	taken := types.NewTypeName(0, pkg, of, nil)
	types.NewNamed(taken, types.NewStruct(nil, nil), nil)
	pkg.Scope().Insert(taken)
	signature, err := gotypes.ParseSignatureInPackage(pkg, "func(args *"+of+")")
	if err != nil {
		panic(err)
	}
	a.Function(name)
	a.Attributes(build.NOSPLIT)
	line := "// func " + name + "("
	a.origin = append(a.origin, line, "// "+name+" is written by "+generator+".\n"+line)
	a.Signature(signature)
	a.Load(a.Param("args"), args)
}

// field is the 8 bytes of a struct at offset off.
func field(args reg.Register, off int) operand.Mem { return operand.Mem{Base: args, Disp: off} }

func main() {
	out := flag.String("folder", "..", "where the files go")
	flag.Parse()
	for _, f := range families {
		if err := write(filepath.Join(*out, f.name+"_amd64.s"), f.name, f.write); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	for _, f := range arms {
		if err := writeArm(filepath.Join(*out, f.name+"_arm64.s"), f.write); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func write(file, name string, generate func(*asm)) error {
	a := &asm{Context: build.NewContext()}
	a.ConstraintExpr("amd64,!noasm")
	generate(a)
	code, err := a.Result()
	if err != nil {
		return err
	}
	if err := pass.Compile.Execute(code); err != nil {
		return err
	}
	text, err := printer.NewGoAsm(printer.Config{Name: "internal/kernel/gen/" + name + ".go", Pkg: "kernel"}).Print(code)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(strings.NewReplacer(a.origin...).Replace(string(text))), 0o644)
}
