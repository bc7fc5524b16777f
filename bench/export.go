package bench

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"slices"

	"gradus/mat"
)

// exported describes the files of one workload: float32, little-endian, row after row, without a head.
type exported struct {
	workload
	Weights string `json:"weights"` // layer after layer: w (out,in), then b (out)
	X       string `json:"x"`       // (batches·batch,in), batch after batch
	Y       string `json:"y"`       // (batches·batch,1): 0 or 1, or the place of the class
	Rows    string `json:"rows"`    // (1024,in) to predict
	Output  string `json:"output"`  // of the last layer when predicting: sigmoid or softmax
}

// manifest is the file bench.json of an export.
type manifest struct {
	Seed  uint64     `json:"seed"`
	Train []exported `json:"train"`
	Many  struct {
		Rows   int    `json:"rows"`
		Epochs int    `json:"epochs"`
		Batch  int    `json:"batch"`
		Fits   int    `json:"fits"`
		X      string `json:"x"` // (rows,30)
		Y      string `json:"y"` // (rows,1)
	} `json:"many"`
	Table *exportedTable `json:"table,omitempty"` // large, so only for csv
}

// Export hands over what other programs need to do the same work: bench.json, arrays of float32 and, where csv is asked for, a table.
// emit gets the name of each file and what writes it.
func Export(opt Options, emit func(name string, write func(io.Writer) error) error) error {
	list := manifest{Seed: opt.Seed}
	for _, w := range workloads {
		if opt.Quick {
			w = w.quick()
		}
		e, err := w.export(opt.Seed, emit)
		if err != nil {
			return err
		}
		list.Train = append(list.Train, e)
	}
	b := newBootstrap(opt.Seed, 0)
	m := &list.Many
	m.Rows, m.Epochs, m.Batch, m.Fits, m.X, m.Y = manyRows, manyEpochs, manyBatch, manyFits, "many.x.f32", "many.y.f32"
	if opt.Quick {
		m.Fits = quickFits
	}
	if err := emitAll(emit, array{m.X, b.x.Data}, array{m.Y, b.y.Data}); err != nil {
		return err
	}
	if opt.Work == nil || slices.Contains(opt.Work, "csv") {
		var err error
		if list.Table, err = opt.exportTable(emit); err != nil {
			return err
		}
	}
	return emit("bench.json", func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(list)
	})
}

func (w workload) export(seed uint64, emit func(string, func(io.Writer) error) error) (exported, error) {
	e := exported{w, w.Name + ".weights.f32", w.Name + ".x.f32", w.Name + ".y.f32", w.Name + ".rows.f32", w.output()}
	x, y := w.data(seed)
	return e, emitAll(emit, array{e.Weights, w.build(seed, "").Weights()}, array{e.X, x.Data}, array{e.Y, y.Data},
		array{e.Rows, w.rows(seed).Data})
}

// output is the activation that turns the logits of w into probabilities.
func (w workload) output() string {
	if w.binary() {
		return "sigmoid"
	}
	return "softmax"
}

// rows are those that are predicted (1024,in).
func (w workload) rows(seed uint64) mat.Matrix[float32] {
	w.Batch, w.Batches = predicted, 1
	x, _ := w.data(seed)
	return x
}

// array is a file of floats.
type array struct {
	name   string
	values []float32
}

func emitAll(emit func(string, func(io.Writer) error) error, arrays ...array) error {
	for _, a := range arrays {
		if err := emit(a.name, a.write); err != nil {
			return err
		}
	}
	return nil
}

func (a array) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	for _, v := range a.values {
		if _, err := out.Write(binary.LittleEndian.AppendUint32(out.AvailableBuffer(), math.Float32bits(v))); err != nil {
			return err
		}
	}
	return out.Flush()
}
