package validate

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gradus/internal/say"
	"gradus/table"
)

// FuzzJournal restores the folds of a journal of the right study with any content: slots that fit their folds, or a sentence.
func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"0":{"network":[[0.5],[1]],"regression":[[0.1],[0]],"settings":{},"cuts":[0.5,0.5],"corrected":[{"p":[0.5,1]}],"moved":[]}}`))
	f.Add([]byte(`{"0":{"network":[[1]],"regression":[[]]},"1":{},"-1":{}}`))
	f.Add([]byte(`{"9999999999999999999":null}`))
	f.Fuzz(func(t *testing.T, folds []byte) {
		name := filepath.Join(t.TempDir(), "journal")
		w := &work{target: &table.Target{}, folds: []Fold{{Test: []int{0, 1}}, {Test: []int{2}}}, slots: make([]slot, 2), design: Design{Journal: name}}
		var err error
		if w.tbl, err = table.Read(strings.NewReader("a,y\n1,0\n2,1\n3,0\n"), "t.csv", table.Options{}); err != nil {
			t.Fatal(err)
		}
		hash, err := w.identity()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, append(append([]byte(`{"hash":"`+hash+`","folds":`), folds...), '}'), 0o600); err != nil {
			t.Skip(err)
		}
		err = w.resume()
		if _, ok := errors.AsType[*say.Err](err); err != nil && !ok {
			t.Fatalf("no sentence: %v", err)
		}
		for i, s := range w.slots {
			if s.ready && (len(s.network) != len(w.folds[i].Test) || len(s.regression) != len(s.network)) {
				t.Errorf("fold %d: %+v", i, s)
			}
		}
	})
}
