package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gradus/deck"
)

// deckRow is a row of the ledger as other programs read it.
type deckRow struct {
	Page    string   `json:"page"`
	Symbol  string   `json:"symbol"`
	Formula string   `json:"formula"`
	Numbers string   `json:"numbers"`
	Printed *float64 `json:"printed"`
	Exact   *float64 `json:"exact"`
	Agrees  *bool    `json:"agrees"`
	Note    string   `json:"note"`
}

// newDeck is gradus deck [PAGE].
func newDeck(a *app) *cobra.Command {
	c := a.command("deck [PAGE]", 0, 1, a.deck)
	c.Example = "gradus deck\ngradus deck 4-5-21\ngradus deck --json --lang ko"
	return c
}

func (a *app) deck(args []string) error {
	rows, err := deck.Ledger()
	if err == nil && len(args) == 1 {
		rows, err = deck.Page(rows, args[0])
	}
	if err != nil {
		return err
	}
	if a.json {
		list := make([]deckRow, len(rows))
		for i, r := range rows {
			list[i] = deckRow{r.Page, r.Symbol, r.Formula, r.Numbers, r.Printed, r.Exact, r.Agrees, r.Note(a.lang)}
		}
		return a.writeJSON(list)
	}
	a.showDeck(rows)
	return nil
}

// showDeck prints the rows and, under them, the reasons by their number; rows of one reason share it.
func (a *app) showDeck(rows []deck.Row) {
	var lines [][]string
	var reasons []string
	for _, r := range rows {
		printed, exact, agrees, reason := none, none, none, ""
		if r.Printed != nil {
			printed = strconv.FormatFloat(*r.Printed, 'f', r.Decimals, 64)
		}
		if r.Exact != nil {
			exact = number(*r.Exact)
		}
		if r.Agrees != nil {
			agrees = a.text("cmd.deck_yes")
			if r.Slip() {
				agrees = a.paint(a.tty, red, a.text("cmd.deck_no"))
			}
		}
		if note := r.Note(a.lang); note != "" {
			if !slices.Contains(reasons, note) {
				reasons = append(reasons, note)
			}
			reason = "[" + strconv.Itoa(slices.Index(reasons, note)+1) + "]"
		}
		lines = append(lines, []string{r.Page, r.Symbol, r.Formula, r.Numbers, printed, exact, agrees, reason})
	}
	a.table(strings.Split(a.text("cmd.deck_head"), ","), lines)
	for i, reason := range reasons {
		if i == 0 {
			a.print("")
		}
		a.print("[" + strconv.Itoa(i+1) + "] " + reason)
	}
}
