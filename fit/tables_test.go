//go:build compare

package fit

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gradus/model"
	"gradus/table"
)

var (
	folder = flag.String("folder", "", "tables NAME.TASK.ROWS.SEED.csv of bench/peers/tables.py; the first ROWS are trained on")
	names  = flag.String("names", "", "names of the tables to take; empty: all")
	given  = flag.String("settings", "{}", "settings as JSON")
	label  = flag.String("label", "gradus", "what to call them")
)

// TestTables is no test but half of the comparison of docs/tables.md; bench/peers/tables.py is the other. A line is table, seed, name,
// loss, accuracy or R², seconds, and of two levels the slope and the intercept of calibration.
func TestTables(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(*folder, "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatal("no tables: -folder", err)
	}
	for _, file := range files {
		part := strings.Split(filepath.Base(file), ".")
		if *names != "" && !slices.Contains(strings.Split(*names, ","), part[0]) {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		n, _ := strconv.Atoi(part[2])
		var s model.Settings
		if err := json.Unmarshal([]byte(*given), &s); err != nil {
			t.Fatal(err)
		}
		s.Seed, _ = strconv.ParseUint(part[3], 10, 64)
		begin := time.Now()
		loss, right, slope, large := held(t, read(t, string(text)), n, table.Task(part[1]), s)
		fmt.Printf("%s %s %s %.5f %.4f %.2f %.3f %.3f\n", part[0], part[3], *label, loss, right, time.Since(begin).Seconds(), slope, large)
	}
}

// held fits on the first n rows of tbl and judges on the rest.
func held(t *testing.T, tbl *table.Table, n int, task table.Task, s model.Settings) (loss, right, slope, large float64) {
	goal, y, err := table.NewTarget(tbl, "y", task, "")
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(tbl, upTo(n), goal, y, s)
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.Train(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := m.All(tbl)
	if err != nil {
		t.Fatal(err)
	}
	tested := float64(len(y) - n)
	if task == table.TaskNumber {
		mean, spread := 0., 0.
		for _, v := range y[n:] {
			mean += v / tested
		}
		for i := n; i < len(y); i++ {
			loss += sq(out.Data[i]-y[i]) / tested
			spread += sq(mean-y[i]) / tested
		}
		return loss, 1 - loss/spread, math.NaN(), math.NaN()
	}
	var logits, events []float64
	for i := n; i < len(y); i++ {
		row, place := out.Row(i), int(y[i])
		if task == table.TaskBinary {
			if place = m.EventIndex(); y[i] == 0 {
				place = 1 - place
			}
			p := min(max(row[m.EventIndex()], 1e-8), 1-1e-8)
			logits, events = append(logits, math.Log(p/(1-p))), append(events, y[i])
		}
		loss -= math.Log(max(row[place], 1e-15)) / tested
		if slices.Index(row, slices.Max(row)) == place {
			right += 1 / tested
		}
	}
	slope, large = calibrated(logits, events)
	return loss, right, slope, large
}

// calibrated is the slope of a logistic regression of the events on the logits, and the intercept of one whose slope is held at 1.
func calibrated(o, y []float64) (slope, large float64) {
	a, b := 0., 1.
	for range 30 {
		var ga, gb, aa, ab, bb, g, h float64
		for i, v := range o {
			p := 1 / (1 + math.Exp(-a-b*v))
			ga, gb = ga+p-y[i], gb+(p-y[i])*v
			aa, ab, bb = aa+p*(1-p), ab+p*(1-p)*v, bb+p*(1-p)*v*v
			q := 1 / (1 + math.Exp(-large-v))
			g, h = g+q-y[i], h+q*(1-q)
		}
		det := aa*bb - ab*ab
		a, b, large = a-(bb*ga-ab*gb)/det, b-(aa*gb-ab*ga)/det, large-g/h
	}
	return b, large
}
