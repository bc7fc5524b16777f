package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

func records(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return rows
}

// The order of the rows is the table's, whatever the order of its columns, and each row is predicted as it would be alone.
func TestPredict(t *testing.T) {
	d := trained(t)
	whole := gradus("", "predict", d.place("m.gradus"), d.place("wards.csv"), "--keep", "patient_id").ok(t)
	rows := records(t, whole.out)
	if len(rows) != 61 || strings.Join(rows[0], ",") != "row,patient_id,p_no,p_yes,prediction,warnings" {
		t.Fatal(whole.out)
	}
	lines := strings.SplitAfter(wards(60), "\n")
	for i, row := range rows[1:] {
		no, _ := strconv.ParseFloat(row[2], 64)
		yes, _ := strconv.ParseFloat(row[3], 64)
		if row[0] != strconv.Itoa(i+1) || row[1] != fmt.Sprintf("P%04d", i) || !(yes > 0 && yes < 1) || no+yes < 1-1e-12 || no+yes > 1+1e-12 || (row[4] == "yes") != (yes >= .5) {
			t.Errorf("row %d: %q", i+1, row)
		}
		if i%20 == 7 {
			single := records(t, gradus(lines[0]+lines[i+1], "predict", d.place("m.gradus"), "-", "--keep", "patient_id").ok(t).out)
			if !slices.Equal(single[1][1:], row[1:]) {
				t.Errorf("alone %q, in the table %q", single[1], row)
			}
		}
	}
	d.write(t, "turned.csv", turned(t, wards(60)))
	if again := gradus("", "predict", d.place("m.gradus"), d.place("turned.csv"), "--keep", "patient_id", "--out", d.place("p.csv")).ok(t); again.out != "" || d.read(t, "p.csv") != whole.out {
		t.Errorf("with its columns turned round it predicts otherwise: %s", again.out)
	}
}

// turned is a table with its columns in the other order.
func turned(t *testing.T, text string) string {
	rows := records(t, text)
	var b strings.Builder
	w := csv.NewWriter(&b)
	for _, r := range rows {
		slices.Reverse(r)
		_ = w.Write(r)
	}
	w.Flush()
	return b.String()
}

const wardHead = "나이,\"bmi, kg/m2\",ward,patient_id,visit"

func TestPredictWarnings(t *testing.T) {
	d := trained(t)
	tbl := wardHead + ",extra\n50,25,A,x,,1\nNA,.,-,x,,1\n500,-3,Z,x,,1\n"
	r := gradus(tbl, "predict", d.place("m.gradus"), "-").ok(t)
	rows := records(t, r.out)
	for i, want := range []string{
		"", "나이 is missing; bmi, kg/m2 is missing; ward is missing",
		`나이: 500 is outside the training range, 30 to 79; bmi, kg/m2: -3 is outside the training range, 18 to 37.5; ward: "Z" is not a level the model learnt`,
	} {
		if got := rows[i+1][4]; got != want {
			t.Errorf("row %d: %q, want %q", i+1, got, want)
		}
	}
	if !strings.Contains(r.err, "Ignored") || !strings.Contains(r.err, "extra") || strings.Contains(r.err, "patient_id") {
		t.Errorf("notes %q", r.err)
	}
	ko := gradus(tbl, "predict", d.place("m.gradus"), "-", "--lang", "ko", "--quiet").ok(t)
	if !strings.Contains(ko.out, "나이: 값이 없습니다") || ko.err != "" {
		t.Error(ko.out, ko.err)
	}
	var list []struct {
		Row        int
		Keep       map[string]string
		P          map[string]float64
		Prediction string
		Warnings   []string
	}
	gradus(tbl, "predict", d.place("m.gradus"), "-", "--json", "--keep", "patient_id").into(t, &list)
	if len(list) != 3 || list[2].Row != 3 || list[0].Keep["patient_id"] != "x" || list[0].Warnings == nil || len(list[2].Warnings) != 3 || len(list[1].P) != 2 || list[0].Prediction == "" {
		t.Errorf("%+v", list)
	}
}

