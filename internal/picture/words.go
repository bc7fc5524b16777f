package picture

import (
	"strings"
	"unicode"
)

// width is about how wide s is at a size; office fonts differ by a tenth.
func width(s string, size float64) float64 {
	sum := 0.0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana):
			sum++
		case r == ' ' || strings.ContainsRune(".,:;'|il·()", r):
			sum += .34
		case unicode.IsDigit(r):
			sum += .62
		case unicode.IsUpper(r) || strings.ContainsRune("mwMW%→×−≥≤", r):
			sum += .7
		case unicode.Is(unicode.Mn, r):
		default:
			sum += .57
		}
	}
	return sum * size
}

// words are the words of s, those wider than most pixels cut into pieces that are not: behind a mark, if one stands in the piece's
// second half.
func words(s string, size, most float64) (list []string) {
	for _, word := range strings.Fields(s) {
		piece := ""
		for _, r := range word {
			if piece != "" && width(piece+string(r), size) > most {
				cut := strings.LastIndexAny(piece, "_-./,;:") + 1
				if 2*cut < len(piece) {
					cut = len(piece)
				}
				list, piece = append(list, piece[:cut]), piece[cut:]
			}
			piece += string(r)
		}
		list = append(list, piece)
	}
	return list
}

// wrap breaks s at spaces into lines of at most most pixels; a longer word is broken too, as long Korean names need.
func wrap(s string, size, most float64) (lines []string) {
	line := ""
	for _, word := range words(s, size, most) {
		if line != "" && width(line+" "+word, size) > most {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// spread moves the labels apart so that none covers another and all stay between top and bottom. The centres come in any order.
func spread(centres, heights []float64, top, bottom float64) []float64 {
	order := make([]int, len(centres))
	for i := range order {
		order[i] = i
	}
	for i := 1; i < len(order); i++ { // few labels
		for j := i; j > 0 && centres[order[j]] < centres[order[j-1]]; j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	at := append([]float64{}, centres...)
	edge := top
	for _, i := range order {
		at[i] = max(at[i], edge+heights[i]/2)
		edge = at[i] + heights[i]/2
	}
	edge = bottom
	for k := len(order) - 1; k >= 0; k-- {
		i := order[k]
		at[i] = min(at[i], edge-heights[i]/2)
		edge = at[i] - heights[i]/2
	}
	return at
}

// raised writes superscripts as small digits above the line: few Korean fonts have all of them.
func raised(s string) string {
	const up, down = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789−"
	var b strings.Builder
	var run string
	lift := ""
	flush := func(high bool) {
		switch {
		case run == "":
		case high:
			b.WriteString(`<tspan dy="-5" font-size="9.5">` + escape(run) + `</tspan>`)
			lift = ` dy="5"`
		case lift != "":
			b.WriteString("<tspan" + lift + ">" + escape(run) + "</tspan>")
			lift = ""
		default:
			b.WriteString(escape(run))
		}
		run = ""
	}
	was := false
	for _, r := range s {
		at := strings.IndexRune(up, r)
		if high := at >= 0; high != was {
			flush(was)
			was = high
		}
		if at >= 0 {
			r = []rune(down)[len([]rune(up[:at]))]
		}
		run += string(r)
	}
	flush(was)
	return b.String()
}
