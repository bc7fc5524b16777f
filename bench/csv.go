package bench

import (
	"bytes"
	"io"
	"math"
	"math/rand/v2"
	"strconv"

	"gradus/model"
	"gradus/table"
)

const (
	csvColumns = 30
	csvRows    = 1_000_000
	csvQuick   = 20_000
	csvFit     = 1000 // rows the model's preparation is fitted to
)

// writeTable is a table of n rows as CSV: 30 columns of numbers and the outcome.
func writeTable(seed uint64, n int) []byte {
	rng := rand.New(rand.NewPCG(seed, 3))
	var b bytes.Buffer
	for k := range csvColumns {
		b.WriteString("x" + strconv.Itoa(k+1) + ",")
	}
	b.WriteString("outcome\n")
	var cell []byte
	for range n {
		sum := 0.
		for range csvColumns {
			v := rng.NormFloat64()
			sum += v
			cell = append(strconv.AppendFloat(cell[:0], v, 'f', 4, 64), ',')
			b.Write(cell)
		}
		b.WriteString(map[bool]string{false: "0\n", true: "1\n"}[sum > 0])
	}
	return b.Bytes()
}

// tableModel is a network of 30-16-8-1, prepared for tables of writeTable and not trained: predicting costs the same.
func tableModel(text []byte, seed uint64) (*model.Model, error) {
	tbl, err := table.Read(bytes.NewReader(text), "bench.csv", table.Options{})
	if err != nil {
		return nil, err
	}
	target, y, err := table.NewTarget(tbl, "outcome", table.TaskBinary, "1")
	if err != nil {
		return nil, err
	}
	s, err := model.Settings{Hidden: []int{16, 8}, Activation: "relu", Seed: seed}.Complete(tbl.Rows)
	if err != nil {
		return nil, err
	}
	return model.New(tbl, nil, target, y, s)
}

// predictTable predicts every row while the table is read, as the command does; it returns the sum of the events' probabilities.
func predictTable(m *model.Model, text []byte, workers int) (sum float64, err error) {
	event := m.EventIndex()
	each := func(a model.Answer[float64]) error {
		if a.Start == 0 {
			a.Page.Out = 0
		}
		for i := range a.Values.Rows {
			a.Page.Out += a.Values.Row(i)[event]
		}
		return nil
	}
	err = model.Stream(m, bytes.NewReader(text), "bench.csv", table.Options{Workers: workers}, each, func(page *table.Page[float64]) error {
		sum += page.Out
		return nil
	})
	return sum, err
}

// exportedTable describes the table of csv and the network that predicts its rows: the columns are standardised by mean and sd, a hidden
// layer is ReLU, the output a sigmoid.
type exportedTable struct {
	Rows    int    `json:"rows"`
	Sizes   []int  `json:"sizes"`
	File    string `json:"file"`
	Weights string `json:"weights"` // as those of a workload
	Mean    string `json:"mean"`    // (30)
	SD      string `json:"sd"`      // (30)
}

// exportTable hands over the table of csv and the network.
func (o Options) exportTable(emit func(string, func(io.Writer) error) error) (*exportedTable, error) {
	e := &exportedTable{o.tableRows(), []int{csvColumns}, "table.csv", "table.weights.f32", "table.mean.f32", "table.sd.f32"}
	m, err := tableModel(writeTable(o.Seed, csvFit), o.Seed)
	if err != nil {
		return nil, err
	}
	e.Sizes = append(append(e.Sizes, m.Card.Settings.Hidden...), 1)
	var mean, sd []float32
	for _, in := range m.Preparation.Inputs {
		mean, sd = append(mean, float32(in.Mean)), append(sd, float32(in.SD))
	}
	if err := emitAll(emit, array{e.Weights, m.Network.Weights()}, array{e.Mean, mean}, array{e.SD, sd}); err != nil {
		return nil, err
	}
	return e, emit(e.File, func(w io.Writer) error {
		_, err := w.Write(writeTable(o.Seed, e.Rows))
		return err
	})
}

func (o Options) tableRows() int {
	if o.Quick {
		return csvQuick
	}
	return csvRows
}

// contents is what a reader of the table must show: the mean of |x| over the cells, and that of the outcome.
func contents(tbl *table.Table) []float64 {
	cells, outcome := 0., tbl.Column("outcome")
	for i := range csvColumns {
		for row := range tbl.Rows {
			cells += math.Abs(tbl.Columns[i].Number(row))
		}
	}
	events := 0.
	for row := range tbl.Rows {
		events += outcome.Number(row)
	}
	n := float64(tbl.Rows)
	return []float64{cells / n / csvColumns, events / n}
}

// csvJobs are csv-read, table.Read alone, and csv-predict, from the text to the probabilities. A step is one row.
func csvJobs(r *run, add func(*job)) {
	rows := r.tableRows()
	m, err := tableModel(writeTable(r.Seed, csvFit), r.Seed)
	text := writeTable(r.Seed, rows)
	each := float64(len(text)) / float64(rows)
	workers := r.threads
	read := price{bytes: each + 8*csvColumns, holds: (each + 8*csvColumns) * float64(rows)}
	var tbl *table.Table
	add(&job{
		result: Result{Work: "csv-read"}, steps: rows, cost: read,
		ready: func() { tbl = nil }, // memory for one table, not for two
		repeat: func() (err error) {
			tbl, err = table.Read(bytes.NewReader(text), "bench.csv", table.Options{Workers: workers})
			return err
		},
		losses: func() []float64 { return contents(tbl) },
	})
	sum := 0.
	predict := read
	predict.flops = workloadCalled("S").forward(1).flops
	add(&job{
		result: Result{Work: "csv-predict"}, steps: rows, cost: predict,
		repeat: func() error {
			if err == nil {
				sum, err = predictTable(m, text, workers)
			}
			return err
		},
		losses: func() []float64 { return []float64{sum / float64(rows)} },
	})
}
