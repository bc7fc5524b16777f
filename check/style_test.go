package check

import (
	"fmt"
	"strings"
	"testing"

	"gradus/source"
)

func textSheet(t *testing.T, text string) *source.Sheet {
	t.Helper()
	s, err := source.Decode("t.csv", []byte(text), source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// european is a table of 20 rows as German or Danish systems write it.
func european() string {
	var b strings.Builder
	b.WriteString("weight;dose;visit;lab;birth;score;died\n")
	for i := range 20 {
		fmt.Fprintf(&b, "%d,%d;1.%03d,5 mg;%02d/%02d/2021;%02d/%02d/2020;1%d/%02d/19%d;%d.5;%d\n", 60+i, i%10, 100+i, 5+i, 1+i%12, 1+i%9, 1+i%10, i%10%3, 13+i%9, 50+i, i, i%2)
	}
	return b.String()
}

// Decimal commas and days before months are decided where cells tell, and what is decided is carried out.
func TestStyles(t *testing.T) {
	sheet := textSheet(t, european())
	r, err := Table("t.csv", sheet, Options{Target: "died", Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		kind Kind
		as   string
	}{
		"weight": {Number, "decimal comma"}, "dose": {Number, "decimal comma"}, "visit": {Date, "day first"}, "birth": {Date, "month first"},
		"score": {Number, ""},
	} {
		c, as := r.column(t, name), ""
		if len(c.Proposals) > 0 && c.Proposals[0].accept {
			as = c.Proposals[0].As
		}
		if c.Kind != want.kind || as != want.as {
			t.Errorf("%s: %+v", name, c)
		}
	}
	// the months of lab are open, and two other columns disagree: asked, and no index date
	if c := r.column(t, "lab"); c.Kind != Date || len(c.Proposals) != 2 || c.Proposals[0].accept || c.Role != Dropped {
		t.Errorf("%+v", c)
	}
	s := NewStudy(r, "t.csv", "", 1)
	s.Column("birth").Role, s.Column("birth").Days = Feature, true
	tbl, _, err := Apply("t.csv", sheet, s)
	if err != nil {
		t.Fatal(err)
	}
	if w, d := tbl.Column("weight").Number(3), tbl.Column("dose").Number(3); w != 63.3 || d != 1103.5 {
		t.Error(w, d)
	}
	if v := tbl.Column("visit"); v.Text(0) != "2021-01-05" || v.Text(14) != "2021-03-19" {
		t.Error(v.Text(0), v.Text(14))
	}
	if days := tbl.Column("birth").Number(0); days != -25652 {
		t.Error(days)
	}
}

// A decimal comma in a file of commas, and thousands in a file of semicolons, are asked; lists of codes are no numbers.
func TestStylesThatAreAsked(t *testing.T) {
	rows := func(header string, row func(i int) string) string {
		text := header + "\n"
		for i := range 20 {
			text += row(i) + "\n"
		}
		return text
	}
	for _, c := range []struct {
		text string
		asks bool
		kind Kind
	}{
		{rows("x,y", func(i int) string { return fmt.Sprintf("\"%d,5\",%d", i, i%3) }), true, Category},
		{rows("x;y", func(i int) string { return fmt.Sprintf("%d,%03d;%d", 1+i%7, (100+i*371)%1000, i%3) }), true, Number},
		{rows("x;y", func(i int) string { return fmt.Sprintf("%d,%d,3;%d", i%3, i%2, i%3) }), false, Category},
		{rows("x;y", func(i int) string { return fmt.Sprintf("%d.%d;%d", i, i%7, i%3) }), false, Number},
	} {
		r, err := Table("t.csv", textSheet(t, c.text), Options{Lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		x := r.column(t, "x")
		asks := len(x.Proposals) > 0 && x.Proposals[0].As == "decimal comma"
		if asks != c.asks || asks && x.Proposals[0].accept || x.Kind != c.kind {
			t.Errorf("%q: %+v", c.text[:30], x)
		}
	}
}

func TestRewrite(t *testing.T) {
	for _, c := range []struct {
		style    style
		in, want string
	}{
		{comma, "12,5", "12.5"},
		{comma, "<0,5 mg/L", "<0.5 mg/L"},
		{comma, "1.234,5", "1234.5"},
		{comma, "-3,25", "-3.25"},
		{comma, "1.234", "1234"},
		{comma, "12", "12"},
		{comma, "a,b", "a,b"},
		{comma, "12.5", "12.5"},
		{dayFirst, "5/3/2021", "2021-03-05"},
		{dayFirst, "31.12.2021 08:30", "2021-12-31 08:30"},
		{monthFirst, "12-31-2021", "2021-12-31"},
		{dayFirst, "2021-03-05", "2021-03-05"},
		{dayFirst, "5/3/21", "5/3/21"},
	} {
		if got := c.style.rewrite(c.in); got != c.want {
			t.Errorf("%s %q: %q, want %q", styleWords[c.style], c.in, got, c.want)
		}
	}
}
