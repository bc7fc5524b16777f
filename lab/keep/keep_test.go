package keep

import (
	"bytes"
	"math"
	"testing"

	"gradus/lab/page"
	"gradus/lab/scene"
	"gradus/model"
	"gradus/table"
)

// A model that is taken along says of the cases what the playground says, to what a float32 holds: the cross-entropy of those that it
// learnt from is the playground's own.
func TestModelIsThePlayground(t *testing.T) {
	for _, address := range []string{
		"playground&step=60", "playground&data=shock&step=40&hidden=3", "playground&data=electrolytes&x1=0&x2=0&x1x1=1&x2x2=1&hidden=1&step=30",
		"playground&activation=gelu&dropout=0.2&step=20&by=batch", "playground&activation=step&sin1=1&step=5",
	} {
		var b bytes.Buffer
		if err := Write(&b, address); err != nil {
			t.Fatal(address, err)
		}
		m, err := model.Read(b.Bytes(), "playground.gradus")
		if err != nil {
			t.Fatal(address, err)
		}
		var desk page.Desk
		tbl, err := table.Read(bytes.NewReader(desk.File(address, "playground-cases.csv")), "cases.csv", table.Options{})
		if err != nil {
			t.Fatal(address, err)
		}
		p, warnings, err := m.All(tbl)
		if err != nil || p.Rows != 300 {
			t.Fatal(address, p.Rows, warnings, err)
		}
		trained, err := desk.Trained(address)
		if err != nil {
			t.Fatal(address, err)
		}
		if got := entropy(p.Data, p.Cols, m.EventIndex(), trained.Cases, trained.Train); math.Abs(got-trained.Cost) > 1e-5*(1+trained.Cost) {
			t.Errorf("%s: cross-entropy %g in the model, %g in the playground", address, got, trained.Cost)
		}
	}
}

// entropy is the mean cross-entropy of the first n cases of a table whose last column is the class.
func entropy(p []float64, cols, event int, cases []byte, n int) (sum float64) {
	lines := bytes.Split(bytes.TrimSpace(cases), []byte("\n"))[1:]
	for i, line := range lines[:n] {
		q := p[i*cols+event]
		if line[len(line)-1] == '0' {
			q = 1 - q
		}
		sum -= math.Log(max(q, 1e-300))
	}
	return sum / float64(n)
}

// What has no network, or one that no file can hold, is refused in a sentence.
func TestNoModel(t *testing.T) {
	for _, address := range []string{"4-5-21", "playground&x1=0&x2=0"} {
		if err := Write(&bytes.Buffer{}, address); err == nil {
			var desk page.Desk
			t.Errorf("%s: a model of %.300s", address, scene.Append(nil, desk.View(address).Page))
		}
	}
}
