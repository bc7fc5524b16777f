// Command drive runs gradus and every peer it finds on the same pieces of work, in turn, and writes the table of what each reached and
// of what was to be reached. It fails where the costs that two programs show differ: then they did not do the same work.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	root    string
	work    []string
	threads []int
	rounds  int     // 0: by family, see efforts
	seconds float64 // 0: by family
	quick   bool
	install bool
	merge   bool
	out     string
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	opt, err := parse()
	if err != nil {
		return err
	}
	t := newTable()
	if opt.merge {
		if err := t.load(opt.raw()); err != nil {
			return err
		}
	}
	var failed error
	if len(opt.work) > 0 {
		failed = measureAll(opt, t)
	}
	if len(t.rows) == 0 {
		return errors.Join(failed, errors.New("nothing was measured"))
	}
	text := t.markdown() + pageSection(opt.out)
	fmt.Print(text)
	if err := os.WriteFile(opt.out, []byte(text), 0o644); err != nil {
		return err
	}
	if wrong := t.disagreements(); len(wrong) > 0 {
		return fmt.Errorf("the costs disagree, so these times do not count:\n  %s", strings.Join(wrong, "\n  "))
	}
	return failed
}

// measureAll builds gradus, lets it hand over the pieces of work and measures everything with each number of threads.
func measureAll(opt options, t *table) error {
	folder, err := os.MkdirTemp("", "gradus-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b := &bench{options: opt, gradus: filepath.Join(folder, "gradus"), table: t, began: time.Now()}
	if opt.quick {
		b.more = append(b.more, "--quick")
	}
	if err := command(opt.root, "go", "build", "-trimpath", "-o", b.gradus, "./cmd/gradus"); err != nil {
		return err
	}
	export := append([]string{"bench", "--export", folder, "--work", strings.Join(opt.work, ",")}, b.more...)
	if err := command(opt.root, b.gradus, export...); err != nil {
		return err
	}
	prepare(opt)
	var failed error
	for _, n := range opt.threads {
		failed = errors.Join(failed, b.measure(n, findPeers(opt, folder, n)))
	}
	return failed
}

func parse() (options, error) {
	var opt options
	work := flag.String("work", strings.Join(families, ","), "what to measure; with -merge, \"\" only writes the table again")
	threads := flag.String("threads", "1,2", "numbers of threads")
	flag.StringVar(&opt.root, "root", "../..", "the repository")
	flag.StringVar(&opt.out, "out", "../RESULTS.md", "where the table goes; the raw figures go beside it")
	flag.IntVar(&opt.rounds, "rounds", 0, "how often each program has its turn; 0: 2 to 5, by the work")
	flag.Float64Var(&opt.seconds, "seconds", 0, "how long a peer's turn lasts; 0: by the work")
	flag.BoolVar(&opt.quick, "quick", false, "less work, one round")
	flag.BoolVar(&opt.install, "install", true, "install Python peers from PyPI into bench/.venv")
	flag.BoolVar(&opt.merge, "merge", false, "keep the rows measured before that are not measured again")
	flag.Parse()
	for _, part := range strings.FieldsFunc(*work, func(r rune) bool { return r == ',' }) {
		if !slices.Contains(families, part) {
			return opt, fmt.Errorf("-work %q: give some of %s", *work, strings.Join(families, ","))
		}
		opt.work = append(opt.work, part)
	}
	for _, part := range strings.Split(*threads, ",") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return opt, fmt.Errorf("-threads %q: give numbers such as 1,2", *threads)
		}
		opt.threads = append(opt.threads, n)
	}
	return opt, nil
}

// pageSection is what bench/page.mjs has written into the table before, if it has: another program measures that.
func pageSection(name string) string {
	old, _ := os.ReadFile(name) // none yet: no section
	if _, section, found := strings.Cut(string(old), pageHeading); found {
		return "\n" + pageHeading + section
	}
	return ""
}

// pageHeading is the heading of that section.
const pageHeading = "## The page of the lab"

// raw is the file of the figures as they were measured.
func (o options) raw() string { return strings.TrimSuffix(o.out, filepath.Ext(o.out)) + ".json" }

func command(dir, name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Dir, c.Stdout, c.Stderr = dir, os.Stderr, os.Stderr
	return c.Run()
}
