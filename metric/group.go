package metric

// The smallest group of which figures are shown.
const (
	fewRows   = 50
	fewEvents = 10
)

// TooFew reports n < 50 or events < 10: of such a group the figures say more about chance than about the prediction.
func TooFew(n, events int) bool { return n < fewRows || events < fewEvents }

// Wald is v with the interval v ± 1.96·se.
func Wald(v, se Number) Estimate { return Estimate{v, v - z95*se, v + z95*se} }
