package source

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// book zips the parts of a small workbook: its sheet's rows, and what replaces or joins the usual parts.
func book(rows string, parts map[string]string) []byte {
	all := map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook><sheets><sheet name="One" r:id="r1"/><sheet name="2" r:id="r2" state="hidden"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="t/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="t/worksheet" Target="/xl/worksheets/sheet2.xml"/><Relationship Id="r3" Type="t/styles" Target="styles.xml"/><Relationship Id="r4" Type="t/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml":              `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;년&quot; m&quot;월&quot; d&quot;일&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="21"/><xf numFmtId="22"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":       `<sst><si><t>shared</t></si><si><r><t>ri</t></r><r><t xml:space="preserve">ch </t></r><rPh><t>no</t></rPh></si><si><t>a_x000A_b</t></si></sst>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`,
		"xl/worksheets/sheet2.xml":   `<x:worksheet><x:sheetData><x:row><x:c><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
	}
	for name, text := range parts {
		all[name] = text
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range all {
		w, _ := z.Create(name)
		_, _ = w.Write([]byte(text))
	}
	z.Close()
	return b.Bytes()
}

// Every kind of cell, each as a reader of the sheet would see it.
func TestCells(t *testing.T) {
	for cell, want := range map[string]string{
		`<v>1.5</v>`: "1.5", ` t="s"><v>0</v>`: "shared", ` t="s"><v>1</v>`: "rich ", ` t="s"><v>2</v>`: "a\nb",
		` t="inlineStr"><is><t>in</t></is>`: "in", ` t="str"><f>A1</f><v>formula</v>`: "formula", ` t="b"><v>1</v>`: "TRUE", ` t="b"><v>0</v>`: "FALSE",
		` t="e"><f>1/0</f><v>#DIV/0!</v>`: "", `<f>1/0</f>`: "", ` t="d"><v>2024-02-29T10:00:00</v>`: "2024-02-29 10:00:00",
		`<v>5.0999999999999996</v>`: "5.1", `<v>1.0000000000000001E-5</v>`: "0.00001", `<v>9001011234567</v>`: "9001011234567",
		` s="1"><v>43466</v>`: "2019-01-01", ` s="2"><v>43466</v>`: "2019-01-01", ` s="4"><v>43466.5</v>`: "2019-01-01 12:00:00", ` s="3"><v>0.75</v>`: "18:00:00",
		` s="1"><v>1</v>`: "1900-01-01", ` s="1"><v>59</v>`: "1900-02-28", ` s="1"><v>61</v>`: "1900-03-01", ` s="1"><v>-1</v>`: "-1", ` s="1"><v>2958466</v>`: "2958466",
		` s="0"><v>43466</v>`: "43466",
	} {
		if !strings.HasPrefix(cell, " ") {
			cell = ">" + cell
		}
		s, err := Decode("b.xlsx", book(`<row r="1"><c r="A1"`+cell+`</c><c r="C1"><v>1</v></c></row>`, nil), Options{})
		if err != nil || !reflect.DeepEqual(s.Records, [][]string{{want, "", "1"}}) {
			t.Errorf("%s: %v %v, want %q", cell, s, err, want)
		}
		if err == nil && s.Dates[0] != (strings.Count(want, "-") == 2) {
			t.Errorf("%s: date %v", cell, s.Dates)
		}
	}
}

func Test1904(t *testing.T) {
	main := `<workbook><workbookPr date1904="1"/><sheets><sheet name="One" r:id="r1"/></sheets></workbook>`
	s, err := Decode("b.xlsx", book(`<row><c s="1"><v>0</v></c><c s="1"><v>42004</v></c></row>`, map[string]string{"xl/workbook.xml": main}), Options{})
	if err != nil || !reflect.DeepEqual(s.Records, [][]string{{"1904-01-01", "2019-01-01"}}) {
		t.Error(s, err)
	}
}

