package page

import (
	"errors"
	"strings"

	"gradus/internal/say"
	"gradus/lab/room"
	"gradus/lab/scene"
)

// Desk is where one learner's instrument stands. It keeps the run of the last address, so that a step is a look and no new
// computation. It is not shared between goroutines.
type Desk struct {
	page  *scene.Page
	query string // of the run, without the step
	run   *scene.Run
}

// View is an instrument at one moment.
type View struct {
	Page      string        `json:"page"`
	Query     string        `json:"query"` // the address in its one form
	Words     string        `json:"words"`
	Formula   string        `json:"formula,omitempty"`
	Slip      bool          `json:"slip,omitempty"`
	Vignette  bool          `json:"vignette,omitempty"`
	Seed      uint64        `json:"seed"`
	Controls  []Setting     `json:"controls"`
	Steps     int           `json:"steps"`
	Step      int           `json:"step"`
	Unit      scene.Words   `json:"unit,omitzero"`
	Marks     []scene.Mark  `json:"marks,omitempty"`
	Scene     *scene.Scene  `json:"scene,omitempty"`
	Exercises []Ask         `json:"exercises,omitempty"`
	Ignored   []scene.Words `json:"ignored,omitempty"`
	Wrong     *scene.Words  `json:"wrong,omitempty"` // why there is no scene
}

// Setting is a control with its value.
type Setting struct {
	scene.Control
	Value string `json:"value"`
}

// Ask is an exercise without its answer.
type Ask struct {
	Words  scene.Words `json:"words"`
	Fields []AskField  `json:"fields,omitempty"`
	Goal   *AskGoal    `json:"goal,omitempty"`
}

// AskField is a field to fill.
type AskField struct {
	Label   scene.Words   `json:"label,omitzero"`
	Unit    scene.Words   `json:"unit,omitzero"`
	Options []scene.Words `json:"options,omitempty"`
	Order   bool          `json:"order,omitempty"`
	Within  float64       `json:"within,omitempty"`
}

// AskGoal is how far a goal is.
type AskGoal struct {
	Now    scene.Number `json:"now"`
	Target scene.Words  `json:"target"`
	Done   bool         `json:"done"`
}

// View opens an address, such as 4-5-21&seed=3&step=21.
func (d *Desk) View(address string) View {
	s, ignored := d.open(address)
	v := View{
		Page: d.page.ID, Query: s.Query(), Words: d.page.Words, Formula: d.page.Formula, Slip: d.page.Slip, Vignette: d.page.Vignette,
		Seed: s.Seed, Ignored: ignored,
	}
	for _, c := range d.page.Controls {
		value := s.Raw(c.Key)
		c.Default = s.Default(c)
		v.Controls = append(v.Controls, Setting{c, value})
	}
	if err := d.show(s, &v); err != nil {
		w := wrong(err)
		v.Wrong = &w
	}
	return v
}

// open finds the page and the state of an address; of an address that names no page it is the first.
func (d *Desk) open(address string) (*scene.State, []scene.Words) {
	name, query, _ := strings.Cut(strings.TrimPrefix(address, "#"), "&")
	p := ByID(name)
	var ignored []scene.Words
	if p == nil {
		if p = pages()[0]; name != "" {
			ignored = append(ignored, scene.Say("lab.no_page", "page", clip(name)))
		}
	}
	s, more := p.Read(query)
	if d.page != p {
		d.page, d.run = p, nil
	}
	return s, append(ignored, more...)
}

// show fills in what is computed.
func (d *Desk) show(s *scene.State, v *View) error {
	run, err := d.work(s)
	if err != nil {
		return err
	}
	if s.Step > run.Steps {
		v.Ignored = append(v.Ignored, scene.Say("lab.no_step", "step", s.Step, "last", run.Steps))
		s.Step = run.Steps
		v.Query = s.Query()
	}
	v.Steps, v.Step, v.Unit, v.Marks = run.Steps, s.Step, run.Unit, run.Marks
	if v.Scene, err = safely(func() (*scene.Scene, error) { return run.At(s.Step) }); err != nil {
		return err
	}
	list, err := d.exercises(s)
	for _, e := range list {
		v.Exercises = append(v.Exercises, ask(e))
	}
	return err
}

// work returns the run of a state: the last one where only the step is another.
func (d *Desk) work(s *scene.State) (*scene.Run, error) {
	step := s.Step
	s.Step = 0
	query := s.Query()
	s.Step = step
	if d.run != nil && d.query == query {
		return d.run, nil
	}
	run, err := safely(func() (*scene.Run, error) { return d.page.Make(s) })
	if err != nil {
		return nil, err
	}
	d.run, d.query = run, query
	return run, nil
}

