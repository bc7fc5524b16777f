//go:build compare

package fit

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

var (
	compare = flag.String("compare", "all", "compare ways to train on made-up tables: the names of tables, or all")
	ways    = flag.String("ways", "", "ways to compare, as in wayList; empty: all")
	seeds   = flag.Int("seeds", 3, "seeds of a comparison")
	tables  = flag.String("tables", "", "folder to write the tables of a comparison to, for other programs")
)

// made is a table of a known law: its first train rows are trained on, the rest tests.
type made struct {
	name    string
	train   int
	columns int
	task    table.Task
	x       func(r *rand.Rand, j int) float64
	logit   func(x []float64) float64 // or the number without its noise
	missing float64                   // share of cells taken out
}

func normal(r *rand.Rand, _ int) float64 { return r.NormFloat64() }

func skewed(r *rand.Rand, j int) float64 {
	if j%3 == 2 {
		return r.NormFloat64() / math.Sqrt((sq(r.NormFloat64())+sq(r.NormFloat64()))/2) // Student, 2 degrees of freedom
	}
	return math.Exp(1.5 * r.NormFloat64())
}

func sq(x float64) float64 { return x * x }

func line(x []float64) (o float64) {
	for j, v := range x {
		o += v * []float64{1, -.7, .5, 0, .3, -.2}[j%6]
	}
	return o
}

var madeList = []made{
	{"wide569", 569, 30, table.TaskBinary, normal, func(x []float64) float64 { return 2 * line(x) }, 0},
	{"linear150", 150, 10, table.TaskBinary, normal, line, 0},
	{"linear500", 500, 20, table.TaskBinary, normal, func(x []float64) float64 { return .5 * line(x) }, 0},
	{"skewed1500", 1500, 12, table.TaskBinary, skewed, func(x []float64) (o float64) {
		for j, v := range x {
			if j%3 == 2 {
				o += math.Tanh(v)
			} else {
				o += []float64{.8, -.6, 0, .5}[j%4] * math.Log(v)
			}
		}
		return o
	}, 0},
	{"xor2000", 2000, 10, table.TaskBinary, normal, func(x []float64) float64 { return 2*x[0]*x[1] + 1.5*x[2]*x[3] + .5*x[4] }, 0},
	{"missing2000", 2000, 12, table.TaskBinary, skewed, func(x []float64) float64 { return 1.2*math.Log(x[0]) - math.Log(x[1]) + math.Abs(math.Log(x[3])) - 1 }, .3},
	{"rare3000", 3000, 12, table.TaskBinary, normal, func(x []float64) float64 { return line(x) + sq(x[0]) - 5 }, 0},
	{"periodic2000", 2000, 6, table.TaskBinary, func(r *rand.Rand, _ int) float64 { return r.Float64() }, func(x []float64) float64 { return 3*math.Sin(12*x[0]) + 2*math.Cos(9*x[1]) }, 0},
	{"steps3000", 3000, 10, table.TaskBinary, skewed, func(x []float64) float64 {
		o := -1.
		if x[0] > 1 && x[1] < 2 {
			o += 3
		}
		if x[3] > .5 {
			o -= 1.5
		}
		if x[2] > 0 {
			o++
		}
		return o
	}, 0},
	{"number300", 300, 10, table.TaskNumber, normal, line, 0},
	{"friedman1000", 1000, 10, table.TaskNumber, func(r *rand.Rand, _ int) float64 { return r.Float64() }, func(x []float64) float64 {
		return 10*math.Sin(math.Pi*x[0]*x[1]) + 20*sq(x[2]-.5) + 10*x[3] + 5*x[4]
	}, 0},
	{"wide10000", 10000, 30, table.TaskBinary, skewed, func(x []float64) float64 {
		return math.Log(x[0])*math.Log(x[1]) + math.Tanh(x[2])*2 + math.Abs(math.Log(x[3])) - math.Log(x[4])
	}, .05},
	{"wide100000", 100000, 30, table.TaskBinary, skewed, func(x []float64) float64 {
		return math.Log(x[0])*math.Log(x[1]) + math.Tanh(x[2])*2 + math.Abs(math.Log(x[3])) - math.Log(x[4])
	}, .05},
	{"large20000", 20000, 20, table.TaskBinary, skewed, func(x []float64) float64 {
		return math.Log(x[0])*math.Log(x[1]) + math.Tanh(x[2])*2 + math.Abs(math.Log(x[3])) - math.Log(x[4])
	}, .05},
}

