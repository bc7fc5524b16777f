package source

import (
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"gradus/internal/say"
)

// mostSigns is what a cell of Excel holds.
const mostSigns = 32767

// WriteXLSX writes a workbook of one sheet, row by row: numbers as numbers, everything else as text. No text becomes a formula.
func WriteXLSX(w io.Writer, header []string, rows iter.Seq[[]string]) error {
	f := excelize.NewFile()
	defer f.Close()
	sheet, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	n := 0
	put := func(record []string, numbers bool) error {
		n++
		cells, err := cellsOf(record, numbers, n)
		if err != nil {
			return err
		}
		return sheet.SetRow("A"+strconv.Itoa(n), cells)
	}
	if err := put(header, false); err != nil {
		return err
	}
	for record := range rows {
		if err := put(record, true); err != nil {
			return err
		}
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

// cellsOf are the cells of row n as excelize takes them; what Excel could not hold is refused, not cut off.
func cellsOf(record []string, numbers bool, n int) ([]any, error) {
	if n > mostRows {
		return nil, say.Error("source.many_rows", "limit", mostRows)
	}
	if len(record) > mostColumns {
		return nil, say.Error("source.many_columns", "row", n, "found", len(record), "limit", mostColumns)
	}
	cells := make([]any, len(record))
	for j, v := range record {
		if len(v) > mostSigns && len(utf16.Encode([]rune(v))) > mostSigns {
			return nil, say.Error("source.long_cell", "row", n, "column", j+1, "limit", mostSigns)
		}
		switch {
		case v == "":
		case numbers && isNumber(v):
			cells[j], _ = strconv.ParseFloat(v, 64)
		default:
			cells[j] = strings.ToValidUTF8(v, string(utf8.RuneError))
		}
	}
	return cells, nil
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
