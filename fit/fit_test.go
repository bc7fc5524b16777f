package fit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gradus/data"
	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

func read(t testing.TB, csv string) *table.Table {
	t.Helper()
	tbl, err := table.Read(strings.NewReader(csv), "t.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tbl
}

func bundled(t testing.TB, name string) (*table.Table, string) {
	t.Helper()
	s, err := data.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, string(s.CSV())), s.Target
}

func begin(t testing.TB, tbl *table.Table, target string, rows []int, s model.Settings) *Run {
	t.Helper()
	goal, y, err := table.NewTarget(tbl, target, table.TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(tbl, rows, goal, y, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// bytesOf trains to the end and writes the model.
func bytesOf(t testing.TB, r *Run) []byte {
	t.Helper()
	m, err := r.Train(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func saved(t testing.TB, r *Run) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.Save(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func share(v float64) *float64 { return &v }

var tasks = []string{"breast_cancer", "iris", "diabetes"}

// quick settings with all that a run remembers: dropout, early stopping, batches that do not divide the rows.
func quick(validation float64) model.Settings {
	return model.Settings{Hidden: []int{6, 4}, Epochs: 6, Batch: 37, Dropout: .2, Seed: 5, Validation: share(validation), Alpha: .01}
}

// ensemble settings are quick ones of several members with encoded columns.
func ensemble(validation float64) model.Settings {
	s := quick(validation)
	s.Members, s.Bins = 3, 4
	return s
}

func TestTheSameBytesOnAnyCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for at, name := range slices.Concat(tasks, tasks, tasks, tasks) {
		tbl, target := bundled(t, name)
		var files [][]byte
		s := quick(.2)
		if at >= 2*len(tasks) {
			s = ensemble(1. / 3)
		}
		if at/len(tasks)%2 == 1 {
			s.Precision = model.Float64
		}
		for _, cores := range []int{1, 2, 2} {
			runtime.GOMAXPROCS(cores)
			files = append(files, bytesOf(t, begin(t, tbl, target, nil, s)))
		}
		if !bytes.Equal(files[0], files[1]) || !bytes.Equal(files[1], files[2]) {
			t.Errorf("%s: other bytes on another number of cores", name)
		}
		s.Seed++
		if bytes.Equal(files[0], bytesOf(t, begin(t, tbl, target, nil, s))) {
			t.Errorf("%s: another seed gives the same bytes", name)
		}
	}
}

// A run stopped anywhere, in mid-epoch too, and taken up by another process writes the model of the unbroken run.
func TestResume(t *testing.T) {
	for _, name := range tasks {
		for at, validation := range []float64{0, .2, 0, 1. / 3} {
			tbl, target := bundled(t, name)
			s := quick(validation)
			if at >= 2 {
				s = ensemble(validation)
			}
			if name == "iris" {
				s.Precision = model.Float64
			}
			fresh := func() *Run { return begin(t, tbl, target, nil, s) }
			whole := fresh()
			want := bytesOf(t, whole)
			total := whole.Counts().Total
			for _, stop := range []int{1, whole.Counts().PerEpoch, whole.Counts().PerEpoch + 1, total / 2, total - 1, total} {
				broken, n := fresh(), 0
				for _, err := range broken.Steps(t.Context()) {
					if err != nil {
						t.Fatal(err)
					}
					if n++; n == stop {
						break
					}
				}
				again := fresh()
				if err := again.Load(saved(t, broken)); err != nil {
					t.Fatalf("%s stopped at %d: %v", name, stop, err)
				}
				if !bytes.Equal(bytesOf(t, again), want) {
					t.Errorf("%s, validation %v: stopped at %d of %d it ends elsewhere", name, validation, stop, total)
				}
			}
		}
	}
}

// A checkpoint of other numbers, in the fitted or in the held rows, of other settings, seed or version is refused.
func TestAnotherRunIsRefused(t *testing.T) {
	csv := func(swap string) string {
		var b strings.Builder
		b.WriteString("a,b,y\n")
		for i := range 60 {
			fmt.Fprintf(&b, "%d,%d,%d\n", i*7%60, i*i%31, i*11%17+i)
		}
		old, now, _ := strings.Cut(swap, "|")
		return strings.Replace(b.String(), old, now, 1)
	}
	base := quick(.3)
	first := begin(t, read(t, csv("")), "y", nil, base)
	checkpoint := saved(t, first)
	if err := begin(t, read(t, csv("")), "y", nil, base).Load(checkpoint); err != nil {
		t.Fatal(err)
	}
	for i := range 60 { // whichever part the row is in
		row := fmt.Sprintf("\n%d,%d,%d\n", i*7%60, i*i%31, i*11%17+i)
		for _, changed := range []string{fmt.Sprintf("\n%d,%d.5,%d\n", i*7%60, i*i%31, i*11%17+i), fmt.Sprintf("\n%d,%d,%d.5\n", i*7%60, i*i%31, i*11%17+i)} {
			err := begin(t, read(t, csv(row+"|"+changed)), "y", nil, base).Load(checkpoint)
			if e, ok := errors.AsType[*say.Err](err); !ok || e.Key != "train.checkpoint_other" {
				t.Fatalf("row %d changed to %q: %v", i, changed, err)
			}
		}
	}
	for name, change := range map[string]func(*model.Settings){
		"seed":       func(s *model.Settings) { s.Seed++ },
		"alpha":      func(s *model.Settings) { s.Alpha *= 2 },
		"epochs":     func(s *model.Settings) { s.Epochs++ },
		"batch":      func(s *model.Settings) { s.Batch++ },
		"dropout":    func(s *model.Settings) { s.Dropout = 0 },
		"hidden":     func(s *model.Settings) { s.Hidden = []int{4, 6} },
		"activation": func(s *model.Settings) { s.Activation = "relu" },
		"optimizer":  func(s *model.Settings) { s.Optimizer = "adamw" },
		"precision":  func(s *model.Settings) { s.Precision = model.Float64 },
		"members":    func(s *model.Settings) { s.Members = 2 },
		"bins":       func(s *model.Settings) { s.Bins = 5 },
		"decay":      func(s *model.Settings) { s.WeightDecay = share(.5) },
		"validation": func(s *model.Settings) { s.Validation = share(.31) },
		"patience":   func(s *model.Settings) { s.Patience = 2 },
		"leave":      func(s *model.Settings) { s.Leave = []string{"b"} },
	} {
		s := base
		change(&s)
		if err := begin(t, read(t, csv("")), "y", nil, s).Load(checkpoint); err == nil {
			t.Errorf("%s changed: taken", name)
		}
	}
	defer func(v string) { model.Version = v }(model.Version)
	model.Version += "+1"
	if err := begin(t, read(t, csv("")), "y", nil, base).Load(checkpoint); err == nil {
		t.Error("of another version: taken")
	}
}

// Everything learnt from the table, scales and levels too, comes from the fitted rows: changing all others changes nothing.
func TestNothingIsLearntFromOtherRows(t *testing.T) {
	line := func(i int, wild bool) string {
		a, c := fmt.Sprint(i*13%40), []string{"u", "v", "w"}[i%3]
		if wild {
			a, c = "1e9", "unseen"
		}
		return fmt.Sprintf("%s,%s,%v", a, c, float64(i*7%50)/4)
	}
	var calm, wild []string
	rows := []int{}
	for i := range 90 {
		calm, wild = append(calm, line(i, false)), append(wild, line(i, i >= 60))
		if i < 60 {
			rows = append(rows, i)
		}
	}
	prepared := func(lines []string, s model.Settings) (string, *Run) {
		r := begin(t, read(t, "a,c,y\n"+strings.Join(lines, "\n")+"\n"), "y", rows, s)
		b, err := json.Marshal([]any{r.Model().Preparation, r.Model().Scale})
		if err != nil {
			t.Fatal(err)
		}
		return string(b), r
	}
	a, first := prepared(calm, quick(0))
	b, second := prepared(wild, quick(0))
	if a != b || !bytes.Equal(bytesOf(t, first), bytesOf(t, second)) {
		t.Errorf("rows that were not given count:\n%s\n%s", a, b)
	}
	// the held rows of a run count for the number of epochs alone
	goalRows, held := hold(rows, nil, false, .2, quick(.2).Seed)
	if len(held) != 12 || len(goalRows) != 48 {
		t.Fatal(len(held))
	}
	changed := append([]string{}, calm...)
	for _, r := range held {
		changed[r] = line(r, true)
	}
	a, _ = prepared(calm, quick(.2))
	if b, _ = prepared(changed, quick(.2)); a != b {
		t.Errorf("held rows count:\n%s\n%s", a, b)
	}
}

// Tables of a few rows train, or are refused with a sentence.
func TestSmallTables(t *testing.T) {
	for _, task := range []string{"binary", "classes", "number"} {
		for n := 2; n <= 42; n++ {
			var b strings.Builder
			b.WriteString("a,c,y\n")
			for i := range n {
				y := map[string]string{"binary": []string{"no", "yes"}[i%2], "classes": fmt.Sprint("k", i%3), "number": fmt.Sprint(float64(i*i) / 3)}[task]
				fmt.Fprintf(&b, "%d,%s,%s\n", i*5%7, []string{"p", "q"}[i/2%2], y)
			}
			tbl := read(t, b.String())
			goal, y, err := table.NewTarget(tbl, "y", table.TaskAuto, "")
			var m *model.Model
			if err == nil {
				var r *Run
				if r, err = New(tbl, nil, goal, y, model.Settings{Epochs: 2, Validation: share(.3)}); err == nil {
					m, err = r.Train(t.Context())
				}
			}
			if err != nil {
				if _, ok := errors.AsType[*say.Err](err); !ok || n >= 6 {
					t.Errorf("%s, %d rows: %v", task, n, err)
				}
				continue
			}
			if out, _, err := m.All(tbl); err != nil || math.IsNaN(out.Data[0]) {
				t.Errorf("%s, %d rows: %v %v", task, n, out.Data, err)
			}
			if (m.Card.Held > 0) != (n >= least) || m.Card.Rows != n || (m.Card.HeldCost != nil) != (n >= least) {
				t.Errorf("%s, %d rows: card %+v", task, n, m.Card)
			}
		}
	}
}

func TestNotes(t *testing.T) {
	tbl, target := bundled(t, "cohort")
	keys := func(s model.Settings, rows []int) (list []string) {
		for _, n := range begin(t, tbl, target, rows, s).Notes() {
			list = append(list, n.Key)
			for _, lang := range []say.Lang{say.English, say.Korean} {
				if text := n.In(lang); strings.HasPrefix(text, "[") || strings.Contains(text, "{") {
					t.Errorf("%s: %q", n.Key, text)
				}
			}
		}
		return list
	}
	got := fmt.Sprint(keys(model.Settings{}, nil))
	if got != "[table.note_binary table.note_identifier table.note_date]" {
		t.Error(got)
	}
	if got := fmt.Sprint(keys(model.Settings{Validation: share(.2)}, upTo(30))); !strings.Contains(got, "fit.note_few") {
		t.Errorf("nobody says that no row is held: %s", got)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		csv string
		s   model.Settings
		key string
	}{
		{"a,b,y\n1,2,0\n3,4,1\n5,7,0\n2,2,1\n", model.Settings{Leave: []string{"a", "b"}}, "table.no_inputs"},
		{"a,y\n1,0\n1,1\n1,0\n1,1\n", model.Settings{}, "table.no_inputs"},
		{"a,y\n,0\n,1\n,0\n,1\n", model.Settings{}, "table.no_inputs"},
		{"a,y\n1,0\n2,1\n3,0\n4,1\n", model.Settings{Alpha: -1}, "model.setting"},
		{"a,y\n1,0\n2,1\n3,0\n4,1\n", model.Settings{Optimizer: "adm"}, "optimizer.unknown"},
		{"a,y\n1,0\n2,1\n3,0\n4,1\n", model.Settings{Activation: "rleu"}, "network.layer"},
		{"a,y\n1,0\n2,1\n3,0\n4,1\n", model.Settings{Hidden: []int{1 << 20, 1 << 20}}, "network.too_large"},
		{"a,y\n1,0\n2,1\n3,0\n4,1\n", model.Settings{Leave: []string{"z"}}, "table.no_column"},
	} {
		tbl := read(t, c.csv)
		goal, y, err := table.NewTarget(tbl, "y", table.TaskAuto, "")
		if err != nil {
			t.Fatal(err)
		}
		r, err := New(tbl, nil, goal, y, c.s)
		if e, ok := errors.AsType[*say.Err](err); !ok || r != nil || e.Fault || !strings.HasPrefix(e.Key, strings.SplitN(c.key, ".", 2)[0]+".") {
			t.Errorf("%+v: %v, want %s", c.s, err, c.key)
		}
	}
}

// Numbers at the edge of float64 give a model or a sentence, never NaN.
func TestExtremeNumbers(t *testing.T) {
	for _, values := range [][]string{
		{"1.7e308", "-1.7e308", "1", "2", "3", "4"},
		{"1e-320", "2e-320", "3e-320", "1e-320", "5e-320", "0"},
		{"1e308", "1e308", "1e308", "1e308", "1e308", "9e307"},
	} {
		for _, csv := range []string{"a,y\n%s,1.5\n%s,2.5\n%s,3\n%s,1\n%s,2\n%s,7.5\n", "y,a\n%s,1\n%s,2\n%s,3\n%s,1\n%s,2\n%s,7\n"} {
			args := []any{}
			for _, v := range values {
				args = append(args, v)
			}
			tbl := read(t, fmt.Sprintf(csv, args...))
			goal, y, err := table.NewTarget(tbl, "y", table.TaskAuto, "")
			if err == nil {
				var r *Run
				if r, err = New(tbl, nil, goal, y, model.Settings{Epochs: 3}); err == nil {
					if m, bad := r.Train(t.Context()); bad != nil {
						err = bad
					} else {
						var b bytes.Buffer
						if err := m.Write(&b); err != nil {
							t.Errorf("%v: %v", values, err)
						}
						if _, err := model.Read(b.Bytes(), "m"); err != nil {
							t.Errorf("%v: %v", values, err)
						}
					}
				}
			}
			if _, ok := errors.AsType[*say.Err](err); err != nil && !ok {
				t.Errorf("%v: %v", values, err)
			}
		}
	}
}
