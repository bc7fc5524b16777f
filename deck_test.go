package gradus

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"gradus/activation"
	"gradus/cost"
	"gradus/deck"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
	"gradus/perceptron"
	"gradus/tape"
	"gradus/trace"
	"gradus/train"
)

// worked is the example of deck 4-5: what the deck prints and the exact value, typed to eight decimals from a calculation in 40
// decimal digits that shares no code with the engine. An empty printed: the deck shows no number.
var worked = []struct {
	symbol, printed string
	exact           float64
}{
	{"o11", ".14", .14},
	{"o12", ".07", .07},
	{"h11", ".5349", .53494295},
	{"h12", ".5175", .51749286},
	{"o21", ".5745", .57447717},
	{"o22", ".4227", .42271933},
	{"h21", ".6398", .63979562},
	{"h22", ".6041", .60413378},
	{"E", ".0128", .01284127},
	{"dE_dh21", "-.1602", -.16020438},
	{"dh21_do21", ".2305", .23045719},
	{"do21_dw21", ".5349", .53494295},
	{"dE_dw21", "", -.01975023},
	{"w21'", ".3099", .30987511},
	{"w22'", ".8096", .80955298},
	{"w23'", ".4997", .49973557},
	{"w24'", ".2997", .29974420},
	{"dE_dh22", ".0041", .00413378},
	{"dE_dw22", "", -.01910597},
	{"dE_dw23", "", .00052885},
	{"dE_dw24", "", .00051160},
	{"dEy1_dh11", ".0111", -.01107608},
	{"dEy2_dh11", "-.0005", .00049431},
	{"dE_dh11", ".0106", -.01058177},
	{"dE_dh12", ".0292", -.02923962},
	{"dh11_do11", ".2488", .24877899},
	{"do11_dw11", ".1", .1},
	{"dE_dw11", "", -.00026325},
	{"dE_dw12", "", -.00052650},
	{"dE_dw13", "", -.00073010},
	{"dE_dw14", "", -.00146019},
	{"w11'", ".59986", .60013163},
	{"w12'", ".39974", .40026325},
	{"w13'", ".09964", .10036505},
	{"w14'", ".29927", .30073010},
	{"o11'", ".13993", .14006581},
	{"o12'", ".06993", .07018252},
	{"h11'", ".53493", .53495932},
	{"h12'", ".51748", .51753843},
	{"o21'", ".5845", .58474536},
	{"o22'", ".4224", .42246734},
	{"h21'", ".64210", .64215858},
	{"h22'", ".60406", .60407351},
	{"E'", ".0125", .01246525},
	{"drop", ".0003", .00037601},
}

// Every exact value to 1e-8, every printed digit as it stands, every slip told apart from the exact value.
func TestDeck(t *testing.T) {
	rows, err := deck.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	ledger := map[string]deck.Row{}
	for _, r := range rows {
		ledger[r.Symbol] = r
	}
	for _, w := range worked {
		r, ok := ledger[w.symbol]
		if !ok {
			t.Errorf("%s is missing", w.symbol)
			continue
		}
		if math.Abs(*r.Exact-w.exact) > 1e-8 {
			t.Errorf("%s = %.10f, want %.8f", w.symbol, *r.Exact, w.exact)
		}
		if w.printed == "" {
			if r.Printed != nil || r.Agrees != nil {
				t.Errorf("%s: the deck prints nothing", w.symbol)
			}
			continue
		}
		printed, _ := strconv.ParseFloat(w.printed, 64)
		_, decimals, _ := strings.Cut(w.printed, ".")
		agrees := strconv.FormatFloat(w.exact, 'f', len(decimals), 64) == strconv.FormatFloat(printed, 'f', len(decimals), 64)
		if r.Printed == nil || *r.Printed != printed || r.Decimals != len(decimals) || r.Slip() == agrees {
			t.Errorf("%s: printed %v, slip %v; the deck prints %s", w.symbol, r.Printed, r.Slip(), w.printed)
		}
		if r.Slip() && r.Note(say.English) == "" {
			t.Errorf("%s: a slip without a reason", w.symbol)
		}
	}
}

