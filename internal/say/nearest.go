package say

import "strings"

// Nearest returns the candidate that name begins, else the one with the fewest letter edits from it (ties: the first), for "did you mean".
func Nearest(name string, candidates []string) string {
	best, least := "", int(^uint(0)>>1)
	for _, c := range candidates {
		d := distance(strings.ToLower(name), strings.ToLower(c))
		if name != "" && strings.HasPrefix(c, name) {
			d = 0
		}
		if d < least {
			best, least = c, d
		}
	}
	return best
}

// distance is Levenshtein's edit distance over runes.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range s {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range t {
			change := diagonal
			if x != y {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(t)]
}
