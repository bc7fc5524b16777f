package serve

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"gradus/internal/say"
	"gradus/table"
)

// deepest is how many arrays and objects may stand in one another in what is read but not used.
const deepest = 32

// scanner reads JSON text from front to back, strictly as RFC 8259 has it, and makes nothing of it on the way.
type scanner struct {
	b       []byte
	i       int
	scratch []byte // of a string with escapes
}

// space steps over white space.
func (s *scanner) space() {
	for s.i < len(s.b) {
		if c := s.b[s.i]; c > ' ' || c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return
		}
		s.i++
	}
}

// peek is the next byte that is no white space, 0 at the end.
func (s *scanner) peek() byte {
	if s.i < len(s.b) && s.b[s.i] > ' ' {
		return s.b[s.i]
	}
	if s.space(); s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

// take steps over c if it is next.
func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.i++
	return true
}

// want steps over c, which has to be next.
func (s *scanner) want(c byte) error {
	if s.take(c) {
		return nil
	}
	return s.broken("'" + string(rune(c)) + "'")
}

// broken is the refusal of text that is no JSON here.
func (s *scanner) broken(want string) error {
	if s.i >= len(s.b) {
		return refuse(400, say.Error("serve.cut_off", "place", s.i, "want", want))
	}
	return refuse(400, say.Error("serve.no_json", "place", s.i, "want", want))
}

// end checks that nothing follows.
func (s *scanner) end() error {
	if s.peek() != 0 || s.i < len(s.b) {
		return s.broken("end")
	}
	return nil
}

// more says whether another member follows in an array or object that close ends: first before the first.
func (s *scanner) more(first bool, close byte) (bool, error) {
	switch {
	case s.take(close):
		return false, nil
	case first:
		return true, nil
	case !s.take(','):
		return false, s.broken("',' '" + string(rune(close)) + "'")
	case s.peek() == close:
		return false, s.broken("value")
	}
	return true, nil
}

// key reads a member's name and the colon.
func (s *scanner) key() ([]byte, error) {
	name, err := s.text()
	if err == nil {
		err = s.want(':')
	}
	return name, err
}

// members reads the members of an object that has begun, to its end; each reads the value of one.
func (s *scanner) members(each func(key string) error) error {
	for first := true; ; first = false {
		more, err := s.more(first, '}')
		if err != nil || !more {
			return err
		}
		key, err := s.key()
		if err != nil {
			return err
		}
		if err := each(string(key)); err != nil {
			return err
		}
	}
}

// text reads a string. What it returns lives until the next text with an escape.
func (s *scanner) text() ([]byte, error) {
	if !s.take('"') {
		return nil, s.broken("string")
	}
	start, high := s.i, byte(0)
	for i := s.i; i < len(s.b); i++ {
		switch c := s.b[i]; {
		case c == '"':
			s.i = i + 1
			if high >= utf8.RuneSelf && !utf8.Valid(s.b[start:i]) {
				s.i = start
				return nil, refuse(400, say.Error("serve.no_utf8", "place", start))
			}
			return s.b[start:i], nil
		case c == '\\':
			s.i = i
			return s.escaped(start)
		case c < ' ':
			s.i = i
			return nil, s.broken("string")
		default:
			high |= c
		}
	}
	s.i = len(s.b)
	return nil, s.broken("'\"'")
}

// escaped reads on in a string that begins at start and has its first escape at s.i.
func (s *scanner) escaped(start int) ([]byte, error) {
	out := append(s.scratch[:0], s.b[start:s.i]...)
	for s.i < len(s.b) {
		c := s.b[s.i]
		switch {
		case c == '"':
			s.i++
			s.scratch = out
			if !utf8.Valid(out) {
				return nil, refuse(400, say.Error("serve.no_utf8", "place", start))
			}
			return out, nil
		case c == '\\':
			r, ok := s.escape()
			if !ok {
				return nil, s.broken("escape")
			}
			out = utf8.AppendRune(out, r)
		case c < ' ':
			return nil, s.broken("string")
		default:
			out = append(out, c)
			s.i++
		}
	}
	return nil, s.broken("'\"'")
}

// escape reads one character written with a backslash; half of a pair is none.
func (s *scanner) escape() (rune, bool) {
	if s.i+1 >= len(s.b) {
		s.i = len(s.b)
		return 0, false
	}
	if s.b[s.i+1] != 'u' {
		at := bytes.IndexByte([]byte(`"\/bfnrt`), s.b[s.i+1])
		if at < 0 {
			return 0, false
		}
		s.i += 2
		return rune("\"\\/\b\f\n\r\t"[at]), true
	}
	r, ok := s.hex()
	if !ok || !utf16.IsSurrogate(r) {
		return r, ok
	}
	if s.i+1 >= len(s.b) || s.b[s.i] != '\\' || s.b[s.i+1] != 'u' {
		return 0, false
	}
	low, ok := s.hex()
	r = utf16.DecodeRune(r, low)
	return r, ok && r != utf8.RuneError
}

