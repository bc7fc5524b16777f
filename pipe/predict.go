package pipe

import (
	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

// predict answers for the rows of a table: the outputs (rows, outputs), and, if asked, the logits behind them and a list of sentences for
// each row that is unlike the training rows.
func (k *kept) predict(r request, body []byte, lang say.Lang) (head any, answer []byte, err error) {
	tbl, err := r.Table.table(body, k.Preparation.Kinds())
	if err != nil {
		return nil, nil, err
	}
	p, chunk, err := k.predictorFor(tbl)
	if err != nil {
		return nil, nil, err
	}
	outputs, width := k.Outputs(), k.Logits()
	answer = make([]byte, 0, 8*tbl.Rows*(outputs+width))
	var logits []float64
	doubts := map[int][]string{}
	for start := 0; start < tbl.Rows; start += chunk {
		end := min(start+chunk, tbl.Rows)
		values, warnings := p.Predict(start, end)
		answer = bytesOf(answer, values.Data)
		if r.Logits {
			for _, v := range p.Logits().Data {
				logits = append(logits, float64(v))
			}
		}
		if r.Warnings {
			for _, w := range warnings {
				doubts[w.Row] = append(doubts[w.Row], w.In(lang))
			}
		}
	}
	about := map[string]any{"rows": tbl.Rows, "outputs": outputs}
	if r.Logits {
		answer, about["logits"] = bytesOf(answer, logits), width
	}
	if r.Warnings {
		about["warnings"] = doubts
	}
	return about, answer, nil
}

// few is how many rows a predictor that is kept has room for.
const few = 128

// predictorFor is a predictor for the rows of tbl and how many at a time: of few rows the one that is kept.
func (k *kept) predictorFor(tbl *table.Table) (p *model.Predictor, chunk int, err error) {
	chunk = k.Chunk(tbl.Rows)
	if tbl.Rows > few {
		p, err = k.NewPredictor(tbl, chunk)
		return p, chunk, err
	}
	chunk = k.Chunk(few)
	if k.predictor == nil {
		k.predictor, err = k.NewPredictor(tbl, chunk)
	} else {
		err = k.predictor.Turn(tbl)
	}
	return k.predictor, chunk, err
}
