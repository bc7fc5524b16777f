package model

// Temper divides the logits of the model by t > 0: those of every member's last layer and of the line beside them, each rounded once. The
// order of the probabilities stays what it was; a t above 1 draws them together.
func (m *Model) Temper(t float64) {
	w, outputs := m.Network.Weights(), m.Logits()
	cool := func(w []float32) {
		for i, v := range w {
			w[i] = float32(float64(v) / t)
		}
	}
	last := outputs * (m.lastIn() + 1)
	members := m.Card.Settings.Members
	if members == 0 {
		cool(w[len(w)-last:])
		return
	}
	width := m.Network.In()
	for _, r := range m.ramps() {
		width += len(r.Ramps)
	}
	line := len(w) - outputs*(width+1)
	for i := range members {
		end := (i + 1) * (line / members)
		cool(w[end-last : end])
	}
	cool(w[line:])
}
