package serve

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"gradus/internal/say"
	"gradus/mat"
	"gradus/model"
	"gradus/table"
)

// served is a model as it is served. It is read-only but for its rooms and is replaced as a whole.
type served struct {
	name    string
	hash    string // of the file: SHA-256 in hexadecimal
	model   *model.Model
	fields  []string // the inputs, then columns of the training table that are not used
	quoted  [][]byte // fields as JSON strings with their colon
	index   map[string]int
	forms   map[string]map[say.Lang]form // by media type
	numbers bool                         // every input is one
	rooms   []*room                      // of each worker; nil until it comes
	count   *modelCounts
	drift   *drift // nil: the model has no training summary
	info    []byte // its metadata in the inference protocol
}

// part is how many rows are predicted at once, as on the command line.
const part = 128

// newServed lays the model of a file out for as many workers as there are rooms; shown is the file's name in messages.
func newServed(name, shown string, file []byte, rooms int) (*served, error) {
	m, err := model.Read(file, shown)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(file)
	v := &served{name: name, hash: hex.EncodeToString(sum[:]), model: m, index: map[string]int{}, numbers: true, rooms: make([]*room, rooms)}
	for i := range m.Preparation.Inputs {
		v.fields = append(v.fields, m.Preparation.Inputs[i].Name)
		v.numbers = v.numbers && m.Preparation.Inputs[i].Kind == table.Number
	}
	for _, l := range m.Preparation.Left {
		v.fields = append(v.fields, l.Name)
	}
	for _, name := range []string{m.Target.Column, m.Target.Status} {
		if name != "" {
			v.fields = append(v.fields, name)
		}
	}
	for i, f := range v.fields {
		v.quoted = append(v.quoted, append(appendString(nil, f), ':'))
		if _, twice := v.index[f]; !twice {
			v.index[f] = i
		}
	}
	v.info = v.metadata()
	v.forms = formsOf(v)
	v.drift = newDrift(m, rooms)
	v.rooms[0], err = v.newRoom() // it fails now or never
	return v, err
}

// inputs is how many of the fields are used.
func (v *served) inputs() int { return len(v.model.Preparation.Inputs) }

// room is what one request works in: no two at once.
type room struct {
	*served
	sheet   *table.Sheet
	many    *model.Predictor
	single  *model.Predictor // one row takes a shorter way, to the same bits
	numbers [][]float64      // live values of the sheet by input, nil of a category
	size    int
	scanner
	stamps []uint32 // by field: the row that last had it
	stamp  uint32
	order  []int // fields as the row before named them
}

func (v *served) newRoom() (r *room, err error) {
	r = &room{served: v, size: v.model.Chunk(part), stamps: make([]uint32, len(v.fields)), order: make([]int, len(v.fields))}
	r.sheet = v.model.Preparation.NewSheet(r.size)
	for i := range v.inputs() {
		r.numbers = append(r.numbers, r.sheet.Numbers(i))
	}
	for i := range r.order {
		r.order[i] = i
	}
	if r.many, err = v.model.NewPredictor(&r.sheet.Table, r.size); err == nil {
		r.single, err = v.model.NewPredictor(&r.sheet.Table, 1)
	}
	return r, err
}

// enter is the room of a worker, who alone uses it.
func (v *served) enter(worker int) (r *room, err error) {
	if v.rooms[worker] == nil {
		v.rooms[worker], err = v.newRoom()
	}
	return v.rooms[worker], err
}

// leave lets go of what the room holds of a request.
func (r *room) leave() {
	r.b = nil
	if cap(r.scratch) > 1<<16 {
		r.scratch = nil
	}
}

// answer is what comes out of one request, as far as it is worked off.
type answer struct {
	form  form
	out   []byte
	rows  int // answered
	most  int // rows that a request may have
	watch Watcher
	x     *exchange // accounts for the memory
}

// Watcher is told of rows that were answered, those from start on of a table with one typed column an input: the predictions as
// model.Predictor gives them, and the doubts. All of it lives until Watch returns; several goroutines call it at once.
type Watcher interface {
	Watch(hash string, m *model.Model, rows *table.Table, start int, values mat.Matrix[float64], doubts []table.Warning)
}

// predict answers the first n rows of the sheet.
func (r *room) predict(a *answer, n int) error {
	if n == 0 {
		return nil
	}
	if a.rows+n > a.most {
		return manyRows(a.most)
	}
	p := r.many
	if n == 1 {
		p = r.single
	}
	values, doubts := p.Predict(0, n)
	if err := r.note(a, a.rows, &r.sheet.Table, 0, values, doubts); err != nil {
		return err
	}
	for i := range n {
		own := 0
		for own < len(doubts) && doubts[own].Row == i {
			own++
		}
		a.rows++
		a.out = a.form.row(a.out, a.rows, values.Row(i), doubts[:own])
		doubts = doubts[own:]
	}
	return a.account()
}

// account accounts for the memory that the answer grew to.
func (a *answer) account() error { return a.x.hold(cap(a.x.body) + cap(a.out)) }

// note refuses predictions that are no numbers, counts the doubts and tells who watches: of the rows of a table from start on, which
// are those from first on of the request.
func (v *served) note(a *answer, first int, rows *table.Table, start int, values mat.Matrix[float64], doubts []table.Warning) error {
	for i, p := range values.Data {
		if p-p != 0 {
			row := first + i/values.Cols + 1
			return refuse(500, say.Failure("serve.not_finite", "row", row)).at(row, "")
		}
	}
	v.count.warn(doubts)
	v.drift.count(rows, start, values)
	if a.watch != nil {
		a.watch.Watch(v.hash, v.model, rows, start, values, doubts)
	}
	return nil
}

func manyRows(most int) error {
	return refuse(413, say.Error("serve.many_rows", "limit", most)).at(0, "rows")
}

// matches reports whether the next member is the field i as it is usually written, and steps over its name if so.
func (r *room) matches(i int) bool {
	if r.peek() == '"' && bytes.HasPrefix(r.b[r.i:], r.quoted[i]) {
		r.i += len(r.quoted[i])
		return true
	}
	return false
}
