//go:build (amd64 || arm64) && !noasm

package kernel

// function is dst = f(a).
func (p *pass) function(f Formula) {
	switch f {
	case ExpOf:
		lanesExp(p)
	case LogOf:
		lanesLog(p)
	case SigmoidOf:
		lanesSigmoid(p)
	case TanhOf:
		lanesTanh(p)
	case SoftplusOf:
		lanesSoftplus(p)
	case ReLUOf:
		lanesReLU(p)
	case SiLUOf:
		lanesSiLU(p)
	case GELUOf:
		lanesGELU(p)
	case GELUTanhOf:
		lanesGELUTanh(p)
	default:
		panic("kernel: no such function")
	}
}

// slope is dst = a·f′(b).
func (p *pass) slope(f Formula) {
	switch f {
	case SigmoidOf:
		lanesSigmoidBack(p)
	case TanhOf:
		lanesTanhBack(p)
	case SoftplusOf:
		lanesSoftplusBack(p)
	case ReLUOf:
		lanesReLUBack(p)
	case SiLUOf:
		lanesSiLUBack(p)
	case GELUOf:
		lanesGELUBack(p)
	case GELUTanhOf:
		lanesGELUTanhBack(p)
	case SigmoidOfH:
		lanesSigmoidBackH(p)
	case TanhOfH:
		lanesTanhBackH(p)
	default:
		panic("kernel: no slope of this function")
	}
}

// rule is one pass over the vectors.
func (p *updatePass) rule(r rule) {
	switch r {
	case descentRule:
		lanesDescent(p)
	case momentumRule:
		lanesMomentum(p)
	case nesterovRule:
		lanesNesterov(p)
	case throwRule:
		lanesThrow(p)
	case rmspropRule:
		lanesRMSprop(p)
	case rmspropDeckRule:
		lanesRMSpropDeck(p)
	case adamRule:
		lanesAdam(p)
	case adamDeckRule:
		lanesAdamDeck(p)
	case amsgradRule:
		lanesAMSGrad(p)
	case amsgradDeckRule:
		lanesAMSGradDeck(p)
	}
}
