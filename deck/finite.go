package deck

import (
	"context"
	"strings"

	"gradus/activation"
	"gradus/trace"
)

// nudge is how far a finite difference moves a number to either side: its error is some 1e-11 on numbers of the deck's size.
const nudge = 1e-5

// Finite measures a derivative of the example without the chain rule: the number below the stroke is moved a little to either side
// and the one above it is computed again by a forward pass. ok is false for a symbol that is no derivative, or out of range.
func (w *Work) Finite(symbol string) (v float64, ok bool) {
	above, below, ok := strings.Cut(symbol, "_")
	if !ok || above[0] != 'd' {
		return 0, false
	}
	above, below = above[1:], below[1:]
	up, err := w.moved(above, below, nudge)
	if err != nil {
		return 0, false
	}
	down, err := w.moved(above, below, -nudge)
	return (up - down) / (2 * nudge), err == nil
}

// moved is the number called above where the one called below is by further.
func (w *Work) moved(above, below string, by float64) (float64, error) {
	e := w.Example
	h := [2]float64{w.v["h11"], w.v["h12"]}
	out := [2]float64{w.v["h21"], w.v["h22"]}
	at := int(below[len(below)-1] - '1')
	switch {
	case below[0] == 'o':
		f, err := activation.ByName[float64](e.Activation)
		if err != nil {
			return 0, err
		}
		v, _ := activation.At(f, w.v[below]+by)
		return v, nil
	case below[:2] == "h2":
		out[at] += by
		v, _, err := Loss(e.Cost, out[:], e.Y[:])
		return v, err
	case below[0] == 'h':
		h[at] += by
		return e.after(above, h, out)
	case below[0] == 'b':
		b := *e.B
		b[2*int(below[1]-'1')+at] += by
		e.B = &b
	default:
		e.W[4*int(below[1]-'1')+at] += by
	}
	r, err := trace.Run(context.Background(), e.Spec(), trace.Options{})
	if err != nil {
		return 0, err
	}
	v := values{}
	v.forward(r.Steps[0], "")
	return v[above], nil
}

// after is E where the hidden layer says h. Of Ey1 and Ey2 only that output hears of it, the other stays as it was.
func (e Example) after(above string, h, out [2]float64) (float64, error) {
	r, err := trace.Run(context.Background(), e.second(h), trace.Options{})
	if err != nil || above == "E" {
		return first(r), err
	}
	i := int(above[2] - '1')
	out[i] = r.Steps[0].Layers[0].H[0][i]
	v, _, err := Loss(e.Cost, out[:], e.Y[:])
	return v, err
}

func first(r trace.Result) float64 {
	if len(r.Steps) == 0 {
		return 0
	}
	return r.Steps[0].Cost
}
