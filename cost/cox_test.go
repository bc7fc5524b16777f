package cost

import (
	"math"
	"math/rand/v2"
	"testing"

	"gradus/mat"
	"gradus/tape"
)

// survivors are random hazards, times with many ties and events.
func survivors(rng *rand.Rand, rows int) (h, y mat.Matrix[float64]) {
	h, y = mat.New[float64](rows, 1), mat.New[float64](rows, 2)
	for i := range rows {
		h.Data[i] = rng.NormFloat64()
		y.Data[2*i], y.Data[2*i+1] = float64(rng.IntN(rows/3+1)), float64(rng.IntN(2))
	}
	return h, y
}

// plain is the cost by its definition, every risk set summed anew, on the tape.
func plain(t *tape.Tape, h []tape.Value, y mat.Matrix[float64], ties Ties) tape.Value {
	e := t.Const(0)
	for i := range h {
		if y.Data[2*i+1] != 1 {
			continue
		}
		risk, top, d, before := t.Const(0), t.Const(0), 0., 0.
		for j := range h {
			if y.Data[2*j] >= y.Data[2*i] {
				risk = risk.Add(h[j].Exp())
			}
			if y.Data[2*j] == y.Data[2*i] && y.Data[2*j+1] == 1 {
				top = top.Add(h[j].Exp())
				if d++; j < i {
					before++
				}
			}
		}
		if ties != Breslow {
			risk = risk.Sub(top.Mul(t.Const(before / d)))
		}
		e = e.Add(risk.Log()).Sub(h[i])
	}
	return e.Div(t.Const(float64(len(h))))
}

// Value and gradient are those of the definition on the tape, and finite differences find the same slope.
func TestCoxIsItsDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for _, ties := range []Ties{"", Efron, Breslow} {
		for _, rows := range []int{2, 3, 17, 60} {
			f, err := NewCox[float64](ties)
			if err != nil {
				t.Fatal(err)
			}
			h, y := survivors(rng, rows)
			leaves, tp := make([]tape.Value, rows), tape.New()
			for i, v := range h.Data {
				leaves[i] = tp.Var(v)
			}
			want := plain(tp, leaves, y, ties)
			tp.Backward(want)
			if got := f.Forward(h, y); math.Abs(got-want.Value()) > 1e-13*(1+math.Abs(got)) {
				t.Errorf("%s, %d rows: E %v, the tape has %v", ties, rows, got, want.Value())
			}
			dh := mat.New[float64](rows, 1)
			f.Backward(dh, h, y)
			for i, v := range dh.Data {
				if math.Abs(v-leaves[i].Grad()) > 1e-12 {
					t.Errorf("%s, %d rows: ∂E/∂h[%d] %v, the tape has %v", ties, rows, i, v, leaves[i].Grad())
				}
				if s := slope(f, h, y, i); math.Abs(v-s) > 1e-7 {
					t.Errorf("%s, %d rows: ∂E/∂h[%d] %v, finite differences have %v", ties, rows, i, v, s)
				}
			}
		}
	}
}

// float32 computes in float64 and rounds the gradient once.
func TestCoxFloat32(t *testing.T) {
	h, y := survivors(rand.New(rand.NewPCG(2, 9)), 40)
	h32, y32, d32 := mat.New[float32](40, 1), mat.New[float32](40, 2), mat.New[float32](40, 1)
	for i := range h.Data {
		h32.Data[i] = float32(h.Data[i])
		h.Data[i] = float64(h32.Data[i])
	}
	for i, v := range y.Data {
		y32.Data[i] = float32(v)
	}
	narrow, wide, dh := &Cox[float32]{}, &Cox[float64]{}, mat.New[float64](40, 1)
	if a, b := narrow.Forward(h32, y32), wide.Forward(h, y); a != b {
		t.Errorf("E %v in float32, %v in float64", a, b)
	}
	narrow.Backward(d32, h32, y32)
	wide.Backward(dh, h, y)
	for i, v := range d32.Data {
		if v != float32(dh.Data[i]) {
			t.Errorf("row %d: %v, not %v rounded", i, v, dh.Data[i])
		}
	}
}

// The cost asks for order and differences only; without an event it is 0; large hazards do not overflow; NaN is not lost.
func TestCoxSpecialValues(t *testing.T) {
	h, y := survivors(rand.New(rand.NewPCG(3, 9)), 30)
	f := &Cox[float64]{}
	e := f.Forward(h, y)
	for i := range h.Data {
		h.Data[i] += 1000
		y.Data[2*i] = math.Sqrt(y.Data[2*i])
	}
	if got := f.Forward(h, y); math.Abs(got-e) > 1e-11 {
		t.Errorf("shifted by 1000: %v, not %v", got, e)
	}
	h.Data[3] = math.NaN()
	if got := f.Forward(h, y); !math.IsNaN(got) {
		t.Errorf("of NaN: %v", got)
	}
	h.Data[3] = 1
	dh := mat.New[float64](30, 1)
	for i := range h.Data {
		y.Data[2*i+1], dh.Data[i] = 0, 7
	}
	f.Backward(dh, h, y)
	if got := f.Forward(h, y); got != 0 {
		t.Errorf("without an event: %v", got)
	}
	for i, v := range dh.Data {
		if v != 0 {
			t.Errorf("without an event ∂E/∂h[%d] is %v", i, v)
		}
	}
	if got := f.Forward(mat.New[float64](0, 1), mat.New[float64](0, 2)); !math.IsNaN(got) {
		t.Errorf("of no rows: %v", got)
	}
}

func TestCoxTruth(t *testing.T) {
	f := &Cox[float64]{}
	for key, y := range map[string]mat.Matrix[float64]{
		"cost.cox_columns": {Rows: 2, Cols: 1, Data: []float64{1, 2}},
		"cost.cox_time":    {Rows: 1, Cols: 2, Data: []float64{-1, 1}},
		"cost.cox_event":   {Rows: 1, Cols: 2, Data: []float64{3, 2}},
	} {
		wants(t, CheckTargets[float64](f, y, 1), key, "")
	}
	if err := CheckTargets[float64](f, mat.Matrix[float64]{Rows: 1, Cols: 2, Data: []float64{3, 1}}, 1); err != nil {
		t.Error(err)
	}
	_, err := NewCox[float64]("efrom")
	wants(t, err, "cost.word", "efron")
}

func TestCoxDoesNotAllocate(t *testing.T) {
	h, y := survivors(rand.New(rand.NewPCG(4, 9)), 200)
	f, dh := &Cox[float64]{}, mat.New[float64](200, 1)
	f.Forward(h, y)
	if n := testing.AllocsPerRun(20, func() { f.Forward(h, y); f.Backward(dh, h, y) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestCoxPanicsOnShapes(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("y (3,1) was taken")
		}
	}()
	(&Cox[float64]{}).Forward(mat.New[float64](3, 1), mat.New[float64](3, 1))
}