func TestPredictRefuses(t *testing.T) {
	d := trained(t)
	m := d.place("m.gradus")
	for _, c := range []struct {
		csv  string
		want []string
	}{
		{"", []string{"empty"}},
		{wardHead + "\n", []string{"no row"}},
		{wardHead + "\n1,2,A,x\n", []string{"row 1 (line 2)"}},
		{wardHead + ",나이\n1,2,A,x,,3\n", []string{`"나이" stands twice`}},
		{wardHead + "\n1,2,A,x,\nold,2,A,x,\n", []string{"row 2 (line 3)", `"나이"`, `"old"`}},
		{wardHead + "\nNaN,2,A,x,\n", []string{`"NaN"`}},
		{wardHead + "\n1e400,2,A,x,\n", []string{`"1e400"`}},
		{wardHead + "\n-Inf,2,A,x,\n", []string{`"-Inf"`}},
		{"나이,ward\n1,A\n", []string{`lacks the column "bmi, kg/m2"`}},
		{"나이,BMI,ward\n1,2,A\n", []string{`lacks the column "bmi, kg/m2"`, `"BMI"`}},
	} {
		gradus(c.csv, "predict", m, "-", "--quiet").refused(t, 2, c.want...)
		gradus(c.csv, "predict", m, "-", "--quiet", "--out", d.place("p.csv")).refused(t, 2)
		gradus(c.csv, "evaluate", m, "-", "--quiet").refused(t, 2)
	}
	good := wardHead + ",row,p_no\n1,2,A,x,,1,2\n"
	for flags, want := range map[string]string{
		"--keep wrad": `"ward"`, "--keep row": `two columns called "row"`, "--keep p_no": "p_no", "--keep ward,ward": "two columns",
		"--keep a\"b": "quotes", "--out " + t.TempDir(): "folder", "--out /no/such/folder/p.csv": "no such",
	} {
		gradus(good, append([]string{"predict", m, "-", "--quiet"}, strings.Split(flags, " ")...)...).refused(t, 2, want)
	}
	gradus("", "predict", m, d.place("wards.csv"), "--out", m, "-q").refused(t, 2, "overwrite")
	gradus("", "predict", m, d.place("wards.csv"), "--out", d.place("wards.csv"), "-q").refused(t, 2, "overwrite")
	d.holds(t, "m.gradus", "wards.csv")
	for _, command := range []string{"predict", "evaluate"} {
		gradus("", command, d.place("none"), d.place("wards.csv")).refused(t, 2, "none")
		gradus("", command, d.place("wards.csv"), m).refused(t, 2, "not a gradus model")
		gradus("", command, m).refused(t, 2, "TABLE.csv")
	}
	gradus("", "inspect", d.place("wards.csv")).refused(t, 2, "not a gradus model")
	gradus("", "inspect", d.write(t, "cut.gradus", d.read(t, "m.gradus")[:900])).refused(t, 2, "cut.gradus")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	launch(ctx, "", nil, "predict", m, d.place("wards.csv"), "--out", d.place("p.csv"), "-q").refused(t, stopped)
	if _, err := os.Stat(d.place("p.csv")); err == nil {
		t.Error("a stopped prediction left a file")
	}
}

// A file of several pages gives the bytes that the whole table gives, written by encoding/csv, on any number of cores.
func TestPredictByPages(t *testing.T) {
	d := trained(t)
	var in strings.Builder
	in.WriteString(wardHead + ",extra\n")
	for i := range 40_000 {
		fmt.Fprintf(&in, "%d,%s,%s,\"P,%d\n\",\" \"\"%d\",%d\n", 20+i%70, []string{"25", "NA", "19.5", "99"}[i%4], []string{"A", "B", "", "Z"}[i*i%7%4], i, i, i)
	}
	path := d.write(t, "large.csv", in.String())
	m, err := model.Read([]byte(d.read(t, "m.gradus")), "m.gradus")
	if err != nil {
		t.Fatal(err)
	}
	tbl, err := table.Read(strings.NewReader(in.String()), "large.csv", table.Options{Kinds: m.Preparation.Kinds(), Keep: []string{"patient_id", "visit"}})
	if err != nil {
		t.Fatal(err)
	}
	values, doubts, err := m.All(tbl)
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	w := csv.NewWriter(&want)
	_ = w.Write([]string{"row", "patient_id", "visit", "p_no", "p_yes", "prediction", "warnings"})
	for r := range tbl.Rows {
		var words []string
		for ; len(doubts) > 0 && doubts[0].Row == r; doubts = doubts[1:] {
			words = append(words, doubts[0].In(say.English))
		}
		v := values.Row(r)
		_ = w.Write([]string{
			strconv.Itoa(r + 1), tbl.Kept("patient_id").Text(r), tbl.Kept("visit").Text(r), table.Format(v[0]), table.Format(v[1]), m.Call(v), strings.Join(words, "; "),
		})
	}
	w.Flush()
	for _, cores := range []int{1, 3} {
		before := runtime.GOMAXPROCS(cores)
		r := gradus("", "predict", d.place("m.gradus"), path, "--keep", "patient_id,visit").ok(t)
		runtime.GOMAXPROCS(before)
		if r.out != want.String() || strings.Count(r.err, "extra") != 1 {
			t.Errorf("%d cores: %d bytes, want %d; %s", cores, len(r.out), want.Len(), r.err)
		}
	}
	for _, flags := range [][]string{nil, {"--json"}, {"--out", d.place("none.csv")}} { // nothing is printed before a fault on the last page
		late := gradus(in.String()+"old,1,A,x,,\n", append([]string{"predict", d.place("m.gradus"), "-", "--quiet"}, flags...)...)
		late.refused(t, 2, "row 40001 (line 80002)", `"old"`)
	}
}

