package validate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

const longestJournal = 1 << 30

// journal is the file of finished folds: bound by hash to the table, the settings and the design.
type journal struct {
	Hash  string          `json:"hash"`
	Folds map[int]record  `json:"folds"`
	Final *model.Settings `json:"final,omitempty"` // chosen for all rows
}

// record is a slot as it lies in a journal; the rows of the fold follow from the design.
type record struct {
	Network    [][]float64    `json:"network"`
	Regression [][]float64    `json:"regression"`
	Settings   model.Settings `json:"settings"`
	Cuts       [2]float64     `json:"cuts"`
	Corrected  []Corrected    `json:"corrected"`
	Moved      []moved        `json:"moved"`
}

// identity is the hash of all that the folds depend on.
func (w *work) identity() (string, error) {
	d := w.design
	d.Journal, d.Workers, d.Draws = "", 0, 0
	return identityOf(w.tbl, struct {
		Settings model.Settings
		Design   Design
		Target   any
		Folds    []Fold
	}{w.settings, d, w.target, w.folds})
}

// identityOf is the hash of the version, what is asked of a table, and the table.
func identityOf(tbl *table.Table, asked any) (string, error) {
	hash := sha256.New()
	b, err := json.Marshal(asked)
	if err != nil {
		return "", say.Failure("validate.failed", "cause", err)
	}
	fmt.Fprintf(hash, "%s %s ", model.Version, b)
	err = tbl.WriteCSV(hash)
	return hex.EncodeToString(hash.Sum(nil)), err
}

// resume takes the folds that an earlier run of the same study finished. A journal of another study, or one that is damaged, is refused.
func (w *work) resume() error {
	if w.design.Journal == "" {
		return nil
	}
	var err error
	if w.hash, err = w.identity(); err != nil {
		return err
	}
	in, err := disk.Open(w.design.Journal)
	if e, ok := errors.AsType[*say.Err](err); ok && e.Key == "disk.missing" || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer in.Close()
	b, err := disk.ReadLimited(in, longestJournal, w.design.Journal)
	if err != nil {
		return err
	}
	var j journal
	if err := json.Unmarshal(b, &j); err != nil {
		return say.Error("study.journal_damaged", "path", w.design.Journal)
	}
	if j.Hash != w.hash {
		return say.Error("study.journal_other", "path", w.design.Journal)
	}
	return w.restore(j)
}

// restore puts the folds of a journal into their slots, in their order.
func (w *work) restore(j journal) error {
	w.final = j.Final
	for i := range w.slots {
		r, done := j.Folds[i]
		if !done {
			continue
		}
		if w.fill(i, r) != nil {
			return say.Error("study.journal_damaged", "path", w.design.Journal)
		}
		w.tell()
	}
	return nil
}

// fill puts what was made before into slot i.
func (w *work) fill(i int, r record) error {
	test := w.folds[i].Test
	short := func(c Corrected) bool { return c.P != nil && len(c.P) != len(test) }
	if slices.ContainsFunc(r.Corrected, short) {
		return unfit
	}
	if err := w.fits(sides{r.Network, r.Regression}, len(test)); err != nil {
		return err
	}
	w.slots[i] = slot{test: test, network: r.Network, regression: r.Regression, settings: r.Settings, cuts: r.Cuts, corrected: r.Corrected, moved: r.Moved, ready: true}
	return nil
}

func (s *slot) record() record {
	return record{s.network, s.regression, s.settings, s.cuts, s.corrected, s.moved}
}

// outputs is how many numbers a prediction has.
func (w *work) outputs() int { return max(1, len(w.target.Levels)) }

// keep writes the finished folds, all or none; the caller holds the lock.
func (w *work) keep() error {
	if w.design.Journal == "" {
		return nil
	}
	j := journal{Hash: w.hash, Folds: map[int]record{}, Final: w.final}
	for i := range w.slots {
		if s := &w.slots[i]; s.ready {
			j.Folds[i] = s.record()
		}
	}
	return disk.WriteFile(w.design.Journal, func(out io.Writer) error { return json.NewEncoder(out).Encode(j) })
}
