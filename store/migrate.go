package store

import (
	"database/sql"
	"strconv"

	"gradus/internal/say"
)

// steps lead from an empty file to the newest form; PRAGMA user_version counts those that a file has behind it. To change the
// form, add a step and never touch an old one.
var steps = []string{
	`CREATE TABLE runs (
		id       INTEGER PRIMARY KEY AUTOINCREMENT,
		started  TEXT NOT NULL,
		ended    TEXT NOT NULL,
		command  TEXT NOT NULL,
		file     TEXT NOT NULL,
		study    TEXT NOT NULL,
		seed     TEXT NOT NULL,
		version  TEXT NOT NULL,
		settings TEXT NOT NULL,
		figures  TEXT NOT NULL,
		model    TEXT NOT NULL,
		held     TEXT NOT NULL
	) STRICT;
	CREATE INDEX held ON runs (held) WHERE held <> '';
	CREATE TABLE audit (
		id     INTEGER PRIMARY KEY,
		run    INTEGER NOT NULL UNIQUE,
		sum    TEXT NOT NULL,
		before TEXT NOT NULL,
		hash   TEXT NOT NULL
	) STRICT;`,
}

// migrate brings the file to the newest form.
func (s *Store) migrate() error {
	var now int
	if err := s.db.QueryRow("PRAGMA user_version").Scan(&now); err != nil {
		return failed(s.name, err)
	}
	if now == len(steps) {
		return nil // nobody waits for a writer only to read
	}
	return s.within(func(tx *sql.Tx) error {
		var version int
		if err := tx.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
			return err
		}
		if version > len(steps) || version < 0 {
			return say.Error("store.newer", "path", s.name, "version", version, "known", len(steps))
		}
		for ; version < len(steps); version++ {
			if _, err := tx.Exec(steps[version]); err != nil {
				return err
			}
			if _, err := tx.Exec("PRAGMA user_version = " + strconv.Itoa(version+1)); err != nil {
				return err
			}
		}
		return nil
	})
}
