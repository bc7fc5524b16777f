package lab

import (
	"bytes"
	"context"

	"gradus/check"
	"gradus/internal/say"
	"gradus/protocol"
	"gradus/report"
	"gradus/study"
)

// survivalQuestion asks how long it takes to the event, of a column of times or between two days.
type survivalQuestion struct {
	Time     string    `json:"time"`
	Start    string    `json:"start"`
	End      string    `json:"end"`
	Horizons []float64 `json:"horizons"`
}

// prepareSurvival carries the question as far as the training.
func (q *studyQuestion) prepareSurvival(h *held, made *check.Study) (work, error) {
	o := protocol.Outcome{Time: q.Survival.Time, Start: q.Survival.Start, End: q.Survival.End}
	if err := o.Follow(made); err != nil {
		return nil, err
	}
	file, err := written(made, q.Lang)
	if err != nil {
		return nil, err
	}
	tbl, _, err := check.Apply(h.name, h.sheet, made)
	if err != nil {
		return nil, err
	}
	p := protocol.SurvivalPlan(made, o, q.Survival.Horizons)
	if q.Inner == 0 {
		p.Inner = 0 // as many as the rows ask for
	}
	command := protocol.CleanSurvivalCommand(h.name, &p)
	return func(ctx context.Context, to watcher) (*result, map[string][]byte, error) {
		p.Epoch = to.epoch
		r, err := study.Survive(ctx, tbl, p, to.progress)
		if err != nil {
			return nil, nil, err
		}
		files := map[string][]byte{"study.yaml": file}
		return survivalResult(r), files, writeSurvival(h.name, command, r, files)
	}, nil
}

// writeSurvival makes the models and the reports.
func writeSurvival(name, command string, r *study.SurvivalResult, files map[string][]byte) error {
	var networks, cox bytes.Buffer
	if err := r.Model.Write(&networks); err != nil {
		return err
	}
	if err := r.Cox.Write(&cox); err != nil {
		return err
	}
	files["model.gradus"], files["cox.gradus"] = networks.Bytes(), cox.Bytes()
	for _, lang := range []say.Lang{say.Korean, say.English} {
		var b bytes.Buffer
		if err := report.WriteSurvival(&b, protocol.SurvivalReport(lang, name, command, r)); err != nil {
			return err
		}
		files["report."+string(lang)+".html"] = b.Bytes()
	}
	return nil
}

// survivalResult is what the page shows of r.
func survivalResult(r *study.SurvivalResult) *result {
	s := &result{
		Verdict:  inBoth(func(lang say.Lang) string { return report.SurvivalVerdict(lang, r.Study) }),
		Headline: map[string]grid{}, Warnings: map[string][]string{},
	}
	for _, lang := range []say.Lang{say.Korean, say.English} {
		head, rows := protocol.SurvivalHeadline(lang, r)
		s.Headline[string(lang)], s.Warnings[string(lang)] = grid{head, rows}, append([]string{}, protocol.SurvivalWarnings(lang, r)...)
	}
	return s
}
