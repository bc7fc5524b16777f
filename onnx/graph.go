package onnx

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"

	"google.golang.org/protobuf/proto"

	pb "gradus/internal/onnxpb"
)

// ml is the domain of the operators for tables.
const ml = "ai.onnx.ml"

// Element types of a tensor.
const (
	float32s = int32(pb.TensorProto_FLOAT)
	float64s = int32(pb.TensorProto_DOUBLE)
	int64s   = int32(pb.TensorProto_INT64)
	texts    = int32(pb.TensorProto_STRING)
)

// graph gathers the nodes of a model in the order of their computation. Every value has a name of its own: columns and outputs the one
// that users know them by, all others one that no column has.
type graph struct {
	pb.GraphProto
	taken map[string]bool
	count int
}

// fresh is a name that stands for nothing yet.
func (g *graph) fresh() string {
	for {
		g.count++
		if name := "v" + strconv.Itoa(g.count); !g.taken[name] {
			return name
		}
	}
}

// node adds kind(in…) and names its one output.
func (g *graph) node(kind string, in []string, attributes ...*pb.AttributeProto) string {
	out := g.fresh()
	g.named(out, kind, in, attributes...)
	return out
}

// named is node with the name of its output given.
func (g *graph) named(out, kind string, in []string, attributes ...*pb.AttributeProto) {
	n := &pb.NodeProto{OpType: &kind, Input: in, Output: []string{out}, Attribute: attributes, Name: proto.String("node " + strconv.Itoa(len(g.Node)+1))}
	if kind == "LabelEncoder" {
		n.Domain = proto.String(ml)
	}
	g.Node = append(g.Node, n)
}

// cast is x as another type.
func (g *graph) cast(x string, to int32) string {
	return g.node("Cast", []string{x}, whole("to", int64(to)))
}

// floats is a constant float32 array of the shape.
func (g *graph) floats(v []float32, shape ...int) string {
	raw := make([]byte, 0, 4*len(v))
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
	}
	return g.constant(float32s, raw, shape)
}

// doubles is a constant float64 array of the shape; without a shape of one number it is that number.
func (g *graph) doubles(v []float64, shape ...int) string {
	raw := make([]byte, 0, 8*len(v))
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(x))
	}
	return g.constant(float64s, raw, shape)
}

// integers is a constant list.
func (g *graph) integers(v ...int64) string {
	raw := make([]byte, 0, 8*len(v))
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(x))
	}
	return g.constant(int64s, raw, []int{len(v)})
}

func (g *graph) constant(kind int32, raw []byte, shape []int) string {
	name := g.fresh()
	g.Initializer = append(g.Initializer, &pb.TensorProto{Name: &name, DataType: &kind, RawData: raw, Dims: dims(shape)})
	return name
}

func dims(shape []int) []int64 {
	list := make([]int64, len(shape))
	for i, n := range shape {
		list[i] = int64(n)
	}
	return list
}

// asInput declares a column of rows (N,1), asOutput a result of rows (N) or (N,width).
func (g *graph) asInput(name string, kind int32) {
	g.Input = append(g.Input, declared(name, kind, 1))
}

func (g *graph) asOutput(name string, kind int32, width ...int64) {
	g.Output = append(g.Output, declared(name, kind, width...))
}

func declared(name string, kind int32, width ...int64) *pb.ValueInfoProto {
	shape := &pb.TensorShapeProto{Dim: []*pb.TensorShapeProto_Dimension{{Value: &pb.TensorShapeProto_Dimension_DimParam{DimParam: "N"}}}}
	for _, n := range width {
		shape.Dim = append(shape.Dim, &pb.TensorShapeProto_Dimension{Value: &pb.TensorShapeProto_Dimension_DimValue{DimValue: n}})
	}
	t := &pb.TypeProto_Tensor{ElemType: &kind, Shape: shape}
	return &pb.ValueInfoProto{Name: &name, Type: &pb.TypeProto{Value: &pb.TypeProto_TensorType{TensorType: t}}}
}

func whole(name string, v int64) *pb.AttributeProto {
	return &pb.AttributeProto{Name: &name, Type: pb.AttributeProto_INT.Enum(), I: &v}
}

func real32(name string, v float64) *pb.AttributeProto {
	return &pb.AttributeProto{Name: &name, Type: pb.AttributeProto_FLOAT.Enum(), F: proto.Float32(float32(v))}
}

func wholes(name string, v []int64) *pb.AttributeProto {
	return &pb.AttributeProto{Name: &name, Type: pb.AttributeProto_INTS.Enum(), Ints: slices.Clone(v)}
}

func word(name, v string) *pb.AttributeProto {
	return &pb.AttributeProto{Name: &name, Type: pb.AttributeProto_STRING.Enum(), S: []byte(v)}
}

func wordList(name string, v []string) *pb.AttributeProto {
	a := &pb.AttributeProto{Name: &name, Type: pb.AttributeProto_STRINGS.Enum()}
	for _, s := range v {
		a.Strings = append(a.Strings, []byte(s))
	}
	return a
}
