// Package store keeps what was run: a small SQLite file of runs and a chain of hashed entries that shows whether anyone changed them.
//
// It holds no row of a table, no identifier and no path: files, studies, models and sets of rows are in it by their SHA-256 only.
package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"gradus/internal/say"
)

// Store is an open file of runs. Several goroutines and several programs may use one file at a time.
type Store struct {
	db   *sql.DB
	name string // of the file, for messages
}

// settings of every connection: writers wait for one another up to ten seconds, and a transaction that will write says so at its
// beginning, so that no two read the same end of the chain.
const settings = "?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)"

// Open opens the store at path and makes it, with its folder, where there is none.
func Open(path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, failed(path, err)
	}
	return open(path)
}

// OpenExisting opens the store at path only if there is one.
func OpenExisting(path string) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, say.Error("store.none", "path", filepath.Base(path), "cause", err)
	}
	return open(path)
}

func open(path string) (*Store, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return nil, failed(path, err)
	}
	slashed := filepath.ToSlash(whole)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // a drive letter
	}
	db, err := sql.Open("sqlite", "file://"+(&url.URL{Path: slashed}).EscapedPath()+settings)
	if err != nil {
		return nil, failed(path, err)
	}
	db.SetMaxOpenConns(1)
	s := &Store{db, filepath.Base(path)}
	if err := s.migrate(); err != nil {
		db.Close()
		return nil, err
	}
	return s, nil
}

// Close ends the use of the file.
func (s *Store) Close() error { return s.db.Close() }

// failed says that the store at path cannot be used and why.
func failed(path string, cause error) error {
	var known *say.Err
	if errors.As(cause, &known) {
		return cause
	}
	return say.Failure("store.failed", "path", filepath.Base(path), "cause", cause)
}

// within does work in one transaction, all of it or nothing.
func (s *Store) within(work func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(context.Background(), nil)
	if err != nil {
		return failed(s.name, err)
	}
	defer tx.Rollback() // no-op after Commit
	if err := work(tx); err != nil {
		return failed(s.name, err)
	}
	if err := tx.Commit(); err != nil {
		return failed(s.name, err)
	}
	return nil
}

// Place is where the store of a user stands on the system goos: XDG_DATA_HOME or ~/.local/share, ~/Library/Application Support,
// %LocalAppData%. env reads the environment; the place is "" where it says nothing.
func Place(goos string, env func(string) string) string {
	join := func(root string, parts ...string) string {
		if root == "" {
			return ""
		}
		return filepath.Join(append(append([]string{root}, parts...), "gradus", "runs.db")...)
	}
	switch goos {
	case "windows":
		return join(env("LocalAppData"))
	case "darwin":
		return join(env("HOME"), "Library", "Application Support")
	}
	if root := env("XDG_DATA_HOME"); filepath.IsAbs(root) {
		return join(root)
	}
	return join(env("HOME"), ".local", "share")
}
