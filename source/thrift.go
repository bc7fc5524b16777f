package source

import "encoding/binary"

// fields is one struct of Thrift's compact protocol: what it holds by field number. A value is an int64, a bool as 0 or 1, a []byte, a
// list []any or fields.
type fields map[int64]any

func (f fields) int(id int64) int64 {
	v, _ := f[id].(int64)
	return v
}

func (f fields) text(id int64) string {
	v, _ := f[id].([]byte)
	return string(v)
}

func (f fields) list(id int64) []any {
	v, _ := f[id].([]any)
	return v
}

func (f fields) sub(id int64) fields {
	v, _ := f[id].(fields)
	return v
}

// compact reads Thrift's compact protocol. Every element takes a byte at least, so no claimed length costs more than the file; what ends
// early or lies too deep sets bad.
type compact struct {
	b   []byte
	at  int
	bad bool
}

// deepest is how far structs and lists may lie within one another; Parquet's own need six.
const deepest = 16

func (c *compact) byte() byte {
	if c.at >= len(c.b) {
		c.bad = true
		return 0
	}
	c.at++
	return c.b[c.at-1]
}

func (c *compact) varint() uint64 {
	v, n := binary.Uvarint(c.b[min(c.at, len(c.b)):])
	if n <= 0 {
		c.bad = true
		return 0
	}
	c.at += n
	return v
}

func (c *compact) zigzag() int64 {
	v := c.varint()
	return int64(v>>1) ^ -int64(v&1)
}

// bytes is the next n bytes.
func (c *compact) bytes(n uint64) []byte {
	if n > uint64(len(c.b)-c.at) {
		c.bad = true
		return nil
	}
	c.at += int(n)
	return c.b[c.at-int(n) : c.at]
}

func (c *compact) fields(depth int) fields {
	f, id := fields{}, int64(0)
	for !c.bad {
		h := c.byte()
		if h == 0 {
			break
		}
		if d := h >> 4; d > 0 {
			id += int64(d)
		} else {
			id = c.zigzag()
		}
		if kind := h & 15; kind <= 2 {
			f[id] = int64(2 - kind) // a bool lies in its header
		} else {
			f[id] = c.value(kind, depth)
		}
	}
	return f
}

func (c *compact) value(kind byte, depth int) any {
	if depth > deepest {
		c.bad = true
	}
	if c.bad {
		return nil
	}
	switch kind {
	case 1, 2, 3:
		return int64(c.byte())
	case 4, 5, 6:
		return c.zigzag()
	case 7:
		return c.bytes(8)
	case 8:
		return c.bytes(c.varint())
	case 9, 10:
		return c.list(depth)
	case 12:
		return c.fields(depth + 1)
	}
	c.bad = true // a map, which Parquet does not use
	return nil
}

func (c *compact) list(depth int) []any {
	h := c.byte()
	n := uint64(h >> 4)
	if n == 15 {
		n = c.varint()
	}
	if n > uint64(len(c.b)-c.at) {
		c.bad = true
		return nil
	}
	list := make([]any, 0, min(n, 1024))
	for ; n > 0 && !c.bad; n-- {
		list = append(list, c.value(h&15, depth+1))
	}
	return list
}
