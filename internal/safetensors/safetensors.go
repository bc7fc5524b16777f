// Package safetensors writes and reads named arrays of numbers in the safetensors layout: 8 bytes header length (little endian),
// a JSON header {name: {dtype, shape, data_offsets}}, the arrays one behind the other.
//
// A file is sealed: its metadata holds the SHA-256 of the whole file with the 64 digits of that hash set to '0'. Other readers
// of the layout take it for a metadata string; Read refuses a file whose hash does not fit.
package safetensors

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"gradus/internal/say"
)

// What Read may say, in the languages of the catalogue; each comes wrapped with the place where it was found.
var (
	ErrFormat    = say.Error("safetensors.format")
	ErrTruncated = say.Error("safetensors.truncated")
	ErrSeal      = say.Error("safetensors.seal")
)

// Tensor is a named array; Data holds its numbers, row by row, little endian.
type Tensor struct {
	Name  string
	DType string // F32, F64 or I64
	Shape []int
	Data  []byte
}

// Floats makes an F32 or F64 tensor of v.
func Floats[T float32 | float64](name string, v []T, shape ...int) Tensor {
	t := Tensor{Name: name, Shape: shape}
	switch v := any(v).(type) {
	case []float32:
		t.DType, t.Data = "F32", make([]byte, 0, 4*len(v))
		for _, x := range v {
			t.Data = binary.LittleEndian.AppendUint32(t.Data, math.Float32bits(x))
		}
	case []float64:
		t.DType, t.Data = "F64", make([]byte, 0, 8*len(v))
		for _, x := range v {
			t.Data = binary.LittleEndian.AppendUint64(t.Data, math.Float64bits(x))
		}
	}
	return t
}

// Into copies the tensor's numbers to dst; type and count must fit.
func Into[T float32 | float64](dst []T, t Tensor) error {
	switch dst := any(dst).(type) {
	case []float32:
		if t.DType != "F32" || len(t.Data) != 4*len(dst) {
			return misfit(t, "F32", len(dst))
		}
		for i := range dst {
			dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(t.Data[4*i:]))
		}
	case []float64:
		if t.DType != "F64" || len(t.Data) != 8*len(dst) {
			return misfit(t, "F64", len(dst))
		}
		for i := range dst {
			dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(t.Data[8*i:]))
		}
	}
	return nil
}

// widths are the bytes of one number of each type.
var widths = map[string]int{"F32": 4, "F64": 8, "I64": 8}

// check says whether type, shape and bytes belong together; the product stops before it could overflow.
func (t Tensor) check(widths map[string]int) error {
	size := widths[t.DType]
	if size == 0 {
		return fmt.Errorf("%w: array %q has type %q", ErrFormat, t.Name, t.DType)
	}
	for _, d := range t.Shape {
		if d < 0 || d > 0 && size > len(t.Data)/d {
			return fmt.Errorf("%w: array %q has shape %v and %d bytes", ErrFormat, t.Name, t.Shape, len(t.Data))
		}
		size *= d
	}
	if size != len(t.Data) {
		return fmt.Errorf("%w: array %q has shape %v and %d bytes", ErrFormat, t.Name, t.Shape, len(t.Data))
	}
	return nil
}

func misfit(t Tensor, dtype string, n int) error {
	return fmt.Errorf("%w: array %q is %s %v, expected %d numbers of %s", ErrFormat, t.Name, t.DType, t.Shape, n, dtype)
}

// File is a set of arrays and what is said about them.
type File struct {
	Metadata map[string]string
	Tensors  []Tensor
}

// Get returns the array called name.
func (f *File) Get(name string) (Tensor, bool) {
	i := slices.IndexFunc(f.Tensors, func(t Tensor) bool { return t.Name == name })
	if i < 0 {
		return Tensor{}, false
	}
	return f.Tensors[i], true
}

// SealKey is the name of the seal among the metadata.
const SealKey = "sha256"

const (
	metadataKey = "__metadata__"
	open        = `"` + SealKey + `":"`
)

var zeros = bytes.Repeat([]byte("0"), 2*sha256.Size)

// Write writes the file, sealed. The same File gives the same bytes.
func (f *File) Write(w io.Writer) error {
	head, err := f.header()
	if err != nil {
		return err
	}
	size := binary.LittleEndian.AppendUint64(nil, uint64(len(head)))
	hash := sha256.New()
	hash.Write(size)
	hash.Write(head)
	for _, t := range f.Tensors {
		hash.Write(t.Data)
	}
	hex.Encode(head[digits(head):], hash.Sum(nil))
	if _, err := w.Write(append(size, head...)); err != nil {
		return err
	}
	for _, t := range f.Tensors {
		if _, err := w.Write(t.Data); err != nil {
			return err
		}
	}
	return nil
}

// digits is where the seal's digits begin in a header, −1 if nowhere. Only a whole name stands behind a brace or a comma: within one,
// a quote is escaped.
func digits(head []byte) int {
	for _, before := range []string{"{", ","} {
		if at := bytes.Index(head, []byte(before+open)); at >= 0 {
			return at + len(before+open)
		}
	}
	return -1
}

type entry struct {
	DType   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

// header is the JSON of a file whose hash is not known yet, filled up with spaces to a multiple of 8 bytes.
func (f *File) header() ([]byte, error) {
	meta := maps.Clone(f.Metadata)
	if meta == nil {
		meta = map[string]string{}
	}
	if _, taken := meta[SealKey]; taken {
		return nil, fmt.Errorf("safetensors: %q is the seal's own name", SealKey)
	}
	meta[SealKey] = string(zeros)
	head, offset, seen := []byte("{"), 0, map[string]bool{metadataKey: true}
	head, err := member(head, metadataKey, meta)
	for _, t := range f.Tensors {
		if seen[t.Name] {
			return nil, fmt.Errorf("safetensors: the name %q is taken", t.Name)
		}
		seen[t.Name] = true
		err = cmp.Or(err, t.check(widths))
		shape := append([]int{}, t.Shape...) // never null
		var bad error
		head, bad = member(append(head, ','), t.Name, entry{t.DType, shape, [2]int{offset, offset + len(t.Data)}})
		err = cmp.Or(err, bad)
		offset += len(t.Data)
	}
	for head = append(head, '}'); len(head)%8 != 0; {
		head = append(head, ' ')
	}
	return head, err
}

// member appends "name":value.
func member(head []byte, name string, value any) ([]byte, error) {
	n, err := json.Marshal(name)
	if err != nil {
		return head, err
	}
	v, err := json.Marshal(value)
	return append(append(append(head, n...), ':'), v...), err
}
