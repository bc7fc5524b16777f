package picture

import (
	"math"
	"strconv"
	"strings"
)

// scale maps values to pixels.
type scale struct {
	low, high float64
	from, to  float64
	log       bool
}

// at is the pixel of v; NaN for what the scale cannot show.
func (s scale) at(v float64) float64 {
	if math.IsInf(v, 1) {
		return s.to
	}
	if math.IsInf(v, -1) {
		return s.from
	}
	low, high := s.low, s.high
	if s.log {
		if v <= 0 {
			return math.NaN()
		}
		v, low, high = math.Log10(v), math.Log10(low), math.Log10(high)
	}
	return s.from + (v-low)/(high-low)*(s.to-s.from)
}

// tick is a mark on an axis.
type tick struct {
	at   float64
	text string
}

// fit makes the scale of an axis for values, from … to in pixels, and its ticks. The upright axis (to < from) is widened to whole
// steps; the level one ends with the data.
func fit(a Axis, values []float64, from, to float64) (scale, []tick) {
	s := scale{from: from, to: to, log: a.Log}
	if len(a.Labels) > 0 {
		s.low, s.high, s.log = -.5, float64(len(a.Labels))-.5, false
		return s, named(a.Labels)
	}
	s.low, s.high = extent(a, values)
	wanted := max(3, int(math.Abs(to-from)/56))
	list := s.ticks(a, wanted)
	for wanted > 1 && to > from && !a.Log && s.crowded(list) {
		wanted--
		list = s.ticks(a, wanted)
	}
	return s, list
}

// ticks are about as many as wanted, with their words.
func (s *scale) ticks(a Axis, wanted int) (list []tick) {
	if a.Log {
		list = s.decades(a, wanted)
	} else {
		list = s.even(a, wanted)
	}
	for i := range list {
		if a.Format != nil {
			list[i].text = a.Format(list[i].at)
		}
	}
	return list
}

// crowded says whether the words of two ticks beside each other would meet.
func (s *scale) crowded(list []tick) bool {
	for i := 1; i < len(list); i++ {
		if s.at(list[i].at)-s.at(list[i-1].at) < (width(list[i].text, small)+width(list[i-1].text, small))/2+8 {
			return true
		}
	}
	return false
}

func named(labels []string) []tick {
	list := make([]tick, len(labels))
	for i, text := range labels {
		list[i] = tick{float64(i), text}
	}
	return list
}

// most is the largest value that an axis reaches: the difference of two is still a number.
const most = 1e300

// given says whether the caller set a span that can be drawn.
func (a Axis) given() bool {
	wide := a.High - a.Low
	return wide > 1e-9*max(math.Abs(a.Low), math.Abs(a.High)) && !math.IsInf(wide, 0) && (!a.Log || a.Low > 0)
}

// extent is the span that an axis must show.
func extent(a Axis, values []float64) (low, high float64) {
	if a.given() {
		return a.Low, a.High
	}
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsInf(v, 0) && !math.IsNaN(v) && (!a.Log || v > 0) {
			v = min(max(v, -most), most)
			low, high = min(low, v), max(high, v)
		}
	}
	if a.Zero && !a.Log {
		low, high = min(low, 0), max(high, 0)
	}
	switch {
	case low > high && a.Log:
		return 1, 10
	case low > high:
		return 0, 1
	case high <= low*(1+1e-9) && a.Log:
		return low / 2, high * 2
	case high-low <= 1e-9*max(math.Abs(low), math.Abs(high)):
		pad := max(math.Abs(low)/2, .5)
		return low - pad, high + pad
	}
	return low, high
}

// even marks whole steps of 1, 2 or 5. An axis with a given span keeps it.
func (s *scale) even(a Axis, wanted int) (list []tick) {
	step := niceStep((s.high - s.low) / float64(wanted))
	if !a.given() && s.to < s.from {
		s.low, s.high = math.Floor(s.low/step+1e-9)*step, math.Ceil(s.high/step-1e-9)*step
	}
	decimals := max(0, int(-math.Floor(math.Log10(step)+1e-9)))
	for i := math.Ceil(s.low/step - 1e-9); i*step <= s.high+step*1e-9; i++ {
		text := Number(i * step)
		if step >= 1e-4 && s.high < 1e6 && i != 0 {
			text = thousands(strconv.FormatFloat(i*step, 'f', decimals, 64))
		}
		list = append(list, tick{i * step, text})
	}
	return list
}

func niceStep(raw float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	switch f := raw / power; { // the borders are geometric means
	case f < 1.4142:
		return power
	case f < 3.1623:
		return 2 * power
	case f < 7.0711:
		return 5 * power
	}
	return 10 * power
}

// decades marks powers of ten, or 1, 2, 5 within few of them.
func (s *scale) decades(a Axis, wanted int) (list []tick) {
	from, to := int(math.Floor(math.Log10(s.low)+1e-9)), int(math.Ceil(math.Log10(s.high)-1e-9))
	if !a.given() && to-from > 1 && s.to < s.from {
		s.low, s.high = math.Pow10(from), math.Pow10(to)
	}
	every := max(1, (to-from+wanted-1)/wanted)
	factors := []float64{1}
	if to-from <= 2 {
		factors = []float64{1, 2, 5}
	}
	for e := from; e <= to; e += every {
		for _, f := range factors {
			if v := f * math.Pow10(e); v >= s.low*(1-1e-9) && v <= s.high*(1+1e-9) {
				list = append(list, tick{v, Number(v)})
			}
		}
	}
	return list
}

// Number writes v for people in at most three digits: 0.05, −1.5, 1,200, 10⁻⁹.
func Number(v float64) string {
	size := math.Abs(v)
	switch {
	case v == 0:
		return "0"
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "–"
	case size >= 1e-3 && size < 1e6:
		return thousands(plain(v))
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', 2, 64), "e")
	mantissa = minus(strings.TrimSuffix(strings.TrimRight(mantissa, "0"), "."))
	n, _ := strconv.Atoi(exponent)
	power := "10" + superscript(n)
	switch mantissa {
	case "1":
		return power
	case "−1":
		return "−" + power
	}
	return mantissa + "·" + power
}

func plain(v float64) string {
	decimals := max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}

func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

// thousands parts the thousands of a decimal with commas and gives it its true minus.
func thousands(s string) string {
	sign, rest := "", s
	if strings.HasPrefix(s, "-") {
		sign, rest = "−", s[1:]
	}
	whole, fraction, dotted := strings.Cut(rest, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		whole += "." + fraction
	}
	if strings.Trim(whole, "0.") == "" {
		sign = ""
	}
	return sign + whole
}

func superscript(n int) string {
	return strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "-", "⁻").
		Replace(strconv.Itoa(n))
}
