package pipe

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"gradus/fit"
	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

// client is the other end of a server at work.
type client struct {
	t    *testing.T
	in   *io.PipeWriter
	out  *io.PipeReader
	ends chan error
}

func serve(t *testing.T) *client {
	t.Helper()
	fromUs, toServer := io.Pipe()
	toUs, fromServer := io.Pipe()
	c := &client{t, toServer, toUs, make(chan error, 1)}
	s := &Server{Lang: say.English, Describe: func(m *model.Model) (json.RawMessage, error) { return json.Marshal(m.Target) }}
	s.Explain = func(_ context.Context, _ *model.Model, read func(map[string]table.Kind) (*table.Table, error), options json.RawMessage) (json.RawMessage, error) {
		if _, err := read(nil); err != nil {
			return nil, err
		}
		if string(options) == "1" {
			panic("a bug")
		}
		return options, nil
	}
	go func() {
		err := s.Serve(context.Background(), fromUs, fromServer)
		fromServer.Close()
		c.ends <- err
	}()
	t.Cleanup(func() { toServer.Close() })
	return c
}

func (c *client) send(head any, body []byte) {
	c.t.Helper()
	if err := writeFrame(c.in, head, body); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) receive() (map[string]any, []byte) {
	c.t.Helper()
	f, err := readFrame(c.out)
	if err != nil {
		c.t.Fatal(err)
	}
	var head map[string]any
	if err := json.Unmarshal(f.head, &head); err != nil {
		c.t.Fatal(err)
	}
	return head, f.body
}

func (c *client) ask(head any, body []byte) (map[string]any, []byte) {
	c.t.Helper()
	c.send(head, body)
	return c.receive()
}

// rows is a table of two columns of numbers, one of text and a target, and its head and body.
func rows(n int) (csv string, head map[string]any, body []byte) {
	r := rand.New(rand.NewPCG(1, 2))
	var text strings.Builder
	text.WriteString("a,b,sex,ill\n")
	var numbers []float64
	var sexes, ills []byte
	for range n {
		a, b, sex := r.NormFloat64(), r.NormFloat64(), r.IntN(3)-1
		ill := 0
		if a+b > 0 {
			ill = 1
		}
		text.WriteString(table.Format(a) + "," + table.Format(b) + "," + []string{"NA", "F", "M"}[sex+1] + "," + []string{"no", "yes"}[ill] + "\n")
		numbers = append(numbers, a, b)
		sexes = binary.LittleEndian.AppendUint32(sexes, uint32(int32(sex)))
		ills = binary.LittleEndian.AppendUint32(ills, uint32(ill))
	}
	head = map[string]any{
		"rows": n, "dtype": "float64", "order": "C", "target": map[string]any{"name": "ill", "levels": []string{"no", "yes"}},
		"columns": []any{map[string]any{"name": "a"}, map[string]any{"name": "b"}, map[string]any{"name": "sex", "levels": []string{"F", "M"}}},
	}
	return text.String(), head, append(append(bytesOf(nil, numbers), sexes...), ills...)
}

