package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/model"
)

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		want []string
	}{
		{"activate", 2, []string{`"activate"`, `"activation"`, "gradus --help"}},
		{"activation sigmoid --art 1", 2, []string{"--art", "--at", "gradus activation --help"}},
		{"activation sigmoid -z", 2, []string{"-z"}},
		{"activation", 2, []string{"activation NAME"}},
		{"activation relu tanh", 2, []string{"2 arguments"}},
		{"version now", 2, []string{`"now"`}},
		{"version --seed x", 2, []string{"--seed", `"x"`}},
		{"version --seed -1", 2, []string{"--seed", `"-1"`}},
		{"version --seed", 2, []string{"--seed"}},
		{"version --json=maybe", 2, []string{"--json", "maybe"}},
		{"version --lang fr", 2, []string{`"fr"`, "ko"}},
		{"version --=x", 2, []string{"--=x"}},
		{"help nothing", 2, []string{`"nothing"`}},
		{"man nothing", 2, []string{`"nothing"`}},
		{"completion tcsh", 2, []string{`"tcsh"`, "bash"}},
		{"data irys", 2, []string{`"irys"`, `"iris"`}},
		{"activation sigmod", 2, []string{`"sigmod"`, `"sigmoid"`}},
	} {
		gradus("", strings.Fields(c.args)...).refused(t, c.code, c.want...)
	}
	for _, args := range []string{"", "--help", "help", "help cost", "cost --help", "version", "man", "man cost", "completion bash", "-h", "data -q"} {
		if r := gradus("", strings.Fields(args)...); r.code != 0 || r.out == "" || r.err != "" {
			t.Errorf("gradus %s: exit %d, err %q", args, r.code, r.err)
		}
	}
}

