package lab

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"gradus/protocol"
)

// lives are a table of n rows with a time, two days, a status and a cell to be decided.
func lives(n int) string {
	var b strings.Builder
	b.WriteString("age,crp,status,days,begin,end\n")
	for i := range n {
		age, days, status := 40+i*7%50, 1+(i*i*37%90+(90-i*7%50)/2), "alive"
		if (i*13+i/3)%7 < 3 {
			status = "dead"
		}
		crp := itoa(1 + i*31%97)
		if i%9 == 0 {
			crp = "<0.5"
		}
		day := time.Date(2024, 1, 1+i%28, 0, 0, 0, 0, time.UTC)
		fmt.Fprintf(&b, "%d,%s,%s,%d,%s,%s\n", age, crp, status, days, day.Format(time.DateOnly), day.AddDate(0, 0, days).Format(time.DateOnly))
	}
	return b.String()
}

// Survival is asked of a column of times or between two days, with the same result; a question that has no times is refused.
func TestSurvivalOfOwnData(t *testing.T) {
	p := serve(t)
	p.drop("추적 자료.csv", lives(240))
	const ask = `{"target":"status","event":"dead","folds":3,"draws":20,"seed":1,"survival":{`
	for body, key := range map[string]string{
		ask + `}}`: "survival.dates", ask + `"time":"age2"}}`: "survival.dates", ask + `"time":"status"}}`: "survival.dates",
		ask + `"start":"begin","end":"begin"}}`: "survival.dates", ask + `"start":"begin","end":"crp"}}`: "survival.dates",
	} {
		p.refused(422, key, "POST", "/api/study", body)
	}
	var verdicts []string
	for _, times := range []string{`"time":"days","horizons":[60]`, `"start":"begin","end":"end","horizons":[60]`} {
		p.want(202, nil, "POST", "/api/study", ask+times+`},"roles":{"begin":"dropped","end":"dropped"`+map[bool]string{true: `,"days":"dropped"`}[strings.Contains(times, "end")]+`},"known":[],"readings":{}}`)
		s := p.wait()
		if s.Study.State != finished || len(s.Study.Result.Headline["ko"].Rows) < 4 || strings.Join(s.Study.Result.Files, " ") != "cox.gradus model.gradus report.en.html report.ko.html study.yaml" {
			t.Fatalf("%s: %+v %+v", times, s.Study, s.Study.Error)
		}
		verdicts = append(verdicts, s.Study.Result.Verdict.English)
		for _, path := range []string{"/api/cox", "/api/model", "/api/report?lang=en"} {
			if code, b, _ := p.ask("GET", path, ""); code != 200 || len(b) < 500 {
				t.Error(path, code)
			}
		}
	}
	if verdicts[0] != verdicts[1] || verdicts[0] == "" {
		t.Errorf("%q", verdicts)
	}
}

// A person decides about each odd value; what was decided stands in the study file, and what was never proposed is refused.
func TestReadings(t *testing.T) {
	p := serve(t)
	p.drop("t.csv", lives(240))
	var d described
	p.want(200, &d, "POST", "/api/check", `{"target":"status","lang":"en"}`)
	var offered []string
	for _, c := range d.Columns {
		for _, q := range c.Proposals {
			for _, o := range q.Choices {
				offered = append(offered, c.Name+q.Value+"="+o.Value)
			}
		}
	}
	if got := strings.Join(offered, " "); got != "crp<0.5= crp<0.5=lod/2 crp<0.5=limit crp<0.5=missing" {
		t.Fatal(got)
	}
	const ask = `{"target":"status","folds":2,"inner":2,"draws":20,"seed":1,"readings":`
	for _, body := range []string{`{"crp":{"<0.5":"/10"}}`, `{"crp":{"7":"missing"}}`, `{"age":{"<0.5":""}}`} {
		p.refused(422, "labdata.no_reading", "POST", "/api/study", ask+body+`}`)
	}
	p.refused(422, "labdata.no_column", "POST", "/api/study", ask+`{"name":{"x":""}}}`)
	for reading, want := range map[string]string{"limit": "as: limit\n        accept: true", "": "as: lod/2\n        accept: false", "missing": "as: missing\n        accept: true"} {
		p.want(202, nil, "POST", "/api/study", ask+`{"crp":{"<0.5":"`+reading+`"}}}`)
		if s := p.wait(); s.Study.State != finished || s.Study.Question.Readings["crp"]["<0.5"] != reading {
			t.Fatalf("%+v %+v", s.Study, s.Study.Error)
		}
		if _, b, _ := p.ask("GET", "/api/protocol", ""); !strings.Contains(string(b), want) {
			t.Errorf("%q: no %q in\n%s", reading, want, b)
		}
	}
}

