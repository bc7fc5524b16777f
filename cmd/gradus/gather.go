package main

import (
	"encoding/json"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"gradus/check"
	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/internal/shard"
	"gradus/model"
	"gradus/protocol"
	"gradus/source"
	"gradus/study"
	"gradus/table"
)

// gatherRun is one gradus gather: what was typed.
type gatherRun struct {
	app     *app
	folder  string // of the shards
	table   string
	out     string
	records recordFlags
	started time.Time
}

// newGather is gradus gather DIR|FILE….
func newGather(a *app) *cobra.Command {
	g := gatherRun{app: a}
	c := a.command("gather DIR|FILE...", 1, -1, func(args []string) error { return g.run(args) })
	f := c.Flags()
	f.StringVar(&g.out, "out", "", a.text("shard.flag_out"))
	f.StringVar(&g.table, "table", "", a.text("shard.flag_table_gather"))
	g.records.add(a, f)
	c.Example = "gradus study study.yaml --shard 0/2 --out shards\n" +
		"gradus study study.yaml --shard 1/2 --out shards\n" +
		"gradus gather shards --out study\n" +
		"gradus gather shards --table cohort.csv --out study"
	return c
}

// run puts the shards together and writes what one machine would have written.
func (g *gatherRun) run(args []string) error {
	g.started = time.Now()
	paths, err := shard.Find(args)
	if err != nil {
		return err
	}
	g.folder = filepath.Dir(paths[0])
	set, problems := shard.Gather(paths, model.Version, g.command)
	switch {
	case len(problems) == 1:
		return problems[0]
	case len(problems) > 1:
		for _, p := range problems {
			g.app.complain(p)
		}
		return say.Error("shard.refused", "n", len(problems), "files", len(paths))
	}
	if g.out == "" {
		g.out = set.Kind
	}
	if set.Kind == ofSurvival {
		return g.survival(set)
	}
	return g.study(set)
}

// command is what makes the shard p again.
func (g *gatherRun) command(h shard.Header, p shard.Part, resume bool) string {
	var line string
	epochs := 0
	if h.Kind == ofSurvival {
		var plan study.SurvivalPlan
		if json.Unmarshal(h.Plan, &plan) != nil || plan.Ridge == nil {
			return ""
		}
		line, epochs = protocol.SurvivalCommand(g.place(h), &plan, *plan.Ridge), plan.Settings.Epochs
	} else {
		var plan studyPlan
		if json.Unmarshal(h.Plan, &plan) != nil {
			return ""
		}
		line, epochs = "gradus study "+protocol.Quote(filepath.Join(g.folder, "study.yaml")), plan.Epochs
		if g.table != "" || !there(g.place(h)) {
			line += " --table " + protocol.Quote(g.place(h))
		}
	}
	if epochs > 0 {
		line += " --epochs " + strconv.Itoa(epochs)
	}
	line += " --shard " + p.String() + " --out " + protocol.Quote(g.folder)
	if resume {
		line += " --resume"
	}
	return line
}

// place is where the table of the shards lies.
func (g *gatherRun) place(h shard.Header) string {
	if g.table != "" {
		return g.table
	}
	if path := beside(g.folder, h.Table); there(path) {
		return path
	}
	return h.Table
}

// same refuses a table that is not the one of the shards.
func (g *gatherRun) same(h shard.Header, path, sum string) error {
	if sum != h.SHA256 {
		return say.Error("shard.table", "path", path, "expected", h.Table, "sum", h.SHA256)
	}
	return nil
}

// study puts a study together.
func (g *gatherRun) study(set *shard.Set) error {
	var plan studyPlan
	if err := json.Unmarshal(set.Plan, &plan); err != nil {
		return say.Error("shard.plan", "kind", set.Kind)
	}
	made, err := check.ReadStudy("study.yaml", []byte(plan.Study))
	if err != nil {
		return err
	}
	s := studyRun{app: g.app, records: g.records, started: g.started, out: g.out, name: set.Table, path: g.place(set.Header)}
	s.plan.Settings.Epochs = plan.Epochs
	sheet, err := source.Read(s.path, source.Options{Sheet: made.Table.Sheet})
	if err != nil {
		return err
	}
	if err := g.same(set.Header, s.path, sheet.SHA256); err != nil {
		return err
	}
	tbl, err := s.carry(made, sheet)
	if err != nil {
		return err
	}
	if err := s.typed(); err != nil {
		return err
	}
	return g.into(func() error {
		return s.work(tbl, func(told func(done, total int)) (*study.Result, error) {
			c, err := study.Begin(tbl, s.plan, "", told)
			if err != nil {
				return nil, err
			}
			if err := taken(set, c); err != nil {
				return nil, err
			}
			return c.Finish(g.app.ctx)
		})
	}, s.done)
}

// into works where the folder of the results is there, and says what came of it.
func (g *gatherRun) into(work, done func() error) error {
	undo, err := disk.Folder(g.out)
	if err != nil {
		return err
	}
	if err := work(); err != nil {
		undo()
		return err
	}
	return done()
}

// survival puts a study of survival together.
func (g *gatherRun) survival(set *shard.Set) error {
	s := survivalRun{app: g.app, records: g.records, out: g.out, name: set.Table, path: g.place(set.Header)}
	if err := json.Unmarshal(set.Plan, &s.plan); err != nil || s.plan.Ridge == nil {
		return say.Error("shard.plan", "kind", set.Kind)
	}
	s.ridge, g.app.seed = *s.plan.Ridge, s.plan.Settings.Seed
	sum, err := fileHash(s.path)
	if err != nil {
		return err
	}
	if err := g.same(set.Header, s.path, sum); err != nil {
		return err
	}
	tbl, err := g.app.readTable(s.path, table.Options{})
	if err != nil {
		return err
	}
	return g.into(func() error {
		return s.work(func(told func(done, total int)) (*study.SurvivalResult, error) {
			c, err := study.BeginSurvival(tbl, s.plan, told)
			if err != nil {
				return nil, err
			}
			if err := taken(set, c); err != nil {
				return nil, err
			}
			return c.Finish(g.app.ctx)
		})
	}, func() error { return s.done(g.started) })
}

// taken gives c the units of the shards, which must be of this very study.
func taken(set *shard.Set, c course) error {
	own, err := c.Identity()
	if err != nil {
		return err
	}
	switch {
	case own != set.Identity:
		return say.Error("shard.plan", "kind", set.Kind)
	case bits() != set.Bits:
		return say.Error("shard.bits", "found", set.Bits, "own", bits())
	}
	return set.Into(c)
}
