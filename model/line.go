package model

import (
	"strings"

	"gradus/internal/say"
	"gradus/table"
)

// Heading names the columns of a table of predictions: row, the kept ones, p_<level>…, prediction, warnings; of survival risk and
// survival_<horizon>….
func (m *Model) Heading(keep []string) []string {
	names := append([]string{"row"}, keep...)
	for _, l := range m.Target.Levels {
		names = append(names, "p_"+l)
	}
	if !m.isSurvival() {
		return append(names, "prediction", "warnings")
	}
	names = append(names, "risk")
	for _, h := range m.Card.Settings.Horizons {
		names = append(names, "survival_"+table.Format(h))
	}
	return append(names, "warnings")
}

// AppendLine appends the cells of a row of that table behind the kept ones, to the end of the line.
func (m *Model) AppendLine(b []byte, values []float64, doubts []table.Warning, lang say.Lang) []byte {
	if len(m.Target.Levels) > 0 || m.isSurvival() {
		for _, v := range values {
			b = table.AppendNumber(append(b, ','), v)
		}
	}
	if !m.isSurvival() {
		b = table.AppendCell(append(b, ','), m.Call(values))
	}
	b = append(b, ',')
	if len(doubts) > 0 {
		said := make([]string, len(doubts))
		for i, d := range doubts {
			said[i] = d.In(lang)
		}
		b = table.AppendCell(b, strings.Join(said, "; "))
	}
	return append(b, '\n')
}
