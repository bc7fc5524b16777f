package train

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/internal/safetensors"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
)

func save[T mat.Float](t testing.TB, tr *Trainer[T]) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tr.Save(&b, "this run"); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every rule and form × schedule: a run broken anywhere, in mid-epoch or at its end, and taken up by another process ends with the
// bytes of the unbroken one, dropout and batch normalisation included.
func TestResume(t *testing.T) {
	x, y := pattern[float32](22, 1)
	begin := func(rule, schedule string) *Trainer[float32] {
		net := wide[float32](t)
		return mustNew(t, net, x, y, config(t, net, rule, schedule))
	}
	for _, row := range optimizer.All[float32]() {
		for _, form := range []string{"", " deck"} {
			for _, schedule := range optimizer.Schedules() {
				rule := row.Name + form
				t.Run(rule+"/"+schedule.Name, func(t *testing.T) {
					whole := begin(rule, schedule.Name)
					want, steps := trained(t, whole)
					end := save(t, whole)
					for _, at := range []int{0, 2, 6, 15, len(steps)} {
						broken := begin(rule, schedule.Name)
						forward(t, broken, at)
						resumed := begin(rule, schedule.Name)
						resumed.net.Init(99) // nothing of its own may count
						if err := resumed.Load(save(t, broken), "this run"); err != nil {
							t.Fatal(err)
						}
						got, rest := trained(t, resumed)
						if !slices.Equal(got, want) || !slices.Equal(rest, steps[at:]) || !bytes.Equal(save(t, resumed), end) {
							t.Errorf("resumed after iteration %d it ended elsewhere", at)
						}
						if resumed.Best() != whole.Best() || resumed.Epochs() != whole.Epochs() {
							t.Errorf("resumed after %d: best %+v, want %+v", at, resumed.Best(), whole.Best())
						}
					}
				})
			}
		}
	}
}

// forward takes n iterations.
func forward[T mat.Float](t testing.TB, tr *Trainer[T], n int) {
	t.Helper()
	if n == 0 {
		return
	}
	for s, err := range tr.Steps(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if s.Iteration == n {
			return
		}
	}
	t.Fatalf("the run ended before iteration %d", n)
}

// A cancelled run stops between two iterations; saved and resumed it ends as if nothing had been.
func TestCancel(t *testing.T) {
	x, y := pattern[float64](22, 1)
	begin := func() *Trainer[float64] {
		net := wide[float64](t)
		return mustNew(t, net, x, y, config(t, net, "nesterov deck", "plateau"))
	}
	want, steps := trained(t, begin())
	tr := begin()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var last Step
	var failure error
	for s, err := range tr.Steps(ctx) {
		if err != nil {
			failure = err
			break
		}
		if last = s; s.Iteration == 8 {
			cancel()
		}
	}
	if !errors.Is(failure, context.Canceled) || last.Iteration != 8 {
		t.Fatalf("after iteration %d: %v", last.Iteration, failure)
	}
	resumed := begin()
	if err := resumed.Load(save(t, tr), "this run"); err != nil {
		t.Fatal(err)
	}
	got, rest := trained(t, resumed)
	if !slices.Equal(got, want) || !slices.Equal(rest, steps[8:]) {
		t.Error("the resumed run ended elsewhere")
	}
	if got, _ := trained(t, tr); !slices.Equal(got, want) { // going on without a file is the same
		t.Error("the cancelled run went on to another end")
	}
}

// everything is a copy of all that Load may change.
func everything[T mat.Float](tr *Trainer[T]) string {
	var s strings.Builder
	for _, v := range tr.vectors() {
		fmt.Fprintln(&s, v.name, v.values)
	}
	memory := optimizer.PlateauMemory{}
	if m := tr.memory(); m != nil {
		memory = *m
	}
	count := -1
	if n := tr.cfg.Rule.State().T; n != nil {
		count = *n
	}
	fmt.Fprintln(&s, tr.place, tr.best.cost, tr.order.rows, memory, count)
	return s.String()
}

