package lab

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"gradus/check"
	"gradus/internal/say"
	"gradus/protocol"
	"gradus/report"
	"gradus/study"
)

// The states of a study.
const (
	running   = "running"
	finished  = "done"
	cancelled = "cancelled"
	failed    = "failed"
)

// run is one study: what it does, then what came of it.
type run struct {
	question    studyQuestion
	cancel      context.CancelFunc
	ended       chan struct{}
	state       string
	done, total int
	folds       []fold
	err         error
	result      *result
	files       map[string][]byte
}

// fold is what an outer fold of a study with an event gave, as soon as it is done.
type fold struct {
	I          int     `json:"i"`
	Name       string  `json:"name"`
	Network    float64 `json:"network"` // AUROC
	Regression float64 `json:"regression"`
}

// result is what the page shows above the report.
type result struct {
	Verdict  both                `json:"verdict"`
	Headline map[string]grid     `json:"headline"` // by language
	Warnings map[string][]string `json:"warnings"`
	Files    []string            `json:"files"`
}

// grid is a small table.
type grid struct {
	Head []string   `json:"head"`
	Rows [][]string `json:"rows"`
}

// studyQuestion asks for a study of the table.
type studyQuestion struct {
	Lang         say.Lang              `json:"lang"`
	Target       string                `json:"target"`
	Event        string                `json:"event"`
	Task         string                `json:"task"`
	Sheet        string                `json:"sheet"`
	Split        string                `json:"split"`
	Site         string                `json:"site"`
	Folds        int                   `json:"folds"`
	Inner        int                   `json:"inner"`
	Repeats      int                   `json:"repeats"`
	Trials       int                   `json:"trials"`
	Draws        int                   `json:"draws"`
	Threshold    string                `json:"threshold"`
	ClassWeights bool                  `json:"class_weights"`
	Seed         uint64                `json:"seed"`
	Roles        map[string]check.Role `json:"roles"` // those that a person changed
	Known        []string              `json:"known"` // blocked columns that are known when one predicts
}

// protocol is the study file that the question comes to.
func (q *studyQuestion) protocol(h *held) (*check.Study, error) {
	if q.Target == "" {
		return nil, say.Error("labdata.no_target")
	}
	found, err := check.Table(h.name, h.sheet, check.Options{Target: q.Target, Lang: language(q.Lang), Today: today()})
	if err != nil {
		return nil, err
	}
	made := check.NewStudy(found, h.name, h.sum, q.Seed)
	made.Target.Task, made.Model.ClassWeights = q.Task, q.ClassWeights
	k := &made.Splits
	for _, n := range []struct {
		to    *int
		value int
	}{{&k.Folds, q.Folds}, {&k.Inner, q.Inner}, {&k.Repeats, q.Repeats}, {&made.Model.Trials, q.Trials}, {&made.Resamples, q.Draws}} {
		if n.value != 0 {
			*n.to = n.value
		}
	}
	for _, s := range []struct {
		to    *string
		value string
	}{{&made.Target.Event, q.Event}, {&k.Scheme, q.Split}, {&k.Site, q.Site}, {&made.Threshold, q.Threshold}} {
		if s.value != "" {
			*s.to = s.value
		}
	}
	return made, q.assign(made)
}

// assign gives columns the roles that a person chose.
func (q *studyQuestion) assign(made *check.Study) error {
	k := &made.Splits
	for _, name := range slices.Sorted(maps.Keys(q.Roles)) {
		c, err := columnOf(made, name)
		if err != nil {
			return err
		}
		role := q.Roles[name]
		if c.Name == k.Group && role != check.Group {
			k.Group = ""
		}
		if c.Name == k.Time && role != check.Time {
			k.Time, made.IndexDate = "", ""
			unpart(made, name)
		}
		switch {
		case role == check.Group:
			dropRole(made, k.Group)
			k.Group = name
			unpart(made, name)
		case role == check.Time:
			dropRole(made, k.Time)
			k.Time, made.IndexDate = name, name
		}
		c.Role = role
	}
	for _, name := range q.Known {
		c, err := columnOf(made, name)
		if err != nil {
			return err
		}
		c.Known = c.Role == check.Blocked
	}
	if c := made.Column(k.Site); c != nil && c.Role == check.Feature {
		c.Role = check.Dropped
	}
	return nil
}

// columnOf is a column that may change its role.
func columnOf(made *check.Study, name string) (*check.StudyColumn, error) {
	c := made.Column(name)
	switch {
	case c == nil:
		return nil, say.Error("labdata.no_column", "column", name)
	case name == made.Target.Column:
		return nil, say.Error("study.target_role", "column", name)
	}
	return c, nil
}

// unpart keeps a column from parting subgroups, which neither a patient nor a date does that is not the index date.
func unpart(made *check.Study, name string) {
	made.Subgroups = slices.DeleteFunc(made.Subgroups, func(s string) bool { return s == name })
}

// dropRole leaves out the column that had a role of which there is one.
func dropRole(made *check.Study, name string) {
	if c := made.Column(name); c != nil && c.Role != check.Target {
		c.Role = check.Dropped
		unpart(made, name)
	}
}

