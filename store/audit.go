package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
)

// Entry is a link of the chain: Hash = SHA-256(ID, Run, Sum, Before), where Sum is the SHA-256 of the run and Before the hash of
// the entry before, empty for the first.
type Entry struct {
	ID     int64  `json:"id"`
	Run    int64  `json:"run"`
	Sum    string `json:"sum"`
	Before string `json:"before"`
	Hash   string `json:"hash"`
}

// digest is the SHA-256 of parts, each with its length before it, so that no two lists give one text.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (e Entry) hash() string {
	return digest(strconv.FormatInt(e.ID, 10), strconv.FormatInt(e.Run, 10), e.Sum, e.Before)
}

// sum is the SHA-256 of a run as the file holds it, text for text.
func sum(read func(...any) error) (string, error) {
	values := make([]string, strings.Count(columns, ",")+1)
	into := make([]any, len(values))
	for i := range values {
		into[i] = &values[i]
	}
	if err := read(into...); err != nil {
		return "", err
	}
	return digest(values...), nil
}

// link adds the entry of a run at the end of the chain.
func link(tx *sql.Tx, run int64) error {
	e := Entry{Run: run}
	err := tx.QueryRow("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").Scan(&e.ID, &e.Before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	e.ID++
	if e.Sum, err = sum(tx.QueryRow("SELECT "+columns+" FROM runs WHERE id = ?", run).Scan); err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO audit (id, run, sum, before, hash) VALUES (?,?,?,?,?)", e.ID, e.Run, e.Sum, e.Before, e.hash())
	return err
}

// Fault is what is wrong with a link of the chain.
type Fault string

// The faults.
const (
	Missing   Fault = "missing"   // an entry was taken out
	Altered   Fault = "altered"   // an entry is not what its hash was taken of, or does not follow the one before
	Changed   Fault = "changed"   // the run is not what it was when it was kept
	Removed   Fault = "removed"   // the run of the entry is gone
	Unchained Fault = "unchained" // a run stands outside the chain
)

// Audit is what Verify finds.
type Audit struct {
	Entries int    `json:"entries"`
	Head    string `json:"head"`            // hash of the last sound entry: written down elsewhere, it shows later whether the end was cut off
	Fault   Fault  `json:"fault,omitempty"` // of the first break, "" where the chain is whole
	At      int64  `json:"at,omitempty"`    // the entry that it was found at; of Unchained, the run
}

// Verify walks the chain from its first entry and stops where it breaks. A chain cannot see that its own end was cut off together
// with the runs: Head is there for that.
func (s *Store) Verify() (a Audit, err error) {
	err = s.within(func(tx *sql.Tx) error {
		entries, err := entries(tx)
		if err != nil {
			return err
		}
		a.Entries = len(entries)
		for i, e := range entries {
			if a.Fault, err = fault(tx, int64(i+1), a.Head, e); err != nil || a.Fault != "" {
				a.At = int64(i + 1)
				return err
			}
			a.Head = e.Hash
		}
		err = tx.QueryRow("SELECT id FROM runs WHERE id NOT IN (SELECT run FROM audit) ORDER BY id LIMIT 1").Scan(&a.At)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		a.Fault = Unchained
		return err
	})
	return a, err
}

// Entries lists the chain from its first entry.
func (s *Store) Entries() (list []Entry, err error) {
	err = s.within(func(tx *sql.Tx) (err error) {
		list, err = entries(tx)
		return err
	})
	return list, err
}

func entries(tx *sql.Tx) ([]Entry, error) {
	rows, err := tx.Query("SELECT id, run, sum, before, hash FROM audit ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []Entry{}
	for rows.Next() {
		var e Entry
		if err := rows.Scan(&e.ID, &e.Run, &e.Sum, &e.Before, &e.Hash); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// fault looks at the entry e where the one numbered id is due, after the hash before.
func fault(tx *sql.Tx, id int64, before string, e Entry) (Fault, error) {
	if e.ID != id {
		return Missing, nil
	}
	if e.Before != before || e.Hash != e.hash() {
		return Altered, nil
	}
	now, err := sum(tx.QueryRow("SELECT "+columns+" FROM runs WHERE id = ?", e.Run).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Removed, nil
	}
	if err == nil && now != e.Sum {
		return Changed, nil
	}
	return "", err
}
