// Package onnx writes models as ONNX files and reads networks from such files, so that what gradus trained runs in other runtimes and
// what others trained runs here.
package onnx

import (
	"encoding/json"
	"io"

	"google.golang.org/protobuf/proto"

	pb "gradus/internal/onnxpb"
	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

// Versions of the format that Write uses: those of ONNX 1.16, which runtimes know since 2024.
const (
	irVersion = 10
	opset     = 21
	opsetML   = 3
)

// Names of the outputs.
const (
	Probability = "probability" // (N,levels) float32, the levels in sorted order
	Prediction  = "prediction"  // (N) string, the level; of a number (N,1) float32
	Risk        = "risk"        // (N,1) float32, of survival: log hazard beside a usual row
	Chance      = "survival"    // (N,horizons) float32: chance of no event until each horizon
)

// Write writes m as ONNX: an input (N,1) for each raw column, float32 for numbers (NaN: missing) and string for categories ("": missing),
// the preparation, the network and the probability in the graph. The same model gives the same bytes.
func Write(w io.Writer, m *model.Model) error {
	g := &graph{taken: map[string]bool{}}
	for _, name := range outputs(m) {
		g.taken[name] = true
	}
	for i := range m.Preparation.Inputs {
		name := m.Preparation.Inputs[i].Name
		if g.taken[name] {
			return say.Error("onnx.name", "column", name, "names", outputs(m))
		}
		g.taken[name] = true
	}
	g.Name = proto.String("gradus")
	x := g.columns(m.Preparation)
	g.result(m, g.cast(g.layers(x, m.Network.Specs(), &arrays{m.Network.Named(), m.Network.Buffers()}, ""), float64s))
	about, err := json.Marshal(card{m.Target, m.Preparation, m.Card.Rows})
	if err != nil {
		return err
	}
	file := &pb.ModelProto{
		IrVersion: proto.Int64(irVersion), ProducerName: proto.String("gradus"), ProducerVersion: proto.String(model.Version), Graph: &g.GraphProto,
		DocString:   proto.String(model.Disclaimer),
		OpsetImport: []*pb.OperatorSetIdProto{{Domain: proto.String(""), Version: proto.Int64(opset)}, {Domain: proto.String(ml), Version: proto.Int64(opsetML)}},
		MetadataProps: []*pb.StringStringEntryProto{
			{Key: proto.String("gradus"), Value: proto.String(string(about))},
			{Key: proto.String("disclaimer"), Value: proto.String(model.Disclaimer)},
		},
	}
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(file)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// card is what the file says about itself: no row, no path.
type card struct {
	Target      table.Target       `json:"target"`
	Preparation *table.Preparation `json:"preparation"`
	Rows        int                `json:"rows"`
}

// outputs are the names of the results of m.
func outputs(m *model.Model) []string {
	switch m.Target.Task {
	case table.TaskNumber:
		return []string{Prediction}
	case table.TaskSurvival:
		return []string{Risk, Chance}
	}
	return []string{Probability, Prediction}
}

// result names the outputs that m's logits o (N,logits), in float64, stand for.
func (g *graph) result(m *model.Model, o string) {
	switch m.Target.Task {
	case table.TaskNumber:
		x := g.node("Mul", []string{o, g.doubles([]float64{m.Scale.SD})})
		g.finish(Prediction, g.node("Add", []string{x, g.doubles([]float64{m.Scale.Mean})}), 1)
	case table.TaskSurvival:
		g.survival(m.Survival, o)
	case table.TaskBinary:
		g.binary(m, o)
	default:
		p := g.node("Softmax", []string{o}, whole("axis", -1))
		g.finish(Probability, p, len(m.Target.Levels))
		g.called(m.Target.Levels, g.node("ArgMax", []string{p}, whole("axis", 1), whole("keepdims", 0)))
	}
}

// finish makes x (N,width), in float64, the float32 output name.
func (g *graph) finish(name, x string, width int) {
	g.named(name, "Cast", []string{x}, whole("to", int64(float32s)))
	g.asOutput(name, float32s, int64(width))
}

// binary is the sigmoid of the event's logit and of its negative, in the order of the levels; a tie at ½ is the event.
func (g *graph) binary(m *model.Model, o string) {
	p := g.node("Sigmoid", []string{o})
	pair := []string{p, g.node("Sigmoid", []string{g.node("Neg", []string{o})})}
	other, event := m.Target.Levels[1-m.EventIndex()], m.Target.Event
	if m.EventIndex() == 1 {
		pair[0], pair[1] = pair[1], pair[0]
	}
	g.finish(Probability, g.node("Concat", pair, whole("axis", 1)), 2)
	is := g.cast(g.node("GreaterOrEqual", []string{p, g.doubles([]float64{.5})}), int64s)
	g.called([]string{other, event}, g.node("Reshape", []string{is, g.integers(-1)}))
}

// called turns places (N) among levels into their names.
func (g *graph) called(levels []string, places string) {
	keys := make([]int64, len(levels))
	for i := range keys {
		keys[i] = int64(i)
	}
	g.named(Prediction, "LabelEncoder", []string{places}, wholes("keys_int64s", keys), wordList("values_strings", levels), word("default_string", ""))
	g.asOutput(Prediction, texts)
}

// survival is the risk o − centre and S(t) = exp(−H₀(t)·e^risk) at each horizon.
func (g *graph) survival(s *model.Survival, o string) {
	risk := g.node("Sub", []string{o, g.doubles([]float64{s.Centre})})
	g.finish(Risk, risk, 1)
	hazard := make([]float64, len(s.Horizons))
	for i, t := range s.Horizons {
		hazard[i] = -s.At(t)
	}
	at := g.node("Mul", []string{g.node("Exp", []string{risk}), g.doubles(hazard, 1, len(hazard))})
	g.finish(Chance, g.node("Exp", []string{at}), len(hazard))
}
