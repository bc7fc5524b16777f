package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"gradus/internal/disk"
	"gradus/source"
)

const mark = "\ufeff"

// forPeople writes the predictions as Korean Excel opens them: a workbook where out ends in .xlsx, else CSV, with a byte order mark
// where the table had one.
func (p *prediction) forPeople(in io.Reader, name, out string) error {
	b := bufio.NewReader(in)
	if !isWorkbook(out) {
		head, _ := b.Peek(len(mark))
		return disk.WriteFile(out, func(w io.Writer) error {
			if string(head) == mark {
				if _, err := io.WriteString(w, mark); err != nil {
					return err
				}
			}
			return p.csv(b, name, w)
		})
	}
	var whole bytes.Buffer
	if err := p.csv(b, name, &whole); err != nil {
		return err
	}
	records := csv.NewReader(&whole)
	header, err := records.Read()
	if err != nil {
		return err
	}
	rows := func(yield func([]string) bool) {
		for {
			record, err := records.Read()
			if err != nil || !yield(p.excel(record)) {
				return
			}
		}
	}
	return disk.WriteFile(out, func(w io.Writer) error { return source.WriteXLSX(w, header, rows) })
}

// excel rounds the predicted numbers of a record to the 15 digits that a cell of Excel keeps; longer ones would be text.
func (p *prediction) excel(record []string) []string {
	first, last := 1+len(p.keep), len(record)-2 // behind row and what is kept, before prediction and warnings
	if len(p.levels) == 0 {
		last++
	}
	for i := first; i < last; i++ {
		v, err := strconv.ParseFloat(record[i], 64)
		if err != nil {
			continue
		}
		whole, _, _ := strings.Cut(strings.TrimPrefix(strconv.FormatFloat(v, 'f', 0, 64), "-"), ".")
		text := strconv.FormatFloat(v, 'f', max(0, 15-len(whole)), 64)
		if strings.Contains(text, ".") {
			text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
		}
		record[i] = text
	}
	return record
}
