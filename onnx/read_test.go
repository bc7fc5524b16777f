package onnx

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	pb "gradus/internal/onnxpb"
	"gradus/internal/say"
	"gradus/mat"
)

// The networks of others, written by testdata/make.py, answer here as they did in ONNX Runtime.
func TestReadOthers(t *testing.T) {
	for name, labels := range map[string]string{
		"sklearn_binary": "0 1", "sklearn_classes": "0 1 2", "sklearn_number": "", "operators": "", "patterns": "",
	} {
		b, err := os.ReadFile(filepath.Join("testdata", name+".onnx"))
		if err != nil {
			t.Fatal(err)
		}
		net, err := Read(b, name, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := strings.Join(net.Labels, " "); got != labels {
			t.Errorf("%s: labels %q, want %q", name, got, labels)
		}
		var want struct{ X, Y [][]float32 }
		b, err = os.ReadFile(filepath.Join("testdata", name+".json"))
		if err != nil || json.Unmarshal(b, &want) != nil {
			t.Fatal(err)
		}
		p, worst := net.Network.NewPrediction(1), 0.
		for r, x := range want.X {
			h := p.Forward(mat.View(1, len(x), x)).Data
			y := want.Y[r]
			for i, v := range h { // of two classes the runtime gives both, the network the second
				w := float64(y[len(y)-len(h)+i])
				worst = max(worst, math.Abs(float64(v)-w)/max(1, math.Abs(w)))
			}
		}
		t.Logf("%s: %d rows, furthest %.1e", name, len(want.X), worst)
		if !(worst <= 2e-6) {
			t.Errorf("%s: %.1e away", name, worst)
		}
	}
}

// small is a file with the nodes on one input of 2 columns.
func small(nodes []*pb.NodeProto, constants ...*pb.TensorProto) []byte {
	g := &graph{taken: map[string]bool{}}
	g.Input = append(g.Input, declared("x", float32s, 2))
	g.Initializer, g.Node = constants, nodes
	b, err := proto.Marshal(&pb.ModelProto{IrVersion: proto.Int64(irVersion), Graph: &g.GraphProto})
	if err != nil {
		panic(err)
	}
	return b
}

func node(kind, out string, in ...string) *pb.NodeProto {
	return &pb.NodeProto{OpType: &kind, Name: proto.String("node of " + out), Input: in, Output: []string{out}}
}

func numbersOf(name string, values []float32, dims ...int64) *pb.TensorProto {
	return &pb.TensorProto{Name: &name, DataType: proto.Int32(float32s), FloatData: values, Dims: dims}
}

// What is refused is refused with its name, and claims of size cost no memory.
func TestReadRefuses(t *testing.T) {
	far := numbersOf("w", nil, 2, 2)
	far.DataLocation = pb.TensorProto_EXTERNAL.Enum()
	far.ExternalData = []*pb.StringStringEntryProto{{Key: proto.String("location"), Value: proto.String("../../etc/passwd")}}
	gemm := []*pb.NodeProto{node("Gemm", "y", "x", "w")}
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"no file":           {[]byte("patient_id,age\n1,2\n"), "onnx.format"},
		"nothing":           {nil, "onnx.format"},
		"convolution":       {small([]*pb.NodeProto{node("Conv", "y", "x", "w")}, numbersOf("w", []float32{1}, 1)), "onnx.operator"},
		"operator behind":   {small([]*pb.NodeProto{gemm[0], node("LSTM", "z", "y")}, numbersOf("w", []float32{1, 2, 3, 4}, 2, 2)), "onnx.operator"},
		"hostile size":      {small(gemm, numbersOf("w", []float32{1, 2}, 1<<40, 1<<40)), "onnx.shape"},
		"negative size":     {small(gemm, numbersOf("w", []float32{1, 2}, -2, -1)), "onnx.shape"},
		"other width":       {small(gemm, numbersOf("w", []float32{1, 2, 3}, 3, 1)), "onnx.width"},
		"weights as input":  {small(gemm), "onnx.not_constant"},
		"external":          {small(gemm, far), "onnx.external"},
		"circle":            {small([]*pb.NodeProto{node("Relu", "y", "z"), node("Relu", "z", "x"), node("Relu", "x", "y")}), "onnx.format"},
		"NaN":               {small(gemm, numbersOf("w", []float32{float32(math.NaN()), 1}, 2, 1)), "onnx.not_finite"},
		"nothing computed":  {small(nil), "onnx.no_layers"},
		"bias of two sizes": {small([]*pb.NodeProto{node("Gemm", "y", "x", "w", "b")}, numbersOf("w", []float32{1, 2}, 2, 1), numbersOf("b", []float32{1, 2}, 2)), "onnx.width"},
	} {
		_, err := Read(c.b, "net.onnx", Options{})
		var e *say.Err
		if err == nil || !errors.As(err, &e) || e.Key != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"sklearn_binary", "patterns"} {
		b, err := os.ReadFile(filepath.Join("testdata", name+".onnx"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add(small([]*pb.NodeProto{node("Gemm", "y", "x", "w")}, numbersOf("w", []float32{1, 2}, 2, 1)))
	f.Fuzz(func(t *testing.T, b []byte) {
		net, err := Read(b, "fuzz", Options{External: func(string) ([]byte, error) { return b, nil }})
		if err != nil {
			return
		}
		net.Network.NewPrediction(1).Forward(mat.New[float32](1, net.Network.In()))
	})
}
