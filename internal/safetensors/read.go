package safetensors

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Read parses a whole file and checks its seal. The tensors share b.
func Read(b []byte) (*File, error) {
	head, data, err := split(b)
	if err != nil {
		return nil, err
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(head, &raw); err != nil {
		return nil, fmt.Errorf("%w: header: %v", ErrFormat, err)
	}
	f := &File{Metadata: map[string]string{}}
	if err := json.Unmarshal(raw["__metadata__"], &f.Metadata); err != nil {
		return nil, fmt.Errorf("%w: metadata: %v", ErrFormat, err)
	}
	delete(raw, "__metadata__")
	for name, r := range raw {
		t, err := tensor(name, r, data)
		if err != nil {
			return nil, err
		}
		f.Tensors = append(f.Tensors, t)
	}
	if err := covered(f.Tensors, data); err != nil {
		return nil, err
	}
	if err := checkSeal(b, head); err != nil {
		return nil, err
	}
	delete(f.Metadata, sealKey)
	return f, nil
}

func split(b []byte) (head, data []byte, err error) {
	if len(b) < 8 {
		return nil, nil, fmt.Errorf("%w: %d bytes", ErrTruncated, len(b))
	}
	n := binary.LittleEndian.Uint64(b)
	if n < 2 || n > 1<<28 || b[min(8, len(b)-1)] != '{' {
		return nil, nil, ErrFormat
	}
	if n > uint64(len(b)-8) {
		return nil, nil, fmt.Errorf("%w: the header wants %d bytes, %d are there", ErrTruncated, n, len(b)-8)
	}
	return b[8 : 8+n], b[8+n:], nil
}

func tensor(name string, raw json.RawMessage, data []byte) (Tensor, error) {
	var e entry
	if err := json.Unmarshal(raw, &e); err != nil {
		return Tensor{}, fmt.Errorf("%w: array %q: %v", ErrFormat, name, err)
	}
	width := map[string]int{"F32": 4, "F64": 8, "I64": 8}[e.DType]
	if width == 0 {
		return Tensor{}, fmt.Errorf("%w: array %q has type %q", ErrFormat, name, e.DType)
	}
	size := width
	for _, d := range e.Shape {
		if d < 0 || (d > 0 && size > len(data)/d) {
			if d > 0 {
				return Tensor{}, fmt.Errorf("%w: array %q is larger than the file", ErrTruncated, name)
			}
			return Tensor{}, fmt.Errorf("%w: array %q has shape %v", ErrFormat, name, e.Shape)
		}
		size *= d
	}
	start, end := e.Offsets[0], e.Offsets[1]
	if start < 0 || end-start != size {
		return Tensor{}, fmt.Errorf("%w: array %q: offsets %v for %d bytes", ErrFormat, name, e.Offsets, size)
	}
	if end > len(data) {
		return Tensor{}, fmt.Errorf("%w: array %q ends at byte %d of %d", ErrTruncated, name, end, len(data))
	}
	return Tensor{Name: name, DType: e.DType, Shape: e.Shape, Data: data[start:end:end]}, nil
}

// covered sorts the tensors by name and checks that together they are as long as the data.
func covered(list []Tensor, data []byte) error {
	total := 0
	for _, t := range list {
		total += len(t.Data)
	}
	slices.SortFunc(list, func(a, b Tensor) int { return strings.Compare(a.Name, b.Name) })
	if total != len(data) {
		return fmt.Errorf("%w: the arrays take %d bytes, the file has %d", ErrTruncated, total, len(data))
	}
	return nil
}

func checkSeal(b, head []byte) error {
	at := bytes.Index(head, []byte(open))
	if at < 0 || at+len(open)+len(zeros) > len(head) {
		return fmt.Errorf("%w: no checksum", ErrSeal)
	}
	start := 8 + at + len(open)
	hash := sha256.New()
	hash.Write(b[:start])
	hash.Write(zeros)
	hash.Write(b[start+len(zeros):])
	if hex.EncodeToString(hash.Sum(nil)) != string(b[start:start+len(zeros)]) {
		return ErrSeal
	}
	return nil
}
