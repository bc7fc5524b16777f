//go:build amd64 && !noasm

package kernel

// run is one part of a normalisation.
func (p *normPass) run(part normPart) {
	switch part {
	case sumsPart:
		normSums(p)
	case squaresPart:
		normSquares(p)
	case meansPart:
		normMeans(p)
	case scalesPart:
		normScales(p)
	case affinePart:
		normAffine(p)
	case gradientsPart:
		normGradients(p)
	case backPart:
		normBack(p)
	case settlePart:
		normSettle(p)
	case rowsPart:
		normRows(p)
	case rowsBackPart:
		normRowsBack(p)
	}
}

// The routines of normalisation, dropout, gathering and packed softmax: what each computes stands with its generator, which its .s names.

//go:noescape
func normSums(args *normPass)

//go:noescape
func normSquares(args *normPass)

//go:noescape
func normMeans(args *normPass)

//go:noescape
func normScales(args *normPass)

//go:noescape
func normAffine(args *normPass)

//go:noescape
func normGradients(args *normPass)

//go:noescape
func normBack(args *normPass)

//go:noescape
func normSettle(args *normPass)

//go:noescape
func normRows(args *normPass)

//go:noescape
func normRowsBack(args *normPass)

//go:noescape
func lanesDrop(args *dropPass)

//go:noescape
func lanesGather(args *gatherPass)

//go:noescape
func lanesSoftmax4(args *pass)

//go:noescape
func lanesSoftmax8(args *pass)

//go:noescape
func lanesSoftmax16(args *pass)
