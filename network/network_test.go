package network

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gradus/activation"
	"gradus/internal/say"
	"gradus/mat"
)

func TestNewRefuses(t *testing.T) {
	dense := func(units int) Layer[float64] { return &Dense[float64]{Units: units} }
	shared, free := dense(3), dense(2)
	if _, err := New(2, free); err != nil {
		t.Fatal(err)
	}
	drop := &Dropout[float64]{Rate: .5}
	for name, c := range map[string]struct {
		in     int
		layers []Layer[float64]
		key    string
	}{
		"no input":             {0, []Layer[float64]{dense(1)}, "network.inputs"},
		"negative input":       {-5, []Layer[float64]{dense(1)}, "network.inputs"},
		"hostile input":        {1 << 40, []Layer[float64]{&Dropout[float64]{}}, "network.inputs"},
		"no layer":             {3, nil, "network.no_layers"},
		"nil layer":            {3, []Layer[float64]{nil}, "network.nil_layer"},
		"no neuron":            {3, []Layer[float64]{dense(0)}, "network.units"},
		"negative neurons":     {3, []Layer[float64]{dense(2), dense(-1)}, "network.units"},
		"hostile neurons":      {3, []Layer[float64]{dense(1 << 40)}, "network.too_large"},
		"most neurons":         {1, []Layer[float64]{dense(math.MaxInt)}, "network.too_large"},
		"product too large":    {1 << 20, []Layer[float64]{dense(1 << 20)}, "network.too_large"},
		"sum too large":        {1 << 14, []Layer[float64]{dense(1 << 14), dense(1)}, "network.too_large"},
		"one value twice":      {3, []Layer[float64]{shared, dense(3), shared}, "network.twice"},
		"a dropout twice":      {3, []Layer[float64]{drop, drop}, "network.twice"},
		"of another network":   {2, []Layer[float64]{free}, "network.taken"},
		"rate 1":               {3, []Layer[float64]{&Dropout[float64]{Rate: 1}}, "network.rate"},
		"rate NaN":             {3, []Layer[float64]{&Dropout[float64]{Rate: math.NaN()}}, "network.rate"},
		"rate negative":        {3, []Layer[float64]{&Dropout[float64]{Rate: -.1}}, "network.rate"},
		"epsilon negative":     {3, []Layer[float64]{&LayerNorm[float64]{Epsilon: -1}}, "network.epsilon"},
		"epsilon NaN":          {3, []Layer[float64]{&BatchNorm[float64]{Epsilon: math.NaN()}}, "network.epsilon"},
		"momentum above 1":     {3, []Layer[float64]{&BatchNorm[float64]{Momentum: 1.5}}, "network.momentum"},
		"momentum NaN":         {3, []Layer[float64]{&BatchNorm[float64]{Momentum: math.NaN()}}, "network.momentum"},
		"too few start values": {3, []Layer[float64]{&Dense[float64]{Units: 2, Initial: Given{make([]float64, 5)}}}, "network.given"},
		"no start values":      {3, []Layer[float64]{&Dense[float64]{Units: 2, Initial: Given{}}}, "network.given"},
	} {
		if _, err := New(c.in, c.layers...); !has(err, c.key) {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	if _, err := New(3, shared); err != nil {
		t.Errorf("a layer that was refused elsewhere is free: %v", err)
	}
}

// has reports whether the sentence key stands anywhere in err.
func has(err error, key string) bool {
	for err != nil {
		e, ok := err.(*say.Err)
		if !ok {
			return false
		}
		if e.Key == key {
			return true
		}
		err = e.Unwrap()
	}
	return false
}

func TestBuildRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		spec Spec
		key  string
	}{
		"unknown kind":       {Spec{Kind: "dence", Units: 1}, "network.kind"},
		"unknown activation": {Spec{Kind: "dense", Units: 1, Activation: "rellu"}, "activation.unknown"},
		"slope of another":   {Spec{Kind: "dense", Units: 1, Activation: "relu", Slope: .1}, "activation.no_slope"},
		"no neurons":         {Spec{Kind: "dense"}, "network.units"},
	} {
		if _, err := Build[float32](3, []Spec{{Kind: "dense", Units: 2}, c.spec}); !has(err, c.key) || !strings.Contains(err.Error(), "layer 2") {
			t.Errorf("%s: %v, want %s in layer 2", name, err, c.key)
		}
	}
	if _, err := InitializerByName("havier"); !has(err, "network.initializer") || !strings.Contains(err.Error(), "xavier") {
		t.Error(err)
	}
	for _, s := range Initializers() {
		if got, err := InitializerByName(s.Name()); err != nil || got != s {
			t.Errorf("%s: %v %v", s.Name(), got, err)
		}
	}
}

