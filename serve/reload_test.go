package serve

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// While files are replaced no request is lost, and each is answered by one model alone: the one that it names.
func TestReload(t *testing.T) {
	var logged bytes.Buffer
	b := start(t, Options{Log: slog.New(slog.NewJSONHandler(&logged, nil))}, "iris")
	m, tbl := b.models["iris"], b.rows["iris"]
	path := b.server.opt.Files[0].Path
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := *m
	other.Card.Epochs++
	weights := other.Network.Weights()
	weights[0]++
	var out bytes.Buffer
	if err := other.Write(&out); err != nil {
		t.Fatal(err)
	}
	weights[0]--
	files := [][]byte{old, out.Bytes()}
	wants := map[string]float64{}
	for _, f := range files {
		v, err := newServed("iris", "iris", f, 1)
		if err != nil {
			t.Fatal(err)
		}
		p, _, err := v.model.All(tbl)
		if err != nil {
			t.Fatal(err)
		}
		wants[v.hash] = p.Data[0]
	}
	question := asJSON(t, m, tbl, 0, 1)
	var wait sync.WaitGroup
	end := time.Now().Add(400 * time.Millisecond)
	for range 3 {
		wait.Go(func() {
			for time.Now().Before(end) {
				w := b.ask("POST", "/predict", question, "Content-Type", typeJSON)
				var got struct {
					said
					Model struct{ SHA256 string }
				}
				if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 || got.Predictions[0].P[m.Target.Levels[0]] != wants[got.Model.SHA256] || wants[got.Model.SHA256] == 0 {
					t.Errorf("%d %v %s", w.Code, err, w.Body)
					return
				}
			}
		})
	}
	for i := 0; time.Now().Before(end); i++ {
		replace(t, path, files[i%2])
		b.server.Reload(false)
	}
	wait.Wait()
	if !strings.Contains(logged.String(), "model replaced") {
		t.Error("nothing was replaced")
	}
}

// replace puts a file in the place of another, as disk.WriteFile does.
func replace(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path+".new", content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// A file that is no model, or gone, is logged and counted, and the model before it is served on; what is put right is served.
func TestReloadRefuses(t *testing.T) {
	var logged bytes.Buffer
	b := start(t, Options{Log: slog.New(slog.NewJSONHandler(&logged, nil))}, "number")
	path := b.server.opt.Files[0].Path
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	question := asJSON(t, b.models["number"], b.rows["number"], 0, 2)
	before := b.ask("POST", "/predict", question, "Content-Type", typeJSON).Body.String()
	for _, broken := range [][]byte{nil, []byte("no model"), good[:len(good)/2], append(bytes.Clone(good[:len(good)-1]), good[len(good)-1]^1)} {
		logged.Reset()
		replace(t, path, broken)
		b.server.Reload(false)
		if !strings.Contains(logged.String(), `"msg":"model refused"`) || strings.Contains(logged.String(), path) {
			t.Errorf("the log: %s", logged.String())
		}
		logged.Reset()
		b.server.Reload(false)
		if logged.Len() > 0 {
			t.Errorf("a file that stays is refused again: %s", logged.String())
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	b.server.Reload(false)
	b.server.Reload(true)
	if after := b.ask("POST", "/predict", question, "Content-Type", typeJSON).Body.String(); after != before {
		t.Errorf("%s\nis not\n%s", after, before)
	}
	if m := b.ask("GET", "/metrics", "").Body.String(); !strings.Contains(m, `gradus_model_reloads_total{model="number",result="refused"} 5`) {
		t.Error(m)
	}
	other := *b.models["number"]
	other.Card.Settings.Seed++
	var out bytes.Buffer
	if err := other.Write(&out); err != nil {
		t.Fatal(err)
	}
	replace(t, path, out.Bytes())
	b.server.Reload(false)
	if after := b.ask("POST", "/predict", question, "Content-Type", typeJSON).Body.String(); after == before {
		t.Error("the new model is not served")
	}
}
