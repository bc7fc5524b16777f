// Command drive runs gradus and every peer it finds on the same pieces of work, in turn, and writes the table of what each reached.
// It fails where the costs that two programs show differ: then they did not do the same work.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	root    string
	work    []string
	threads []int
	rounds  int
	seconds float64
	quick   bool
	install bool
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
	folder, err := os.MkdirTemp("", "gradus-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	gradus := filepath.Join(folder, "gradus")
	if err := command(opt.root, "go", "build", "-trimpath", "-o", gradus, "./cmd/gradus"); err != nil {
		return err
	}
	more := []string{}
	if opt.quick {
		more = append(more, "--quick")
	}
	if err := command(opt.root, gradus, append([]string{"bench", "--export", folder}, more...)...); err != nil {
		return err
	}
	t := newTable()
	b := &bench{options: opt, gradus: gradus, more: more, table: t}
	for _, n := range opt.threads {
		if err := b.measure(n, findPeers(opt, folder, n)); err != nil {
			return err
		}
	}
	if wrong := t.disagreements(); len(wrong) > 0 {
		return fmt.Errorf("the costs disagree, so the times mean nothing:\n  %s", strings.Join(wrong, "\n  "))
	}
	text := t.markdown(time.Now(), opt)
	fmt.Print(text)
	return os.WriteFile(opt.out, []byte(text), 0o644)
}

func parse() (options, error) {
	var opt options
	work := flag.String("work", "S,M,L,XL,inference,gemm,many,vector,csv", "what to measure")
	threads := flag.String("threads", "1,2", "numbers of threads")
	flag.StringVar(&opt.root, "root", "../..", "the repository")
	flag.StringVar(&opt.out, "out", "../RESULTS.md", "where the table goes")
	flag.IntVar(&opt.rounds, "rounds", 5, "how often each program has its turn")
	flag.Float64Var(&opt.seconds, "seconds", .5, "how long a peer's turn lasts")
	flag.BoolVar(&opt.quick, "quick", false, "less work, one round")
	flag.BoolVar(&opt.install, "install", true, "install Python peers from PyPI into bench/.venv")
	flag.Parse()
	if opt.quick {
		opt.rounds, opt.seconds = 1, .05
	}
	opt.work = strings.Split(*work, ",")
	for _, part := range strings.Split(*threads, ",") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return opt, fmt.Errorf("-threads %q: give numbers such as 1,2", *threads)
		}
		opt.threads = append(opt.threads, n)
	}
	return opt, nil
}

func command(dir, name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Dir, c.Stdout, c.Stderr = dir, os.Stderr, os.Stderr
	return c.Run()
}

// bench is a run over all works.
type bench struct {
	options
	gradus string
	more   []string
	table  *table
}

// report is what gradus bench --json says.
type report struct {
	Machine map[string]any `json:"machine"`
	Results []struct {
		Work    string    `json:"work"`
		Min     float64   `json:"ns_per_step_min"`
		Median  float64   `json:"ns_per_step_median"`
		Rate    float64   `json:"gflops"`
		Share   float64   `json:"share_of_peak"`
		Verdict string    `json:"verdict"`
		Losses  []float64 `json:"losses"`
	} `json:"results"`
}

// measure gives every program its turn at every work, round after round.
func (b *bench) measure(threads int, peers []*peer) error {
	defer stop(peers)
	for _, p := range peers {
		b.table.meet(p)
	}
	for _, family := range b.work {
		for round := range b.rounds {
			if round > 0 && (family == "many" || family == "csv") {
				break // minutes each
			}
			fmt.Fprintf(os.Stderr, "%s, threads: %d, round %d of %d\n", family, threads, round+1, b.rounds)
			names, err := b.ours(family, threads)
			if err != nil {
				return err
			}
			for _, name := range names {
				for _, p := range peers {
					if figure, ok := p.ask(name, b.seconds); ok {
						b.table.add(cell{name, threads, p.name}, figure)
					}
				}
			}
		}
	}
	return nil
}

// ours is gradus' turn; it names the works that family consists of.
func (b *bench) ours(family string, threads int) (names []string, err error) {
	args := append([]string{"bench", "--json", "--work", family, "--threads", strconv.Itoa(threads)}, b.more...)
	c := exec.Command(b.gradus, args...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("gradus %s: %w", strings.Join(args, " "), err)
	}
	var r report
	if err := json.Unmarshal(out, &r); err != nil {
		return nil, err
	}
	b.table.machine = r.Machine
	for _, x := range r.Results {
		b.table.add(cell{x.Work, threads, us}, figure{Min: x.Min, Median: x.Median, Losses: x.Losses})
		b.table.judge(cell{x.Work, threads, us}, x.Rate, x.Share, x.Verdict)
		names = append(names, x.Work)
	}
	return names, nil
}
