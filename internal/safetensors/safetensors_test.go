package safetensors

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/internal/say"
)

func example() *File {
	return &File{
		Metadata: map[string]string{"format": "example", "said": "a \"quoted\" µ\n", `odd"sha256`: "key"},
		Tensors: []Tensor{
			Floats("weights", []float32{1, -2.5, float32(math.Inf(1)), 0, 4, 5}, 2, 3),
			Floats("v̂ <m>\x01", []float64{math.Pi, math.Copysign(0, -1), math.NaN()}, 3),
			Floats("nothing", []float32{}, 0, 7),
			Floats("scalar", []float64{.1}),
			{Name: "counts", DType: "I64", Shape: []int{1}, Data: []byte{1, 2, 3, 4, 5, 6, 7, 8}},
		},
	}
}

func written(t testing.TB, f *File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	b := written(t, example())
	f, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	want := example()
	if len(f.Metadata) != len(want.Metadata) {
		t.Errorf("metadata %q", f.Metadata)
	}
	for k, v := range want.Metadata {
		if f.Metadata[k] != v {
			t.Errorf("metadata %q is %q, not %q", k, f.Metadata[k], v)
		}
	}
	if len(f.Tensors) != len(want.Tensors) {
		t.Fatalf("%d arrays of %d", len(f.Tensors), len(want.Tensors))
	}
	for i, w := range want.Tensors {
		got, ok := f.Get(w.Name)
		if !ok || got.DType != w.DType || !slices.Equal(got.Shape, w.Shape) || !bytes.Equal(got.Data, w.Data) {
			t.Errorf("array %d: %v, want %v", i, got, w)
		}
	}
	if again := written(t, f); !bytes.Equal(again, b) {
		t.Error("reading and writing changed the file")
	}
}

func TestWritingTwiceIsTheSame(t *testing.T) {
	if a, b := written(t, example()), written(t, example()); !bytes.Equal(a, b) {
		t.Error("the same file has different bytes")
	}
}

