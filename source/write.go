package source

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"gradus/internal/say"
)

// mostSigns is what a cell of Excel holds.
const mostSigns = 32767

// parts are the parts of a workbook around its one sheet: the least that the format (ECMA-376) and Excel ask for.
var parts = [][2]string{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" ` +
		`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" ` +
		`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
}

// WriteXLSX writes a workbook of one sheet, row by row: numbers as numbers, everything else as text. No text becomes a formula. The same
// rows give the same bytes.
func WriteXLSX(w io.Writer, header []string, rows iter.Seq[[]string]) error {
	z := zip.NewWriter(w)
	for _, p := range parts {
		part, err := z.Create(p[0])
		if err != nil {
			return err
		}
		if _, err := io.WriteString(part, xml.Header+p[1]); err != nil {
			return err
		}
	}
	part, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	sheet := bufio.NewWriterSize(part, 1<<16)
	_, _ = sheet.WriteString(xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	if err := putRow(sheet, header, false, 1); err != nil {
		return err
	}
	n := 1
	for record := range rows {
		n++
		if err := putRow(sheet, record, true, n); err != nil {
			return err
		}
	}
	_, _ = sheet.WriteString(`</sheetData></worksheet>`)
	if err := sheet.Flush(); err != nil { // tells of any write before
		return err
	}
	return z.Close()
}

// putRow writes row n; what Excel could not hold is refused, not cut off.
func putRow(w *bufio.Writer, record []string, numbers bool, n int) error {
	if n > mostRows {
		return say.Error("source.many_rows", "limit", mostRows)
	}
	if len(record) > mostColumns {
		return say.Error("source.many_columns", "row", n, "found", len(record), "limit", mostColumns)
	}
	row := strconv.Itoa(n)
	_, _ = w.WriteString(`<row r="` + row + `">`)
	for j, v := range record {
		if len(v) > mostSigns && len(utf16.Encode([]rune(v))) > mostSigns {
			return say.Error("source.long_cell", "row", n, "column", j+1, "limit", mostSigns)
		}
		switch {
		case v == "":
		case numbers && isNumber(v):
			_, _ = w.WriteString(`<c r="` + letters(j) + row + `"><v>` + v + `</v></c>`)
		default:
			_, _ = w.WriteString(`<c r="` + letters(j) + row + `" t="inlineStr"><is><t xml:space="preserve">`)
			_ = xml.EscapeText(w, []byte(plainText(v)))
			_, _ = w.WriteString(`</t></is></c>`)
		}
	}
	_, err := w.WriteString(`</row>`)
	return err
}

// letters names column j, from 0: A … Z, AA …
func letters(j int) string {
	name := ""
	for j++; j > 0; j = (j - 1) / 26 {
		name = string(rune('A'+(j-1)%26)) + name
	}
	return name
}

// plainText writes what XML has no sign for as _xHHHH_, and so the text _xHHHH_ itself.
func plainText(v string) string {
	v = strings.ToValidUTF8(v, string(utf8.RuneError))
	odd := func(r rune) bool { return r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF }
	if strings.IndexFunc(v, odd) < 0 && !strings.Contains(v, "_x") {
		return v
	}
	var b strings.Builder
	for i, r := range v {
		switch {
		case odd(r), r == '_' && coded(v[i:]):
			fmt.Fprintf(&b, "_x%04X_", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// coded reports whether s begins with _xHHHH_.
func coded(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(s[2:6], 16, 16)
	return err == nil
}

// isNumber: as a program writes it, without leading zeros, in no more digits than Excel keeps. 007 and a number of 16 digits are names.
func isNumber(v string) bool {
	s := strings.TrimPrefix(v, "-")
	if len(s) > 1 && s[0] == '0' && s[1] != '.' {
		return false
	}
	digits := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && i > 0 && i < len(s)-1:
		default:
			return false
		}
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && digits <= 15
}

// WriteCSV writes UTF-8 with commas; mark puts a byte order mark in front, without which Korean Excel takes it for CP949. Cells go
// out as they are.
func WriteCSV(w io.Writer, header []string, rows iter.Seq[[]string], mark bool) error {
	if mark {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
	}
	c := csv.NewWriter(w)
	if err := c.Write(header); err != nil {
		return err
	}
	for record := range rows {
		if err := c.Write(record); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}
