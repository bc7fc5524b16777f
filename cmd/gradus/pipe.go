package main

import (
	"context"
	"encoding/json"

	"github.com/spf13/cobra"

	"gradus/explain"
	"gradus/internal/say"
	"gradus/model"
	"gradus/pipe"
	"gradus/table"
)

// newPipe is gradus pipe, which programs start; the Python package does.
func newPipe(a *app) *cobra.Command {
	c := a.command("pipe", 0, 0, func([]string) error {
		s := &pipe.Server{Lang: a.lang, Describe: inspected, Explain: a.explainFor}
		return s.Serve(a.ctx, a.in, a)
	})
	c.Example = "gradus pipe"
	return c
}

// inspected is what gradus inspect prints.
func inspected(m *model.Model) (json.RawMessage, error) { return encode(describe(m)) }

// explainOptions are the flags of gradus explain.
type explainOptions struct {
	Method string `json:"method"`
	Rows   string `json:"rows"`
	Column string `json:"column"`
	Scale  string `json:"scale"`
	Level  string `json:"level"`
	Seed   uint64 `json:"seed"`
}

// explainFor is what gradus explain prints of a table that another program holds.
func (a *app) explainFor(ctx context.Context, m *model.Model, read func(map[string]table.Kind) (*table.Table, error), options json.RawMessage) (json.RawMessage, error) {
	o := explainOptions{Seed: a.seed}
	if len(options) > 0 {
		if err := json.Unmarshal(options, &o); err != nil {
			return nil, say.Error("pipe.head", "cause", err)
		}
	}
	if m.Survival != nil {
		return nil, say.Error("survival.only_predict", "name", "model")
	}
	own := *a
	own.ctx, own.json, own.quiet, own.seed = ctx, true, true, o.Seed
	e := &explained{app: &own, m: m, flags: explainFlags{method: o.Method, rows: o.Rows, column: o.Column, scale: o.Scale, level: o.Level}}
	if err := e.choose(); err != nil {
		return nil, err
	}
	var err error
	if e.f, err = explain.NewFunction(m, o.Level, explain.Scale(o.Scale)); err != nil {
		return nil, err
	}
	if e.tbl, err = read(e.kinds()); err != nil {
		return nil, err
	}
	if err := e.prepare(); err != nil {
		return nil, err
	}
	result, _, err := e.compute()
	if err != nil {
		return nil, err
	}
	return encode(e.whole(result))
}