// example runs the worked example through trace, with other weights where some are given.
func example(t testing.TB, weights [][][]float64) trace.Result {
	t.Helper()
	s := deck.Spec()
	for l := range weights {
		for r, row := range weights[l] {
			for c, w := range row {
				s.Layers[l].Weights[r][c] = trace.Number(w)
			}
		}
	}
	r, err := trace.Run(context.Background(), s, trace.Options{Check: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The sign slip of 4-5-21, followed to its end, gives the deck's wrong weights, and the error falls all the same.
func TestTheSlipReproducesThePrintedNumbers(t *testing.T) {
	right := example(t, nil)
	g := right.Steps[0].Layers[0].DW
	wrong := [][]float64{{.6 + .5*g[0][0], .4 + .5*g[0][1]}, {.1 + .5*g[1][0], .3 + .5*g[1][1]}}
	// .59986 cuts .59986837 off where rounding gives .59987; .09964 comes from the rounded .0292·.2497
	for i, printed := range []float64{.59986, .39974, .09964, .29927} {
		if w := wrong[i/2][i%2]; math.Abs(w-printed) > 1e-5 {
			t.Errorf("w1%d with the slip is %.8f, the deck prints %v", i+1, w, printed)
		}
		if w := right.Layers[0].Weights[i/2][i%2]; math.Abs(w-printed) < 2e-4 {
			t.Errorf("w1%d = %.8f is not told apart from %v", i+1, w, printed)
		}
	}
	slip := example(t, [][][]float64{wrong, right.Layers[1].Weights}).Steps[0]
	if math.Abs(slip.Cost-.01246826) > 1e-8 || !(slip.Cost < right.Steps[0].Cost) {
		t.Errorf("E with the slip is %.8f", slip.Cost)
	}
	for i, printed := range []float64{.64210, .60406} {
		if h := slip.Layers[1].H[0][i]; math.Abs(h-printed) > 5e-5 {
			t.Errorf("h2%d with the slip is %.8f, the deck prints %v", i+1, h, printed)
		}
	}
	if check := *right.Steps[0].Check; !(check < 1e-10) {
		t.Errorf("finite differences part from backpropagation by %g", check)
	}
}

// The chain rule as a graph of single numbers gives the gradient of the layer-wise engine.
func TestTapeAgreesWithTheDeck(t *testing.T) {
	right := example(t, nil).Steps[0]
	var g tape.Tape
	var w []tape.Value
	for _, v := range []float64{.6, .4, .1, .3, .3, .8, .5, .3} {
		w = append(w, g.Var(v))
	}
	x1, x2 := g.Const(.1), g.Const(.2)
	h11, h12 := w[0].Mul(x1).Add(w[1].Mul(x2)).Sigmoid(), w[2].Mul(x1).Add(w[3].Mul(x2)).Sigmoid()
	h21, h22 := w[4].Mul(h11).Add(w[5].Mul(h12)).Sigmoid(), w[6].Mul(h11).Add(w[7].Mul(h12)).Sigmoid()
	d1, d2 := h21.Sub(g.Const(.8)), h22.Sub(g.Const(.6))
	g.Backward(d1.Mul(d1).Add(d2.Mul(d2)).Mul(g.Const(.5)))
	for i, v := range w {
		if want := right.Layers[i/4].DW[i%4/2][i%2]; math.Abs(v.Grad()-want) > 1e-12 {
			t.Errorf("weight %d: %g on the tape, %g in the layer", i, v.Grad(), want)
		}
	}
}

// The front page names three obstacles. The first, the vanishing gradient, by real backpropagation: what reaches the input through
// 1, 5 and 10 sigmoid layers. (The page's second, that more data causes overfitting, is a slip: more data cures it.)
func Example_front() {
	for _, depth := range []int{1, 5, 10} {
		s := deck.Spec()
		s.Layers = nil
		for range depth {
			s.Layers = append(s.Layers, trace.Layer{Activation: trace.Activation{Name: "sigmoid"}, Weights: [][]trace.Number{{1}}})
		}
		s.Batches = []trace.Batch{{X: [][]trace.Number{{.5}}, Y: [][]trace.Number{{0}}}}
		r, err := trace.Run(context.Background(), s, trace.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%d layers: ∂E/∂x = %.1e\n", depth, r.Steps[0].DX[0][0])
	}
	// Output:
	// 1 layers: ∂E/∂x = 1.5e-01
	// 5 layers: ∂E/∂x = 4.0e-04
	// 10 layers: ∂E/∂x = 2.3e-07
}

// 4-1: a perceptron stage by stage, and XOR, which one line cannot make, from NAND, OR and AND.
func Example_perceptron() {
	and, _ := perceptron.Gate("AND")
	s, _ := and.Run(1, 1)
	fmt.Println("AND(1, 1): Σwx =", s.Sum, " o =", s.O, " y =", s.Y)
	xor := perceptron.XOR()
	for _, x := range [][]float64{{0, 0}, {0, 1}, {1, 0}, {1, 1}} {
		all, _ := xor.Run(x...)
		fmt.Println("XOR", x, "=", all.Last.Y)
	}
	table, _ := perceptron.ParseTable("0110")
	fmt.Println("one line makes XOR:", perceptron.Prove(table).Separable)
	// Output:
	// AND(1, 1): Σwx = 2  o = 0.5  y = 1
	// XOR [0 0] = 0
	// XOR [0 1] = 1
	// XOR [1 0] = 1
	// XOR [1 1] = 0
	// one line makes XOR: false
}

// 4-2: functions with their derivatives, and 4-2-1, whose result is w′x + b′ with w′ = w₁w₂ and b′ = b₁w₂ + b₂, not w₂x + b₂.
func Example_activation() {
	for _, name := range []string{"step", "sigmoid", "tanh", "relu", "leaky-relu"} {
		f, _ := activation.ByName[float64](name)
		h, slope := activation.At(f, -1)
		fmt.Printf("%s(−1) = %.4f, f′(−1) = %.4f\n", name, h, slope) // 4-2-6: relu's gradient is 0 here
	}
	net, _ := network.New(1, network.Layer[float64](&network.Dense[float64]{Units: 1}), &network.Dense[float64]{Units: 1})
	copy(net.Weights(), []float64{2, 1, 3, -4}) // 2x + 1, then 3x − 4
	w, b, _ := network.Collapse(net)
	fmt.Printf("3(2x + 1) − 4 = %gx + (%g)\n", w.Data[0], b[0])
	// Output:
	// step(−1) = 0.0000, f′(−1) = 0.0000
	// sigmoid(−1) = 0.2689, f′(−1) = 0.1966
	// tanh(−1) = -0.7616, f′(−1) = 0.4200
	// relu(−1) = 0.0000, f′(−1) = 0.0000
	// leaky-relu(−1) = -0.0100, f′(−1) = 0.0100
	// 3(2x + 1) − 4 = 6x + (-1)
}

// 4-3: the costs of one prediction with their gradients. 4-3-4 prints the cross-entropy without its minus sign: it would be −0.3567.
// 4-3-2 calls MAE not differentiable: it is, everywhere but at h = y.
func Example_cost() {
	h, y := mat.From([]float64{.7, .3}), mat.From([]float64{1, 0})
	for _, name := range []string{"mae", "mse", "half-sse", "cross-entropy"} {
		f, _ := cost.ByName[float64](name)
		dh := mat.New[float64](1, 2)
		f.Backward(dh, h, y)
		fmt.Printf("%s = %.4f, ∂E/∂h = %.4f\n", name, f.Forward(h, y), dh.Data)
	}
	// Output:
	// mae = 0.3000, ∂E/∂h = [-0.5000 0.5000]
	// mse = 0.0900, ∂E/∂h = [-0.3000 0.3000]
	// half-sse = 0.0900, ∂E/∂h = [-0.3000 0.3000]
	// cross-entropy = 0.3567, ∂E/∂h = [-1.4286 0.0000]
}

// 4-4: the iterations of 4-4-6 (2000/500 = 4, which the page writes upside down), and Adam as 4-4-11 prints it, without the power t,
// against Adam: the step under a constant gradient.
func Example_optimizer() {
	c, _ := train.Count(2000, 500, 5)
	fmt.Println(c.PerEpoch, "iterations an epoch,", c.Total, "in all")
	right, _ := optimizer.New[float64]("adam", 1, optimizer.Deck, nil)
	printed, _ := optimizer.New[float64]("adam", 1, optimizer.Printed, nil)
	for t := 1; t <= 12; t++ {
		w, p := []float64{0}, []float64{0}
		right.Step(.1, w, []float64{1})
		printed.Step(.1, p, []float64{1})
		if t == 1 || t == 12 {
			fmt.Printf("t = %d: Adam %.4f, as printed %.4f\n", t, w[0], p[0])
		}
	}
	// Output:
	// 4 iterations an epoch, 20 in all
	// t = 1: Adam -0.1000, as printed -0.1000
	// t = 12: Adam -0.1000, as printed -0.2077
}

// 4-5: the worked example, what the deck prints beside what is.
func Example_backpropagation() {
	rows, err := deck.Ledger()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rows {
		switch r.Symbol {
		case "h21", "E", "dE_dh11", "w11'", "E'", "drop":
			fmt.Printf("%s %s: printed %g, exact %.8f, agrees %t\n", r.Page, r.Symbol, *r.Printed, *r.Exact, *r.Agrees)
		}
	}
	// Output:
	// 4-5-8 h21: printed 0.6398, exact 0.63979562, agrees true
	// 4-5-10 E: printed 0.0128, exact 0.01284127, agrees true
	// 4-5-21 dE_dh11: printed 0.0106, exact -0.01058177, agrees false
	// 4-5-24 w11': printed 0.59986, exact 0.60013163, agrees false
	// 4-5-31 E': printed 0.0125, exact 0.01246525, agrees true
	// 4-5-31 drop: printed 0.0003, exact 0.00037601, agrees false
}
