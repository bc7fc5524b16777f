package metric

// studentTails is P(|T| ≥ |t|) of Student's distribution with df degrees of freedom: I(df/2, ½; df/(df+t²)).
func studentTails(t, df float64) float64 {
	return incompleteBeta(df/2, .5, df/(df+t*t), t*t/(df+t*t))
}