func TestLanguage(t *testing.T) {
	hangul := regexp.MustCompile(`\p{Hangul}`)
	for _, c := range []struct {
		env  map[string]string
		args string
		want bool
	}{
		{nil, "--help", false},
		{map[string]string{"LANG": "ko_KR.UTF-8"}, "--help", true},
		{map[string]string{"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "--help", false},
		{map[string]string{"LC_ALL": "ko_KR", "GRADUS_LANG": "en"}, "--help", false},
		{map[string]string{"GRADUS_LANG": "ko"}, "--help", true},
		{map[string]string{"GRADUS_LANG": "ko"}, "--lang en --help", false},
		{nil, "--lang ko --help", true},
		{nil, "--lang=ko --help", true},
		{nil, "cost --lang ko --help", true},
	} {
		if r := launch(context.Background(), "", c.env, strings.Fields(c.args)...); hangul.MatchString(r.out) != c.want {
			t.Errorf("%v gradus %s: Korean %v", c.env, c.args, !c.want)
		}
	}
	gradus("", "--lang", "ko", "activate").refused(t, 2, "명령은 없습니다")
}

// Every command has its line, its page and an example in both languages, and stands in a group.
func TestEveryCommandIsExplained(t *testing.T) {
	for _, lang := range []string{"en", "ko"} {
		list := gradus("", "--help", "--lang", lang).ok(t).out
		for _, r := range commands {
			c := r.make(&app{lang: say.Lang(lang)})
			if strings.HasPrefix(c.Short, "[") || strings.HasPrefix(c.Long, "[") || c.Short == c.Long {
				t.Errorf("%s (%s): %q, %q", c.Name(), lang, c.Short, c.Long)
			}
			if c.Example == "" || !strings.Contains(c.Example, "gradus ") {
				t.Errorf("%s has no example", c.Name())
			}
			if !strings.Contains(list, "  "+c.Name()+" ") {
				t.Errorf("%s is not in the help", c.Name())
			}
			page := gradus("", c.Name(), "--help", "--lang", lang).ok(t).out
			if !strings.Contains(page, c.Long) || strings.Contains(page, "[cmd.") {
				t.Errorf("help of %s (%s):\n%s", c.Name(), lang, page)
			}
		}
	}
}

// Examples are promises: each line that needs no file of the reader's runs.
func TestExamplesRun(t *testing.T) {
	root := newRoot(&app{world: world{env: func(string) string { return "" }}, lang: say.English})
	ran := 0
	for _, c := range root.Commands() {
		for _, l := range strings.Split(c.Example, "\n") {
			words, plain := shellWords(l)
			if !plain || !instant[c.Name()] {
				continue
			}
			ran++
			if r := gradus("", words[1:]...); r.code != 0 {
				t.Errorf("%s: exit %d, %s", l, r.code, r.err)
			}
		}
	}
	if ran < 10 {
		t.Errorf("only %d examples ran", ran)
	}
}

// instant are the commands whose examples need no file and no time.
var instant = map[string]bool{"data": true, "activation": true, "cost": true, "perceptron": true, "optimize": true, "version": true, "help": true, "deck": true}

// shellWords splits a line as a shell would, and tells whether it is one command without pipes and redirections.
func shellWords(l string) (list []string, plain bool) {
	quoted := regexp.MustCompile(`'([^']*)'|(\S+)`)
	for _, m := range quoted.FindAllStringSubmatch(l, -1) {
		list = append(list, m[1]+m[2])
	}
	return list, strings.HasPrefix(l, "gradus ") && !strings.ContainsAny(l, "|<>")
}

func TestVersion(t *testing.T) {
	var v struct {
		Version, Go, Note, Platform, ISA string
		Threads                          int
	}
	gradus("", "version", "--json").into(t, &v)
	if v.Version != model.Version || !strings.HasPrefix(v.Go, "go1.") || !strings.Contains(v.Note, "not a medical device") || !strings.Contains(v.Platform, "/") || v.ISA != kernel.ISA() || v.Threads != kernel.Cores() {
		t.Errorf("%+v", v)
	}
	if out := gradus("", "version").ok(t).out; !strings.Contains(out, model.Version) || !strings.Contains(out, "research and education only") {
		t.Error(out)
	}
	var terms struct{ Version, Text string }
	gradus("", "version", "--licenses", "--json").into(t, &terms)
	plain := gradus("", "version", "--licenses", "--lang", "ko").ok(t)
	if terms.Version != model.Version || strings.TrimSpace(plain.out) != strings.TrimSpace(terms.Text) || !strings.Contains(plain.err, "라이선스") {
		t.Errorf("%s: %d and %d letters, %q", terms.Version, len(plain.out), len(terms.Text), plain.err)
	}
	for _, name := range []string{"github.com/spf13/cobra", "svelte", "pretendard", "modernc.org/sqlite", "SIL OPEN FONT LICENSE Version 1.1"} {
		if !strings.Contains(terms.Text, name) {
			t.Errorf("--licenses does not name %s", name)
		}
	}
}

func TestCompletion(t *testing.T) {
	for shell, want := range map[string]string{"bash": "__gradus", "zsh": "#compdef gradus", "fish": "complete -c gradus", "powershell": "Register-ArgumentCompleter"} {
		if out := gradus("", "completion", shell).ok(t).out; !strings.Contains(out, want) {
			t.Errorf("%s: no %q", shell, want)
		}
	}
	for args, want := range map[string]string{"activation si": "sigmoid", "optimize --on ro": "rosenbrock", "version --lang ": "ko", "ver": "version"} {
		words := append([]string{"__complete"}, strings.Split(args, " ")...)
		if out := gradus("", words...).out; !strings.Contains(out, want) {
			t.Errorf("gradus %s: %q is not offered in %q", args, want, out)
		}
	}
}

func TestManualPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man", "man1")
	gradus("", "man", "--dir", dir, "-q").ok(t)
	list, err := os.ReadDir(dir)
	if err != nil || len(list) < len(commands)+1 {
		t.Fatal(err, list)
	}
	page, err := os.ReadFile(filepath.Join(dir, "gradus-cost.1"))
	if err != nil || !strings.HasPrefix(string(page), ".TH GRADUS-COST 1 ") || !strings.Contains(string(page), `\-\-label\-smoothing`) {
		t.Errorf("%v %s", err, page)
	}
	if s := roff(".a\n'b\nc-\\"); s != "\\&.a\n\\&'b\nc\\-\\e" {
		t.Errorf("%q", s)
	}
	gradus("", "man", "--dir", filepath.Join(dir, "gradus.1", "below")).refused(t, 2, "gradus.1")
}

// with runs body as a command in place of the real ones.
func with(t *testing.T, ctx context.Context, body func(*app) error) result {
	t.Helper()
	before := offered
	defer func() { offered = before }()
	offered = []row{{tool, func(a *app) *cobra.Command {
		return a.command("version", 0, 0, func([]string) error { return body(a) })
	}}}
	return launch(ctx, "", nil, "version")
}

func TestHowARunEnds(t *testing.T) {
	live := context.Background()
	ended, cancel := context.WithCancel(live)
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		body func(*app) error
		code int
		want string
	}{
		"wrong input":     {live, func(*app) error { return say.Error("cmd.lang", "value", "x") }, 2, `"x"`},
		"wrapped":         {live, func(*app) error { return fmt.Errorf("in: %w", say.Error("cmd.lang", "value", "x")) }, 2, `"x"`},
		"failed":          {live, func(*app) error { return say.Failure("cmd.stopped") }, 1, "stopped"},
		"foreign":         {live, func(*app) error { return errors.New("odd") }, 1, "odd"},
		"panic":           {live, func(*app) error { panic("deep inside") }, 1, "deep inside"},
		"stopped":         {ended, func(a *app) error { return a.ctx.Err() }, 130, "stopped"},
		"stopped, kept":   {ended, func(a *app) error { return say.Failure("cmd.output", "cause", a.ctx.Err()) }, 130, "could not be written"},
		"cancelled alone": {live, func(*app) error { return context.Canceled }, 1, "canceled"},
	} {
		t.Run(name, func(t *testing.T) { with(t, c.ctx, c.body).refused(t, c.code, c.want) })
	}
}

