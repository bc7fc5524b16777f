package bench

import (
	"bytes"
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

// csvJobs are csv-read, table.Read alone, and csv-predict, from the text to the probabilities. A step is one row.
func csvJobs(r *run, add func(*job)) {
	rows := csvRows
	if r.Quick {
		rows = csvQuick
	}
	m, err := tableModel(writeTable(r.Seed, csvFit), r.Seed)
	text := writeTable(r.Seed, rows)
	each := float64(len(text)) / float64(rows)
	workers := r.threads
	read := price{bytes: each + 8*csvColumns, holds: (each + 8*csvColumns) * float64(rows)}
	add(&job{
		result: Result{Work: "csv-read"}, steps: rows, cost: read,
		repeat: func() error {
			_, err := table.Read(bytes.NewReader(text), "bench.csv", table.Options{Workers: workers})
			return err
		},
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
