package metric

// studentTails is P(|T| ≥ |t|) of Student's distribution with df degrees of freedom: I(df/2, ½; df/(df+t²)).
func studentTails(t, df float64) float64 {
	return incompleteBeta(df/2, .5, df/(df+t*t), t*t/(df+t*t))
}

// studentPoint is the 97.5 % point of Student's distribution with df degrees of freedom, halved out of a bracket.
func studentPoint(df float64) float64 {
	low, high := 1., 13.
	for range 100 {
		t := (low + high) / 2
		if studentTails(t, df) > 2*tail95 {
			low = t
		} else {
			high = t
		}
	}
	return low
}
