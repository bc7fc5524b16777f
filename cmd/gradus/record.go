package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/pflag"

	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/model"
	"gradus/store"
	"gradus/study"
	"gradus/table"
	"gradus/validate"
)

// recordFlags say where a run is recorded, if at all.
type recordFlags struct {
	store string
	off   bool
}

func (f *recordFlags) add(a *app, set *pflag.FlagSet) {
	set.StringVar(&f.store, "store", "", a.text("store.flag_store"))
	set.BoolVar(&f.off, "no-record", false, a.text("store.flag_no_record"))
}

// place is the file of records: that of --store, else the user's own.
func (a *app) place(flag string) (string, error) {
	if flag != "" {
		return flag, nil
	}
	if p := store.Place(runtime.GOOS, a.env); p != "" {
		return p, nil
	}
	return "", say.Failure("store.homeless")
}

// record keeps what a command did. table and modelFile are files of which only the hash is kept, where r has it not yet; "-" has none. A record that
// cannot be written is a sentence beside the result, not its end.
func (a *app) record(f recordFlags, r store.Run, table, modelFile string) {
	if f.off {
		return
	}
	if err := a.recorded(f, r, table, modelFile); err != nil {
		a.note(a.text("store.not_recorded", "cause", err))
	}
}

func (a *app) recorded(f recordFlags, r store.Run, table, modelFile string) (err error) {
	path, err := a.place(f.store)
	if err != nil {
		return err
	}
	if r.File == "" {
		if r.File, err = fileHash(table); err != nil {
			return err
		}
	}
	if r.Model == "" {
		if r.Model, err = fileHash(modelFile); err != nil {
			return err
		}
	}
	r.Ended, r.Version, r.Seed = time.Now(), model.Version, a.seed
	s, err := store.Open(path)
	if err != nil {
		return err
	}
	defer s.Close()
	id, err := s.Add(r)
	if err != nil {
		return err
	}
	times, err := s.Opened(r.Held)
	if err != nil {
		return err
	}
	a.note(a.text("store.recorded", "id", id))
	if times > 1 {
		a.note(a.text("store.opened", "times", times))
	}
	return nil
}

// opened is how many runs before this one opened the held-out rows of that hash; 0 where nothing is recorded.
func (a *app) opened(f recordFlags, held string) int {
	if f.off {
		return 0
	}
	path, err := a.place(f.store)
	if err != nil {
		return 0
	}
	if _, err := os.Stat(path); err != nil {
		return 0
	}
	s, err := store.Open(path)
	if err != nil {
		return 0 // that nothing can be kept is said when this run is
	}
	defer s.Close()
	times, _ := s.Opened(held)
	return times
}

// fileHash is the SHA-256 of a file, "" of the standard input.
func fileHash(path string) (string, error) {
	if path == "-" {
		return "", nil
	}
	in, err := disk.Open(path)
	if err != nil {
		return "", err
	}
	defer in.Close()
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// jsonOf is v as a document of a record; what has no JSON form is left out.
func jsonOf(v any) json.RawMessage {
	b, err := encode(v)
	if err != nil {
		return nil
	}
	return json.RawMessage(b)
}

// trainRecord is what is kept of a training: its settings but for the names of columns and levels, and where it ended.
func trainRecord(m *model.Model, started time.Time) store.Run {
	c := m.Card
	c.Settings.Leave, c.Settings.Event = nil, ""
	return store.Run{Started: started, Command: "train", Settings: jsonOf(c.Settings), Figures: jsonOf(object{
		{"rows", c.Rows}, {"held", c.Held}, {"epochs", c.Epochs}, {"best_epoch", c.BestEpoch}, {"cost", c.Cost}, {"held_cost", c.HeldCost},
	})}
}

// heldOut is the hash of the rows that a split by time or site judged, "" of cross-validation, which holds none back.
func heldOut(tbl *table.Table, n *model.Nested) string {
	if n.Scheme == string(validate.CrossValidation) {
		return ""
	}
	return store.Rows(tbl, n.Rows)
}

// record keeps the study.
func (s *studyRun) record() {
	s.app.record(s.records, studyRecord(s.Result, s.started, s.study, s.sum, s.held), s.path, filepath.Join(s.out, "model.gradus"))
}

// studyRecord is what is kept of a study: its protocol and its table by hash, its settings but for the names of columns, its figures.
func studyRecord(r *study.Result, started time.Time, file []byte, sum, held string) store.Run {
	settings, n := r.Validation.Settings, r.Nested
	settings.Leave, settings.Event = nil, ""
	hash := sha256.Sum256(file)
	figures := object{{"rows", r.Validation.Rows}, {"scheme", n.Scheme}, {"verdict", n.Verdict}, {"loss", n.Loss}}
	if b := r.Validation.Binary; b != nil {
		figures = append(figures, object{
			{"events", b.Events}, {"auroc", b.Network.AUROC}, {"auroc_regression", b.Regression.AUROC}, {"calibration", b.Network.Calibration},
		}...)
	}
	return store.Run{
		Started: started, Command: "study", File: sum, Study: hex.EncodeToString(hash[:]), Settings: jsonOf(settings), Figures: jsonOf(figures), Held: held,
	}
}