// full is a device that takes n bytes and no more.
type full struct{ n int }

func (f *full) Write(b []byte) (int, error) {
	if f.n < len(b) {
		return f.n, errors.New("no space")
	}
	f.n -= len(b)
	return len(b), nil
}

func TestAnUnwritableOutputFails(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"data", "digits", "--csv"}, {"--help"}, {"completion", "zsh"}, {"cost", "--y", "1", "--h", "1", "--json"}} {
		var said strings.Builder
		code := run(context.Background(), args, world{out: &full{10}, err: &said, env: func(string) string { return "" }})
		if code != 1 || !strings.Contains(said.String(), "no space") {
			t.Errorf("%v: exit %d, %q", args, code, said.String())
		}
	}
}

func TestColour(t *testing.T) {
	for _, c := range []struct {
		tty  bool
		env  map[string]string
		args []string
		want bool
	}{
		{true, nil, []string{"data"}, true},
		{false, nil, []string{"data"}, false},
		{true, map[string]string{"NO_COLOR": "1"}, []string{"data"}, false},
		{true, map[string]string{"TERM": "dumb"}, []string{"data"}, false},
		{true, nil, []string{"data", "--no-color"}, false},
		{true, nil, []string{"data", "--json"}, false},
		{true, nil, []string{"nothing"}, true},
		{true, map[string]string{"NO_COLOR": "1"}, []string{"nothing"}, false},
	} {
		var b strings.Builder
		run(context.Background(), c.args, world{out: &b, err: &b, tty: c.tty, errTTY: c.tty, env: func(k string) string { return c.env[k] }})
		if got := strings.Contains(b.String(), "\x1b["); got != c.want {
			t.Errorf("%v %v on a terminal (%v): colour %v", c.env, c.args, c.tty, got)
		}
	}
}

func TestJSONHoldsNoNaN(t *testing.T) {
	type inner struct {
		X float64 `json:"x"`
	}
	nan, inf := math.NaN(), math.Inf(1)
	v := struct {
		inner
		B    []float64          `json:"b"`
		P    *float64           `json:"p"`
		Q    *float64           `json:"q,omitempty"`
		M    map[string]float32 `json:"m"`
		A    any                `json:"a"`
		S    string             `json:"s"`
		Gone int                `json:"-"`
		Nil  []int              `json:"nil"`
		R    json.RawMessage    `json:"r"`
		O    object             `json:"o"`
		own  int
	}{inner{1}, []float64{nan, inf, -inf, .1}, &nan, nil, map[string]float32{"k": float32(inf), "j": .5}, nan, "<ㄱ>", 3, nil, json.RawMessage(`{"z":1}`), object{{"u", 1}, {"n", nil}}, 1}
	b, err := encode(v)
	want := `{"x":1,"b":[null,null,null,0.1],"p":null,"m":{"j":0.5,"k":null},"a":null,"s":"<ㄱ>","nil":null,"r":{"z":1},"o":{"u":1,"n":null}}` + "\n"
	if err != nil || string(b) != want {
		t.Errorf("%v\n got %s want %s", err, b, want)
	}
	v.B, v.P, v.M, v.A = []float64{.1}, nil, nil, 1
	rebuilt, _ := encode(finite(v))
	plain, err := encode(v)
	if err != nil || string(rebuilt) != string(plain) {
		t.Errorf("the two ways differ: %v\n%s%s", err, rebuilt, plain)
	}
}

func TestNumbers(t *testing.T) {
	if v, err := numbers("--at", " 1,-2.5 ,3e-1"); err != nil || len(v) != 3 || v[1] != -2.5 || v[2] != .3 {
		t.Error(v, err)
	}
	for _, bad := range []string{"", "1,", ",1", "1;2", "NaN", "1,inf", "-Inf", "1e400", "0x", "일", "1 2", "1,2,x"} {
		if v, err := numbers("--at", bad); err == nil {
			t.Errorf("%q gave %v", bad, v)
		}
	}
}

