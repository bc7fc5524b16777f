// Package fit trains a model on rows of a table: it holds some rows for early stopping, fits the preparation to the others and
// runs the training.
package fit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"

	"gradus/cost"
	"gradus/internal/kernel"
	"gradus/internal/profile"
	"gradus/internal/say"
	"gradus/model"
	"gradus/optimizer"
	"gradus/table"
	"gradus/train"
)

// Run is the training of one model.
type Run struct {
	model   *model.Model
	trainer trainer
	take    func() error // brings the weights of the trainer's network to the model
	id      string
	notes   []table.Note
}

// trainer is a train.Trainer of either precision.
type trainer interface {
	Counts() train.Counts
	Steps(ctx context.Context) iter.Seq2[train.Step, error]
	Epochs() int
	Best() train.Epoch
	Save(w io.Writer, identity string) error
	Load(b []byte, identity string) error
	Watch() *profile.Clock
	Share(r train.Reducer, blocks int) error
}

// New makes a run on the given rows of tbl (all where nil). y holds the target's values as table.NewTarget gave them. Of one network,
// nothing but the number of epochs is learnt from the rows that are held for early stopping; of an ensemble each member has rows of its
// own held, and by them all the members and the regression are weighed.
func New(tbl *table.Table, rows []int, target *table.Target, y []float64, s model.Settings) (*Run, error) {
	return Grouped(tbl, rows, nil, target, y, s)
}

// Grouped is New where group says of every row of tbl whose it is: what is held is whole patients, so that no row held is of a patient
// fitted to. nil: each row is a patient.
func Grouped(tbl *table.Table, rows, group []int, target *table.Target, y []float64, s model.Settings) (*Run, error) {
	if rows == nil {
		rows = make([]int, tbl.Rows)
		for i := range rows {
			rows[i] = i
		}
	}
	s.Task = target.Task
	s = s.Wide(numbers(tbl, target, s), len(rows), even(tbl, rows, target, s))
	s, err := s.Complete(len(rows))
	if err != nil {
		return nil, err
	}
	part := parting{rows, group, strata(target, y), target.Task != table.TaskNumber, s}
	fitted, held := rows, rows[:0]
	if s.Members == 0 {
		fitted, held = part.hold()
	}
	m, err := model.New(tbl, fitted, target, y, s)
	if err != nil {
		return nil, err
	}
	if s.Members > 0 {
		_, held = part.arc(0)
	}
	m.Card.Rows, m.Card.Held, m.Card.Levels = len(rows), len(held), m.Count(rows, y)
	if target.Task == table.TaskSurvival {
		if m.Card.Events = model.Events(rows, y); m.Card.Events == 0 {
			return nil, say.Error("fit.no_events", "rows", len(rows))
		}
	}
	r := &Run{model: m, notes: append(target.Notes(), m.Preparation.Notes()...)}
	if *s.Validation > 0 && len(held) == 0 {
		r.notes = append(r.notes, table.Note{Key: "fit.note_few", Args: []any{"rows", len(rows), "least", least}})
	}
	if err := r.prepare(tbl, part, y, fitted, held); err != nil {
		return nil, err
	}
	return r, nil
}

// numbers counts the columns of numbers that may be features.
func numbers(tbl *table.Table, target *table.Target, s model.Settings) (n int) {
	for i := range tbl.Columns {
		c := &tbl.Columns[i]
		if c.Kind == table.Number && c.Name != target.Column && !slices.Contains(s.Leave, c.Name) {
			n++
		}
	}
	return n
}

// alike is the share of the columns of numbers that have to reach over nearly the whole range of all for them to have one measure.
const alike = .5

// even reports whether the columns of numbers have one measure, such as the pixels of a picture: at least half of them reach over .9 of
// the range of all.
func even(tbl *table.Table, rows []int, target *table.Target, s model.Settings) bool {
	var spans []float64
	low, high := math.Inf(1), math.Inf(-1)
	for i := range tbl.Columns {
		c := &tbl.Columns[i]
		if c.Kind != table.Number || c.Name == target.Column || slices.Contains(s.Leave, c.Name) {
			continue
		}
		from, to := reach(c, rows)
		low, high, spans = min(low, from), max(high, to), append(spans, to-from)
	}
	wide := 0
	for _, v := range spans {
		if v >= .9*(high-low) {
			wide++
		}
	}
	return high > low && float64(wide) >= alike*float64(len(spans))
}

// reach is the least and the largest value of a column; of an empty one 0, 0.
func reach(c *table.Column, rows []int) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, r := range rows {
		if !c.Missing(r) {
			low, high = min(low, c.Number(r)), max(high, c.Number(r))
		}
	}
	if low > high {
		return 0, 0
	}
	return low, high
}

// prepare makes what trains the model of s, in the precision of s.
func (r *Run) prepare(tbl *table.Table, part parting, y []float64, fitted, held []int) error {
	s := part.s
	double := s.Precision == model.Float64
	switch {
	case s.Members > 0 && double:
		return prepareCrew[float64](r, tbl, part, y)
	case s.Members > 0:
		return prepareCrew[float32](r, tbl, part, y)
	case double:
		return prepare[float64](r, tbl, fitted, held, y, s)
	}
	return prepare[float32](r, tbl, fitted, held, y, s)
}