// csv writes the table of m by seed: its training rows and as many as 4000 others.
func (m made) csv(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 77))
	var b strings.Builder
	for j := range m.columns {
		fmt.Fprintf(&b, "x%d,", j+1)
	}
	b.WriteString("y\n")
	x := make([]float64, m.columns)
	for range m.train + 4000 {
		for j := range x {
			x[j] = m.x(r, j)
		}
		o := m.logit(x)
		for _, v := range x {
			if r.Float64() >= m.missing {
				b.WriteString(strconv.FormatFloat(v, 'g', 8, 64))
			}
			b.WriteByte(',')
		}
		if m.task == table.TaskNumber {
			fmt.Fprintf(&b, "%v\n", o+r.NormFloat64())
		} else {
			fmt.Fprintf(&b, "%d\n", map[bool]int{true: 1}[r.Float64() < 1/(1+math.Exp(-o))])
		}
	}
	return b.String()
}

type way struct {
	name string
	set  model.Settings
}

var wayList = []way{
	{"plain", model.Settings{Hidden: []int{64, 32}}},
	{"one-ramps", model.Settings{Hidden: []int{64, 32}, Bins: 8}},
	{"five", model.Settings{Hidden: []int{64, 32}, Members: 5}},
	{"five-ramps", model.Settings{Hidden: []int{64, 32}, Members: 5, Bins: 8}},
	{"five-ramps16", model.Settings{Hidden: []int{64, 32}, Members: 5, Bins: 16}},
	{"five-ramps-64", model.Settings{Hidden: []int{64}, Members: 5, Bins: 8}},
	{"five-ramps-silu", model.Settings{Hidden: []int{64, 32}, Members: 5, Bins: 8, Activation: "silu"}},
	{"five-ramps-drop", model.Settings{Hidden: []int{64, 32}, Members: 5, Bins: 8, Dropout: .15, Activation: "silu"}},
	{"five-ramps-fast", model.Settings{Hidden: []int{64, 32}, Members: 5, Bins: 8, Alpha: 3e-3, Epochs: 60}},
	{"fast75", model.Settings{Alpha: 2e-3, Epochs: 75}},
	{"fast60", model.Settings{Alpha: 3e-3, Epochs: 60, Patience: 20}},
	{"big-a", model.Settings{Hidden: []int{64, 32}, Members: 5, Bins: 8, Alpha: 3e-3, Epochs: 30, Batch: 128, Patience: 8}},
	{"big-b", model.Settings{Hidden: []int{64, 32}, Members: 4, Bins: 8, Alpha: 4e-3, Epochs: 15, Batch: 256, Patience: 8}},
	{"big-c", model.Settings{Hidden: []int{128, 64}, Members: 4, Bins: 8, Alpha: 3e-3, Epochs: 15, Batch: 256, Patience: 8, Activation: "relu"}},
	{"default", model.Settings{}},
}

// judge fits on the first n rows of tbl and returns log loss and AUROC, or mean squared error and R², on the rest.
func judge(t *testing.T, tbl *table.Table, n int, task table.Task, s model.Settings) (loss, other float64) {
	goal, y, err := table.NewTarget(tbl, "y", task, "")
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(tbl, upTo(n), goal, y, s)
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.Train(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := m.All(tbl)
	if err != nil {
		t.Fatal(err)
	}
	if task == table.TaskNumber {
		mean, square, spread := 0., 0., 0.
		for _, v := range y[n:] {
			mean += v / float64(len(y)-n)
		}
		for i := n; i < len(y); i++ {
			square += sq(out.Data[i] - y[i])
			spread += sq(mean - y[i])
		}
		return square / float64(len(y)-n), 1 - square/spread
	}
	var p []float64
	var events []bool
	for i := n; i < len(y); i++ {
		q := out.Row(i)[m.EventIndex()]
		p, events = append(p, q), append(events, y[i] == 1)
		if y[i] == 0 {
			q = 1 - q
		}
		loss -= math.Log(max(q, 1e-15)) / float64(len(y)-n)
	}
	a, err := metric.AUROC(events, p)
	if err != nil {
		t.Fatal(err)
	}
	return loss, float64(a.Value)
}

// TestCompare is no test but the comparison of docs/tables.md: go test -tags compare ./fit -run TestCompare -v -timeout 1h.
func TestCompare(t *testing.T) {
	for _, m := range madeList {
		if *compare != "all" && !slices.Contains(strings.Split(*compare, ","), m.name) {
			continue
		}
		for _, w := range wayList {
			if *ways != "" && !slices.Contains(strings.Split(*ways, ","), w.name) {
				continue
			}
			var loss, other float64
			begin := time.Now()
			for seed := range *seeds {
				text := m.csv(uint64(seed))
				if *tables != "" {
					if err := os.WriteFile(filepath.Join(*tables, fmt.Sprintf("%s.%d.%d.csv", m.name, m.train, seed)), []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				s := w.set
				s.Seed = uint64(seed)
				l, o := judge(t, read(t, text), m.train, m.task, s)
				loss, other = loss+l/float64(*seeds), other+o/float64(*seeds)
			}
			fmt.Printf("%-14s %-18s %8.4f %7.4f %7.2f s\n", m.name, w.name, loss, other, time.Since(begin).Seconds()/float64(*seeds))
		}
	}
}
