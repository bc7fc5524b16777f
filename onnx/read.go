package onnx

import (
	"math"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	pb "gradus/internal/onnxpb"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
)

// Options say how Read reads.
type Options struct {
	// External returns a file that holds arrays beside the model, by the name the model gives it; nil: such models are refused.
	External func(name string) ([]byte, error)
}

// Net is a network that was read, with what stood around it.
type Net struct {
	Network *network.Network[float32]
	Input   string   // name of the input
	Labels  []string // of the classes, where the file names them
}

// Read reads a multilayer perceptron: one input (N,in) of numbers, a chain of Gemm or MatMul and Add, activations and normalisations, scalers
// before them; behind the last layer what turns its numbers into labels is passed over. An operator that it does not know is refused by name.
func Read(b []byte, name string, opt Options) (*Net, error) {
	var file pb.ModelProto
	if err := proto.Unmarshal(b, &file); err != nil || file.Graph == nil {
		return nil, say.Error("onnx.format", "name", name)
	}
	r := &reader{name: name, opt: opt, graph: file.Graph, constants: map[string]*pb.TensorProto{}, users: map[string][]*pb.NodeProto{}}
	if err := r.gather(); err != nil {
		return nil, err
	}
	if err := r.walk(); err != nil {
		return nil, err
	}
	return r.finish()
}

// widest is the most columns that an input may claim: claims cost memory before a single number is there.
const widest = 1 << 20

// reader walks a graph from its input on.
type reader struct {
	name      string
	opt       Options
	graph     *pb.GraphProto
	constants map[string]*pb.TensorProto
	users     map[string][]*pb.NodeProto
	input     string
	width     int // of the present value; 0: not known yet
	in        int
	layers    []layer
	labels    []string
}

// layer is a layer and its arrays in the order of its parts; a normalisation has its running mean and variance behind them.
type layer struct {
	network.Spec
	parts [][]float32
}

// fault is an error about one node.
func (r *reader) fault(key string, n *pb.NodeProto, args ...any) error {
	return say.Error(key, append([]any{"name", r.name, "node", n.GetName(), "operator", n.GetOpType()}, args...)...)
}

// gather lists the constants, and who uses which value; the input is the one that is no constant.
func (r *reader) gather() error {
	for _, t := range r.graph.Initializer {
		r.constants[t.GetName()] = t
	}
	for _, n := range r.graph.Node {
		if n.GetOpType() == "Constant" && len(n.Output) == 1 {
			if a := attribute(n, "value"); a != nil && a.T != nil {
				r.constants[n.Output[0]] = a.T
			}
			continue
		}
		for _, in := range n.Input {
			if in != "" {
				r.users[in] = append(r.users[in], n)
			}
		}
	}
	var inputs []string
	for _, in := range r.graph.Input {
		if r.constants[in.GetName()] == nil {
			inputs = append(inputs, in.GetName())
			if dims := in.GetType().GetTensorType().GetShape().GetDim(); len(dims) > 0 {
				r.width = int(dims[len(dims)-1].GetDimValue())
			}
		}
	}
	if r.width < 0 || r.width > widest {
		return say.Error("onnx.widest", "name", r.name, "found", r.width, "most", widest)
	}
	if len(inputs) != 1 {
		return say.Error("onnx.inputs", "name", r.name, "found", len(inputs), "names", strings.Join(inputs[:min(len(inputs), 10)], ", "))
	}
	r.input = inputs[0]
	return nil
}

// walk goes from the input along the one path that computes numbers, until it ends or what follows only reads them out.
func (r *reader) walk() error {
	value := r.input
	r.in = r.width
	for range len(r.graph.Node) + 1 { // a path that is longer goes in circles
		users := r.users[value]
		next := ""
		switch {
		case len(users) == 0:
			return nil
		case len(users) > 1:
			if next = r.pattern(value, users); next == "" {
				return r.readout(users)
			}
		case readouts[users[0].GetOpType()]:
			return r.readout(users)
		default:
			if err := r.node(users[0], value); err != nil {
				return err
			}
			if len(users[0].Output) == 0 {
				return r.fault("onnx.operator", users[0], "known", known())
			}
			next = users[0].Output[0]
		}
		value = next
	}
	return say.Error("onnx.format", "name", r.name)
}

// readouts are operators that turn the numbers of the last layer into labels or another form; they end the network.
var readouts = map[string]bool{"ArgMax": true, "ZipMap": true, "ArrayFeatureExtractor": true, "LabelEncoder": true, "Concat": true, "TopK": true, "Squeeze": true}

// readout checks that nothing behind the network computes on but what readouts know, and takes the labels.
func (r *reader) readout(users []*pb.NodeProto) error {
	seen := map[*pb.NodeProto]bool{}
	for len(users) > 0 {
		n := users[0]
		if users = users[1:]; seen[n] {
			continue
		}
		seen[n] = true
		switch op := n.GetOpType(); {
		case readouts[op], slices.Contains([]string{"Cast", "Identity", "Reshape", "Sub", "Greater", "GreaterOrEqual", "Not", "Shape"}, op):
		default:
			return r.fault("onnx.operator", n, "known", known())
		}
		r.takeLabels(n)
		for _, out := range n.Output {
			users = append(users, r.users[out]...)
		}
	}
	return nil
}

// takeLabels takes the names of the classes where n tells them.
func (r *reader) takeLabels(n *pb.NodeProto) {
	if r.labels != nil {
		return
	}
	for _, name := range []string{"classlabels_strings", "classlabels_int64s", "values_strings", "values_int64s"} {
		if a := attribute(n, name); a != nil {
			r.labels = texted(a)
		}
	}
	if n.GetOpType() == "ArrayFeatureExtractor" && len(n.Input) > 0 {
		if t := r.constants[n.Input[0]]; t != nil {
			r.labels = textsOf(t)
		}
	}
}

// finish makes the network of the layers.
func (r *reader) finish() (*Net, error) {
	if len(r.layers) == 0 {
		return nil, say.Error("onnx.no_layers", "name", r.name)
	}
	specs := make([]network.Spec, len(r.layers))
	for i, l := range r.layers {
		specs[i] = l.Spec
	}
	net, err := network.Build[float32](r.in, specs)
	if err != nil {
		return nil, say.Error("onnx.network", "name", r.name, "cause", err)
	}
	w, buffers := net.Weights(), net.Buffers()
	for i, l := range r.layers {
		var places [][]float32
		for _, s := range net.Spans() {
			if s.Layer == i {
				places = append(places, w[s.Start:s.End])
			}
		}
		for len(places) < len(l.parts) && len(buffers) > 0 {
			places, buffers = append(places, buffers[0].Values), buffers[1:]
		}
		for j, place := range places {
			if j >= len(l.parts) || copy(place, l.parts[j]) != len(place) || len(place) != len(l.parts[j]) {
				return nil, say.Error("onnx.format", "name", r.name)
			}
		}
	}
	for _, v := range w {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return nil, say.Error("onnx.not_finite", "name", r.name)
		}
	}
	return &Net{net, r.input, r.labels}, nil
}

// matrix is a constant as (rows,cols), transposed where it lies the other way.
func matrix(v []float32, rows, cols int, transposed bool) mat.Matrix[float32] {
	m := mat.View(rows, cols, v)
	if !transposed {
		return m
	}
	t := mat.New[float32](cols, rows)
	for i := range rows {
		for j := range cols {
			t.Data[j*rows+i] = m.At(i, j)
		}
	}
	return t
}
