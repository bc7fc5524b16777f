// Package safetensors writes and reads named arrays of numbers in the safetensors layout: 8 bytes header length (little endian),
// a JSON header {name: {dtype, shape, data_offsets}}, the arrays one behind the other.
//
// A file is sealed: its metadata holds the SHA-256 of the whole file with the 64 digits of that hash set to '0'. Other readers
// of the layout take it for a metadata string; Read refuses a file whose hash does not fit.
package safetensors

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
)

// What Read may say; each is wrapped with the place where it was found.
var (
	ErrFormat    = errors.New("not in the safetensors layout")
	ErrTruncated = errors.New("the file ends too early")
	ErrSeal      = errors.New("the checksum does not fit: the file was changed or damaged")
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

const (
	sealKey = "sha256"
	open    = `"` + sealKey + `":"`
)

var zeros = bytes.Repeat([]byte("0"), 2*sha256.Size)

// Write writes the file, sealed. The same File gives the same bytes.
func (f *File) Write(w io.Writer) error {
	var head bytes.Buffer
	meta := map[string]string{sealKey: string(zeros)}
	for k, v := range f.Metadata {
		meta[k] = v
	}
	m, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	head.WriteString(`{"__metadata__":`)
	head.Write(m)
	offset := 0
	for _, t := range f.Tensors {
		e, err := json.Marshal(entry{t.DType, t.Shape, [2]int{offset, offset + len(t.Data)}})
		if err != nil {
			return err
		}
		head.WriteString("," + strconv.Quote(t.Name) + ":")
		head.Write(e)
		offset += len(t.Data)
	}
	head.WriteByte('}')
	for head.Len()%8 != 0 {
		head.WriteByte(' ')
	}
	return f.seal(w, head.Bytes())
}

type entry struct {
	DType   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

// seal hashes length, header and arrays, puts the hash into the header and writes all.
func (f *File) seal(w io.Writer, head []byte) error {
	size := binary.LittleEndian.AppendUint64(nil, uint64(len(head)))
	hash := sha256.New()
	hash.Write(size)
	hash.Write(head)
	for _, t := range f.Tensors {
		hash.Write(t.Data)
	}
	at := bytes.Index(head, append([]byte(open), zeros...)) + len(open)
	hex.Encode(head[at:], hash.Sum(nil))
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