// safely turns a panic of an instrument into an error: the page goes on, and says which instrument it was.
func safely[T any](f func() (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = say.Failure("lab.broken", "cause", say.Shown(p))
		}
	}()
	return f()
}

func (d *Desk) exercises(s *scene.State) ([]scene.Exercise, error) {
	if d.page.Exercises == nil {
		return nil, nil
	}
	return safely(func() ([]scene.Exercise, error) { return d.page.Exercises(s, d.run) })
}

func ask(e scene.Exercise) Ask {
	a := Ask{Words: scene.Say(e.Key, e.Args...)}
	for _, f := range e.Fields {
		a.Fields = append(a.Fields, AskField{f.Label, f.Unit, f.Options, f.Order != nil, f.Within})
	}
	if e.Goal != nil {
		a.Goal = &AskGoal{e.Goal.Now, e.Goal.Target, e.Goal.Done}
	}
	return a
}

// exercise finds exercise number n of an address, from 0.
func (d *Desk) exercise(address string, n int) (scene.Exercise, error) {
	s, _ := d.open(address)
	if _, err := d.work(s); err != nil {
		return scene.Exercise{}, err
	}
	list, err := d.exercises(s)
	if err == nil && (n < 0 || n >= len(list)) {
		err = say.Error("lab.no_exercise", "n", n+1, "page", d.page.ID)
	}
	if err != nil {
		return scene.Exercise{}, err
	}
	return list[n], nil
}

// Check judges the answers to exercise n (from 0) of an address.
func (d *Desk) Check(address string, n int, answers []string) scene.Verdict {
	e, err := d.exercise(address, n)
	if err != nil {
		return scene.Verdict{Say: wrong(err)}
	}
	return e.Judge(answers)
}

// Hint is hint 1 or 2 of exercise n.
func (d *Desk) Hint(address string, n, hint int) scene.Words {
	e, err := d.exercise(address, n)
	if err != nil {
		return wrong(err)
	}
	return scene.Say(e.Key+"_hint"+string(rune('0'+min(max(hint, 1), 2))), e.Args...)
}

// Solution is how an exercise is solved: the answers as they are typed, or the controls (and the step) that reach its goal.
type Solution struct {
	Answers []string          `json:"answers,omitempty"`
	Solve   map[string]string `json:"solve,omitempty"`
	Step    *int              `json:"step,omitempty"`
	Wrong   [][]string        `json:"wrong,omitempty"` // answers whose mistake has a name
}

// Key is the solution of every exercise of an address, for the instructor.
func (d *Desk) Key(address string) []Solution {
	s, _ := d.open(address)
	if _, err := d.work(s); err != nil {
		return nil
	}
	list, _ := d.exercises(s)
	key := make([]Solution, len(list))
	for i, e := range list {
		key[i] = Solution{Answers: e.Answers(), Wrong: e.Typical()}
		if e.Goal != nil {
			key[i].Solve, key[i].Step = e.Goal.Solution()
		}
	}
	return key
}

// Drag answers a pull at a handle: the query of the state that follows.
func (d *Desk) Drag(address, handle string, x, y float64) string {
	s, _ := d.open(address)
	run, err := d.work(s)
	if err != nil || run.Drag == nil {
		return s.Query()
	}
	values, err := safely(func() (map[string]string, error) { return run.Drag(handle, x, y), nil })
	if err != nil {
		return s.Query()
	}
	return s.Set(values).Query()
}

// File writes the file called name of an address; nil where there is none that the engine writes.
func (d *Desk) File(address, name string) []byte {
	v := d.View(address)
	if v.Scene == nil {
		return nil
	}
	for _, f := range v.Scene.Figures {
		if f.Files == nil {
			continue
		}
		for _, i := range f.Files.Items {
			if i.Name == name && i.Write != nil {
				return i.Write()
			}
		}
	}
	return nil
}

// Trained is the network that an address of the playground has trained.
func (d *Desk) Trained(address string) (*room.Trained, error) {
	s, _ := d.open(address)
	run, err := d.work(s)
	if err != nil {
		return nil, err
	}
	if t := room.TrainedAt(run, min(s.Step, run.Steps)); t != nil {
		return t, nil
	}
	return nil, say.Error("lab.no_network", "address", clip(address))
}

// wrong words an error for the page.
func wrong(err error) scene.Words {
	e, ok := errors.AsType[*say.Err](err)
	if !ok {
		return scene.Text(err.Error())
	}
	w := scene.Words{Key: e.Key}
	for i := 0; i+1 < len(e.Args); i += 2 {
		w.Args = append(w.Args, say.Shown(e.Args[i]), say.Shown(e.Args[i+1]))
	}
	return w
}

// clip keeps what is quoted from an address short.
func clip(s string) string {
	if r := []rune(strings.ToValidUTF8(s, "�")); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return strings.ToValidUTF8(s, "�")
}
