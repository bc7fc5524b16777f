package optimizer

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/internal/say"
)

func TestNewRefuses(t *testing.T) {
	one := func(key string, x float64) map[string]float64 { return map[string]float64{key: x} }
	for _, c := range []struct {
		name   string
		form   Form
		values map[string]float64
		says   []string
	}{
		{"adan", "", nil, []string{`"adan"`, `"adam"`, "descent, momentum, nesterov, adagrad, rmsprop, adam, amsgrad, adamw"}},
		{"", "", nil, []string{`""`, "descent"}},
		{"momentum", Printed, nil, []string{"momentum", `"printed"`, "reference, deck"}},
		{"adam", "torch", nil, []string{"adam", `"torch"`, "reference, deck, printed"}},
		{"adam", "", one("beta_1", .9), []string{"adam", `"beta_1"`, `"beta1"`, "beta1, beta2, epsilon"}},
		{"adam", "", one("weight_decay", .1), []string{"adam", `"weight_decay"`}},
		{"descent", "", one("gamma", .9), []string{"descent", `"gamma"`, "no values"}},
		{"momentum", Deck, one("dampening", .1), []string{"momentum", "dampening", "reference", "deck"}},
		{"momentum", "", one("gamma", 1), []string{"momentum", "gamma is 1", "0 ≤ gamma < 1"}},
		{"momentum", "", one("gamma", -.1), []string{"gamma is -0.1", "0 ≤ gamma < 1"}},
		{"momentum", "", one("dampening", 1.5), []string{"dampening is 1.5", "0 ≤ dampening ≤ 1"}},
		{"nesterov", "", one("gamma", math.NaN()), []string{"nesterov", "gamma is NaN"}},
		{"adam", "", one("beta2", 1), []string{"beta2 is 1", "0 ≤ beta2 < 1"}},
		{"adam", "", one("epsilon", -1e-8), []string{"epsilon is -1e-08", "0 ≤ epsilon"}},
		{"adam", "", one("epsilon", math.Inf(1)), []string{"epsilon is +Inf"}},
		{"rmsprop", "", one("centred", .5), []string{"centred is 0.5", "centred = 0, 1"}},
		{"rmsprop", "", one("momentum", 1), []string{"momentum is 1"}},
		{"adamw", "", one("weight_decay", -1), []string{"adamw", "weight_decay is -1", "0 ≤ weight_decay"}},
	} {
		_, err := New[float64](c.name, 2, c.form, c.values)
		if err == nil {
			t.Errorf("%s %s %v is accepted", c.name, c.form, c.values)
			continue
		}
		for _, word := range c.says {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%q does not say %q", err, word)
			}
		}
		if korean := say.In(say.Korean, err); korean == err.Error() || strings.Contains(korean, "{") {
			t.Errorf("no Korean: %q", korean)
		}
	}
}

// A value that belongs to another form is fine where it says nothing new.
func TestDefaultOfAnotherFormIsAccepted(t *testing.T) {
	if _, err := New[float64]("momentum", 1, Deck, map[string]float64{"dampening": 0}); err != nil {
		t.Error(err)
	}
}

func TestEveryKeyHoldsItsDefaultAndNothingOutside(t *testing.T) {
	for _, row := range All[float64]() {
		for _, k := range row.Keys {
			form := row.Forms[0]
			for x, fine := range map[float64]bool{
				k.Default: true, k.Low: !k.Above, k.High: !k.Below && !math.IsInf(k.High, 1),
				k.Low - 1: false, k.High + 1: false, math.Inf(-1): false,
			} {
				if _, err := row.New(1, form, map[string]float64{k.Name: x}); (err == nil) != fine {
					t.Errorf("%s %s = %v: %v", row.Name, k.Name, x, err)
				}
			}
		}
	}
}

// The defaults that the specification fixes.
func TestDefaults(t *testing.T) {
	want := map[string]string{
		"descent": "", "momentum": "gamma=0.9 dampening=0", "nesterov": "gamma=0.9", "adagrad": "epsilon=1e-10",
		"rmsprop": "gamma=0.9 epsilon=1e-08 centred=0 momentum=0", "adam": "beta1=0.9 beta2=0.999 epsilon=1e-08",
		"amsgrad": "beta1=0.9 beta2=0.999 epsilon=1e-08", "adamw": "beta1=0.9 beta2=0.999 epsilon=1e-08 weight_decay=0",
	}
	for _, row := range All[float64]() {
		var list []string
		for _, k := range row.Keys {
			list = append(list, k.Name+"="+number(k.Default))
		}
		if got := strings.Join(list, " "); got != want[row.Name] {
			t.Errorf("%s: %s, want %s", row.Name, got, want[row.Name])
		}
		if row.Forms[0] != Reference || !slices.Contains(row.Forms, Deck) || !strings.HasPrefix(row.Page, "4-4-") {
			t.Errorf("%s: %v %s", row.Name, row.Forms, row.Page)
		}
	}
}