// A fit over the pipe is the file of the same table's fit, and its predictions are the model's own.
func TestFitAndPredict(t *testing.T) {
	csv, head, body := rows(90)
	tbl, err := table.Read(strings.NewReader(csv), "t.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	target, y, err := table.NewTarget(tbl, "ill", "", "")
	if err != nil {
		t.Fatal(err)
	}
	run, err := fit.New(tbl, nil, target, y, model.Settings{Epochs: 4, Members: 2, Seed: 9})
	if err != nil {
		t.Fatal(err)
	}
	m, err := run.Train(context.Background())
	if err == nil {
		err = m.Summarise(tbl)
	}
	var want bytes.Buffer
	if err == nil {
		err = m.Write(&want)
	}
	if err != nil {
		t.Fatal(err)
	}
	c := serve(t)
	about, file := c.ask(map[string]any{"do": "fit", "table": head, "settings": map[string]any{"epochs": 4, "members": 2, "seed": 9}}, body)
	if !bytes.Equal(file, want.Bytes()) {
		t.Fatalf("another file than gradus train writes: %v", about)
	}
	if curves := about["curves"].([]any); len(curves) != 4 {
		t.Errorf("%d curves of 2 members of 2 networks", len(curves))
	}
	delete(head, "target")
	all, _, err := m.All(tbl)
	if err != nil {
		t.Fatal(err)
	}
	answer, values := c.ask(map[string]any{"do": "predict", "model": about["model"], "table": head, "logits": true, "warnings": true}, body[:len(body)-4*90])
	if len(values) != 8*90*3 || !bytes.Equal(values[:8*180], bytesOf(nil, all.Data)) {
		t.Fatalf("other predictions: %v", answer)
	}
	for r := range 90 {
		z := math.Float64frombits(binary.LittleEndian.Uint64(values[8*(180+r):]))
		if p := 1 / (1 + math.Exp(-z)); math.Abs(p-all.At(r, m.EventIndex())) > 1e-15 {
			t.Fatalf("row %d: logit %g of %g", r, z, all.At(r, m.EventIndex()))
		}
	}
	if len(answer["warnings"].(map[string]any)) == 0 {
		t.Error("no warning of a missing cell")
	}
	if answer, _ := c.ask(map[string]any{"do": "predict", "model": "?", "table": head}, body); answer["unknown"] != "?" {
		t.Errorf("%v", answer)
	}
	if answer, _ := c.ask(map[string]any{"do": "open"}, file); answer["model"] != about["model"] {
		t.Errorf("%v", answer)
	}
	if answer, _ := c.ask(map[string]any{"do": "describe", "model": about["model"]}, nil); answer["column"] != "ill" {
		t.Errorf("%v", answer)
	}
}

// float32 and columns one behind the other are the same table.
func TestMatrices(t *testing.T) {
	list := []float64{1, 2.5, math.NaN(), 4, 5, 6}
	var narrow, turned []byte
	for i, v := range list {
		narrow = binary.LittleEndian.AppendUint32(narrow, math.Float32bits(float32(v)))
		turned = bytesOf(turned, []float64{list[i%3*2+i/3]})
	}
	head := columns{Rows: 3, Columns: []column{{Name: "a"}, {Name: "b"}}, DType: "float64", Order: "C"}
	want, err := head.table(bytesOf(nil, list), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []struct {
		dtype, order string
		body         []byte
	}{{"float32", "C", narrow}, {"float64", "F", turned}} {
		head.DType, head.Order = other.dtype, other.order
		got, err := head.table(other.body, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want.Columns {
			for r := range 3 {
				if a, b := want.Columns[i].Number(r), got.Columns[i].Number(r); a != b && (a == a || b == b) {
					t.Errorf("%v: column %d, row %d: %g, not %g", other.dtype, i, r, b, a)
				}
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	_, head, body := rows(50)
	with := func(name string, value any) map[string]any {
		own := map[string]any{}
		for k, v := range head {
			own[k] = v
		}
		own[name] = value
		return own
	}
	c := serve(t)
	for _, wrong := range []struct {
		head any
		body []byte
		key  string
	}{
		{map[string]any{"do": "swim"}, nil, "pipe.request"},
		{map[string]any{"do": "fit"}, nil, "pipe.lacks"},
		{map[string]any{"do": "hello", "x": 1}, nil, "pipe.head"},
		{[]int{1}, nil, "pipe.head"},
		{map[string]any{"do": "open"}, []byte("no model"), "model.not_model"},
		{map[string]any{"do": "fit", "table": head}, body[1:], "pipe.bytes"},
		{map[string]any{"do": "fit", "table": with("rows", 0)}, nil, "pipe.value"},
		{map[string]any{"do": "fit", "table": with("rows", 1<<31)}, body, "pipe.bytes"},
		{map[string]any{"do": "fit", "table": with("dtype", "int8")}, body, "pipe.value"},
		{map[string]any{"do": "fit", "table": with("order", "")}, body, "pipe.value"},
		{map[string]any{"do": "fit", "table": with("columns", make([]column, 1<<16+1))}, body, "pipe.value"},
		{map[string]any{"do": "fit", "table": head, "settings": map[string]any{"epochs": 0.5}}, body, "pipe.head"},
		{map[string]any{"do": "fit", "table": head, "settings": map[string]any{"epoch": 1}}, body, "pipe.head"},
		{map[string]any{"do": "fit", "table": head, "settings": map[string]any{"epochs": -1}}, body, "model.setting"},
	} {
		if answer, _ := c.ask(wrong.head, wrong.body); answer["key"] != wrong.key || answer["failure"] != false {
			t.Errorf("%v, not %s", answer, wrong.key)
		}
	}
	if answer, _ := c.ask(map[string]any{"do": "hello"}, nil); answer["protocol"] != 1. {
		t.Errorf("afterwards: %v", answer)
	}
}

// An error of our own is answered like any other, and the next request too.
func TestPanicIsAnswered(t *testing.T) {
	_, head, body := rows(50)
	c := serve(t)
	about, _ := c.ask(map[string]any{"do": "fit", "table": head, "settings": map[string]any{"hidden": []int{}, "epochs": 1}}, body)
	for options, key := range map[string]any{"1": "pipe.panic", `{"a":1}`: nil} {
		if answer, _ := c.ask(map[string]any{"do": "explain", "model": about["model"], "table": head, "options": json.RawMessage(options)}, body); answer["key"] != key {
			t.Errorf("%s: %v", options, answer)
		}
	}
}

// The end of the input stops a fit that would take hours.
func TestEndOfInputStopsAFit(t *testing.T) {
	_, head, body := rows(200)
	c := serve(t)
	c.send(map[string]any{"do": "fit", "progress": true, "table": head, "settings": map[string]any{"hidden": []int{256, 256}, "epochs": 1000000, "validation": 0}}, body)
	if first, _ := c.receive(); first["progress"] == nil {
		t.Fatalf("%v", first)
	}
	c.in.Close()
	go func() { _, _ = io.Copy(io.Discard, c.out) }()
	select {
	case err := <-c.ends:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("it goes on")
	}
}

func TestFewModelsStayOpen(t *testing.T) {
	_, head, body := rows(50)
	c := serve(t)
	key := ""
	for seed := range modelsKept + 1 {
		about, _ := c.ask(map[string]any{"do": "fit", "table": head, "settings": map[string]any{"hidden": []int{}, "epochs": 1, "seed": seed}}, body)
		if seed == 0 {
			key = about["model"].(string)
		}
	}
	if answer, _ := c.ask(map[string]any{"do": "describe", "model": key}, nil); answer["unknown"] != key {
		t.Errorf("%v", answer)
	}
}

// What a frame claims costs nothing before it is there.
func TestClaims(t *testing.T) {
	for name, sent := range map[string]string{
		"another protocol": "GET / HTTP/1.1\r\n\r\n",
		"cut short":        mark + "\x02",
		"no head":          mark + "\x00\x00\x00\x00" + strings.Repeat("\x00", 8),
		"a huge head":      mark + "\xff\xff\xff\xff" + strings.Repeat("\x00", 8),
		"a huge body":      mark + "\x02\x00\x00\x00" + strings.Repeat("\xff", 8) + "{}",
		"a body to come":   mark + "\x02\x00\x00\x00\x00\x00\x00\x00\x10\x00\x00\x00{}abc",
	} {
		var out bytes.Buffer
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := readFrame(strings.NewReader(sent))
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 3*firstPiece {
			t.Errorf("%s: %d bytes", name, n)
		}
		if _, ok := errors.AsType[*say.Err](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
		if got := (&Server{}).Serve(context.Background(), strings.NewReader(sent), &out); got == nil || !strings.Contains(out.String(), `"key":"pipe.`) {
			t.Errorf("%s: %v, answered %q", name, got, out.String())
		}
	}
}

func FuzzServe(f *testing.F) {
	_, head, body := rows(3)
	for _, request := range []map[string]any{
		{"do": "hello"},
		{"do": "fit", "table": head, "settings": map[string]any{"hidden": []int{2}, "epochs": 1}},
		{"do": "predict", "model": "x", "table": head},
	} {
		var b bytes.Buffer
		if err := writeFrame(&b, request, body); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := readFrame(bytes.NewReader(b))
		if err != nil {
			return
		}
		var r request
		if json.Unmarshal(got.head, &r) != nil || r.Table == nil {
			return
		}
		tbl, err := r.Table.table(got.body, nil)
		if err != nil {
			if _, ok := errors.AsType[*say.Err](err); !ok {
				t.Fatalf("an error of no sentence: %v", err)
			}
			return
		}
		if tbl.Rows != r.Table.Rows {
			t.Fatalf("%d rows of %d", tbl.Rows, r.Table.Rows)
		}
		if r.Table.Target != nil {
			_, _ = prepare(tbl, request{Table: r.Table, Settings: []byte(`{"hidden":[2],"epochs":1}`)})
		}
	})
}
