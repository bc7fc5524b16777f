package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gradus/data"
)

// hospitals writes the synthetic cohort by sites and returns their paths.
func hospitals(t *testing.T, folder string) (paths []string) {
	t.Helper()
	set, err := data.Get("cohort")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(set.CSV()), "\n")
	for _, site := range []string{"A", "B", "C"} {
		text := lines[0]
		for _, line := range lines[1:] {
			if cells := strings.Split(line, ","); len(cells) > 3 && cells[2] == site {
				text += line
			}
		}
		paths = append(paths, filepath.Join(folder, site+".csv"))
		if err := os.WriteFile(paths[len(paths)-1], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return paths
}

// A federation of one round from the plan to the table of all sites, files and pipes giving the same; and what is refused on the way.
func TestFed(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	sites := hospitals(t, folder)
	plan, model := at("plan.json"), at("model.gradus")
	gradus("", "fed", "plan", sites[0], "--target", "died_30d", "--drop", "site,visit_date", "--patient", "patient_id", "--rounds", "1",
		"--epochs", "3", "--out", plan).ok(t)
	var summaries, weights, judged []string
	for i, site := range sites {
		summaries = append(summaries, at(string(rune('a'+i))+".json"))
		gradus("", "fed", "summary", plan, site, "--out", summaries[i]).ok(t)
	}
	start := gradus("", append([]string{"fed", "start", plan, "--out", model}, summaries...)...).ok(t)
	if !strings.Contains(start.err, "round 0 of 1, 3 sites, 2400 rows") {
		t.Errorf("%q", start.err)
	}
	for i, site := range sites {
		weights = append(weights, at(string(rune('a'+i))+".safetensors"))
		gradus("", "fed", "step", plan, model, site, "--out", weights[i]).ok(t)
		b, _ := os.ReadFile(weights[i])
		table, _ := os.ReadFile(site)
		if piped := gradus(string(table), "fed", "step", plan, model, "-").ok(t).out; piped != string(b) {
			t.Errorf("site %d: a pipe gives other weights than files", i)
		}
	}
	mean := at("mean.gradus")
	gradus("", append([]string{"fed", "average", plan, model, "--out", mean}, weights...)...).ok(t)
	for i, site := range sites {
		judged = append(judged, at(string(rune('a'+i))+"-judged.json"))
		gradus("", "fed", "judge", plan, mean, site, "--out", judged[i]).ok(t)
	}
	shown := gradus("", append([]string{"fed", "pool", "--lang", "ko"}, judged...)...).ok(t)
	if !strings.Contains(shown.out, "모든 기관      2400   224") || !strings.Contains(shown.err, "벗어납니다") {
		t.Errorf("%s%s", shown.out, shown.err)
	}
	gradus("", "evaluate", mean, sites[1], "--no-record").ok(t) // an ordinary model
	if out := gradus("", "inspect", mean, "--json").ok(t).out; !strings.Contains(out, `"federation"`) || strings.Contains(out, folder) {
		t.Error(out)
	}
	gradus("", "fed", "step", plan, model, sites[0], "--round", "2").refused(t, 2, "round 2", "1")
	gradus("", "fed", "average", plan, model, sites[0]).refused(t, 2, "A.csv")
	gradus("", "fed", "summary", model, sites[0]).refused(t, 2, "model.gradus")
	gradus("", "fed", "privacy", plan, "--patients", "1000").refused(t, 2, "--privacy patient")
	gradus("", "fed", "plan", sites[0], "--target", "died_30d", "--rounds", "0").refused(t, 2, "rounds", "1 …")
	gradus("", "fed", "walk").refused(t, 2, "walk", "step")
	other := at("other.json")
	gradus("", "fed", "plan", sites[0], "--target", "died_30d", "--drop", "site,visit_date", "--patient", "patient_id", "--rounds", "2", "--out", other).ok(t)
	gradus("", "fed", "step", other, model, sites[0]).refused(t, 2, "model.gradus", "plan")
}

// Privacy says what it costs, hides the cost of training, and never gives the same weights twice.
func TestFedPrivacy(t *testing.T) {
	folder := t.TempDir()
	site := hospitals(t, folder)[2]
	plan, summary, model := filepath.Join(folder, "plan.json"), filepath.Join(folder, "s.json"), filepath.Join(folder, "m.gradus")
	gradus("", "fed", "plan", site, "--target", "died_30d", "--drop", "site,visit_date", "--patient", "patient_id", "--rounds", "4", "--epochs", "1",
		"--privacy", "patient", "--noise", "1.1", "--out", plan).ok(t)
	gradus("", "fed", "summary", plan, site, "--out", summary).ok(t)
	gradus("", "fed", "start", plan, summary, "--out", model).ok(t)
	one, two := gradus("", "fed", "step", plan, model, site).ok(t), gradus("", "fed", "step", plan, model, site).ok(t)
	if one.out == two.out || strings.Contains(one.out, "cost") || !strings.Contains(one.err, "ε = ") || !strings.Contains(one.err, "1e-05") {
		t.Errorf("%q", one.err)
	}
	seeded := gradus("", "fed", "step", plan, model, site, "--noise-seed", "7").ok(t)
	if seeded.out != gradus("", "fed", "step", plan, model, site, "--noise-seed", "7").ok(t).out || !strings.Contains(seeded.err, "hides nothing") {
		t.Errorf("%q", seeded.err)
	}
	ledger := filepath.Join(folder, "ledger.json")
	for range 4 {
		gradus("", "fed", "step", plan, model, site, "--ledger", ledger).ok(t)
	}
	gradus("", "fed", "step", plan, model, site, "--ledger", ledger).refused(t, 2, "4", "plan")
	var cost struct{ Epsilon, Noise_needed float64 }
	gradus("", "fed", "privacy", plan, "--patients", "500", "--epsilon", "2", "--json").into(t, &cost)
	if !(cost.Epsilon > .5 && cost.Epsilon < 10 && cost.Noise_needed > .5) {
		t.Errorf("%+v", cost)
	}
}