// hex reads \uXXXX.
func (s *scanner) hex() (r rune, ok bool) {
	if s.i+6 > len(s.b) {
		return 0, false
	}
	for _, c := range s.b[s.i+2 : s.i+6] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	s.i += 6
	return r, true
}

// digits is the place behind the digits that begin at i.
func (s *scanner) digits(i int) int {
	for i < len(s.b) && s.b[i]-'0' <= 9 {
		i++
	}
	return i
}

// number reads a number as it is written.
func (s *scanner) number() ([]byte, error) {
	s.peek()
	start, i := s.i, s.i
	if i < len(s.b) && s.b[i] == '-' {
		i++
	}
	whole := i
	if i = s.digits(i); i == whole || s.b[whole] == '0' && i > whole+1 {
		return nil, s.broken("number")
	}
	if i < len(s.b) && s.b[i] == '.' {
		point := i + 1
		if i = s.digits(point); i == point {
			return nil, s.broken("number")
		}
	}
	if i < len(s.b) && s.b[i]|0x20 == 'e' {
		if i++; i < len(s.b) && (s.b[i] == '+' || s.b[i] == '-') {
			i++
		}
		power := i
		if i = s.digits(i); i == power {
			return nil, s.broken("number")
		}
	}
	s.i = i
	return s.b[start:i], nil
}

// word steps over null, true or false.
func (s *scanner) word(w string) error {
	s.peek()
	if !bytes.HasPrefix(s.b[s.i:], []byte(w)) {
		return s.broken("value")
	}
	s.i += len(w)
	return nil
}

// kind says what stands next: string, number, null, boolean, object, array; "" where it is no JSON.
func (s *scanner) kind() string {
	switch c := s.peek(); {
	case c == '"':
		return "string"
	case c == '-' || c >= '0' && c <= '9':
		return "number"
	case c == 'n':
		return "null"
	case c == 't' || c == 'f':
		return "boolean"
	case c == '{':
		return "object"
	case c == '[':
		return "array"
	}
	return ""
}

// scalar steps over a string, a number or a word and returns it: of a string what it says.
func (s *scanner) scalar() ([]byte, error) {
	switch s.kind() {
	case "string":
		return s.text()
	case "number":
		return s.number()
	case "null":
		return nil, s.word("null")
	case "boolean":
		w := "false"
		if s.peek() == 't' {
			w = "true"
		}
		start := s.i
		err := s.word(w)
		return s.b[start:s.i], err
	}
	return nil, s.broken("value")
}

// skip steps over any value that is at most deepest deep.
func (s *scanner) skip() error {
	var open [deepest]byte
	depth := 0
	for first := true; ; {
		if depth > 0 {
			more, err := s.more(first, open[depth-1])
			if err != nil {
				return err
			}
			if !more {
				if depth--; depth == 0 {
					return nil
				}
				first = false
				continue
			}
			if open[depth-1] == '}' {
				if _, err := s.key(); err != nil {
					return err
				}
			}
		}
		c := s.peek()
		if first = c == '{' || c == '['; !first {
			if _, err := s.scalar(); err != nil || depth == 0 {
				return err
			}
			continue
		}
		if depth == deepest {
			return refuse(400, say.Error("serve.too_deep", "place", s.i, "limit", deepest))
		}
		s.i++
		open[depth] = c + 2 // ] and } stand two behind [ and {
		depth++
	}
}

// tens are powers of ten.
var tens = [16]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// float reads a number and its value, the bits of strconv.ParseFloat; finite is false beyond float64.
func (s *scanner) float() (v float64, finite bool, err error) {
	s.peek()
	if v, end := s.short(s.i); end > 0 {
		s.i = end
		return v, true, nil
	}
	text, err := s.number()
	if err != nil {
		return 0, false, err
	}
	v, finite = table.ParseNumber(text)
	return v, finite, nil
}

// short reads a number of at most 15 digits without an exponent, which one division of exact numbers gives, and says where it ends; 0
// where it is another or none.
func (s *scanner) short(i int) (v float64, end int) {
	b, minus := s.b, i < len(s.b) && s.b[i] == '-'
	if minus {
		i++
	}
	first, mantissa, power := i, uint64(0), 0
	for ; i < len(b) && b[i]-'0' <= 9; i++ {
		mantissa = mantissa*10 + uint64(b[i]-'0')
	}
	if i == first || i > first+1 && b[first] == '0' {
		return 0, 0
	}
	if i < len(b) && b[i] == '.' {
		i++
		point := i
		for ; i < len(b) && b[i]-'0' <= 9; i++ {
			mantissa = mantissa*10 + uint64(b[i]-'0')
		}
		if power = i - point; power == 0 {
			return 0, 0
		}
	}
	if i-first > 15 || i == len(b) || b[i]|0x20 == 'e' {
		return 0, 0
	}
	if v = float64(mantissa) / tens[power]; minus {
		v = -v
	}
	return v, i
}