// every is one network with every kind of layer.
func every() []Spec {
	return []Spec{
		{Kind: "dense", Units: 4, Activation: "leaky-relu", Slope: .2},
		{Kind: "batch-norm", Activation: "tanh", Epsilon: .01, Momentum: .3},
		{Kind: "dropout", Rate: .25},
		{Kind: "dense", Units: 5, NoBias: true},
		{Kind: "layer-norm", Activation: "gelu", Epsilon: 1e-5},
		{Kind: "dense", Units: 3, Activation: "softmax"},
		{Kind: "ramps", Ramps: []Ramp{{Of: 2, From: -.5, To: 2}, {Of: 0, From: 0, To: 1}}},
		{Kind: "first", Units: 4},
		{Kind: "sum", Chains: [][]Spec{{{Kind: "dense", Units: 2, Activation: "silu"}, {Kind: "dense", Units: 3}}, {{Kind: "dense", Units: 3}}}},
	}
}

// A network's specs build the same network again.
func TestSpecs(t *testing.T) {
	a, err := Build[float64](3, every())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a.Specs(), every()) {
		t.Errorf("specs %+v", a.Specs())
	}
	b, err := Build[float64](3, a.Specs())
	if err != nil || !slices.Equal(a.Spans(), b.Spans()) || a.In() != 3 || b.Out() != 3 {
		t.Errorf("%v: %v and %v", err, a.Spans(), b.Spans())
	}
	kinds := map[string]bool{}
	for _, s := range every() {
		kinds[s.Kind] = true
	}
	for _, k := range kindNames() {
		if !kinds[k] {
			t.Errorf("no test covers the kind %q: give it a row in every() and shapes", k)
		}
	}
	for _, f := range activation.All[float64]() {
		net, err := Build[float64](2, []Spec{{Kind: "dense", Units: 2, Activation: f.Name()}})
		if err != nil {
			t.Fatal(err)
		}
		if s := net.Specs()[0]; s.Activation != f.Name() && !(f.Name() == "linear" && s.Activation == "") {
			t.Errorf("%s became %q", f.Name(), s.Activation)
		}
	}
}

func kindNames() (list []string) {
	for _, k := range kinds[float64]() {
		list = append(list, k.name)
	}
	return list
}

// The flat vector: every weight in one span, and only weight matrices decay.
func TestSpans(t *testing.T) {
	net, err := Build[float64](3, every())
	if err != nil {
		t.Fatal(err)
	}
	at, decaying := 0, 0
	for _, s := range net.Spans() {
		if s.Start != at || s.End != at+s.Rows*s.Cols || s.Decays != strings.HasSuffix(s.Name, "weights") {
			t.Errorf("%+v begins at %d", s, at)
		}
		at = s.End
		if s.Decays {
			decaying++
		}
	}
	if at != len(net.Weights()) || at != 3*4+4+8+4*5+10+5*3+3+(4*2+2+2*3+3)+(4*3+3) || len(net.Decaying()) != decaying || decaying != 6 {
		t.Errorf("%d weights of %d, %v decay", at, len(net.Weights()), net.Decaying())
	}
	norms, err := Build[float64](3, []Spec{{Kind: "layer-norm"}})
	if err != nil || norms.Decaying() == nil || len(norms.Decaying()) != 0 {
		t.Errorf("without weights nothing decays, and nil would mean everything: %v %v", norms.Decaying(), err)
	}
}

// Init depends on seed and place alone.
func TestInit(t *testing.T) {
	specs := every()
	a, _ := Build[float64](3, specs)
	specs[3].NoBias = false // another length in the middle
	b, _ := Build[float64](3, specs)
	a.Init(9)
	b.Init(9)
	w := func(n *Network[float64], i int) []float64 { return n.Layers()[i].(*Dense[float64]).Weights().Data }
	if !slices.Equal(w(a, 5), w(b, 5)) || !slices.Equal(w(a, 0), w(b, 0)) {
		t.Error("a change of one layer moved the start of another")
	}
	twins, _ := Build[float64](3, []Spec{{Kind: "dense", Units: 3}, {Kind: "dense", Units: 3}})
	if twins.Init(9); slices.Equal(w(twins, 0), w(twins, 1)) {
		t.Error("two layers of one shape start alike")
	}
	before := slices.Clone(a.Weights())
	a.Init(9)
	if !slices.Equal(before, a.Weights()) {
		t.Error("the same seed gave other weights")
	}
	a.Init(10)
	if slices.Equal(w(a, 5), before[len(before)-18:len(before)-3]) {
		t.Error("another seed gave the same weights")
	}
	for _, b := range a.Buffers() {
		b.Values[0] = 7
	}
	a.Init(9)
	if a.Buffers()[0].Values[0] != 0 || a.Buffers()[1].Values[0] != 1 {
		t.Error("Init left running statistics of before")
	}
	for _, d := range []int{0, 3, 5} {
		for _, v := range a.Layers()[d].(*Dense[float64]).Biases() {
			if v != 0 {
				t.Error("biases start at 0")
			}
		}
	}
}