// A table keeps its columns under one another, Hangul two cells wide.
func TestTableAlignsHangul(t *testing.T) {
	var b strings.Builder
	a := &app{world: world{out: &b, env: func(string) string { return "" }}}
	a.table([]string{"이름", "α", "값"}, [][]string{{"가나다", "x", "1"}, {"ab", "한글", "-20.5"}, {"", "", none}})
	want := "이름    α        값\n가나다  x         1\nab      한글  -20.5\n                  –\n"
	if b.String() != want {
		t.Errorf("got\n%q\nwant\n%q", b.String(), want)
	}
}

func TestProgressInAPipe(t *testing.T) {
	for _, quiet := range []bool{false, true} {
		var b strings.Builder
		a := &app{world: world{err: &b}, quiet: quiet}
		p := a.progress("epochs", 10)
		p.to(1, "E 1")
		p.said = p.said.Add(-pause)
		p.to(2, "E 0.5")
		p.to(3, "E 0.4")
		p.end()
		if want := "epochs 2/10 E 0.5\n"; quiet && b.String() != "" || !quiet && b.String() != want {
			t.Errorf("quiet %v: %q", quiet, b.String())
		}
	}
}

func TestProgressOnATerminal(t *testing.T) {
	var b strings.Builder
	a := &app{world: world{err: &b, errTTY: true}}
	p := a.progress("epochs", 4)
	for i := range 4 {
		p.to(i+1, "")
	}
	p.end()
	if strings.Contains(b.String(), "epochs 1/4 \n") {
		t.Errorf("plain lines on a terminal: %q", b.String())
	}
}

func TestOpenInput(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	a := &app{world: world{in: strings.NewReader("from the pipe")}, ctx: ctx}
	f, err := a.openInput("-")
	if b, e := io.ReadAll(f); err != nil || e != nil || string(b) != "from the pipe" {
		t.Error(err, e, b)
	}
	silent, _ := io.Pipe() // nobody ever writes
	a.in = silent
	f, _ = a.openInput("-")
	stop()
	if _, err := io.ReadAll(f); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := a.openInput(filepath.Join(t.TempDir(), "없음.csv")); err == nil || !strings.Contains(err.Error(), "없음.csv") {
		t.Error(err)
	}
}

// FuzzArguments: whatever is typed, the program ends with one of its exit codes and a sentence, and never panics.
func FuzzArguments(f *testing.F) {
	for _, s := range []string{
		"", "--help", "version --json", "cost --y 1 --h 1 --delta 0", "cost mae --y 1,2;3 --h 1", "activation softmax --at 1e400", "activation leaky-relu --slope 0 --at 1",
		"optimize --rule adam,beta1=2 --alpha 1", "optimize --rule ,= --alpha 1 --steps 3", "optimize --on saddle --rule nesterov,form=deck --alpha 3 --steps 9",
		"perceptron 0110 --learn --epochs 3", "perceptron --w 1 --x 1,2", "perceptron --w 1e308,1e308 --x 10,10", "data ../x", "--lang", "-", "-- cost", "--seed=", "__complete cost ",
		"cost cross-entropy --y 7 --h .5,.5", "cost cross-entropy --y 1 --h .5,.5 --class-weights 1,2,3", "cost binary-cross-entropy --y 1 --h 2", "cost huber --y , --h ,",
		"cost --y 1 --h 800 --on logits", "optimize --rule descent,l1=-1 --alpha .1", "optimize --start 1e308,1e308 --rule descent --alpha 1", "help help", "man version", "perceptron XOR4", "perceptron 한글",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		args := strings.Fields(line)
		for _, w := range args {
			if !safeWord(w) {
				return
			}
		}
		r := gradus("", args...)
		if strings.Contains(r.err, say.Text(say.English, "cmd.panic", "cause", "")[:24]) {
			t.Fatalf("gradus %q: %s", args, r.err)
		}
		if r.code != 0 && r.code != 1 && r.code != 2 || r.code != 0 && r.err == "" && (len(args) == 0 || !strings.HasPrefix(args[0], "__")) {
			t.Fatalf("gradus %q: exit %d, %q", args, r.code, r.err)
		}
	})
}

// safeWord keeps the fuzzer away from commands and flags that read or write files, and from runs of a million steps.
func safeWord(w string) bool {
	for _, flag := range []string{"--dir", "--svg", "--out", "--steps", "--epochs", "--store"} {
		if strings.HasPrefix(w, flag) {
			return false
		}
	}
	switch w {
	case "check", "study", "survival", "train", "evaluate", "metrics", "recalibrate", "predict", "inspect", "explain", "demo", "experiment", "trace":
		return false
	}
	return len(w) < 200
}
