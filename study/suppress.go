package study

// suppress says which of counts (rows, groups and their total) are hidden: those below least but 0, and then, in every sum that a
// reader knows, as many others as leave at least two hidden cells that come to least together. The sums known are each row's to its
// total, and each column's to the rows of its group. With one group its total is the same cell.
func suppress(counts [][]int) [][]bool {
	hidden := make([][]bool, len(counts))
	for k, row := range counts {
		hidden[k] = make([]bool, len(row))
		for g, n := range row {
			hidden[k][g] = n > 0 && n < least
		}
	}
	for again := true; again; {
		again = false
		for _, line := range lines(counts) {
			for told(counts, hidden, line) && hideOne(counts, hidden, line) {
				again = true
			}
		}
	}
	return hidden
}

// cell is a place in counts.
type cell struct{ row, group int }

// lines are the sums that a reader knows: the cells of a column; the groups of a row with their total last.
func lines(counts [][]int) (list [][]cell) {
	for g := range counts[0] {
		var line []cell
		for k := range counts {
			line = append(line, cell{k, g})
		}
		list = append(list, line)
	}
	for k, row := range counts {
		var line []cell
		for g := range row {
			line = append(line, cell{k, g})
		}
		list = append(list, line)
	}
	return list
}

// told reports whether a reader can work out a hidden cell of line, or knows that what is hidden is little: one cell alone, or cells
// that come to less than least where their sum is known.
func told(counts [][]int, hidden [][]bool, line []cell) bool {
	n, sum, total := 0, 0, false
	for i, c := range line {
		if hidden[c.row][c.group] {
			n++
			sum += counts[c.row][c.group]
			total = total || i > 0 && c.row == line[0].row && i == len(line)-1
		}
	}
	return n == 1 || n > 1 && !total && sum < least
}

// hideOne hides the smallest cell of line that is not, one that is not 0 if there is any, a total last; false: all are.
func hideOne(counts [][]int, hidden [][]bool, line []cell) bool {
	best := -1
	worth := func(i int) int {
		n, last := counts[line[i].row][line[i].group], len(line) > 1 && i == len(line)-1 && line[0].row == line[i].row
		switch {
		case last:
			return 1 << 61
		case n == 0:
			return 1 << 60
		}
		return n
	}
	for i, c := range line {
		if !hidden[c.row][c.group] && (best < 0 || worth(i) < worth(best)) {
			best = i
		}
	}
	if best >= 0 {
		hidden[line[best].row][line[best].group] = true
	}
	return best >= 0
}
