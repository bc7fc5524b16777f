package main

import (
	"bytes"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"gradus/federate"
	"gradus/fit"
	"gradus/metric"
	"gradus/model"
	"gradus/privacy"
	"gradus/table"
)

// fedStep are the flags of gradus fed step.
type fedStep struct {
	weights, out string
	ledger       string
	round        int
	noiseSeed    uint64
	seeded       bool
}

// newFedStep is gradus fed step PLAN MODEL TABLE.csv.
func newFedStep(a *app) *cobra.Command {
	var f fedStep
	var c *cobra.Command
	c = a.under("step PLAN MODEL TABLE.csv|-", 3, 3, func(args []string) error {
		f.seeded = c.Flags().Changed("noise-seed")
		return a.fedStep(args[0], args[1], args[2], f)
	})
	c.Flags().StringVar(&f.weights, "weights", "", a.text("federate.flag_weights"))
	c.Flags().StringVar(&f.out, "out", "-", a.text("federate.flag_weights_out"))
	c.Flags().IntVar(&f.round, "round", 0, a.text("federate.flag_round"))
	c.Flags().StringVar(&f.ledger, "ledger", "", a.text("federate.flag_ledger"))
	c.Flags().Uint64Var(&f.noiseSeed, "noise-seed", 0, a.text("federate.flag_noise_seed"))
	c.Example = "gradus fed step plan.json start.gradus ward.csv --out mine.safetensors\n" +
		"gradus fed step plan.json start.gradus ward.csv --weights all.safetensors --round 2 --out mine.safetensors"
	return c
}

func (a *app) fedStep(planPath, modelPath, tablePath string, f fedStep) error {
	p, m, err := a.readRound(planPath, modelPath, f.weights)
	if err != nil {
		return err
	}
	if f.round == 0 {
		f.round = m.Card.Federation.Round + 1
	}
	tbl, err := a.readTable(tablePath, table.Options{Kinds: p.Kinds()})
	if err != nil {
		return err
	}
	var random fit.Random
	if f.seeded {
		random = privacy.Seeded(f.noiseSeed)
	}
	said, err := federate.Step(a.ctx, p, m, tbl, f.round, random)
	if err != nil {
		return err
	}
	if p.Privacy != nil {
		if err := a.spend(p, tbl, f); err != nil {
			return err
		}
	}
	var whole bytes.Buffer
	if err := federate.WriteWeights(&whole, m, said); err != nil {
		return err
	}
	return a.writeWhole(f.out, whole.Bytes())
}

// spend enters a noisy round in the site's ledger, before anything of it is written, and says what it costs.
func (a *app) spend(p *federate.Plan, tbl *table.Table, f fedStep) error {
	rounds, l := f.round, federate.NewLedger()
	if f.ledger == "" {
		a.note(a.text("federate.no_ledger"))
	} else {
		if _, err := os.Stat(f.ledger); err == nil {
			b, name, err := a.readWhole(f.ledger)
			if err != nil {
				return err
			}
			if l, err = federate.ReadLedger(b, name); err != nil {
				return err
			}
		}
		var err error
		if rounds, err = l.Spend(p); err != nil {
			return err
		}
		if err := a.writeDocument(f.ledger, l); err != nil {
			return err
		}
	}
	a.note(a.text("federate.spent", "round", rounds, "epsilon", number(p.Epsilon(tbl, rounds)), "delta", p.Privacy.Delta, "unit", p.Privacy.Unit))
	if f.seeded {
		a.note(a.text("federate.seeded"))
	}
	return nil
}

// readRound reads a plan, a model of it and, where a path is given, the weights that take the place of the model's.
func (a *app) readRound(planPath, modelPath, weightsPath string) (*federate.Plan, *model.Model, error) {
	p, err := a.readPlan(planPath)
	if err != nil {
		return nil, nil, err
	}
	m, err := a.readModel(modelPath)
	if err != nil {
		return nil, nil, err
	}
	if err := p.Made(m, inputName(modelPath)); err != nil {
		return nil, nil, err
	}
	if weightsPath == "" {
		return p, m, nil
	}
	w, name, err := a.readWeights(weightsPath, p)
	if err != nil {
		return nil, nil, err
	}
	m.Card.Federation.Round = w.Round
	return p, m, w.Into(m, name)
}

func (a *app) readWeights(path string, p *federate.Plan) (*federate.Weights, string, error) {
	b, name, err := a.readWhole(path)
	if err != nil {
		return nil, "", err
	}
	w, err := federate.ReadWeights(b, name, p.Hash())
	return w, name, err
}

// newFedAverage is gradus fed average PLAN MODEL WEIGHTS….
func newFedAverage(a *app) *cobra.Command {
	var out string
	c := a.under("average PLAN MODEL WEIGHTS...", 3, -1, func(args []string) error {
		p, m, err := a.readRound(args[0], args[1], "")
		if err != nil {
			return err
		}
		var sites []*federate.Weights
		for _, path := range args[2:] {
			w, _, err := a.readWeights(path, p)
			if err != nil {
				return err
			}
			sites = append(sites, w)
		}
		if err := federate.Average(p, m, sites, fileNames(args[2:])); err != nil {
			return err
		}
		return a.writeFederated(out, m)
	})
	c.Flags().StringVar(&out, "out", "model.gradus", a.text("federate.flag_model_out"))
	c.Example = "gradus fed average plan.json start.gradus a.safetensors b.safetensors c.safetensors --out model.gradus"
	return c
}

