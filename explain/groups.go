package explain

import "gradus/model"

// Group is a column of the table as the network sees it, or several that move together.
type Group = model.Group

// put copies the features of g from src to dst.
func put(g Group, dst, src []float64) {
	for _, s := range g.Spans {
		copy(dst[s[0]:s[1]], src[s[0]:s[1]])
	}
}