func TestInto(t *testing.T) {
	f, err := Read(written(t, example()))
	if err != nil {
		t.Fatal(err)
	}
	w, _ := f.Get("weights")
	got := make([]float32, 6)
	if err := Into(got, w); err != nil || !slices.Equal(got, []float32{1, -2.5, float32(math.Inf(1)), 0, 4, 5}) {
		t.Errorf("%v %v", got, err)
	}
	m, _ := f.Get("v̂ <m>\x01")
	wide := make([]float64, 3)
	if err := Into(wide, m); err != nil || wide[0] != math.Pi || !math.Signbit(wide[1]) || !math.IsNaN(wide[2]) {
		t.Errorf("%v %v", wide, err)
	}
	for name, err := range map[string]error{
		"other type":  Into(make([]float64, 6), w),
		"other count": Into(make([]float32, 5), w),
		"narrow":      Into(make([]float32, 3), m),
		"absent":      Into(make([]float32, 1), Tensor{}),
		"short":       Into(make([]float64, 2), m),
	} {
		if !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, ok := f.Get("absent"); ok {
		t.Error("an array that is not there was found")
	}
}

// The layout's bytes. They were opened once with the Python package safetensors 0.8 (safe_open and load_file), which read the same
// names, shapes, numbers and metadata; should this hash change, files written before can no longer be trusted to load.
func TestGoldenBytes(t *testing.T) {
	f := &File{Metadata: map[string]string{"b": "2", "a": "1"}, Tensors: []Tensor{
		Floats("w", []float32{1, 2, 3, 4, 5, 6}, 2, 3), Floats("b", []float64{.5, -1}, 2),
	}}
	b := written(t, f)
	const head = `{"__metadata__":{"a":"1","b":"2","sha256":"`
	const tail = `"},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F64","shape":[2],"data_offsets":[24,40]}}`
	if n := binary.LittleEndian.Uint64(b); n%8 != 0 || len(b) != 8+int(n)+40 {
		t.Errorf("header of %d bytes in a file of %d", n, len(b))
	}
	if !strings.HasPrefix(string(b[8:]), head) || !strings.HasPrefix(string(b[8+len(head)+64:]), tail) {
		t.Errorf("header %s", b[8:])
	}
	sum := sha256.Sum256(b)
	if got := hex.EncodeToString(sum[:]); got != goldenSum {
		t.Errorf("the file's SHA-256 is %s", got)
	}
}

const goldenSum = "f394ae1b0c36bbd8f33ffe976ad6715130772bf52a6e152d7a199bb4df2bb6bf"

func TestEveryBitFlipIsRefused(t *testing.T) {
	b := written(t, example())
	for i := range b {
		for bit := range 8 {
			b[i] ^= 1 << bit
			if _, err := Read(b); err == nil {
				t.Fatalf("byte %d with bit %d flipped was read", i, bit)
			} else if !refused(err) {
				t.Fatalf("byte %d with bit %d flipped: %v", i, bit, err)
			}
			b[i] ^= 1 << bit
		}
	}
	if _, err := Read(b); err != nil {
		t.Fatal("the file itself:", err)
	}
}

func refused(err error) bool {
	return errors.Is(err, ErrFormat) || errors.Is(err, ErrTruncated) || errors.Is(err, ErrSeal)
}

func TestEveryLengthIsRefused(t *testing.T) {
	b := written(t, example())
	for n := range b {
		if _, err := Read(b[:n]); !errors.Is(err, ErrTruncated) {
			t.Fatalf("the first %d of %d bytes: %v", n, len(b), err)
		}
	}
	for _, more := range []string{"\x00", "{}", string(b)} {
		if _, err := Read(append(slices.Clone(b), more...)); err == nil {
			t.Fatalf("a file with %q behind was read", more)
		}
	}
}

// sealed writes any header as a file that the seal calls whole, so that a test reaches what lies behind the seal.
func sealed(header, data string) []byte {
	header = strings.Replace(header, "SEAL", string(zeros), 1)
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	b = append(append(b, header...), data...)
	sum := sha256.Sum256(b)
	return []byte(strings.Replace(string(b), string(zeros), hex.EncodeToString(sum[:]), 1))
}

func TestHeaders(t *testing.T) {
	const meta = `{"__metadata__":{"sha256":"SEAL"}`
	const data = "12345678"
	for header, want := range map[string]error{
		meta + `,"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`:                                                      nil,
		meta + `,"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`: nil,
		meta + `,"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`: nil,
		meta + `,"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}`:                                                       nil,
		meta + `}`: ErrFormat,
		meta + `,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`:                                                      ErrFormat, // a tail
		meta + `,"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`:                                                      ErrFormat, // a gap before
		meta + `,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`: ErrFormat, // one on another
		meta + `,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}`: ErrFormat,
		meta + `,"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`: ErrFormat, // twice
		meta + `,"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"__metadata__":{}}`:                                    ErrFormat,
		`{"__metadata__":{"sha256":"SEAL","x":"1","x":"2"},"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`:            ErrFormat,
		`{"__metadata__":{"sha256":"SEAL","x":1},"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`:                      ErrFormat,
		`{"__metadata__":null,"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`:                                         ErrFormat,
		`{"__metadata__":{},"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`:                                           ErrSeal,
		`{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`:                                                             ErrSeal,
		`{"__metadata__":{"sha256":"0"},"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`:                               ErrSeal,
		meta + `,"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8,9]}}`:                                                    ErrFormat,
		meta + `,"a":{"dtype":"F64","shape":[1],"data_offsets":[0]}}`:                                                        ErrFormat,
		meta + `,"a":{"dtype":"F64","shape":[1]}}`:                                                                           ErrFormat,
		meta + `,"a":{"dtype":"F64","data_offsets":[0,8]}}`:                                                                  ErrFormat,
		meta + `,"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}`:                                                      ErrFormat,
		meta + `,"a":{"dtype":"F64","shape":[-1],"data_offsets":[0,8]}}`:                                                     ErrFormat,
		meta + `,"a":{"dtype":"F64","shape":[-1,-1],"data_offsets":[0,8]}}`:                                                  ErrFormat,
		meta + `,"a":{"dtype":"F64","shape":[9223372036854775807,2],"data_offsets":[0,8]}}`:                                  ErrFormat,
		meta + `,"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,8]}}`:                                  ErrFormat, // 2⁶⁷ bytes: 8 if it wrapped
		meta + `,"a":{"dtype":"F64","shape":[1e400],"data_offsets":[0,8]}}`:                                                  ErrFormat,
		meta + `,"a":{"dtype":"F64","shape":[0.5],"data_offsets":[0,8]}}`:                                                    ErrFormat,
		meta + `,"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}`:                                                      ErrFormat,
		meta + `,"a":{"dtype":"F64","shape":[1],"data_offsets":[-8,0]}}`:                                                     ErrFormat,
		meta + `,"a":{"dtype":"F64","shape":[1],"data_offsets":[8,0]}}`:                                                      ErrFormat,
		meta + `,"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}`:                                                     ErrTruncated,
		meta + `,"a":{"dtype":"F64","shape":[1],"data_offsets":[0,9223372036854775807]}}`:                                    ErrTruncated,
		meta + `,"a":[]}`: ErrFormat,
		meta + `,"a":{`:   ErrFormat,
		meta + `} {}`:     ErrFormat,
		`[]`:              ErrFormat,
	} {
		_, err := Read(sealed(header, data))
		if want == nil && err != nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", header, err, want)
		}
	}
}