// postStudy begins a study. What is wrong with the question is said at once.
func (o *Own) postStudy(w http.ResponseWriter, r *http.Request) {
	var q studyQuestion
	if !asked(w, r, &q) {
		return
	}
	if o.busy() {
		refuse(w, http.StatusConflict, say.Error("labdata.busy"))
		return
	}
	h, err := o.table(q.Sheet)
	if err != nil {
		refuse(w, http.StatusConflict, err)
		return
	}
	work, err := q.prepare(h)
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, err)
		return
	}
	if !o.begin(h, q, work) {
		refuse(w, http.StatusConflict, say.Error("labdata.busy"))
		return
	}
	answer(w, http.StatusAccepted, o.state())
}

// watcher is told how a study goes.
type watcher struct {
	progress func(done, total int)
	fold     func(fold)
}

// work makes the files of a study and what is shown of it.
type work func(ctx context.Context, to watcher) (*result, map[string][]byte, error)

// prepare carries the question as far as the training.
func (q *studyQuestion) prepare(h *held) (work, error) {
	made, err := q.protocol(h)
	if err != nil {
		return nil, err
	}
	file, err := made.Write(language(q.Lang))
	if err != nil {
		return nil, err
	}
	if _, err := check.ReadStudy("study.yaml", file); err != nil {
		return nil, err
	}
	tbl, log, err := check.Apply(h.name, h.sheet, made)
	if err != nil {
		return nil, err
	}
	plan, err := protocol.Plan(made, log)
	if err != nil {
		return nil, err
	}
	plan.Today = time.Now().UTC().Format(time.DateOnly)
	return func(ctx context.Context, to watcher) (*result, map[string][]byte, error) {
		plan.Watch = func(i int, name string, network, regression float64) { to.fold(fold{i, name, network, regression}) }
		r, err := study.Run(ctx, tbl, plan, "", to.progress)
		if err != nil {
			return nil, nil, err
		}
		files := map[string][]byte{"study.yaml": file}
		return resultOf(r), files, write(h.name, r, files)
	}, nil
}

// write makes the model and the reports.
func write(name string, r *study.Result, files map[string][]byte) error {
	var b bytes.Buffer
	if err := r.Model.Write(&b); err != nil {
		return err
	}
	files["model.gradus"] = b.Bytes()
	for _, lang := range []say.Lang{say.Korean, say.English} {
		var b bytes.Buffer
		if err := report.Write(&b, protocol.Report(lang, name, r, 0)); err != nil {
			return err
		}
		files["report."+string(lang)+".html"] = b.Bytes()
	}
	return nil
}

// resultOf is what the page shows of r.
func resultOf(r *study.Result) *result {
	s := &result{Verdict: inBoth(r.Verdict), Headline: map[string]grid{}, Warnings: map[string][]string{}}
	for _, lang := range []say.Lang{say.Korean, say.English} {
		head, rows := protocol.Headline(lang, r.Validation)
		s.Headline[string(lang)] = grid{head, rows}
		list := []string{}
		for _, w := range r.Warnings {
			list = append(list, w.In(lang))
		}
		s.Warnings[string(lang)] = list
	}
	return s
}

// running reports whether a study runs; o.mu is held.
func (o *Own) running() bool { return o.run != nil && o.run.state == running }

// busy reports whether a study runs.
func (o *Own) busy() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.running()
}

// begin starts the work on h; false where another study runs or the table has changed meanwhile.
func (o *Own) begin(h *held, q studyQuestion, do work) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.running() || o.held != h {
		return false
	}
	ctx, cancel := context.WithCancel(o.ctx)
	r := &run{question: q, cancel: cancel, ended: make(chan struct{}), state: running}
	o.run = r
	o.version++
	o.told()
	go o.work(ctx, r, do)
	return true
}

// work does the work of r and keeps its end.
func (o *Own) work(ctx context.Context, r *run, do work) {
	defer close(r.ended)
	defer r.cancel()
	change := func(f func()) {
		o.mu.Lock()
		defer o.mu.Unlock()
		f()
		o.told()
	}
	res, files, err := guarded(ctx, do, watcher{
		func(done, total int) { change(func() { r.done, r.total = done, total }) },
		func(f fold) { change(func() { r.folds, o.version = append(r.folds, f), o.version+1 }) },
	})
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case ctx.Err() != nil || errors.Is(err, context.Canceled):
		r.state = cancelled
	case err != nil:
		r.state, r.err = failed, err
	default:
		r.state, r.result, r.files = finished, res, files
		res.Files = slices.Sorted(maps.Keys(files))
	}
	o.version++
	o.told()
}

// guarded turns a fault of the program into an error: a study that breaks does not take the lesson with it.
func guarded(ctx context.Context, do work, to watcher) (res *result, files map[string][]byte, err error) {
	defer func() {
		if recover() != nil {
			err = say.Failure("labdata.failed")
		}
	}()
	return do(ctx, to)
}

// stop ends a study that runs and waits for its end.
func (o *Own) stop() {
	o.mu.Lock()
	r := o.run
	o.mu.Unlock()
	if r != nil {
		r.cancel()
		<-r.ended
	}
}

// deleteStudy cancels a study; one that has ended is forgotten.
func (o *Own) deleteStudy(w http.ResponseWriter, _ *http.Request) {
	o.mu.Lock()
	ran := o.running()
	o.mu.Unlock()
	o.stop()
	if !ran {
		o.mu.Lock()
		o.run = nil
		clear(o.looks)
		o.version++
		o.told()
		o.mu.Unlock()
	}
	answer(w, http.StatusOK, o.state())
}