// newFedJudge is gradus fed judge PLAN MODEL TABLE.csv.
func newFedJudge(a *app) *cobra.Command {
	var out, weights string
	c := a.under("judge PLAN MODEL TABLE.csv|-", 3, 3, func(args []string) error {
		p, m, err := a.readRound(args[0], args[1], weights)
		if err != nil {
			return err
		}
		tbl, err := a.readTable(args[2], table.Options{Kinds: p.Kinds()})
		if err != nil {
			return err
		}
		j, err := federate.Judge(p, m, tbl)
		if err != nil {
			return err
		}
		return a.writeDocument(out, j)
	})
	c.Flags().StringVar(&weights, "weights", "", a.text("federate.flag_weights"))
	c.Flags().StringVar(&out, "out", "-", a.text("federate.flag_out"))
	c.Example = "gradus fed judge plan.json model.gradus held.csv --out judged.json"
	return c
}

// newFedPool is gradus fed pool JUDGED….
func newFedPool(a *app) *cobra.Command {
	c := a.under("pool JUDGED...", 1, -1, func(args []string) error {
		var sites []*federate.Judged
		for _, path := range args {
			b, name, err := a.readWhole(path)
			if err != nil {
				return err
			}
			j, err := federate.ReadJudged(b, name)
			if err != nil {
				return err
			}
			sites = append(sites, j)
		}
		p, err := federate.Pool(sites, fileNames(args))
		if err != nil {
			return err
		}
		if a.json {
			return a.writeJSON(p)
		}
		a.showPooled(sites, p, fileNames(args))
		return nil
	})
	c.Example = "gradus fed pool a.json b.json c.json"
	return c
}

func (a *app) showPooled(sites []*federate.Judged, p *federate.Pooled, name func(int) string) {
	header := []string{a.text("federate.col_site"), a.text("federate.col_rows")}
	all := []string{a.text("federate.all_sites"), count(p.Rows)}
	var rows [][]string
	for i, j := range sites {
		rows = append(rows, append([]string{name(i), count(j.Rows)}, siteFigures(j)...))
	}
	cost := short(metric.Number(p.Cost))
	switch {
	case p.Risk != nil:
		r := p.Risk
		header = append(header, a.text("federate.col_events"), "AUROC", a.text("federate.col_citl"), a.text("federate.col_slope"), "O:E", "Brier", a.text("federate.col_cost"))
		all = append(all, count(r.Events), interval(r.AUROC.Estimate), short(r.InTheLarge), short(r.Slope), short(r.OE), short(r.Brier), cost)
	case p.Accuracy != nil:
		header, all = append(header, a.text("federate.col_accuracy"), a.text("federate.col_cost")), append(all, short(metric.Number(*p.Accuracy)), cost)
	default:
		header, all = append(header, "MSE"), append(all, cost)
	}
	a.table(header, append(rows, all))
	if p.Risk != nil {
		a.note(a.text("federate.pool_error", "error", short(metric.Number(p.Risk.Error))))
	}
	a.print("")
	a.print(a.text("cmd.disclaimer"))
}

// siteFigures is the row of a site behind its name and rows.
func siteFigures(j *federate.Judged) []string {
	cost := short(metric.Number(j.Cost))
	switch r := j.Risk; {
	case r != nil:
		return []string{count(r.Events), interval(r.AUROC.Estimate), short(r.InTheLarge), short(r.Slope), short(r.OE), short(r.Brier), cost}
	case j.Accuracy != nil:
		return []string{short(metric.Number(*j.Accuracy)), cost}
	}
	return []string{cost}
}

// newFedPrivacy is gradus fed privacy PLAN --patients N.
func newFedPrivacy(a *app) *cobra.Command {
	var patients int
	var epsilon float64
	c := a.under("privacy PLAN", 1, 1, func(args []string) error {
		p, err := a.readPlan(args[0])
		if err != nil {
			return err
		}
		c, err := p.Cost(patients, epsilon)
		if err != nil {
			return err
		}
		if a.json {
			return a.writeJSON(c)
		}
		a.figures([]figure{
			{"ε", number(c.Epsilon)},
			{"δ", number(c.Delta)},
			{"σ", number(c.Noise)},
			{a.text("federate.cost_share"), number(c.Share)},
			{a.text("federate.cost_steps"), strconv.Itoa(c.Steps)},
		})
		if c.Needed > 0 {
			a.print(a.text("federate.cost_needed", "epsilon", epsilon, "noise", c.Needed))
		}
		a.note(a.text("federate.cost_about_" + c.Unit))
		return nil
	})
	c.Flags().IntVar(&patients, "patients", 0, a.text("federate.flag_patients"))
	c.Flags().Float64Var(&epsilon, "epsilon", 0, a.text("federate.flag_epsilon"))
	c.Example = "gradus fed privacy plan.json --patients 1000\ngradus fed privacy plan.json --patients 1000 --epsilon 3"
	return c
}
