package source

// sampled is how much of a text tells its delimiter.
const (
	sampledRecords = 50
	sampledBytes   = 1 << 20
)

// delimiterOf is the delimiter, among , ; tab |, by which most of the first 50 records that are not blank have the same number
// of cells, at least two; of two as good, the one that makes more cells. 0 where there is none.
func delimiterOf(t string) (best byte) {
	sample := t[:min(len(t), sampledBytes)]
	most, wide := 0, 0
	for _, d := range []byte(",;\t|") {
		if n, cells := agreement(sample, d); n > most || n == most && cells > wide {
			best, most, wide = d, n, cells
		}
	}
	return best
}

// agreement is how many records of t, cut at d, have the number of cells that most of several cells have, and that number. Titles
// of one cell do not vote; where they, or texts with a chance comma, are more than three of four there is no delimiter: 0.
func agreement(t string, d byte) (n, cells int) {
	counts, total := map[int]int{}, 0
	c := cutter{text: t, delimiter: d}
	var list []string
	for i := 0; i < sampledRecords && !c.done(); i++ {
		var err error
		if list, err = c.record(list[:0]); err != nil || c.done() && len(t) == sampledBytes {
			break // the sample ends within a record
		}
		if k := len(list); k > 0 {
			counts[k]++
			total++
		}
	}
	for k, m := range counts {
		if k > 1 && (m > n || m == n && k > cells) {
			n, cells = m, k
		}
	}
	if 4*n < total {
		return 0, 0
	}
	return n, cells
}
