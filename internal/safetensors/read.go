package safetensors

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
)

// Read parses a whole file and checks its seal. The tensors stand in the order of their bytes and share b.
func Read(b []byte) (*File, error) {
	return read(b, true)
}

// ReadOpen is Read of a file that need not be sealed, as other programs write it; a seal that is there must fit.
func ReadOpen(b []byte) (*File, error) {
	return read(b, false)
}

func read(b []byte, sealed bool) (*File, error) {
	head, data, err := split(b)
	if err != nil {
		return nil, err
	}
	f, err := parse(head, data, widths)
	if err != nil {
		return nil, err
	}
	if _, has := f.Metadata[SealKey]; sealed || has {
		if err := checkSeal(b, head); err != nil {
			return nil, err
		}
	}
	delete(f.Metadata, SealKey)
	return f, nil
}

// ReadForeign parses a file that another program wrote: without a seal, of any type of the layout.
func ReadForeign(b []byte) (*File, error) {
	head, data, err := split(b)
	if err != nil {
		return nil, err
	}
	return parse(head, data, foreign)
}

// largestHeader keeps a text that is no such file from being taken for a file cut short.
const largestHeader = 1 << 28

func split(b []byte) (head, data []byte, err error) {
	if len(b) < 8 {
		return nil, nil, fmt.Errorf("%w: %d bytes", ErrTruncated, len(b))
	}
	n := binary.LittleEndian.Uint64(b)
	switch {
	case n < 2 || n > largestHeader || len(b) > 8 && b[8] != '{':
		return nil, nil, fmt.Errorf("%w: no header", ErrFormat)
	case n > uint64(len(b)-8):
		return nil, nil, fmt.Errorf("%w: the header wants %d bytes, %d are there", ErrTruncated, n, len(b)-8)
	}
	return b[8 : 8+n], b[8+n:], nil
}

// parse goes through the header name by name, because a map would hide a name that comes twice.
func parse(head, data []byte, widths map[string]int) (*File, error) {
	f, seen, list := &File{}, map[string]bool{}, []placed{}
	err := members(head, func(name string, value json.RawMessage) error {
		if seen[name] {
			return fmt.Errorf("%w: %q comes twice", ErrFormat, name)
		}
		seen[name] = true
		if name == metadataKey {
			return f.parseMetadata(value)
		}
		t, err := tensor(name, value, data, widths)
		list = append(list, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	f.Tensors, err = covered(list, len(data))
	return f, err
}

func (f *File) parseMetadata(raw json.RawMessage) error {
	f.Metadata = map[string]string{}
	return members(raw, func(name string, value json.RawMessage) error {
		if _, twice := f.Metadata[name]; twice {
			return fmt.Errorf("%w: metadata: %q comes twice", ErrFormat, name)
		}
		var s string
		if err := json.Unmarshal(value, &s); err != nil {
			return fmt.Errorf("%w: metadata: %v", ErrFormat, err)
		}
		f.Metadata[name] = s
		return nil
	})
}

// members calls f with each name and value of a JSON object, in order.
func members(object []byte, f func(name string, value json.RawMessage) error) error {
	if !json.Valid(object) || object[0] != '{' {
		return fmt.Errorf("%w: the header is no JSON object", ErrFormat)
	}
	d := json.NewDecoder(bytes.NewReader(object))
	_, _ = d.Token() // {
	for d.More() {
		name, _ := d.Token() // valid JSON has a string here
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return fmt.Errorf("%w: %v", ErrFormat, err)
		}
		if err := f(name.(string), value); err != nil {
			return err
		}
	}
	return nil
}

func tensor(name string, raw json.RawMessage, data []byte, widths map[string]int) (placed, error) {
	var e struct {
		entry
		Offsets []int `json:"data_offsets"` // over entry's pair, which would hide a third number
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return placed{}, fmt.Errorf("%w: array %q: %v", ErrFormat, name, err)
	}
	if len(e.Offsets) != 2 || e.Shape == nil {
		return placed{}, fmt.Errorf("%w: array %q needs a shape and two offsets", ErrFormat, name)
	}
	start, end := e.Offsets[0], e.Offsets[1]
	if start < 0 || end < start {
		return placed{}, fmt.Errorf("%w: array %q has offsets %v", ErrFormat, name, e.Offsets)
	}
	if end > len(data) {
		return placed{}, fmt.Errorf("%w: array %q ends at byte %d of %d", ErrTruncated, name, end, len(data))
	}
	t := Tensor{Name: name, DType: e.DType, Shape: e.Shape, Data: data[start:end:end]}
	return placed{t, start}, t.check(widths)
}

// placed is a tensor and where its bytes begin.
type placed struct {
	Tensor
	start int
}

// covered puts the tensors in the order of their bytes and checks that each begins where the one before ends, the last ending
// with the data: no gap, no overlap, nothing behind.
func covered(list []placed, size int) ([]Tensor, error) {
	slices.SortStableFunc(list, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(len(a.Data), len(b.Data)))
	})
	tensors, at := make([]Tensor, len(list)), 0
	for i, t := range list {
		if t.start != at {
			return nil, fmt.Errorf("%w: array %q begins at byte %d, the one before ends at %d", ErrFormat, t.Name, t.start, at)
		}
		tensors[i], at = t.Tensor, at+len(t.Data)
	}
	if at != size {
		return nil, fmt.Errorf("%w: the arrays take %d bytes, the file has %d", ErrFormat, at, size)
	}
	return tensors, nil
}

func checkSeal(b, head []byte) error {
	at := digits(head)
	if at < 0 || at+len(zeros) > len(head) {
		return fmt.Errorf("%w: it has no checksum", ErrSeal)
	}
	start := 8 + at
	hash := sha256.New()
	hash.Write(b[:start])
	hash.Write(zeros)
	hash.Write(b[start+len(zeros):])
	if hex.EncodeToString(hash.Sum(nil)) != string(b[start:start+len(zeros)]) {
		return ErrSeal
	}
	return nil
}
