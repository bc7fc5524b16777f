package table

// Count is how many of the first rows rows of c have each level of the input, how many have another, and how many are missing.
func (in *Input) Count(c *Column, rows int) (levels []int, others, missing int) {
	bi := boundInput{Input: in, column: c}
	bi.place()
	levels = make([]int, len(in.Levels))
	for r := range rows {
		at := -1
		switch {
		case c.Missing(r):
			missing++
			continue
		case bi.places == nil:
			at = bi.slots[c.Code(r)]
		default:
			if place, known := bi.places[c.Text(r)]; known {
				at = place
			}
		}
		if at < 0 {
			others++
		} else {
			levels[at]++
		}
	}
	return levels, others, missing
}
