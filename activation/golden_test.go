package activation

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"gradus/internal/kernel"
	"gradus/mat"
)

// spot is one known point of every activation: a new one adds its row here. The test refuses a row that is missing.
// The deck's are its exact values (4-5-5, 4-5-22); the others are the definition evaluated with 60 digits.
var spot = []struct {
	name     string
	o, h, dh float64
}{
	{"linear", -1.5, -1.5, 1},
	{"step", 0, 1, 0},
	{"sigmoid", .14, .5349429451582145, .24877899058367}, // deck 4-5-5 and 4-5-22
	{"tanh", .5, .46211715726000974, .7864477329659274},
	{"relu", -.5, 0, 0},
	{"leaky-relu", -.5, -.005, .01},
	{"softmax", 3, 1, 0}, // a row of one
	{"elu", -1, -.6321205588285577, .36787944117144233},
	{"gelu", -1, -.15865525393145705, -.0833154705876863},
	{"gelu-tanh", -1, -.1588080093917233, -.08296408384578255},
	{"silu", -1, -.2689414213699951, .07232948812851327},
	{"softplus", -1, .3132616875182228, .2689414213699951},
	{"mish", -1, -.3034014613741089, .05921675587739495},
}

func TestSpot(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range spot {
		f, err := ByName[float64](row.name)
		if err != nil {
			t.Error(err)
			continue
		}
		seen[row.name] = true
		h, dh := At(f, row.o)
		near(t, row.name+" h", row.o, h, row.h)
		near(t, row.name+" dh", row.o, dh, row.dh)
	}
	for _, f := range All[float64]() {
		if !seen[f.Name()] {
			t.Errorf("%s has no golden value: add its row to spot", f.Name())
		}
	}
}

// number reads a float64 or the words "NaN", "Inf", "-Inf".
type number float64

func (n *number) UnmarshalJSON(b []byte) error {
	if s, err := strconv.Unquote(string(b)); err == nil {
		b = []byte(s)
	}
	v, err := strconv.ParseFloat(string(b), 64)
	*n = number(v)
	return err
}

func floats(list []number) []float64 {
	out := make([]float64, len(list))
	for i, n := range list {
		out[i] = float64(n)
	}
	return out
}

type golden struct {
	X           []number
	Activations map[string]struct{ Y, Dy []number }
	Softmax     []struct {
		X, Softmax []number
		Log        []number   `json:"log_softmax"`
		Jacobian   [][]number `json:"jac_softmax"`
	}
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	b, err := os.ReadFile("testdata/golden.json") // its source is written in it
	if err == nil {
		err = json.Unmarshal(b, &g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// apart is the distance in units of the last place; 0 within 1e-300, Inf where only one is NaN or infinite.
func apart(a, b float64) float64 {
	switch {
	case a == b, a != a && b != b, math.Abs(a-b) <= 1e-300:
		return 0
	case a != a || b != b || math.IsInf(a, 0) || math.IsInf(b, 0):
		return math.Inf(1)
	}
	b = math.Abs(b)
	return math.Abs(a-math.Copysign(b, a)) / (math.Nextafter(b, math.Inf(1)) - b)
}

func near(t *testing.T, what string, at, got, want float64) {
	t.Helper()
	if math.Signbit(got) != math.Signbit(want) && math.Abs(want) > 1e-300 || apart(got, want) > 4 {
		t.Errorf("%s at %v: %v, want %v (%.3g ulp)", what, at, got, want, apart(got, want))
	}
}

// TestGrid holds every function and derivative of the reference to 4 ulp on its 52 points, extremes included.
func TestGrid(t *testing.T) {
	g := readGolden(t)
	x := mat.View(1, len(g.X), floats(g.X))
	if len(g.X) != 52 || len(g.Activations) != 11 {
		t.Fatalf("the reference has %d points and %d functions, want 52 and 11", len(g.X), len(g.Activations))
	}
	for name, want := range g.Activations {
		f, err := ByName[float64](name)
		if err != nil {
			t.Error(err)
			continue
		}
		h, do := forwardBackward(f, x)
		worst := 0.0
		for i, o := range x.Data {
			y, dy := float64(want.Y[i]), float64(want.Dy[i])
			near(t, name, o, h.Data[i], y)
			near(t, name+"′", o, do.Data[i], dy)
			if y == 0 && math.Signbit(h.Data[i]) != math.Signbit(y) {
				t.Errorf("%s at %v: the sign of zero is wrong", name, o)
			}
			worst = max(worst, apart(h.Data[i], y), apart(do.Data[i], dy))
		}
		t.Logf("%s: at most %.2g ulp", name, worst)
	}
}

// forwardBackward returns f(o) and, with dh = 1 everywhere, f′(o).
func forwardBackward[T mat.Float](f Func[T], o mat.Matrix[T]) (h, do mat.Matrix[T]) {
	h, do = mat.New[T](o.Rows, o.Cols), mat.New[T](o.Rows, o.Cols)
	for i := range do.Data {
		do.Data[i] = 1
	}
	f.Forward(h, o)
	f.Backward(do, do, o, h)
	return h, do
}

func TestSoftmaxReference(t *testing.T) {
	g := readGolden(t)
	if len(g.Softmax) != 15 {
		t.Fatalf("the reference has %d rows, want 15", len(g.Softmax))
	}
	for _, row := range g.Softmax {
		x := mat.View(1, len(row.X), floats(row.X))
		h, _ := forwardBackward[float64](Softmax[float64]{}, x)
		logs := make([]float64, len(row.X))
		kernel.LogSoftmaxRow(logs, x.Data)
		for i, o := range x.Data {
			near(t, "softmax", o, h.Data[i], float64(row.Softmax[i]))
			near(t, "log softmax", o, logs[i], float64(row.Log[i]))
		}
		for j, want := range row.Jacobian { // the Jacobian is symmetric: row j is what dh = eⱼ gives
			dh, do := mat.New[float64](1, x.Cols), mat.New[float64](1, x.Cols)
			dh.Data[j] = 1
			Softmax[float64]{}.Backward(do, dh, x, h)
			for i := range want {
				near(t, "softmax′", x.Data[i], do.Data[i], float64(want[i]))
			}
		}
	}
}
