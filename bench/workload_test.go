package bench

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gradus/internal/kernel"
	"gradus/table"
)

// The operations of one step, counted by hand: 2·batch·(2·first layer + 3·the others).
func TestOperationsOfAStep(t *testing.T) {
	for name, want := range map[string]float64{
		"S":  2 * 32 * (2*30*16 + 3*(16*8+8*1)),
		"M":  2 * 64 * (2*784*128 + 3*128*10),
		"L":  2 * 256 * (2*784*1024 + 3*(1024*1024+1024*10)),
		"XL": 2 * 1024 * (2*784*2048 + 3*(2*2048*2048+2048*10)),
	} {
		if got := workloadCalled(name).price().flops; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// The same piece of work gives the same costs again, with any number of threads; and it learns, else equal costs would prove nothing.
func TestTrainingRepeats(t *testing.T) {
	before := kernel.Threads(1)
	defer kernel.Threads(before)
	for _, w := range []workload{workloadCalled("S"), workloadCalled("M").quick()} {
		one, err := newTraining(w, 1)
		if err != nil {
			t.Fatal(err)
		}
		one.run()
		begin, end := one.begin, one.end
		if !(end < begin-.05) {
			t.Errorf("%s: the cost goes from %v to %v", w.Name, begin, end)
		}
		kernel.Threads(2)
		one.reset()
		one.run()
		if one.begin != begin || one.end != end {
			t.Errorf("%s: again %v … %v, before %v … %v", w.Name, one.begin, one.end, begin, end)
		}
		other, _ := newTraining(w, 2)
		if other.run(); other.begin == begin {
			t.Errorf("%s: another seed starts alike", w.Name)
		}
	}
}

func TestStepsAllocateNothing(t *testing.T) {
	defer kernel.Threads(kernel.Threads(2))
	for _, name := range []string{"S", "M"} { // M is shared with the helper
		tr, err := newTraining(workloadCalled(name).quick(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(5, tr.run); n != 0 {
			t.Errorf("%s: %v allocations in %d steps", name, n, tr.Steps)
		}
	}
}

// Each class and both outcomes occur, so that no cost can be had by saying always the same.
func TestDataHasEveryClass(t *testing.T) {
	for _, w := range workloads {
		if w.Name == "XL" {
			continue // draws as L
		}
		x, y := w.data(1)
		if x.Rows != w.Batch*w.Batches || y.Rows != x.Rows {
			t.Errorf("%s: x (%d,%d), y (%d,%d)", w.Name, x.Rows, x.Cols, y.Rows, y.Cols)
		}
		seen := map[float32]int{}
		for _, v := range y.Data {
			seen[v]++
		}
		if len(seen) != max(2, w.outputs()) {
			t.Errorf("%s: %v", w.Name, seen)
		}
	}
}

// One row after the other or many at once: the same predictions.
func TestPredictionsAgree(t *testing.T) {
	for _, name := range []string{"S", "M"} {
		one, many := newPredictions(workloadCalled(name), 1, 1).mean(), newPredictions(workloadCalled(name), 1, 256).mean()
		if math.Abs(one-many) > 1e-5 || !(one > 0 && one < 1) {
			t.Errorf("%s: %v row by row, %v by 256", name, one, many)
		}
	}
}

// Refits: the same with one worker and with three, and they learn.
func TestRefitsDoNotDependOnWorkers(t *testing.T) {
	one, three := newBootstrap(1, 4), newBootstrap(1, 4)
	for b, workers := range map[*bootstrap]int{one: 1, three: 3} {
		if err := b.run(t.Context(), workers); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(one.losses, three.losses) || one.losses[0] == one.losses[1] {
		t.Errorf("%v, %v", one.losses, three.losses)
	}
	if mean := one.mean(); !(mean > 0 && mean < .6) { // log 2 = .69 is the cost of knowing nothing
		t.Errorf("mean cost %v", mean)
	}
}

// The table of csv: as many rows and columns as it says, and predicting from text is predicting the table.
func TestTable(t *testing.T) {
	text := writeTable(1, 300)
	m, err := tableModel(text, 1)
	if err != nil {
		t.Fatal(err)
	}
	tbl, err := table.Read(bytes.NewReader(text), "t.csv", table.Options{})
	if err != nil || tbl.Rows != 300 || len(tbl.Columns) != csvColumns+1 {
		t.Fatalf("%v: %d rows, %d columns", err, tbl.Rows, len(tbl.Columns))
	}
	if got := m.Network.In(); got != csvColumns {
		t.Errorf("%d inputs", got)
	}
	all, _, err := m.All(tbl)
	if err != nil {
		t.Fatal(err)
	}
	want := 0.
	for i := range all.Rows {
		want += all.Row(i)[m.EventIndex()]
	}
	if got, err := predictTable(m, text, 1); err != nil || got != want {
		t.Errorf("%v, want %v (%v)", got, want, err)
	}
	if _, err := predictTable(m, []byte("x1,x2\n1,2\n"), 2); err == nil {
		t.Error("a table without the columns is predicted")
	}
}

// What a reader shows is the table: means computed here from the text itself.
func TestContents(t *testing.T) {
	text := writeTable(1, 50)
	tbl, err := table.Read(bytes.NewReader(text), "t.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var sums [2]float64
	for line := range strings.Lines(string(text[bytes.IndexByte(text, '\n')+1:])) {
		for k, cell := range strings.Split(strings.TrimSpace(line), ",") {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			sums[k/csvColumns] += math.Abs(v)
		}
	}
	if got := contents(tbl); math.Abs(got[0]-sums[0]/50/csvColumns) > 1e-12 || got[1] != sums[1]/50 {
		t.Errorf("%v, want %v of 50 rows", got, sums)
	}
}

// The files of an export are what the workloads run on.
func TestExport(t *testing.T) {
	files := map[string][]byte{}
	err := Export(Options{Seed: 1, Quick: true}, func(name string, write func(io.Writer) error) error {
		var b bytes.Buffer
		defer func() { files[name] = b.Bytes() }()
		return write(&b)
	})
	if err != nil {
		t.Fatal(err)
	}
	var list manifest
	if err := json.Unmarshal(files["bench.json"], &list); err != nil || len(list.Train) != len(workloads) {
		t.Fatalf("%v: %+v", err, list)
	}
	for _, e := range list.Train {
		weights := 0
		for i, out := range e.Sizes[1:] {
			weights += (e.Sizes[i] + 1) * out
		}
		rows := e.Batch * e.Batches
		for name, want := range map[string]int{e.Weights: weights, e.X: rows * e.Sizes[0], e.Y: rows, e.Rows: predicted * e.Sizes[0]} {
			if len(files[name]) != 4*want {
				t.Errorf("%s holds %d bytes, want %d floats", name, len(files[name]), want)
			}
		}
	}
	tr, _ := newTraining(workloadCalled("S").quick(), 1)
	for i, v := range tr.start {
		if got := math.Float32frombits(binary.LittleEndian.Uint32(files["S.weights.f32"][4*i:])); got != v {
			t.Fatalf("weight %d is %v, want %v", i, got, v)
		}
	}
	if len(files[list.Many.X]) != 4*manyRows*30 || len(files[list.Many.Y]) != 4*manyRows || list.Many.Fits != quickFits {
		t.Errorf("%+v", list.Many)
	}
	e := list.Table
	if e == nil || !slices.Equal(e.Sizes, []int{csvColumns, 16, 8, 1}) || len(files[e.Weights]) != 4*(31*16+17*8+9) {
		t.Fatalf("%+v", e)
	}
	if lines := bytes.Count(files[e.File], []byte("\n")); lines != csvQuick+1 || len(files[e.Mean]) != 4*csvColumns || len(files[e.SD]) != 4*csvColumns {
		t.Errorf("%d lines, %d bytes of means, %d of deviations", lines, len(files[e.Mean]), len(files[e.SD]))
	}
	full := io.ErrShortWrite
	if err := Export(Options{Seed: 1, Quick: true}, func(string, func(io.Writer) error) error { return full }); err != full {
		t.Errorf("a full disk: %v", err)
	}
}
