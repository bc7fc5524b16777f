package main

import (
	"encoding/json"
	"strconv"

	"github.com/spf13/cobra"

	"gradus/internal/say"
	"gradus/store"
)

// newRuns is gradus runs.
func newRuns(a *app) *cobra.Command {
	var file string
	var limit int
	var audit bool
	c := a.command("runs", 0, 0, func([]string) error {
		if limit < 0 {
			return say.Error("store.limit", "value", limit)
		}
		s, err := a.openRecords(file)
		if err != nil {
			return err
		}
		defer s.Close()
		if audit {
			return a.audit(s)
		}
		return a.runs(s, limit)
	})
	c.Short, c.Long = a.text("store.runs"), a.text("store.runs_long")
	c.Flags().IntVar(&limit, "limit", 20, a.text("store.flag_limit"))
	c.Flags().BoolVar(&audit, "audit", false, a.text("store.flag_audit"))
	c.Flags().StringVar(&file, "store", "", a.text("store.flag_store"))
	c.Example = "gradus runs\ngradus runs --limit 5 --json\ngradus runs --audit"
	return c
}

func (a *app) openRecords(flag string) (*store.Store, error) {
	path, err := a.place(flag)
	if err != nil {
		return nil, err
	}
	return store.OpenExisting(path)
}

func (a *app) runs(s *store.Store, limit int) error {
	list, err := s.Runs(limit)
	if err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(list)
	}
	rows := make([][]string, len(list))
	for i, r := range list {
		times := ""
		if r.Held != "" {
			n, err := s.Opened(r.Held)
			if err != nil {
				return err
			}
			times = count(n)
		}
		rows[i] = []string{
			strconv.FormatInt(r.ID, 10), r.Started.Local().Format("2006-01-02 15:04"), r.Command, brief(r.File), brief(r.Model),
			strconv.FormatUint(r.Seed, 10), r.Version, headline(r.Figures), times,
		}
	}
	a.table([]string{
		a.text("store.id"), a.text("store.started"), a.text("store.command"), a.text("store.file"), a.text("store.model"), "seed",
		a.text("store.version"), a.text("store.figure"), a.text("store.times"),
	}, rows)
	return nil
}

// brief is the beginning of a hash.
func brief(hash string) string { return hash[:min(len(hash), 8)] }

// headline is the figure that a run is known by: the first of these that it has.
func headline(figures json.RawMessage) string {
	var f map[string]json.RawMessage
	if json.Unmarshal(figures, &f) != nil {
		return ""
	}
	for _, c := range []struct{ key, name string }{{"auroc", "AUROC"}, {"accuracy", "accuracy"}, {"r2", "R²"}, {"cost", "E"}} {
		var v float64
		var e struct {
			Value *float64 `json:"value"`
		}
		switch {
		case f[c.key] == nil || string(f[c.key]) == "null":
		case json.Unmarshal(f[c.key], &v) == nil:
			return c.name + " " + amount(v)
		case json.Unmarshal(f[c.key], &e) == nil && e.Value != nil:
			return c.name + " " + amount(*e.Value)
		}
	}
	return ""
}

// audit walks the chain: a break is the run's failure, so that a script sees it.
func (a *app) audit(s *store.Store) error {
	found, err := s.Verify()
	if err != nil {
		return err
	}
	if a.json {
		if err := a.writeJSON(found); err != nil {
			return err
		}
	}
	if found.Fault != "" {
		return say.Failure("store.broken", "at", found.At, "entries", found.Entries, "fault", say.Error("store.fault_"+string(found.Fault)))
	}
	if !a.json {
		a.print(a.text("store.whole", "entries", found.Entries))
		a.print(a.text("store.head", "hash", found.Head))
	}
	return nil
}

// newCompare is gradus compare A B.
func newCompare(a *app) *cobra.Command {
	var file string
	c := a.command("compare A B", 2, 2, func(args []string) error {
		var ids [2]int64
		for i, arg := range args {
			id, err := strconv.ParseInt(arg, 10, 64)
			if err != nil || id < 1 {
				return say.Error("store.number", "value", arg)
			}
			ids[i] = id
		}
		s, err := a.openRecords(file)
		if err != nil {
			return err
		}
		defer s.Close()
		return a.compare(s, ids)
	})
	c.Short, c.Long = a.text("store.compare"), a.text("store.compare_long")
	c.Flags().StringVar(&file, "store", "", a.text("store.flag_store"))
	c.Example = "gradus compare 1 2\ngradus compare 1 2 --json"
	return c
}

func (a *app) compare(s *store.Store, ids [2]int64) error {
	var runs [2]store.Run
	for i, id := range ids {
		r, err := s.Run(id)
		if err != nil {
			return err
		}
		runs[i] = r
	}
	lines := store.Compare(runs[0], runs[1])
	if a.json {
		return a.writeJSON(object{{"a", ids[0]}, {"b", ids[1]}, {"lines", lines}})
	}
	rows := make([][]string, len(lines))
	for i, l := range lines {
		mark := ""
		if !l.Same {
			mark = "≠"
		}
		rows[i] = []string{a.text("store.part_" + l.Part), l.Name, a.shownLeaf(l, l.A), a.shownLeaf(l, l.B), mark}
	}
	a.table([]string{"", "", strconv.FormatInt(ids[0], 10), strconv.FormatInt(ids[1], 10), ""}, rows)
	return nil
}

// shownLeaf shortens a hash; what a run does not have is a dash.
func (a *app) shownLeaf(l store.Line, v string) string {
	if l.Part == "run" && len(v) == 64 {
		return brief(v)
	}
	if v == "" {
		return none
	}
	return v
}