// A file that is damaged in one bit, cut short, or of another run is refused, and the trainer stands where it stood.
func TestBadCheckpointChangesNothing(t *testing.T) {
	x, y := pattern[float32](22, 1)
	net := wide[float32](t)
	tr := mustNew(t, net, x, y, config(t, net, "adam", "plateau"))
	forward(t, tr, 8)
	file := save(t, tr)
	forward(t, tr, 9)
	before := everything(tr)
	refuse := func(what string, b []byte, identity, key string) {
		t.Helper()
		if err := tr.Load(b, identity); !has(err, key) {
			t.Errorf("%s: %v, want %s", what, err, key)
		}
		if everything(tr) != before {
			t.Fatalf("%s was refused and changed something", what)
		}
	}
	for i := 0; i < len(file); i += 7 {
		b := slices.Clone(file)
		b[i] ^= 1 << (i % 8)
		refuse(fmt.Sprintf("byte %d", i), b, "this run", "train.checkpoint_damaged")
	}
	for n := 0; n < len(file); n += 11 {
		refuse(fmt.Sprintf("%d bytes", n), file[:n], "this run", "train.checkpoint_damaged")
	}
	refuse("another run", file, "that run", "train.checkpoint_other")
	edit := func(change func(f *safetensors.File)) []byte {
		f, err := safetensors.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		change(f)
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for what, c := range map[string]struct{ name, value, key string }{
		"another program's file": {"format", "else", "train.checkpoint_format"},
		"a later version":        {"version", "2", "train.checkpoint_format"},
		"no place":               {"place", "", "train.checkpoint_damaged"},
		"a place of words":       {"place", `{"epoch":"one"}`, "train.checkpoint_damaged"},
		"epoch 0":                {"place", `{"epoch":0,"memory":{}}`, "train.checkpoint_place"},
		"no memory":              {"place", `{"epoch":2,"done":2,"iteration":8}`, "train.checkpoint_place"},
		"past the epoch":         {"place", `{"epoch":2,"done":6,"iteration":12,"memory":{}}`, "train.checkpoint_place"},
		"before the epoch":       {"place", `{"epoch":2,"done":-1,"iteration":5,"memory":{}}`, "train.checkpoint_place"},
		"past the end":           {"place", `{"epoch":6,"done":0,"iteration":30,"memory":{}}`, "train.checkpoint_place"},
		"far past the end":       {"place", `{"epoch":9223372036854775807,"done":0,"iteration":0,"finished":true,"memory":{}}`, "train.checkpoint_place"},
		"iterations do not fit":  {"place", `{"epoch":2,"done":2,"iteration":9,"memory":{}}`, "train.checkpoint_place"},
		"finished in between":    {"place", `{"epoch":2,"done":2,"iteration":8,"finished":true,"memory":{}}`, "train.checkpoint_place"},
		"waited backwards":       {"place", `{"epoch":2,"done":2,"iteration":8,"waited":-1,"memory":{}}`, "train.checkpoint_place"},
		"no t":                   {"t", "", "train.checkpoint_damaged"},
		"t below 0":              {"t", "-4", "train.checkpoint_damaged"},
		"t too large":            {"t", "99999999999999999999", "train.checkpoint_damaged"},
	} {
		refuse(what, edit(func(f *safetensors.File) { f.Metadata[c.name] = c.value }), "this run", c.key)
	}
	for what, change := range map[string]func(f *safetensors.File){
		"an array missing": func(f *safetensors.File) { f.Tensors = f.Tensors[1:] },
		"an array more":    func(f *safetensors.File) { f.Tensors = append(f.Tensors, safetensors.Floats("more", []float32{1}, 1)) },
		"another length":   func(f *safetensors.File) { f.Tensors[0] = safetensors.Floats("weights", []float32{1}, 1) },
		"another type": func(f *safetensors.File) {
			f.Tensors[0] = safetensors.Floats("weights", make([]float64, len(net.Weights())), len(net.Weights()))
		},
		"a best cost that is NaN": func(f *safetensors.File) {
			f.Tensors[len(f.Tensors)-1] = safetensors.Floats(bestCost, []float64{math.NaN()}, 1)
		},
	} {
		refuse(what, edit(change), "this run", "train.checkpoint_damaged")
	}
	if err := tr.Load(file, "this run"); err != nil {
		t.Error("the file itself:", err)
	}
}

// Another rule's or schedule's checkpoint does not fit, even under the same identity.
func TestCheckpointOfAnotherRule(t *testing.T) {
	x, y := pattern[float32](22, 1)
	begin := func(rule, schedule string) *Trainer[float32] {
		net := wide[float32](t)
		return mustNew(t, net, x, y, config(t, net, rule, schedule))
	}
	for _, c := range [][2]string{{"momentum", "constant"}, {"adagrad", "constant"}, {"adam", "plateau"}, {"descent", "constant"}} {
		if err := begin("adam", "constant").Load(save(t, begin(c[0], c[1])), "this run"); !has(err, "train.checkpoint_damaged") {
			t.Errorf("%v: %v", c, err)
		}
	}
	wider := func() *Trainer[float64] {
		net := wide[float64](t)
		a, b := pattern[float64](22, 1)
		return mustNew(t, net, a, b, config(t, net, "adam", "constant"))
	}
	if err := wider().Load(save(t, begin("adam", "constant")), "this run"); !has(err, "train.checkpoint_damaged") {
		t.Errorf("float32 into float64: %v", err)
	}
}

type full struct{ room int }

func (w *full) Write(b []byte) (int, error) {
	if len(b) > w.room {
		return 0, errors.New("disk full")
	}
	w.room -= len(b)
	return len(b), nil
}

func TestSaveErrorComesBack(t *testing.T) {
	net := wide[float32](t)
	x, y := pattern[float32](22, 1)
	tr := mustNew(t, net, x, y, config(t, net, "adam", "constant"))
	if err := tr.Save(&full{100}, "this run"); err == nil || err.Error() != "disk full" {
		t.Error(err)
	}
}

// Whatever Load is given it answers with an error or a place that the run can go on from.
func FuzzLoad(f *testing.F) {
	x, y := pattern[float32](6, 1)
	begin := func(t testing.TB) *Trainer[float32] {
		net, err := network.Build[float32](3, []network.Spec{{Kind: "batch-norm"}, {Kind: "dense", Units: 2, Activation: "softmax"}})
		if err != nil {
			t.Fatal(err)
		}
		net.Init(1)
		c := config(t, net, "adam", "plateau")
		c.Epochs = 2
		return mustNew(t, net, x, y, c)
	}
	tr := begin(f)
	f.Add(save(f, tr), "", "")
	forward(f, tr, 1)
	file := save(f, tr)
	f.Add(file, "", "")
	f.Add(file, `{"epoch":2,"done":1,"iteration":3,"memory":{"Alpha":0.1}}`, "3")
	f.Add(file, `{"epoch":3,"iteration":4,"finished":true,"memory":{}}`, "4")
	f.Add(file, `{"epoch":1,"sum":1e308,"memory":{"Best":-1e308,"Waiting":-5}}`, "0")
	f.Add([]byte("not a checkpoint"), "", "")
	f.Fuzz(func(t *testing.T, b []byte, place, count string) {
		if c, err := safetensors.Read(b); err == nil && place != "" { // behind the seal
			c.Metadata["place"], c.Metadata["t"] = place, count
			var again bytes.Buffer
			if err := c.Write(&again); err != nil {
				t.Fatal(err)
			}
			b = again.Bytes()
		}
		tr := begin(t)
		if tr.Load(b, "this run") != nil {
			return
		}
		steps := 0
		for range tr.Steps(context.Background()) {
			if steps++; steps > 4 {
				t.Fatal("more steps than the run has")
			}
		}
	})
}