// Weights so large that the network overflows are no reason to print NaN.
func TestPredictNotFinite(t *testing.T) {
	d := trained(t)
	gradus("", "train", d.place("wards.csv"), "--target", "died", "--out", d.place("m.gradus"), "--epochs", "1", "--hidden", "4,4", "--activation", "relu", "--quiet").ok(t)
	f, err := safetensors.Read([]byte(d.read(t, "m.gradus")))
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range f.Tensors {
		huge := make([]float32, len(x.Data)/4)
		for j := range huge { // half of the first neurons overflow; the next layer then takes ∞ from ∞, however its sums are rounded
			sign := j % 2
			if x.Name == "layers.0.weights" {
				sign = j / x.Shape[1] % 2
			}
			huge[j] = 3e38 * float32(1-2*sign)
		}
		f.Tensors[i] = safetensors.Floats(x.Name, huge, x.Shape...)
	}
	var b strings.Builder
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	path := d.write(t, "huge.gradus", b.String())
	for _, flag := range []string{"--quiet", "--json"} {
		r := gradus("", "predict", path, d.place("wards.csv"), flag, "--out", d.place("p.csv"))
		r.err = strings.TrimPrefix(r.err, "Ignored")
		r.refused(t, 1, "of row ", "not a finite number")
	}
	gradus("", "evaluate", path, d.place("wards.csv"), "--quiet").refused(t, 1, "not a finite number")
	d.holds(t, "huge.gradus", "m.gradus", "wards.csv")
}

