package onnx

import (
	"encoding/binary"
	"math"
	"strconv"

	pb "gradus/internal/onnxpb"
)

// tensor is a constant as float32.
type tensor struct {
	values []float32
	dims   []int
}

// constant is input i of n, which must be a constant of numbers; its values are the caller's.
func (r *reader) constant(n *pb.NodeProto, i int) (tensor, error) {
	if i >= len(n.Input) || r.constants[n.Input[i]] == nil {
		return tensor{}, r.fault("onnx.not_constant", n, "input", i+1)
	}
	t := r.constants[n.Input[i]]
	raw, err := r.raw(n, t)
	if err != nil {
		return tensor{}, err
	}
	v := tensor{values: decoded(t, raw)}
	count := 1
	for _, d := range t.Dims {
		if d < 0 || d > int64(len(v.values)) || count*int(d) > len(v.values) {
			return tensor{}, r.fault("onnx.shape", n)
		}
		count *= int(d)
		v.dims = append(v.dims, int(d))
	}
	if count != len(v.values) || count == 0 {
		return tensor{}, r.fault("onnx.shape", n)
	}
	return v, nil
}

// raw are the bytes of t, of a file beside the model where they lie there.
func (r *reader) raw(n *pb.NodeProto, t *pb.TensorProto) ([]byte, error) {
	if t.GetDataLocation() != pb.TensorProto_EXTERNAL {
		return t.GetRawData(), nil
	}
	said := map[string]string{}
	for _, e := range t.ExternalData {
		said[e.GetKey()] = e.GetValue()
	}
	if r.opt.External == nil {
		return nil, r.fault("onnx.external", n, "file", said["location"])
	}
	b, err := r.opt.External(said["location"])
	if err != nil {
		return nil, err
	}
	from, length := place(said["offset"], 0), place(said["length"], int64(len(b)))
	if said["length"] == "" {
		length -= from
	}
	if from < 0 || length < 0 || from > int64(len(b)) || length > int64(len(b))-from {
		return nil, r.fault("onnx.shape", n)
	}
	return b[from : from+length], nil
}

// place reads an offset; −1 is none.
func place(s string, missing int64) int64 {
	if s == "" {
		return missing
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return -1
	}
	return v
}

// decoded are the numbers of t as float32, none where its type is not one of numbers that networks have.
func decoded(t *pb.TensorProto, raw []byte) (v []float32) {
	switch t.GetDataType() {
	case float32s:
		v = append(v, t.FloatData...)
		for ; len(raw) >= 4; raw = raw[4:] {
			v = append(v, math.Float32frombits(binary.LittleEndian.Uint32(raw)))
		}
	case float64s:
		for _, x := range t.DoubleData {
			v = append(v, float32(x))
		}
		for ; len(raw) >= 8; raw = raw[8:] {
			v = append(v, float32(math.Float64frombits(binary.LittleEndian.Uint64(raw))))
		}
	}
	return v
}

// row is constant i of n as one number for each column of the present value.
func (r *reader) row(n *pb.NodeProto, i int) ([]float32, error) {
	t, err := r.constant(n, i)
	if err != nil {
		return nil, err
	}
	return r.fit(n, t)
}

// operand is the other input of n, a constant; where it cannot be exchanged with value, value must come first.
func (r *reader) operand(n *pb.NodeProto, value string, exchange bool) ([]float32, error) {
	if len(n.Input) != 2 || n.Input[0] != value && !exchange {
		return nil, r.fault("onnx.shape", n)
	}
	at := 1
	if n.Input[1] == value {
		at = 0
	}
	return r.row(n, at)
}

// fit makes t, of one number or of one for each column, a row.
func (r *reader) fit(n *pb.NodeProto, t tensor) ([]float32, error) {
	if len(t.dims) > 0 && t.dims[len(t.dims)-1] != len(t.values) && len(t.values) != 1 {
		return nil, r.fault("onnx.shape", n)
	}
	v, ok := wide(t.values, max(r.width, len(t.values)))
	if !ok || r.width != 0 && len(v) != r.width {
		return nil, r.fault("onnx.width", n, "found", len(t.values), "want", r.width)
	}
	return v, nil
}

// wide is v, or its one number so often, and whether it fits.
func wide(v []float32, width int) ([]float32, bool) {
	if len(v) == 1 && width > 1 {
		return filled(width, v[0]), true
	}
	return v, len(v) == width
}

func filled(n int, v float32) []float32 {
	list := make([]float32, n)
	for i := range list {
		list[i] = v
	}
	return list
}

func scaled(v []float32, by float64) {
	for i, x := range v {
		v[i] = float32(float64(x) * by)
	}
}

func attribute(n *pb.NodeProto, name string) *pb.AttributeProto {
	for _, a := range n.Attribute {
		if a.GetName() == name {
			return a
		}
	}
	return nil
}

func wholeOf(n *pb.NodeProto, name string, missing int64) int64 {
	if a := attribute(n, name); a != nil {
		return a.GetI()
	}
	return missing
}

func realOf(n *pb.NodeProto, name string, missing float64) float64 {
	if a := attribute(n, name); a != nil {
		v, _ := strconv.ParseFloat(strconv.FormatFloat(float64(a.GetF()), 'g', -1, 32), 64) // .01 stays .01
		return v
	}
	return missing
}

// texted are an attribute's strings or integers as texts.
func texted(a *pb.AttributeProto) (list []string) {
	for _, s := range a.Strings {
		list = append(list, string(s))
	}
	for _, v := range a.Ints {
		list = append(list, strconv.FormatInt(v, 10))
	}
	return list
}

// textsOf are a constant's strings or integers as texts.
func textsOf(t *pb.TensorProto) (list []string) {
	for _, s := range t.StringData {
		list = append(list, string(s))
	}
	for _, v := range t.Int32Data {
		list = append(list, strconv.Itoa(int(v)))
	}
	for _, v := range t.Int64Data {
		list = append(list, strconv.FormatInt(v, 10))
	}
	raw := t.GetRawData()
	for step := map[int32]int{int64s: 8, int32(pb.TensorProto_INT32): 4}[t.GetDataType()]; step > 0 && len(raw) >= step; raw = raw[step:] {
		if step == 8 {
			list = append(list, strconv.FormatInt(int64(binary.LittleEndian.Uint64(raw)), 10))
		} else {
			list = append(list, strconv.Itoa(int(int32(binary.LittleEndian.Uint32(raw)))))
		}
	}
	return list
}