// A config's zero fields are the defaults, its others are what New is given.
func TestConfigsEqualNew(t *testing.T) {
	type made struct {
		rule Rule[float64]
		err  error
	}
	pair := func(rule Rule[float64], err error) made { return made{rule, err} }
	data := read[golden](t, "golden.json")
	for i, c := range []struct {
		typed, named made
	}{
		{pair(NewDescent[float64](), nil), pair(New[float64]("descent", 3, "", nil))},
		{pair(NewMomentum[float64](3, Deck, MomentumConfig{})), pair(New[float64]("momentum", 3, Deck, nil))},
		{
			pair(NewMomentum[float64](3, Reference, MomentumConfig{.5, .2})),
			pair(New[float64]("momentum", 3, "", map[string]float64{"gamma": .5, "dampening": .2})),
		},
		{pair(NewNesterov[float64](3, "", NesterovConfig{.7})), pair(New[float64]("nesterov", 3, "", map[string]float64{"gamma": .7}))},
		{pair(NewAdagrad[float64](3, Deck, AdagradConfig{1e-3})), pair(New[float64]("adagrad", 3, Deck, map[string]float64{"epsilon": 1e-3}))},
		{
			pair(NewRMSprop[float64](3, "", RMSpropConfig{Gamma: .8, Centred: true, Momentum: .5})),
			pair(New[float64]("rmsprop", 3, "", map[string]float64{"gamma": .8, "centred": 1, "momentum": .5})),
		},
		{pair(NewAdam[float64](3, Printed, AdamConfig{})), pair(New[float64]("adam", 3, Printed, nil))},
		{pair(NewAMSGrad[float64](3, "", AdamConfig{Beta1: .5})), pair(New[float64]("amsgrad", 3, "", map[string]float64{"beta1": .5}))},
		{
			pair(NewAdamW[float64](3, "", AdamWConfig{AdamConfig{Beta2: .99}, .1})),
			pair(New[float64]("adamw", 3, "", map[string]float64{"beta2": .99, "weight_decay": .1})),
		},
	} {
		if c.typed.err != nil || c.named.err != nil {
			t.Fatal(i, c.typed.err, c.named.err)
		}
		a, b := copied(data.Start), copied(data.Start)
		for _, g := range data.Gradients {
			c.typed.rule.Step(.1, a, g)
			c.named.rule.Step(.1, b, g)
		}
		if !slices.Equal(a, b) || slices.Equal(a, data.Start) {
			t.Errorf("%d %s: %v, want %v", i, c.named.rule.Name(), a, b)
		}
	}
	if _, err := NewAdam[float64](3, Deck, AdamConfig{Beta1: 2}); err == nil {
		t.Error("beta1 = 2 is accepted")
	}
}

func TestCheckAlpha(t *testing.T) {
	for alpha, fine := range map[float64]bool{.1: true, 5e-324: true, 0: false, -1: false, math.NaN(): false, math.Inf(1): false} {
		err := CheckAlpha(alpha)
		if (err == nil) != fine || err != nil && !strings.Contains(err.Error(), "alpha is "+number(alpha)+"; allowed: 0 < alpha") {
			t.Errorf("%v: %v", alpha, err)
		}
	}
}

// Whatever New is given, it makes a rule that steps or returns an error that both languages can say.
func FuzzNew(f *testing.F) {
	f.Add("adam", "deck", "beta1", .5)
	f.Add("rmsprop", "", "centred", 1.0)
	f.Add("momentum", "reference", "dampening", math.NaN())
	f.Add("adan", "printed", "", -1.0)
	f.Add("adamw", "reference", "weight_decay", 1e308)
	f.Fuzz(func(t *testing.T, name, form, key string, x float64) {
		rule, penalty, err := NewPenalised[float64](name, 2, Form(form), map[string]float64{key: x}, [][2]int{{0, 1}})
		if err != nil {
			if err.Error() == "" || say.In(say.Korean, err) == err.Error() {
				t.Errorf("not in both languages: %v", err)
			}
			return
		}
		w, g := []float64{1, 2}, []float64{.5, -.5}
		penalty.Add(w, g)
		rule.Step(.1, w, g)
		if rule.Name() != name {
			t.Errorf("%q made %q", name, rule.Name())
		}
	})
}

func TestSmaller(t *testing.T) {
	for alpha, want := range map[float64]float64{.5: .05, 733333.3333333334: 70000, 1e-3: 1e-4, 1e10: 1e9} {
		if got := Smaller(alpha); got != want {
			t.Errorf("%v: %v, want %v", alpha, got, want)
		}
	}
}
