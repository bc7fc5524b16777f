package source

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
)

// errCodec is a compression or an encoding that is not read.
var errCodec = errors.New("a compression or an encoding that is not read")

const (
	mostPage  = 1 << 28 // bytes of a page, uncompressed
	mostRatio = 1100    // of gzip, which packs at most 1032 bytes into one
)

// read reads one column of a row group: a dictionary, where there is one, and pages until all rows are there.
func (l *leaf) read(b []byte, meta fields, rows int) error {
	at := meta.int(9)
	if d := meta.int(11); d > 0 {
		at = min(at, d)
	}
	if at < 4 || at > int64(len(b)) || meta.int(1) != l.physical {
		return errShort
	}
	c := compact{b: b, at: int(at)}
	var dictionary []string
	for len(l.cells) < rows {
		h := c.fields(0)
		size, wide := h.int(3), h.int(2)
		if c.bad || size < 0 || wide < 0 || wide > mostPage || wide > size*mostRatio+64 {
			return errShort
		}
		raw := c.bytes(uint64(size))
		if c.bad {
			return errShort
		}
		var err error
		switch h.int(1) {
		case 2:
			dictionary, err = l.dictionary(raw, h, meta.int(4), int(wide))
		case 0, 3:
			err = l.page(raw, h, meta.int(4), int(wide), dictionary, rows-len(l.cells))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *leaf) dictionary(raw []byte, h fields, codec int64, wide int) ([]string, error) {
	raw, err := unpacked(raw, codec, wide)
	if err != nil {
		return nil, err
	}
	n := h.sub(7).int(1)
	if n < 0 || n > int64(8*len(raw)) || l.physical == pBoolean {
		return nil, errShort
	}
	list, err := l.plain(nil, raw, int(n))
	return list, err
}

// page appends the cells of a data page of either version, at most left.
func (l *leaf) page(raw []byte, h fields, codec int64, wide int, dictionary []string, left int) error {
	head, levels := h.sub(5), []byte(nil)
	n, encoding := head.int(1), head.int(2)
	if h.int(1) == 3 {
		head = h.sub(8)
		n, encoding = head.int(1), head.int(4)
		repeat, define := head.int(6), head.int(5)
		if repeat != 0 || define < 0 || define > int64(len(raw)) || define > int64(wide) {
			return errShort
		}
		levels, raw, wide = raw[:define], raw[define:], wide-int(define)
		if packed, said := head[7].(int64); said && packed == 0 {
			codec = 0
		}
	}
	if n < 1 || n > int64(left) {
		return errShort
	}
	raw, err := unpacked(raw, codec, wide)
	if err != nil {
		return err
	}
	if h.int(1) == 0 && l.optional {
		if len(raw) < 4 || uint64(binary.LittleEndian.Uint32(raw)) > uint64(len(raw)-4) {
			return errShort
		}
		k := 4 + int(binary.LittleEndian.Uint32(raw))
		levels, raw = raw[4:k], raw[k:]
	}
	return l.fill(levels, raw, int(n), encoding, dictionary)
}

// fill appends n cells, missing where the level is 0.
func (l *leaf) fill(levels, raw []byte, n int, encoding int64, dictionary []string) error {
	there, filled := []uint32(nil), n
	if l.optional {
		var err error
		if there, err = hybrid(levels, 1, n); err != nil {
			return err
		}
		filled = 0
		for _, d := range there {
			filled += int(d)
		}
	}
	values, err := l.values(raw, filled, encoding, dictionary)
	if err != nil {
		return err
	}
	if !l.optional {
		l.cells = append(l.cells, values...)
		return nil
	}
	for _, d := range there {
		cell := ""
		if d == 1 {
			cell, values = values[0], values[1:]
		}
		l.cells = append(l.cells, cell)
	}
	return nil
}

// values decodes n values.
func (l *leaf) values(raw []byte, n int, encoding int64, dictionary []string) ([]string, error) {
	switch {
	case encoding == 0 && l.physical == pBoolean:
		if n > 8*len(raw) {
			return nil, errShort
		}
		out := make([]string, n)
		for i := range out {
			out[i] = truth(raw[i/8] >> (i % 8) & 1)
		}
		return out, nil
	case encoding == 0:
		return l.plain(nil, raw, n)
	case encoding == 3 && l.physical == pBoolean:
		if len(raw) < 4 {
			return nil, errShort
		}
		return looked(raw[4:], 1, n, []string{truth(0), truth(1)})
	case encoding == 2, encoding == 8:
		if n == 0 {
			return nil, nil
		}
		if len(raw) < 1 || raw[0] > 32 {
			return nil, errShort
		}
		return looked(raw[1:], int(raw[0]), n, dictionary)
	}
	return nil, errCodec
}

func truth(bit byte) string {
	if bit == 1 {
		return "TRUE"
	}
	return "FALSE"
}

// looked are the n values of list that runs of places of width bits name.
func looked(raw []byte, width, n int, list []string) ([]string, error) {
	places, err := hybrid(raw, width, n)
	if err != nil {
		return nil, err
	}
	out := make([]string, n)
	for i, p := range places {
		if int64(p) >= int64(len(list)) {
			return nil, errShort
		}
		out[i] = list[p]
	}
	return out, nil
}

// plain appends n values as they stand one behind the other.
func (l *leaf) plain(out []string, raw []byte, n int) ([]string, error) {
	widths := [...]int{pInt32: 4, pInt64: 8, pInt96: 12, pFloat: 4, pDouble: 8, pBytes: 4, pFixed: l.length}
	for range n {
		size := widths[l.physical]
		if size > len(raw) {
			return nil, errShort
		}
		if l.physical == pBytes {
			k := binary.LittleEndian.Uint32(raw)
			if raw = raw[4:]; uint64(k) > uint64(len(raw)) {
				return nil, errShort
			}
			size = int(k)
		}
		out, raw = append(out, l.show(raw[:size])), raw[size:]
	}
	return out, nil
}

// hybrid reads n numbers of width bits from Parquet's mix of runs and packed groups of eight.
func hybrid(b []byte, width, n int) ([]uint32, error) {
	c, out := compact{b: b}, make([]uint32, 0, n)
	for len(out) < n {
		h := c.varint()
		if c.bad {
			return nil, errShort
		}
		if h&1 == 0 {
			raw := c.bytes(uint64(width+7) / 8)
			if c.bad || h == 0 {
				return nil, errShort
			}
			var wide [8]byte
			copy(wide[:], raw)
			for k := min(h>>1, uint64(n-len(out))); k > 0; k-- {
				out = append(out, uint32(binary.LittleEndian.Uint64(wide[:])))
			}
			continue
		}
		groups := min(h>>1, uint64(n-len(out)+7)/8)
		raw := c.bytes(min(groups*uint64(width), uint64(len(c.b)-c.at)))
		if groups == 0 || uint64(len(raw)) < groups*uint64(width) {
			return nil, errShort
		}
		for i := range min(8*int(groups), n-len(out)) {
			out = append(out, bits(raw, i*width, width))
		}
	}
	return out, nil
}

// bits is the number of width bits at bit from of b, the lowest bit first.
func bits(b []byte, from, width int) (v uint32) {
	for k := range width {
		v |= uint32(b[(from+k)/8]>>((from+k)%8)&1) << k
	}
	return v
}

// unpacked is b without its compression: wide bytes, or an error.
func unpacked(b []byte, codec int64, wide int) ([]byte, error) {
	switch codec {
	case 0:
	case 1:
		out, err := snappy(b, wide)
		return out, err
	case 2:
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		if b, err = io.ReadAll(io.LimitReader(z, int64(wide)+1)); err != nil {
			return nil, err
		}
	default:
		return nil, errCodec
	}
	if len(b) != wide {
		return nil, errShort
	}
	return b, nil
}

// snappy undoes Google's block format: literals, and copies of what is already there.
func snappy(b []byte, wide int) ([]byte, error) {
	c := compact{b: b}
	if n := c.varint(); c.bad || n != uint64(wide) || wide > 32*len(b)+64 {
		return nil, errShort // 3 bytes make 64 at most
	}
	out := make([]byte, 0, wide)
	for c.at < len(b) {
		tag := c.byte()
		length, back := int(tag>>2)+1, 0
		switch tag & 3 {
		case 0:
			if length > 60 {
				length = little(c.bytes(uint64(length-60))) + 1
			}
			lit := c.bytes(uint64(length))
			if c.bad || len(out)+length > wide {
				return nil, errShort
			}
			out = append(out, lit...)
			continue
		case 1:
			length, back = int(tag>>2&7)+4, int(tag>>5)<<8|int(c.byte())
		case 2:
			back = little(c.bytes(2))
		case 3:
			back = little(c.bytes(4))
		}
		if c.bad || back < 1 || back > len(out) || len(out)+length > wide {
			return nil, errShort
		}
		for range length { // a copy may overlap itself
			out = append(out, out[len(out)-back])
		}
	}
	if len(out) != wide {
		return nil, errShort
	}
	return out, nil
}

// little is b as a number, the lowest byte first.
func little(b []byte) (v int) {
	for i, x := range b {
		v |= int(x) << (8 * i)
	}
	return v
}
