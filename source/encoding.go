package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"

	"gradus/internal/say"
)

// marks are the byte order marks.
var marks = []struct{ bytes, encoding string }{{"\xef\xbb\xbf", "utf-8"}, {"\xff\xfe", "utf-16le"}, {"\xfe\xff", "utf-16be"}}

// spellings are the names by which an encoding may be asked for.
var spellings = map[string]string{
	"cp949": "cp949", "ms949": "cp949", "uhc": "cp949", "euc-kr": "cp949", "euckr": "cp949",
	"utf-8": "utf-8", "utf8": "utf-8", "utf-16": "utf-16le", "utf-16le": "utf-16le", "utf-16be": "utf-16be",
}

// decodeText: byte order mark, else UTF-16 by its NUL bytes, else UTF-8 if it is valid, else CP949.
func decodeText(name string, b []byte, opt Options) (*Sheet, error) {
	s := &Sheet{}
	for _, m := range marks {
		if bytes.HasPrefix(b, []byte(m.bytes)) {
			s.BOM, s.Encoding, b = true, m.encoding, b[len(m.bytes):]
			break
		}
	}
	if opt.Encoding != "" {
		e, ok := spellings[strings.ToLower(opt.Encoding)]
		if !ok {
			return nil, say.Error("source.unknown_encoding", "encoding", opt.Encoding)
		}
		s.Encoding = e
	}
	if s.Encoding == "" {
		s.Encoding = guess(b)
	}
	t, bad := decode(b, s.Encoding)
	if bad < 0 {
		return cutText(name, t, s, opt)
	}
	if s.Encoding == "cp949" && opt.Encoding == "" {
		if n := validUTF8(b); n > bad { // one bad byte in a file of UTF-8 is no file of CP949
			s.Encoding, bad = "utf-8", n
			t, _ = decode(b[:n], s.Encoding)
		}
	}
	return nil, undecodable(name, t, b, bad, s)
}

// guess is the encoding of b, which has no mark.
func guess(b []byte) string {
	if e := sixteen(b[:min(len(b), 4096)]); e != "" {
		return e
	}
	if utf8.Valid(b) {
		return "utf-8"
	}
	return "cp949"
}

// sixteen is UTF-16 if every tenth unit or more is of the Latin page, whose high byte is NUL, and few low bytes are.
func sixteen(b []byte) string {
	var nul [2]int
	for i, c := range b {
		if c == 0 {
			nul[i&1]++
		}
	}
	enough := max(2, len(b)/20)
	switch {
	case nul[1] >= enough && nul[1] > 2*nul[0]:
		return "utf-16le"
	case nul[0] >= enough && nul[0] > 2*nul[1]:
		return "utf-16be"
	}
	return ""
}

// decode is b as UTF-8, and where its first byte stands that the encoding does not know, or -1. Then the text ends before it.
func decode(b []byte, encoding string) (string, int) {
	switch encoding {
	case "utf-8":
		if n := validUTF8(b); n < len(b) {
			return text(b[:n]), n
		}
		return text(b), -1
	case "cp949":
		return decodeKorean(b)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if encoding == "utf-16be" {
		order = binary.BigEndian
	}
	return decodeSixteen(b, order)
}

// validUTF8 is the length of the longest valid beginning of b.
func validUTF8(b []byte) int {
	if utf8.Valid(b) {
		return len(b)
	}
	i := 0
	for i < len(b) {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	return i
}

// decodeKorean: the decoder writes U+FFFD for what is not CP949, and CP949 itself has no such sign.
func decodeKorean(b []byte) (string, int) {
	u, err := korean.EUCKR.NewDecoder().Bytes(b)
	if err != nil {
		return "", 0
	}
	t := text(u)
	end := strings.Index(t, "\ufffd")
	if end < 0 {
		return t, -1
	}
	at := 0
	for _, r := range t[:end] { // a sign of CP949 is one byte where it is ASCII, else two
		if at++; r >= utf8.RuneSelf {
			at++
		}
	}
	return t[:end], at
}

// decodeSixteen decodes UTF-16; half a pair, or half a unit at the end, is an error.
func decodeSixteen(b []byte, order binary.ByteOrder) (string, int) {
	var t strings.Builder
	t.Grow(len(b))
	for i := 0; i < len(b); i += 2 {
		if i+1 == len(b) {
			return t.String(), i
		}
		r := rune(order.Uint16(b[i:]))
		if utf16.IsSurrogate(r) {
			if i+3 >= len(b) {
				return t.String(), i
			}
			if r = utf16.DecodeRune(r, rune(order.Uint16(b[i+2:]))); r == utf8.RuneError {
				return t.String(), i
			}
			i += 2
		}
		t.WriteRune(r)
	}
	return t.String(), -1
}

// undecodable says where byte bad of b stands as a reader counts: t is the text before it.
func undecodable(name, t string, b []byte, bad int, s *Sheet) error {
	d := delimiterOf(t)
	c := cutter{text: t, delimiter: d, line: 1}
	line, column := 1, 1
	for !c.done() {
		line = c.line
		cells, err := c.record(nil)
		if column = max(1, len(cells)); err != nil {
			break
		}
	}
	if strings.HasSuffix(t, "\n") || strings.HasSuffix(t, "\r") {
		line, column = c.line, 1
	}
	value := fmt.Sprintf("0x%02X", b[bad])
	if s.BOM {
		bad += markLength(s.Encoding)
	}
	return say.Error("source.undecodable", "file", name, "line", line, "column", column, "byte", value,
		"offset", bad, "encoding", s.Encoding)
}

func markLength(encoding string) int {
	for _, m := range marks {
		if m.encoding == encoding {
			return len(m.bytes)
		}
	}
	return 0
}