// He for functions that pass one side, Xavier for the rest, unless the layer says otherwise.
func TestDefaultInitialiser(t *testing.T) {
	for name, bound := range map[string]float64{"relu": math.Sqrt(6. / 50), "silu": math.Sqrt(6. / 50), "tanh": math.Sqrt(6. / 90), "linear": math.Sqrt(6. / 90)} {
		net, err := Build[float64](50, []Spec{{Kind: "dense", Units: 40, Activation: name}})
		if err != nil {
			t.Fatal(err)
		}
		net.Init(1)
		w := net.Layers()[0].(*Dense[float64]).Weights().Data
		if top := slices.Max(w); top > bound || top < .98*bound {
			t.Errorf("%s: largest weight %v, want close to %v", name, top, bound)
		}
	}
	values := []float64{1, 2, 3, 4, 5, 6}
	net, err := New[float64](3, &Dense[float64]{Units: 2, Initial: Given{values}})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	if !slices.Equal(net.Weights()[:6], values) {
		t.Error(net.Weights())
	}
}

// chain is x through all layers, one after the other.
func chain(net *Network[float64], x mat.Matrix[float64]) []float64 {
	return slices.Clone(net.NewPrediction(x.Rows).Forward(x).Data)
}

// Any chain of linear layers does what one does, deck 4-2-1.
func TestCollapse(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	for depth := 1; depth <= 6; depth++ {
		for _, noBias := range []bool{false, true} {
			specs := make([]Spec, depth)
			for i := range specs {
				specs[i] = Spec{Kind: "dense", Units: 1 + r.IntN(6), NoBias: noBias || i == 1}
			}
			net := randomNetwork(t, r, specs)
			w, b, err := Collapse(net)
			if err != nil || w.Rows != net.Out() || w.Cols != testIn || len(b) != net.Out() {
				t.Fatalf("depth %d: (%d,%d), %d biases: %v", depth, w.Rows, w.Cols, len(b), err)
			}
			one, err := New[float64](testIn, &Dense[float64]{Units: net.Out(), Initial: Given{w.Data}})
			if err != nil {
				t.Fatal(err)
			}
			one.Init(0)
			copy(one.Layers()[0].(*Dense[float64]).Biases(), b)
			x := numbers(r, 7, testIn)
			if d := apart(chain(one, x), chain(net, x)); !(d <= 1e-12) {
				t.Errorf("depth %d: one layer is off by %.2g", depth, d)
			}
			w.Data[0]++ // its own memory
			if d := apart(chain(one, x), chain(net, x)); !(d <= 1e-12) {
				t.Error("the collapsed weights are the network's own")
			}
		}
	}
}

func TestCollapseByHand(t *testing.T) {
	net, err := New[float64](2, &Dense[float64]{Units: 2, Initial: Given{[]float64{1, 2, 3, 4}}}, &Dense[float64]{Units: 1, Initial: Given{[]float64{5, 6}}})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(0)
	copy(net.Layers()[0].(*Dense[float64]).Biases(), []float64{1, -1})
	net.Layers()[1].(*Dense[float64]).Biases()[0] = 10
	w, b, err := Collapse(net) // w = (5·1+6·3, 5·2+6·4), b = 5·1 + 6·(−1) + 10
	if err != nil || !slices.Equal(w.Data, []float64{23, 34}) || !slices.Equal(b, []float64{9}) {
		t.Errorf("%v %v %v", w.Data, b, err)
	}
}

func TestCollapseRefuses(t *testing.T) {
	linear := Spec{Kind: "dense", Units: 2}
	for name, c := range map[string]struct {
		specs []Spec
		key   string
		says  []string
	}{
		"activation between": {[]Spec{linear, {Kind: "dense", Units: 2, Activation: "relu"}, linear}, "network.collapse_activation", []string{"layers 2 and 3", `"relu"`}},
		"activation last":    {[]Spec{linear, {Kind: "dense", Units: 2, Activation: "sigmoid"}}, "network.collapse_last", []string{"last layer, 2", `"sigmoid"`}},
		"dropout":            {[]Spec{linear, {Kind: "dropout", Rate: .5}, linear}, "network.collapse_kind", []string{"layer 2", `"dropout"`}},
		"normalisation":      {[]Spec{{Kind: "layer-norm"}, linear}, "network.collapse_kind", []string{"layer 1", `"layer-norm"`}},
	} {
		net, err := Build[float64](3, c.specs)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = Collapse(net)
		if !has(err, c.key) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: %q lacks %q", name, err, s)
			}
		}
	}
}