func TestFormats(t *testing.T) {
	for code, want := range map[string]moment{
		"General": 0, "0.00": 0, `0.00"mg/day"`: 0, "[Red]0;[Blue]-0": 0, "yyyy-mm-dd": day, `[$-412]yyyy"년"`: day, "mmm": day, "h:mm": hour,
		"[h]:mm:ss": hour, "mm:ss.0": hour, "yyyy/m/d h:mm": day | hour, `\d0`: 0, "0.00E+00": 0, "#,##0_ ;@": 0, "@": 0,
	} {
		if got := momentOf(code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}

func TestSheets(t *testing.T) {
	b := book(`<row r="3"><c r="B3"><v>1</v></c></row><row r="9"><c r="A9" s="1"/></row>`, nil)
	s, err := Decode("b.xlsx", b, Options{})
	if err != nil || !reflect.DeepEqual(s.Records, [][]string{nil, nil, {"", "1"}}) || !reflect.DeepEqual(s.Lines, []int{1, 2, 3}) || s.Name != "One" {
		t.Errorf("%+v %v", s, err)
	}
	if !reflect.DeepEqual(s.Sheets, []string{"One", "2"}) || !reflect.DeepEqual(s.Hidden, []string{"2"}) {
		t.Error(s.Sheets, s.Hidden)
	}
	for _, wanted := range []string{"2"} { // its name, and its number
		if s, err := Decode("b.xlsx", b, Options{Sheet: wanted}); err != nil || s.Records[0][0] != "7" {
			t.Error(s, err)
		}
	}
	if s, err := Decode("b.xlsx", b, Options{Sheet: "1"}); err != nil || s.Name != "One" {
		t.Error(s, err)
	}
	if s, err := Decode("b.xlsx", book("", nil), Options{}); err != nil || s.Name != "2" { // only the hidden one holds data
		t.Error(s, err)
	}
	if _, err := Decode("b.xlsx", b, Options{Sheet: "three"}); key(err) != "source.no_sheet" {
		t.Error(err)
	}
}

func TestWorkbookRefusals(t *testing.T) {
	empty := map[string]string{"xl/worksheets/sheet2.xml": "<worksheet/>"}
	other := map[string]string{"_rels/.rels": `<Relationships><Relationship Type="x/officeDocument" Target="x"/></Relationships>`}
	for _, c := range []struct {
		rows, key string
		parts     map[string]string
	}{
		{"", "source.empty_workbook", empty},
		{"", "source.not_packed", other},
		{`<row r="2"/><row r="1"/>`, "source.damaged", nil},
		{`<row r="99999999"/>`, "source.damaged", nil},
		{`<row><c r="ZZZZZ1"><v>1</v></c></row>`, "source.damaged", nil},
		{`<row><c t="s"><v>99</v></c></row>`, "source.damaged", nil},
		{`<row><c t="inlineStr"><is>`, "source.damaged", map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><row><c t="inlineStr"><is>`}},
		{strings.Repeat(" ", alwaysUnpacked+16<<20), "source.unpacks", nil},
	} {
		if _, err := Decode("b.xlsx", book(c.rows, c.parts), Options{}); key(err) != c.key {
			t.Errorf("%.40s: %v, want %s", c.rows, err, c.key)
		}
	}
}

// messy.xlsx (openpyxl, 2026-11-23) holds the first 40 rows of the text tables under a merged title, with real dates, an error cell
// and a second sheet.
func TestMessyWorkbook(t *testing.T) {
	s := read(t, "messy.xlsx", Options{})
	plain := read(t, "messy_utf8bom.csv", Options{})
	if len(s.Records) != 42 || len(s.Records[0]) != 1 || !reflect.DeepEqual(s.Sheets, []string{"환자자료", "코드북"}) || !s.Dates[2] {
		t.Fatalf("%d records, %v, %v", len(s.Records), s.Sheets, s.Dates)
	}
	same := 0
	for i, r := range s.Records[1:] {
		w := plain.Records[i]
		for j := range w {
			got, want := "", strings.ReplaceAll(w[j], "\r\n", "\n")
			if j < len(r) {
				got = strings.ReplaceAll(r[j], "\r\n", "\n")
			}
			switch {
			case got == want:
				same++
			case i == 18 && j == 5 && got == "": // F20, =1/0
			case j == 2 && len(got) == 10 && got[:4] >= "2019": // dates are real here
			case number(parsed(got)) == number(parsed(want)): // 25.0 is 25 in a workbook
			default:
				t.Errorf("row %d, column %d: %q, want %q", i, j, got, want)
			}
		}
	}
	if same < 600 {
		t.Errorf("only %d cells are the same", same)
	}
	if c := read(t, "messy.xlsx", Options{Sheet: "코드북"}); c.Name != "코드북" || len(c.Records) == 0 {
		t.Error(c)
	}
}

func parsed(s string) float64 {
	var x float64
	if _, err := fmt.Sscanf(s, "%g", &x); err != nil {
		return 0
	}
	return x
}

// Excelize reads the same workbook by its own code; all but dates and errors must agree. It passes on 0.9399999999999999 as it stands,
// which is the float64 0.94: numbers agree as numbers.
func TestAgainstExcelize(t *testing.T) {
	b, err := os.ReadFile("testdata/messy.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.Rows("환자자료")
	if err != nil {
		t.Fatal(err)
	}
	s := read(t, "messy.xlsx", Options{})
	for i := 0; rows.Next(); i++ {
		w, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for len(w) > 0 && w[len(w)-1] == "" {
			w = w[:len(w)-1]
		}
		if len(w) > 2 && i > 1 {
			w[2] = s.Records[i][2]
		}
		same := func(a, b string) bool {
			return a == b || parsed(a) != 0 && parsed(a) == parsed(b)
		}
		if !slices.EqualFunc(s.Records[i], w, same) && i != 19 {
			t.Errorf("row %d: %q, excelize has %q", i+1, s.Records[i], w)
		}
	}
}