// A header length from a hostile file is compared, never allocated.
func TestHostileLength(t *testing.T) {
	for n, want := range map[uint64]error{
		0: ErrFormat, 1: ErrFormat, 2: ErrTruncated, 1 << 28: ErrTruncated, 1<<28 + 1: ErrFormat, 1 << 62: ErrFormat, math.MaxUint64: ErrFormat,
	} {
		b := append(binary.LittleEndian.AppendUint64(nil, n), '{')
		var err error
		if words := testing.AllocsPerRun(10, func() { _, err = Read(b) }); words > 10 {
			t.Errorf("length %d: %v allocations", n, words)
		}
		if !errors.Is(err, want) {
			t.Errorf("length %d: %v, want %v", n, err, want)
		}
	}
	for _, text := range []string{"", "short", "\xef\xbb\xbfname,age\n1,2\n", "PK\x03\x04 and so on", strings.Repeat("\x00", 64)} {
		if _, err := Read([]byte(text)); !refused(err) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	good := Floats("a", []float64{1}, 1)
	for name, f := range map[string]File{
		"same name twice":   {Tensors: []Tensor{good, good}},
		"the metadata name": {Tensors: []Tensor{Floats("__metadata__", []float64{1}, 1)}},
		"the seal's name":   {Metadata: map[string]string{"sha256": "mine"}},
		"a wrong shape":     {Tensors: []Tensor{Floats("a", []float64{1}, 2)}},
		"a negative shape":  {Tensors: []Tensor{Floats("a", []float64{1}, -1, -1)}},
		"no type":           {Tensors: []Tensor{{Name: "a"}}},
	} {
		var b bytes.Buffer
		if err := f.Write(&b); err == nil || b.Len() > 0 {
			t.Errorf("%s: %d bytes were written, error %v", name, b.Len(), err)
		}
	}
}

type full struct{ room int }

func (w *full) Write(b []byte) (int, error) {
	if len(b) > w.room {
		return 0, errors.New("disk full")
	}
	w.room -= len(b)
	return len(b), nil
}

func TestWriteErrorComesBack(t *testing.T) {
	for room := range len(written(t, example())) {
		if err := example().Write(&full{room}); err == nil {
			t.Fatalf("with room for %d bytes nothing was said", room)
		}
	}
}

// What went wrong can be said in both languages, however deep it was wrapped.
func TestSentences(t *testing.T) {
	_, err := Read([]byte("x"))
	if ko := say.In(say.Korean, err); !strings.Contains(ko, "파일") {
		t.Errorf("Korean: %s", ko)
	}
	if !strings.Contains(err.Error(), "1 bytes") {
		t.Errorf("the place is lost: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(written(f, example()))
	f.Add(written(f, &File{}))
	f.Add(sealed(`{"__metadata__":{"sha256":"SEAL"},"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`, "12345678"))
	f.Add(sealed(`{"a":1,"a":2}`, ""))
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Read(b)
		if err != nil {
			if !refused(err) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		again, err := Read(written(t, file))
		if err != nil || len(again.Tensors) != len(file.Tensors) || len(again.Metadata) != len(file.Metadata) {
			t.Fatalf("what was read cannot be written and read: %v", err)
		}
	})
}
