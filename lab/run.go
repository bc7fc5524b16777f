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
	curves      map[int]*curve // by fold, −1 for the training on all rows
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
	Opened   int                 `json:"opened"` // how often the rows that judged have been opened, 0: not counted
}

// grid is a small table.
type grid struct {
	Head []string   `json:"head"`
	Rows [][]string `json:"rows"`
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
	epoch    func(fold int, first bool, fit, held float64)
	count    func(protocol.Done) int
}

// work makes the files of a study and what is shown of it.
type work func(ctx context.Context, to watcher) (*result, map[string][]byte, error)

// written is the study file as it will be carried out.
func written(made *check.Study, lang say.Lang) ([]byte, error) {
	file, err := made.Write(language(lang))
	if err != nil {
		return nil, err
	}
	_, err = check.ReadStudy("study.yaml", file)
	return file, err
}

// prepare carries the question as far as the training.
func (q *studyQuestion) prepare(h *held) (work, error) {
	made, err := q.protocol(h)
	if err != nil {
		return nil, err
	}
	if q.Survival != nil {
		return q.prepareSurvival(h, made)
	}
	file, err := written(made, q.Lang)
	if err != nil {
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
	done := protocol.Done{Table: tbl, Sum: h.sum, Study: file}
	return func(ctx context.Context, to watcher) (*result, map[string][]byte, error) {
		plan.Watch = func(i int, name string, network, regression float64) { to.fold(fold{i, name, network, regression}) }
		plan.Epoch = to.epoch
		done.Started = time.Now()
		if done.Result, err = study.Run(ctx, tbl, plan, "", to.progress); err != nil {
			return nil, nil, err
		}
		files := map[string][]byte{"study.yaml": file}
		opened, err := write(h.name, &done, to.count, files)
		s := resultOf(done.Result)
		s.Opened = opened
		return s, files, err
	}, nil
}

// write makes the model and the reports, which say how often the rows that judged have been opened.
func write(name string, done *protocol.Done, count func(protocol.Done) int, files map[string][]byte) (opened int, err error) {
	var b bytes.Buffer
	if err := done.Result.Model.Write(&b); err != nil {
		return 0, err
	}
	files["model.gradus"], done.Model = b.Bytes(), b.Bytes()
	if count != nil {
		opened = count(*done)
	}
	for _, lang := range []say.Lang{say.Korean, say.English} {
		var b bytes.Buffer
		if err := report.Write(&b, protocol.Report(lang, name, done.Result, opened)); err != nil {
			return opened, err
		}
		files["report."+string(lang)+".html"] = b.Bytes()
	}
	return opened, nil
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
	r := &run{question: q, cancel: cancel, ended: make(chan struct{}), state: running, curves: map[int]*curve{}}
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
		func(fold int, first bool, fit, held float64) { change(func() { r.epoch(fold, first, fit, held) }) },
		o.Count,
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