// prepare makes the matrices, the network and the trainer in T.
func prepare[T kernel.Float](r *Run, tbl *table.Table, fitted, held []int, y []float64, s model.Settings) error {
	m := r.model
	x, ty, err := model.Matrices[T](m, tbl, fitted, y)
	if err != nil {
		return err
	}
	net, err := model.NetworkIn[T](m)
	if err != nil {
		return err
	}
	c, err := config(s, m.Target.Task, net.Decaying(), net.Weights(), len(fitted), 0)
	if err != nil {
		return err
	}
	c.Cost = weighed(c.Cost, s, ty.Data, m.Logits())
	if len(held) > 0 {
		if c.ValidX, c.ValidY, err = model.Matrices[T](m, tbl, held, y); err != nil {
			return err
		}
	}
	r.id = identity(s, x.Data, ty.Data, c.ValidX.Data, c.ValidY.Data)
	r.take = func() error { return model.Take(m, net.Weights()) }
	r.trainer, err = train.New(net, x, ty, c)
	return err
}

// config is how member i of the settings is trained, on rows rows.
func config[T kernel.Float](s model.Settings, task table.Task, decaying [][2]int, w []T, rows, i int) (c train.Config[T], err error) {
	c = train.Config[T]{Cost: costOf[T](task), Epochs: s.Epochs, Batch: s.Batch, Seed: s.MemberSeed(i), Patience: s.Patience}
	c.Rule, c.Penalty, err = optimizer.NewPenalised[T](s.Optimizer, len(w), optimizer.Reference,
		map[string]float64{"weight_decay": *s.WeightDecay}, decaying)
	if err != nil {
		return c, err
	}
	optimizer.Lanes(c.Rule)
	c.Schedule, err = schedule(rows, s)
	return c, err
}

// costOf is the cost on logits, MSE of a number, or Cox's of survival.
func costOf[T kernel.Float](task table.Task) cost.Func[T] {
	switch task {
	case table.TaskBinary:
		return cost.BinaryCrossEntropy[T]{On: cost.Logits}
	case table.TaskClasses:
		return cost.CrossEntropy[T]{On: cost.Logits}
	case table.TaskSurvival:
		return &cost.Cox[T]{}
	}
	return cost.MSE[T]{}
}

// schedule falls by half a cosine over the whole run, after a warm-up of a twentieth of it.
func schedule(rows int, s model.Settings) (optimizer.Schedule, error) {
	counts, err := train.Count(rows, s.Batch, s.Epochs)
	if err != nil {
		return nil, err
	}
	return optimizer.NewSchedule("cosine", s.Alpha, map[string]float64{
		"total": float64(counts.Total), "warm_up": float64(counts.Total / 20),
	})
}

// identity is what a checkpoint must agree on: the version of gradus, the settings, and the numbers trained on and held.
func identity[T kernel.Float](s model.Settings, arrays ...[]T) string {
	hash := sha256.New()
	b, _ := json.Marshal(s) // Complete leaves only finite numbers
	fmt.Fprintf(hash, "%s %s", model.Version, b)
	for _, v := range arrays {
		fmt.Fprintf(hash, " %d ", len(v)) // the same numbers parted otherwise are another run
		for start := 0; start < len(v); start += 1 << 12 {
			b = b[:0]
			for _, x := range v[start:min(start+1<<12, len(v))] {
				switch x := any(x).(type) {
				case float32:
					b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
				case float64:
					b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
				}
			}
			hash.Write(b)
		}
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// Share has the run take its part in the job of r, its batches cut into as many blocks as the settings say; see train.Trainer.Share.
func (r *Run) Share(with train.Reducer) error {
	return r.trainer.Share(with, r.model.Card.Settings.Blocks)
}

// Identity is what the run is of: two runs with one identity end with the same model.
func (r *Run) Identity() string { return r.id }

// Notes says what was chosen for the user: the task, the event, the columns left out.
func (r *Run) Notes() []table.Note { return r.notes }

// Counts tells how many iterations there are at most.
func (r *Run) Counts() train.Counts { return r.trainer.Counts() }

// Steps trains, one Step an iteration; see train.Trainer.Steps. Then the model has the weights.
func (r *Run) Steps(ctx context.Context) iter.Seq2[train.Step, error] {
	return func(yield func(train.Step, error) bool) {
		for step, err := range r.trainer.Steps(ctx) {
			if !yield(step, err) || err != nil {
				return
			}
		}
		if err := r.take(); err != nil {
			yield(train.Step{}, err)
		}
	}
}

// Watch is a clock that says where the time of the steps to come goes; see train.Trainer.Watch.
func (r *Run) Watch() *profile.Clock { return r.trainer.Watch() }

// Train runs Steps to the end and returns the model.
func (r *Run) Train(ctx context.Context) (*model.Model, error) {
	for _, err := range r.Steps(ctx) {
		if err != nil {
			return nil, err
		}
	}
	return r.Model(), nil
}

// Save writes a checkpoint of the run.
func (r *Run) Save(w io.Writer) error { return r.trainer.Save(w, r.id) }

// Load continues the run of a checkpoint; one of another table, of other settings or of another seed is refused.
func (r *Run) Load(b []byte) error { return r.trainer.Load(b, r.id) }

// Model is the model as trained so far, its card filled in.
func (r *Run) Model() *model.Model {
	_ = r.take() // what it refuses, Steps has told
	c, best := &r.model.Card, r.trainer.Best()
	c.Epochs, c.BestEpoch, c.Cost = r.trainer.Epochs(), best.Epoch, best.Cost
	if c.Held > 0 {
		c.HeldCost = &best.Valid
	}
	return r.model
}
