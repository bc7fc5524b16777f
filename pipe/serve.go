package pipe

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

// protocol is the version of what this package speaks.
const protocol = 1

// modelsKept is how many models stay open; the one used longest ago goes first.
const modelsKept = 32

// Server answers requests, one after the other.
type Server struct {
	Lang say.Lang
	// Explain and Describe are what gradus explain and gradus inspect print as JSON; options are those of the request.
	Explain  func(ctx context.Context, m *model.Model, read func(kinds map[string]table.Kind) (*table.Table, error), options json.RawMessage) (json.RawMessage, error)
	Describe func(m *model.Model) (json.RawMessage, error)

	models map[string]*kept
	clock  int
}

// kept is an open model.
type kept struct {
	*model.Model
	used      int
	predictor *model.Predictor // for a few rows
}

// request is the head of a frame that comes.
type request struct {
	Do       string          `json:"do"`
	Model    string          `json:"model"` // its key
	Table    *columns        `json:"table"`
	Settings json.RawMessage `json:"settings"` // of fit
	Progress bool            `json:"progress"` // of fit: a frame at the end of each epoch
	Logits   bool            `json:"logits"`   // of predict
	Warnings bool            `json:"warnings"` // of predict
	Options  json.RawMessage `json:"options"`  // of explain
}

// refusal is the answer to a request that failed.
type refusal struct {
	Error   string `json:"error"` // a sentence
	Key     string `json:"key"`
	Failure bool   `json:"failure"` // of the run, not of what was asked
}

// Serve answers until in ends, which also stops the work on a request. A frame that is none ends it with an error.
func (s *Server) Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	frames := make(chan frame)
	go func() {
		r := bufio.NewReaderSize(in, 1<<16)
		for {
			f, err := readFrame(r)
			if err != nil {
				stop(err)
				return
			}
			select {
			case frames <- f:
			case <-ctx.Done():
				return
			}
		}
	}()
	w := bufio.NewWriterSize(out, 1<<16)
	for {
		select {
		case <-ctx.Done():
			return s.ended(context.Cause(ctx), w)
		case f := <-frames:
			if err := s.answer(ctx, f, w); err != nil {
				return err
			}
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
}

// ended says what was wrong with the last frame, if anything.
func (s *Server) ended(err error, w *bufio.Writer) error {
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case errors.Is(err, context.Canceled):
		return err
	}
	_ = s.refuse(w, err)
	_ = w.Flush()
	return err
}

func (s *Server) refuse(w io.Writer, err error) error {
	r := refusal{Error: say.In(s.Lang, err), Key: "", Failure: true}
	if e, ok := errors.AsType[*say.Err](err); ok {
		r.Key, r.Failure = e.Key, e.Fault
	}
	return writeFrame(w, r)
}

// answer does what f asks for. Its error is one of writing; what was wrong with the request has been answered.
func (s *Server) answer(ctx context.Context, f frame, w *bufio.Writer) error {
	head, body, err := s.safely(ctx, f, w)
	if err != nil {
		return s.refuse(w, err)
	}
	return writeFrame(w, head, body)
}

// safely is do, where an error of our own is told like any other.
func (s *Server) safely(ctx context.Context, f frame, w *bufio.Writer) (head any, body []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = say.Failure("pipe.panic", "cause", fmt.Sprint(p))
		}
	}()
	return s.do(ctx, f, w)
}

// do carries a request out.
func (s *Server) do(ctx context.Context, f frame, w *bufio.Writer) (head any, body []byte, err error) {
	var r request
	d := json.NewDecoder(bytes.NewReader(f.head))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return nil, nil, say.Error("pipe.head", "cause", err)
	}
	switch r.Do {
	case "hello":
		return map[string]any{"gradus": model.Version, "protocol": protocol}, nil, nil
	case "fit":
		return s.fit(ctx, r, f.body, w)
	case "open":
		m, err := model.Read(f.body, named)
		if err != nil {
			return nil, nil, err
		}
		head, err = s.opened(m, f.body)
		return head, nil, err
	case "predict", "explain", "describe":
		m, known := s.models[r.Model]
		if !known {
			return map[string]any{"unknown": r.Model}, nil, nil
		}
		s.clock++
		m.used = s.clock
		return s.ask(ctx, r, m, f.body)
	}
	known := []string{"hello", "fit", "open", "describe", "predict", "explain"}
	return nil, nil, say.Error("pipe.request", "value", r.Do, "known", known)
}

// ask carries a request to an open model out.
func (s *Server) ask(ctx context.Context, r request, m *kept, body []byte) (head any, answer []byte, err error) {
	if r.Do == "describe" {
		head, err = s.Describe(m.Model)
		return head, nil, err
	}
	if r.Table == nil {
		return nil, nil, say.Error("pipe.lacks", "part", "table")
	}
	if r.Do == "predict" {
		return m.predict(r, body, s.Lang)
	}
	read := func(kinds map[string]table.Kind) (*table.Table, error) { return r.Table.table(body, kinds) }
	head, err = s.Explain(ctx, m.Model, read, r.Options)
	return head, nil, err
}

// opened keeps a model under the hash of its file, and says what it answers.
func (s *Server) opened(m *model.Model, file []byte) (map[string]any, error) {
	hash := sha256.Sum256(file)
	key := hex.EncodeToString(hash[:])
	if s.models == nil {
		s.models = map[string]*kept{}
	}
	s.clock++
	s.models[key] = &kept{Model: m, used: s.clock}
	if len(s.models) > modelsKept {
		delete(s.models, slices.MinFunc(slices.Collect(maps.Keys(s.models)), func(a, b string) int { return s.models[a].used - s.models[b].used }))
	}
	inputs := make([]string, len(m.Preparation.Inputs))
	for i, in := range m.Preparation.Inputs {
		inputs[i] = in.Name
	}
	return map[string]any{
		"model": key, "task": m.Target.Task, "target": m.Target.Column, "levels": m.Target.Levels, "event": m.Target.Event,
		"inputs": inputs, "outputs": m.Outputs(), "horizons": m.Card.Settings.Horizons,
	}, nil
}
