//go:build (amd64 || arm64) && !noasm

package kernel

// The routines of lanes: what each computes stands with its generator, which its .s names.

//go:noescape
func lanesExp(args *pass)

//go:noescape
func lanesLog(args *pass)

//go:noescape
func lanesSigmoid(args *pass)

//go:noescape
func lanesTanh(args *pass)

//go:noescape
func lanesSoftplus(args *pass)

//go:noescape
func lanesReLU(args *pass)

//go:noescape
func lanesSiLU(args *pass)

//go:noescape
func lanesGELU(args *pass)

//go:noescape
func lanesGELUTanh(args *pass)

//go:noescape
func lanesSigmoidBack(args *pass)

//go:noescape
func lanesTanhBack(args *pass)

//go:noescape
func lanesSoftplusBack(args *pass)

//go:noescape
func lanesSiLUBack(args *pass)

//go:noescape
func lanesGELUBack(args *pass)

//go:noescape
func lanesGELUTanhBack(args *pass)

//go:noescape
func lanesSigmoidBackH(args *pass)

//go:noescape
func lanesTanhBackH(args *pass)

//go:noescape
func lanesReLUBack(args *pass)

//go:noescape
func lanesMul(args *pass)

//go:noescape
func lanesSubScaled(args *pass)

//go:noescape
func lanesAddScaled(args *pass)

//go:noescape
func lanesSoftmaxShort(args *pass)

//go:noescape
func lanesSoftmaxLong(args *pass)

//go:noescape
func lanesBinary(args *pass)

//go:noescape
func lanesSquares(args *pass)

//go:noescape
func lanesNorm(args *pass)

//go:noescape
func lanesScale(args *pass)

//go:noescape
func lanesAddRow(args *pass)

//go:noescape
func lanesDescent(args *updatePass)

//go:noescape
func lanesMomentum(args *updatePass)

//go:noescape
func lanesNesterov(args *updatePass)

//go:noescape
func lanesThrow(args *updatePass)

//go:noescape
func lanesRMSprop(args *updatePass)

//go:noescape
func lanesRMSpropDeck(args *updatePass)

//go:noescape
func lanesAdam(args *updatePass)

//go:noescape
func lanesAdamDeck(args *updatePass)

//go:noescape
func lanesAMSGrad(args *updatePass)

//go:noescape
func lanesAMSGradDeck(args *updatePass)

//go:noescape
func lanesAhead(args *updatePass)
