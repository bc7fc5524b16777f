package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"time"

	"gradus/internal/say"
)

// Run is one use of a command. File, Study, Model and Held are SHA-256 in hexadecimal, or empty.
type Run struct {
	ID       int64           `json:"id"` // given by Add
	Started  time.Time       `json:"started"`
	Ended    time.Time       `json:"ended"`
	Command  string          `json:"command"` // its first word, such as train: no argument
	File     string          `json:"file,omitempty"`
	Study    string          `json:"study,omitempty"`
	Seed     uint64          `json:"seed"`
	Version  string          `json:"version"`
	Settings json.RawMessage `json:"settings,omitempty"`
	Figures  json.RawMessage `json:"figures,omitempty"`
	Model    string          `json:"model,omitempty"`
	Held     string          `json:"held,omitempty"` // of the held-out rows that this run opened, see Rows
}

var (
	hash = regexp.MustCompile(`^([0-9a-f]{64})?$`)
	word = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
)

// check keeps out what has no place here: a path where a hash belongs, a command line where a word belongs.
func (r *Run) check() error {
	for name, v := range map[string]string{"file": r.File, "study": r.Study, "model": r.Model, "held": r.Held} {
		if !hash.MatchString(v) {
			return say.Error("store.hash", "part", name)
		}
	}
	if !word.MatchString(r.Command) {
		return say.Error("store.word", "part", "command")
	}
	for name, v := range map[string]json.RawMessage{"settings": r.Settings, "figures": r.Figures} {
		if len(v) > 0 && !json.Valid(v) {
			return say.Error("store.json", "part", name)
		}
	}
	return nil
}

// columns of runs, in the order of values and scan.
const columns = "id, started, ended, command, file, study, seed, version, settings, figures, model, held"

// Add keeps r, links it into the chain, and returns its number.
func (s *Store) Add(r Run) (id int64, err error) {
	if err := r.check(); err != nil {
		return 0, err
	}
	err = s.within(func(tx *sql.Tx) error {
		done, err := tx.Exec("INSERT INTO runs (started, ended, command, file, study, seed, version, settings, figures, model, held) "+
			"VALUES (?,?,?,?,?,?,?,?,?,?,?)", stamp(r.Started), stamp(r.Ended), r.Command, r.File, r.Study,
			strconv.FormatUint(r.Seed, 10), r.Version, string(r.Settings), string(r.Figures), r.Model, r.Held)
		if err != nil {
			return err
		}
		if id, err = done.LastInsertId(); err != nil {
			return err
		}
		return link(tx, id)
	})
	return id, err
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Opened is how many runs have opened the held-out rows of this hash.
func (s *Store) Opened(set string) (times int, err error) {
	if set == "" {
		return 0, nil
	}
	if err := s.db.QueryRow("SELECT count(*) FROM runs WHERE held = ?", set).Scan(&times); err != nil {
		return 0, failed(s.name, err)
	}
	return times, nil
}

// Runs lists the newest runs, the newest first; limit 0 lists all.
func (s *Store) Runs(limit int) ([]Run, error) {
	if limit <= 0 {
		limit = -1
	}
	rows, err := s.db.Query("SELECT "+columns+" FROM runs ORDER BY id DESC LIMIT ?", limit)
	if err != nil {
		return nil, failed(s.name, err)
	}
	defer rows.Close()
	list := []Run{}
	for rows.Next() {
		r, err := scan(rows.Scan)
		if err != nil {
			return nil, failed(s.name, err)
		}
		list = append(list, r)
	}
	if err := rows.Err(); err != nil {
		return nil, failed(s.name, err)
	}
	return list, nil
}

// Run is the run of that number.
func (s *Store) Run(id int64) (Run, error) {
	r, err := scan(s.db.QueryRow("SELECT "+columns+" FROM runs WHERE id = ?", id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return r, say.Error("store.unknown", "id", id)
	}
	if err != nil {
		return r, failed(s.name, err)
	}
	return r, nil
}

func scan(read func(...any) error) (r Run, err error) {
	var started, ended, seed, settings, figures string
	if err = read(&r.ID, &started, &ended, &r.Command, &r.File, &r.Study, &seed, &r.Version, &settings, &figures, &r.Model, &r.Held); err != nil {
		return r, err
	}
	if r.Started, err = time.Parse(time.RFC3339, started); err != nil {
		return r, err
	}
	if r.Ended, err = time.Parse(time.RFC3339, ended); err != nil {
		return r, err
	}
	if r.Seed, err = strconv.ParseUint(seed, 10, 64); err != nil {
		return r, err
	}
	r.Settings, r.Figures = document(settings), document(figures)
	return r, nil
}

// document is s as JSON; what someone broke becomes a JSON string, so that the list can still be shown and the chain tells.
func document(s string) json.RawMessage {
	if s == "" || json.Valid([]byte(s)) {
		return json.RawMessage(s)
	}
	b, _ := json.Marshal(s) // a string always has a JSON form
	return b
}
