package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gradus/internal/say"
	"gradus/optimizer"
)

// optimizeFlags are the flags as they are typed.
type optimizeFlags struct {
	on, alpha, start string
	rules            []string
	steps            int
}

// newOptimize is gradus optimize --on SURFACE --rule NAME[,key=value…] --alpha A --steps N --start a,b.
func newOptimize(a *app) *cobra.Command {
	var f optimizeFlags
	c := a.command("optimize", 0, 0, func([]string) error { return a.optimize(f) })
	set := c.Flags()
	set.StringVar(&f.on, "on", "quadratic", a.text("cmd.optimize_on"))
	set.StringArrayVar(&f.rules, "rule", nil, a.text("cmd.optimize_rule"))
	set.StringVar(&f.alpha, "alpha", "", a.text("cmd.optimize_alpha"))
	set.IntVar(&f.steps, "steps", 20, a.text("cmd.optimize_steps"))
	set.StringVar(&f.start, "start", "", a.text("cmd.optimize_start"))
	var surfaces, rules []string
	for _, s := range optimizer.Surfaces() {
		surfaces = append(surfaces, s.Name)
	}
	for _, r := range optimizer.All[float64]() {
		rules = append(rules, r.Name)
	}
	_ = c.RegisterFlagCompletionFunc("on", cobra.FixedCompletions(surfaces, cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("rule", cobra.FixedCompletions(rules, cobra.ShellCompDirectiveNoFileComp))
	c.Example = "gradus optimize --rule descent --alpha 0.05 --steps 50\n" +
		"gradus optimize --on rosenbrock --rule momentum,gamma=0.9 --rule adam,form=deck --alpha 0.001 --steps 100 --start -1.2,1\n" +
		"gradus optimize --on double-well --rule descent --rule momentum --alpha 0.01 --steps 200 --start 2\n" +
		"gradus optimize --rule descent --alpha 0.1 --steps 60"
	return c
}

// racer is one rule on the course with its own learning rate.
type racer struct {
	rule   optimizer.Rule[float64]
	form   optimizer.Form
	label  string
	course optimizer.Course
	walk   optimizer.Trajectory
}

func (a *app) optimize(f optimizeFlags) error {
	racers, err := f.racers()
	if err != nil {
		return err
	}
	for i := range racers {
		if racers[i].walk, err = racers[i].course.Run(racers[i].rule); err != nil {
			return err
		}
	}
	if a.json {
		return a.writeJSON(raceJSON(f.on, racers))
	}
	if len(racers) == 1 {
		a.showWalk(racers[0])
	} else {
		a.showRace(racers)
	}
	return a.showEnds(racers)
}

// racers reads every --rule.
func (f optimizeFlags) racers() ([]racer, error) {
	surface, err := optimizer.SurfaceByName(f.on)
	if err != nil {
		return nil, err
	}
	if len(f.rules) == 0 {
		return nil, say.Error("cmd.flag_missing", "name", "--rule", "usage", "--rule descent --rule adam,form=deck")
	}
	course := optimizer.Course{On: surface, Steps: f.steps, Alpha: math.NaN()}
	if f.start != "" {
		if course.Start, err = numbers("--start", f.start); err != nil {
			return nil, err
		}
	}
	if f.alpha != "" {
		if course.Alpha, err = parseValue("--alpha", f.alpha); err != nil {
			return nil, err
		}
	}
	var list []racer
	for _, text := range f.rules {
		r, err := newRacer(text, course)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// newRacer reads NAME[,key=value…]. Beside the rule's own values it takes form, alpha and the penalties.
func newRacer(text string, course optimizer.Course) (racer, error) {
	name, rest, some := strings.Cut(text, ",")
	r := racer{form: optimizer.Reference, label: text, course: course}
	values := map[string]float64{}
	for some {
		var pair string
		pair, rest, some = strings.Cut(rest, ",")
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return r, say.Error("cmd.optimize_pair", "rule", text, "found", pair)
		}
		if key == "form" {
			r.form = optimizer.Form(value)
			continue
		}
		v, err := parseValue("--rule "+name+", "+key, value)
		if err != nil {
			return r, err
		}
		if key == "alpha" {
			r.course.Alpha = v
		} else {
			values[key] = v
		}
	}
	if math.IsNaN(r.course.Alpha) {
		return r, say.Error("cmd.flag_missing", "name", "--alpha", "usage", "--alpha 0.05")
	}
	if err := optimizer.CheckAlpha(r.course.Alpha); err != nil {
		return r, err
	}
	var err error
	r.rule, r.course.Penalty, err = optimizer.NewPenalised[float64](name, len(course.On.Start), r.form, values, nil)
	return r, err
}

// parseValue reads one finite number; true and false are 1 and 0.
func parseValue(what, text string) (float64, error) {
	switch text {
	case "true":
		return 1, nil
	case "false":
		return 0, nil
	}
	v, err := numbers(what, text)
	if err != nil {
		return 0, err
	}
	if len(v) != 1 {
		return 0, say.Error("cmd.one_number", "flag", what, "value", text)
	}
	return v[0], nil
}

// raceJSON is {"on","runs":[{"rule","form","alpha","diverged_at","steps":[{"t","w","f","g",…state}]}]}.
func raceJSON(on string, racers []racer) object {
	runs := make([]object, len(racers))
	for i, r := range racers {
		steps := make([]object, len(r.walk.Steps))
		for k, p := range r.walk.Steps {
			steps[k] = object{{"t", p.T}, {"w", p.W}, {"f", p.F}, {"g", p.G}}
			for _, m := range p.State {
				steps[k] = append(steps[k], member{m.Name, m.Values})
			}
		}
		var diverged any
		if r.walk.DivergedAt > 0 {
			diverged = r.walk.DivergedAt
		}
		runs[i] = object{{"rule", r.rule.Name()}, {"form", r.form}, {"alpha", r.course.Alpha}, {"diverged_at", diverged}, {"steps", steps}}
	}
	return object{{"on", on}, {"runs", runs}}
}

// showWalk is the table of one rule with its state.
func (a *app) showWalk(r racer) {
	header := append([]string{"t"}, components("w", r.walk.Start.W)...)
	header = append(header, "f")
	header = append(header, components("g", r.walk.Start.G)...)
	rows := [][]string{walkRow(r.walk.Start)}
	for _, p := range r.walk.Steps {
		rows = append(rows, walkRow(p))
	}
	if len(r.walk.Steps) > 0 {
		for _, m := range r.walk.Steps[0].State {
			header = append(header, components(m.Name, m.Values)...)
		}
	}
	for i := range rows {
		for len(rows[i]) < len(header) { // the start has no state yet
			rows[i] = append(rows[i], none)
		}
	}
	a.table(header, rows)
}

func walkRow(p optimizer.Point) []string {
	row := append([]string{strconv.Itoa(p.T)}, each(p.W, number)...)
	row = append(append(row, number(p.F)), each(p.G, number)...)
	for _, m := range p.State {
		row = append(row, each(m.Values, number)...)
	}
	return row
}

// components names the elements of a vector: w₁, w₂.
func components(name string, v []float64) []string {
	list := make([]string, len(v))
	for i := range v {
		list[i] = name + subscript(i+1)
	}
	return list
}

// showRace puts the cost of every rule side by side.
func (a *app) showRace(racers []racer) {
	header, longest := []string{"t"}, 0
	for _, r := range racers {
		header = append(header, "f "+r.label)
		longest = max(longest, len(r.walk.Steps))
	}
	var rows [][]string
	for t := range longest + 1 {
		row := []string{strconv.Itoa(t)}
		for _, r := range racers {
			switch {
			case t == 0:
				row = append(row, number(r.walk.Start.F))
			case t <= len(r.walk.Steps):
				row = append(row, number(r.walk.Steps[t-1].F))
			default:
				row = append(row, none)
			}
		}
		rows = append(rows, row)
	}
	a.table(header, rows)
}

// showEnds says of every rule where it ended, or that it diverged and at which α.
func (a *app) showEnds(racers []racer) error {
	for _, r := range racers {
		if r.walk.DivergedAt == 0 {
			last := r.walk.Start
			if n := len(r.walk.Steps); n > 0 {
				last = r.walk.Steps[n-1]
			}
			a.print(a.text("cmd.optimize_end", "rule", r.label, "alpha", r.course.Alpha, "t", last.T,
				"w", strings.Join(each(last.W, number), ", "), "f", number(last.F)))
			continue
		}
		a.print(a.paint(a.tty, red, a.text("cmd.optimize_diverged", "rule", r.label, "t", r.walk.DivergedAt, "alpha", r.course.Alpha)))
		limit, found, err := r.course.DivergesAt(r.rule)
		switch {
		case err != nil:
			return err
		case len(r.course.On.Minima) == 0:
			a.print(a.text("cmd.optimize_bottomless", "on", r.course.On.Name))
		case found:
			a.print(a.text("cmd.optimize_limit", "rule", r.label, "limit", fmt.Sprintf("%.6g", limit)))
		}
	}
	return nil
}
