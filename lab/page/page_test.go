package page

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"gradus/internal/say"
	"gradus/lab/scene"
)

// addresses are states of a page to look at: as it opens, under other seeds, with each control at its ends and each of its options.
func addresses(p *scene.Page) []string {
	list := []string{p.ID, p.ID + "&seed=1", p.ID + "&seed=999999"}
	if testing.Short() { // under the race detector every page once is slow enough
		return list[:1]
	}
	for _, c := range p.Controls {
		values := []string{}
		switch c.Kind {
		case scene.Choice:
			for _, o := range c.Options {
				values = append(values, o.Value)
			}
		case scene.List:
		default:
			values = []string{strconv.FormatFloat(c.Low, 'g', -1, 64), strconv.FormatFloat(c.High, 'g', -1, 64)}
		}
		for _, v := range values {
			list = append(list, p.ID+"&"+c.Key+"="+v)
		}
	}
	return list
}

// said collects every sentence that a scene or an exercise names.
func said(v reflect.Value, f func(scene.Words)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			said(v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			said(v.Index(i), f)
		}
	case reflect.Struct:
		if w, ok := v.Interface().(scene.Words); ok {
			f(w)
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				said(v.Field(i), f)
			}
		}
	}
}

func sentences(t *testing.T, where string, v any) {
	t.Helper()
	said(reflect.ValueOf(v), func(w scene.Words) {
		if w.Key == "" {
			return
		}
		args := make([]any, len(w.Args))
		for i, a := range w.Args {
			args[i] = a
		}
		for _, lang := range []say.Lang{say.Korean, say.English} {
			if s := say.Text(lang, w.Key, args...); !say.Has(w.Key) || strings.ContainsAny(s, "{}") {
				t.Errorf("%s: %s in %s is %q", where, w.Key, lang, s)
			}
		}
	})
}

// Every page opens in every state, every word it says exists, every number has one place, and a step is the same whenever it is seen.
func TestEveryPageOpens(t *testing.T) {
	for _, p := range All() {
		t.Run(p.ID, func(t *testing.T) {
			for _, name := range []string{"title", "term", "prose"} {
				if !say.Has(p.Words + "_" + name) {
					t.Errorf("no sentence %s_%s", p.Words, name)
				}
			}
			if p.Vignette && !say.Has(p.Words+"_vignette") {
				t.Errorf("no sentence %s_vignette", p.Words)
			}
			for _, a := range addresses(p) {
				opens(t, a)
			}
		})
	}
}

func opens(t *testing.T, address string) {
	t.Helper()
	var desk Desk
	v := desk.View(address)
	if v.Wrong != nil || v.Ignored != nil {
		t.Errorf("%s: wrong %v, ignored %v", address, v.Wrong, v.Ignored)
		return
	}
	for _, step := range []int{v.Steps, v.Steps / 2, 0} {
		at := address + "&step=" + strconv.Itoa(step)
		w := desk.View(at)
		if w.Wrong != nil || w.Scene == nil {
			t.Errorf("%s: %v", at, w.Wrong)
			return
		}
		sentences(t, at, w)
		if w.Scene.Summary.Empty() {
			t.Errorf("%s: no summary", at)
		}
		var fresh Desk
		if string(scene.Append(nil, fresh.View(at))) != string(scene.Append(nil, w)) {
			t.Errorf("%s: another desk sees another scene", at)
		}
		if !json.Valid(scene.Append(nil, w)) {
			t.Errorf("%s: not JSON", at)
		}
		if again := fresh.View(w.Page + "&" + w.Query); again.Query != w.Query {
			t.Errorf("%s: %q becomes %q", at, w.Query, again.Query)
		}
	}
}

// Every right answer passes, every known mistake gets its sentence, and so do five wrong answers of anyone.
func TestEveryExercise(t *testing.T) {
	for _, p := range All() {
		t.Run(p.ID, func(t *testing.T) {
			for _, seed := range []string{"", "&seed=3", "&seed=4242"} {
				s, _ := p.Read(strings.TrimPrefix(seed, "&"))
				run, err := p.Make(s)
				if err != nil || p.Exercises == nil {
					return
				}
				list, err := p.Exercises(s, run)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range list {
					exercise(t, p, seed, e)
				}
			}
		})
	}
}

func exercise(t *testing.T, p *scene.Page, seed string, e scene.Exercise) {
	t.Helper()
	for _, name := range []string{"", "_hint1", "_hint2", "_right"} {
		sentences(t, e.Key, scene.Say(e.Key+name, e.Args...))
	}
	if e.Goal != nil {
		reach(t, p, seed, e)
		return
	}
	if v := e.Judge(e.Answers()); !v.Pass {
		t.Errorf("%s%s: its own answers %v get %v", e.Key, seed, e.Answers(), v.Say)
	}
	for i, m := range e.Mistakes {
		v := e.Judge(e.Typical()[i])
		sentences(t, e.Key, v.Say)
		if v.Pass || v.Say.Key != m.Key {
			t.Errorf("%s%s: mistake %s with %v gets %v", e.Key, seed, m.Key, m.Values, v.Say)
		}
	}
	for _, f := range []func(float64) float64{
		func(v float64) float64 { return -v }, func(v float64) float64 { return 10 * v }, func(v float64) float64 { return v + 3 },
		func(v float64) float64 { return v / 2 }, func(v float64) float64 { return 0*v - 987654 },
	} {
		answers := e.Answers()
		right := e.Fields[0].Right
		if e.Fields[0].Options != nil || f(right) == right {
			continue
		}
		answers[0] = strconv.FormatFloat(f(right), 'g', -1, 64)
		if v := e.Judge(answers); v.Pass || v.Say.Key == "" {
			t.Errorf("%s%s: %v gets %v", e.Key, seed, answers, v)
		}
	}
	if v := e.Judge(nil); !v.Empty {
		t.Errorf("%s: no answer gets %v", e.Key, v)
	}
}

// reach sets the controls as the exercise's key says and finds the goal done, which it was not where the page opened.
func reach(t *testing.T, p *scene.Page, seed string, e scene.Exercise) {
	t.Helper()
	sentences(t, e.Key, *e.Goal)
	s, _ := p.Read(strings.TrimPrefix(seed, "&"))
	solve, step := e.Goal.Solution()
	s = s.Set(solve)
	if step != nil {
		s.Step = *step
	}
	run, err := p.Make(s)
	if err != nil {
		t.Fatal(err)
	}
	list, err := p.Exercises(s, run)
	if err != nil {
		t.Fatal(err)
	}
	for _, again := range list {
		if again.Key == e.Key && !again.Judge(nil).Pass {
			t.Errorf("%s%s: %v does not reach it: %v", e.Key, seed, solve, again.Judge(nil).Say)
		}
	}
}

// Any address opens something, says what it left out, and never stops the desk.
func FuzzView(f *testing.F) {
	for _, s := range []string{"", "#4-1-8&w1=NaN", "4-1-8&w1=1e400&seed=-1&step=99999999", "4-9-9", "4-1-8&%zz=%", "&&&==", "4-1-8&gate=한"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		var desk Desk
		v := desk.View(address)
		if v.Page == "" || v.Scene == nil && v.Wrong == nil || !json.Valid(scene.Append(nil, v)) {
			t.Errorf("%q: %+v", address, v)
		}
		desk.Check(address, 0, []string{address})
		desk.Drag(address, "line", 1, math.Inf(1))
	})
}
