package network

import (
	"slices"
	"testing"

	"gradus/activation"
	"gradus/mat"
)

// A prediction sees the weights it was made with until it is refreshed, in every number of rows, and says what the pass says.
func TestPredictionRefresh(t *testing.T) {
	net, err := New[float32](5,
		&Dense[float32]{Units: 37, Activation: activation.ReLU[float32]{}},
		&Dense[float32]{Units: 8, Activation: activation.Tanh[float32]{}, NoBias: true},
		&Dense[float32]{Units: 3})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	for _, rows := range []int{1, 7, 64} {
		x := mat.New[float32](rows, 5)
		for i := range x.Data {
			x.Data[i] = float32(i%11)/3 - 1.5
		}
		p := net.NewPrediction(rows)
		for range 12 { // often enough that the kernels keep their calls
			if want := net.NewPass(rows, 1).Forward(x); !slices.Equal(p.Forward(x).Data, want.Data) {
				t.Fatalf("%d rows: %v, want %v", rows, p.Forward(x).Data, want.Data)
			}
		}
		net.Weights()[0]++
		p.Refresh()
		if want := net.NewPass(rows, 1).Forward(x); !slices.Equal(p.Forward(x).Data, want.Data) {
			t.Fatalf("%d rows after a change: %v, want %v", rows, p.Forward(x).Data, want.Data)
		}
	}
}
