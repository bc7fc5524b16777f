package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	pretty "github.com/jedib0t/go-pretty/v6/text"
)

// The colours used, as terminal codes.
const (
	bold = "1"
	red  = "31"
	dim  = "2"
)

// Write writes to the standard output, so that a command that streams takes the app as its writer. The first failure is kept for the exit code, and nothing is written after it.
func (a *app) Write(b []byte) (int, error) {
	if a.broken != nil {
		return 0, a.broken
	}
	n, err := a.out.Write(b)
	a.broken = err
	return n, err
}

// print writes a line of the result.
func (a *app) print(s string) { fmt.Fprintln(a, s) }

// note writes a line beside the result, to the standard error, unless --quiet.
func (a *app) note(s string) {
	if !a.quiet {
		fmt.Fprintln(a.err, s)
	}
}

// paint colours s for a terminal that takes colour.
func (a *app) paint(tty bool, code, s string) string {
	if !tty || a.noColor || a.env("NO_COLOR") != "" || a.env("TERM") == "dumb" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// table prints rows under a header.
func (a *app) table(header []string, rows [][]string) { a.print(a.rendered(header, rows)) }

// rendered is rows under a header, columns of numbers to the right: ruled on a terminal, plain in a pipe.
func (a *app) rendered(header []string, rows [][]string) string {
	pretty.OverrideRuneWidthEastAsianWidth(false) // Greek letters are one cell wide in every locale, Hangul two
	t := table.NewWriter()
	style := table.StyleLight
	if !a.tty {
		style = table.StyleDefault
		style.Box.PaddingLeft, style.Box.PaddingRight, style.Box.MiddleVertical = "", "", "  "
		style.Options = table.OptionsNoBordersAndSeparators
		style.Options.SeparateColumns = true
	}
	style.Format.Header = pretty.FormatDefault
	t.SetStyle(style)
	t.SuppressTrailingSpaces()
	head := make(table.Row, len(header))
	configs := make([]table.ColumnConfig, len(header))
	for i, h := range header {
		head[i] = a.paint(a.tty, bold, h)
		configs[i] = table.ColumnConfig{Number: i + 1}
		if numeric(rows, i) {
			configs[i].Align, configs[i].AlignHeader = pretty.AlignRight, pretty.AlignRight
		}
	}
	if strings.Join(header, "") != "" {
		t.AppendHeader(head)
	}
	t.SetColumnConfigs(configs)
	for _, r := range rows {
		line := make(table.Row, len(r))
		for i, cell := range r {
			line[i] = cell
		}
		t.AppendRow(line)
	}
	return t.Render()
}

// numeric tells whether every filled cell of column i is a number.
func numeric(rows [][]string, i int) bool {
	some := false
	for _, r := range rows {
		if i >= len(r) || r[i] == "" || r[i] == none {
			continue
		}
		if _, err := strconv.ParseFloat(strings.TrimPrefix(r[i], "−"), 64); err != nil {
			return false
		}
		some = true
	}
	return some
}

// none stands in a table where there is nothing to show.
const none = "–"

// number shows v to a person: eight significant digits, which is what the deck's exact column carries.
func number(v float64) string {
	if v == 0 {
		return "0" // −0 too
	}
	return strconv.FormatFloat(v, 'g', 8, 64)
}

// writeJSON prints v as one line of JSON. What JSON cannot hold, NaN and ±Inf, becomes null.
func (a *app) writeJSON(v any) error {
	b, err := encode(v)
	if err != nil {
		return err
	}
	_, _ = a.Write(b) // a failed write is kept for the exit code
	return nil
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err == nil {
		return b.Bytes(), nil
	}
	b.Reset()
	err := e.Encode(finite(v))
	return b.Bytes(), err
}