// A patient's words in a free text are never offered as a value to be decided about.
func TestReadingsHideText(t *testing.T) {
	p := serve(t)
	content, err := os.ReadFile("../check/testdata/messy_cp949.csv")
	if err != nil {
		t.Fatal(err)
	}
	p.drop("표.csv", string(content))
	var d described
	p.want(200, &d, "POST", "/api/check", `{"target":"30일내사망","lang":"ko"}`)
	n := 0
	for _, c := range d.Columns {
		n += len(c.Proposals)
		if hidden := c.Kind == "person" || c.Kind == "text" || c.Kind == "identifier"; hidden && len(c.Proposals) > 0 {
			t.Errorf("%s: %+v", c.Name, c.Proposals)
		}
	}
	if n < 3 {
		t.Errorf("%d proposals", n)
	}
}

// Every epoch of every fold is heard on the socket, from the beginning of its training, by one whose connection broke too.
func TestEpochsOnTheSocket(t *testing.T) {
	p := serve(t)
	p.drop("t.csv", rows(600))
	counted := 0
	p.own.Count = func(d protocol.Done) int { counted = len(d.Model); return 3 }
	p.want(202, nil, "POST", "/api/study", `{"target":"died","folds":3,"inner":2,"draws":20,"seed":1}`)
	for range 2 { // the second connects again in the middle
		if n, folds := p.listen(t, 40); n < 40 || folds < 1 {
			t.Errorf("%d epochs of %d folds", n, folds)
		}
	}
	s := p.wait()
	if s.Study.State != finished || s.Study.Result.Opened != 3 || counted < 500 {
		t.Errorf("%+v, model of %d bytes", s.Study.Result, counted)
	}
	if _, b, _ := p.ask("GET", "/api/report?lang=en", ""); len(b) < 500 {
		t.Error("no report")
	}
}

// listen reads epochs from a socket of its own until it has heard most or the study has ended, then breaks the connection.
func (p *program) listen(t *testing.T, most int) (n, folds int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	c, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(p.url, "http")+"/api/progress", &websocket.DialOptions{Subprotocols: []string{protocolName, p.own.token}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.CloseNow() }()
	c.SetReadLimit(1 << 20)
	next := map[int32][2]uint32{} // by fold: training and the epoch that follows
	for n < most {
		kind, b, err := c.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if kind != websocket.MessageBinary {
			continue
		}
		if len(b) < 8 || (len(b)-8)%20 != 0 {
			t.Fatalf("%d bytes", len(b))
		}
		for b = b[8:]; len(b) > 0; b, n = b[20:], n+1 {
			word := func(i int) uint32 { return binary.LittleEndian.Uint32(b[4*i:]) }
			fold := int32(word(0))
			want := next[fold]
			if want[0] != word(1) {
				want = [2]uint32{word(1), 0}
			}
			if word(2) != want[1] || !(math.Float32frombits(word(3)) > 0) || math.IsNaN(float64(math.Float32frombits(word(4)))) {
				t.Fatalf("fold %d, training %d: epoch %d, want %d", fold, word(1), word(2), want[1])
			}
			next[fold] = [2]uint32{word(1), word(2) + 1}
		}
	}
	return n, len(next)
}