// keysOf are the keys of a JSON object in their order.
func keysOf(t *testing.T, text string) (keys []string) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	depth := 0
	for {
		token, err := dec.Token()
		if err != nil {
			return keys
		}
		switch d, _ := token.(json.Delim); d {
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
			continue
		}
		if depth == 1 {
			keys = append(keys, fmt.Sprint(token))
			var skip json.RawMessage
			if err := dec.Decode(&skip); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestEvaluate(t *testing.T) {
	d := trained(t)
	r := gradus("", "evaluate", d.place("m.gradus"), d.place("wards.csv"), "--json").ok(t)
	want := "n events prevalence auroc average_precision brier scaled_brier log_loss calibration clipped net_benefit confusion details youden at_specificity_90 partial_auc"
	if got := strings.Join(keysOf(t, r.out), " "); got != want {
		t.Errorf("keys %s, want %s", got, want)
	}
	// the figures are those of the predictions that predict writes
	var y []bool
	var p []float64
	for i, row := range records(t, gradus("", "predict", d.place("m.gradus"), d.place("wards.csv")).ok(t).out)[1:] {
		v, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		p, y = append(p, v), append(y, strings.HasSuffix(strings.Split(wards(60), "\n")[i+1], ",yes"))
	}
	direct, err := metric.Binary(y, p, metric.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(direct)
	if strings.TrimSpace(r.out) != string(b) {
		t.Errorf("evaluate says %s\npredict and metric %s", r.out, b)
	}
	var low struct{ Confusion struct{ FN, FP int } }
	gradus("", "evaluate", d.place("m.gradus"), d.place("wards.csv"), "--json", "--threshold", "0").into(t, &low)
	if low.Confusion.FN != 0 || low.Confusion.FP == 0 {
		t.Errorf("%+v", low)
	}
	for _, bad := range []string{"nan", "-0.1", "1.1"} {
		gradus("", "evaluate", d.place("m.gradus"), d.place("wards.csv"), "--threshold", bad, "-q").refused(t, 2, "threshold")
	}
}

// A table of one class has what can be measured, and null for the rest.
func TestEvaluateOneClass(t *testing.T) {
	d := trained(t)
	lines := strings.SplitAfter(wards(60), "\n")
	one := lines[0]
	for _, l := range lines[1:] {
		if strings.HasSuffix(l, ",no\n") {
			one += l
		}
	}
	var got struct {
		N, Events int
		AUROC     struct{ Value, Low *float64 }
		Brier     *float64
	}
	gradus(one, "evaluate", d.place("m.gradus"), "-", "--json").into(t, &got)
	if got.N < 20 || got.Events != 0 || got.AUROC.Value != nil || got.AUROC.Low != nil || got.Brier == nil {
		t.Errorf("%+v", got)
	}
	r := gradus(one, "evaluate", d.place("m.gradus"), "-").ok(t)
	if !strings.Contains(r.err, "same level of died") || strings.Contains(r.out, "NaN") || strings.Contains(r.out, "–––") {
		t.Error(r.err, r.out)
	}
	gradus(strings.ReplaceAll(one, ",no\n", ",maybe\n"), "evaluate", d.place("m.gradus"), "-").refused(t, 2, `"maybe"`, "row 1")
	gradus(strings.ReplaceAll(one, ",no\n", ",\n"), "evaluate", d.place("m.gradus"), "-").refused(t, 2, "missing in row 1")
	gradus(strings.Replace(one, "died", "dead", 1), "evaluate", d.place("m.gradus"), "-", "-q").refused(t, 2, `"died"`, `"dead"`)
}

func TestEvaluateClassesAndNumbers(t *testing.T) {
	d := newFolder(t)
	for _, c := range []struct{ name, y, keys string }{
		{"classes", "k%d", "n accuracy log_loss auroc_ovr auroc_hand_till brier"},
		{"number", "%d.5", "n r2 rmse mae calibration_slope calibration_slope_se calibration_intercept calibration_intercept_se bland_altman"},
	} {
		text := "a,b,y\n"
		for i := range 45 {
			text += fmt.Sprintf("%d,%d,%s\n", i%3*10+i%4, i%7, fmt.Sprintf(c.y, i%3))
		}
		path, m := d.write(t, c.name+".csv", text), d.place(c.name+".gradus")
		gradus("", "train", path, "--target", "y", "--out", m, "--epochs", "40", "--alpha", "0.02", "--hidden", "8").ok(t)
		r := gradus("", "evaluate", m, path, "--json").ok(t)
		if got := strings.Join(keysOf(t, r.out), " "); got != c.keys {
			t.Errorf("%s: keys %s, want %s", c.name, got, c.keys)
		}
		var got struct{ Accuracy, R2 float64 }
		r.into(t, &got)
		if got.Accuracy+got.R2 < .9 {
			t.Errorf("%s learnt nothing: %s", c.name, r.out)
		}
		head := map[string]string{"classes": "row,p_k0,p_k1,p_k2,prediction,warnings", "number": "row,prediction,warnings"}[c.name]
		rows := records(t, gradus("", "predict", m, path).ok(t).out)
		if strings.Join(rows[0], ",") != head || len(rows) != 46 {
			t.Errorf("%s: %q", c.name, rows[0])
		}
		for _, lang := range []string{"en", "ko"} {
			if r := gradus("", "evaluate", m, path, "--lang", lang).ok(t); strings.Contains(r.out, "[cmd") {
				t.Error(r.out)
			}
		}
		// a constant target can be measured against, too
		flat := "a,b,y\n1,2," + fmt.Sprintf(c.y, 1) + "\n3,4," + fmt.Sprintf(c.y, 1) + "\n"
		if r := gradus(flat, "evaluate", m, "-", "--json"); r.code != 0 || strings.Contains(r.out, "NaN") {
			t.Errorf("%s, constant: %d %s%s", c.name, r.code, r.out, r.err)
		}
	}
}
