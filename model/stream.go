package model

import (
	"io"

	"gradus/mat"
	"gradus/table"
)

// Answer is what a model says of successive rows of a file.
type Answer[T any] struct {
	Page   *table.Page[T]
	Start  int                 // row of the page that the first answer is for
	Values mat.Matrix[float64] // as Predict returns them
	Doubts []table.Warning     // their rows are those of the page
	Notes  []table.Note
}

// part is how many rows Stream predicts at once: few enough to stay in the nearest cache, and for the products of a small network
// to be no work to share with cores that have pages of their own.
const part = 128

// Stream predicts the rows of a file while it is read, a page at a time. each, called for several pages at once, is given the
// answers for the rows of a page, one part after the other; done gets the pages in order. opt.Kinds is the model's own.
func Stream[T any](m *Model, r io.Reader, name string, opt table.Options, each func(Answer[T]) error, done func(*table.Page[T]) error) error {
	opt.Kinds = m.Preparation.Kinds()
	predictors := make([]*Predictor, opt.Crew())
	chunk := m.Chunk(part)
	return table.Pages(r, name, opt, func(worker int, page *table.Page[T]) (err error) {
		p := predictors[worker]
		if p != nil {
			err = p.Turn(page.Table)
		} else if p, err = m.NewPredictor(page.Table, chunk); err == nil {
			predictors[worker] = p
		}
		for start := 0; start < page.Rows && err == nil; start += chunk {
			values, doubts := p.Predict(start, min(start+chunk, page.Rows))
			err = each(Answer[T]{page, start, values, doubts, p.Notes()})
		}
		return err
	}, done)
}
