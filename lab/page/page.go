// Package page is the index of the lab: every page of the deck and every room as an instrument, in the order of the deck, and the
// desk at which a learner sits before one of them.
package page

import (
	"sync"

	"gradus/lab/chapter1"
	"gradus/lab/chapter2"
	"gradus/lab/chapter3"
	"gradus/lab/chapter4"
	"gradus/lab/chapter5"
	"gradus/lab/clinic"
	"gradus/lab/front"
	"gradus/lab/room"
	"gradus/lab/scene"
)

var pages = sync.OnceValue(func() []*scene.Page {
	var list []*scene.Page
	count := func(chapter string) (n int) {
		for _, p := range list {
			if p.Chapter() == chapter {
				n++
			}
		}
		return n
	}
	list = append(list, front.Home(count))
	for _, chapter := range [][]*scene.Page{
		front.Pages(), chapter1.Pages(), chapter2.Pages(), chapter3.Pages(), chapter4.Pages(), chapter5.Pages(), room.Pages(), clinic.Pages(),
	} {
		list = append(list, chapter...)
	}
	return list
})

// All lists every page in the order of the deck, the rooms behind them.
func All() []*scene.Page { return pages() }

// ByID finds a page by its name in the address; nil where there is none.
func ByID(id string) *scene.Page {
	for _, p := range pages() {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// Row is one line of the table of contents.
type Row struct {
	ID      string `json:"id"`
	Chapter string `json:"chapter"`
	Words   string `json:"words"`
	Slip    bool   `json:"slip,omitempty"`
}

// Contents is the table of contents.
func Contents() []Row {
	var list []Row
	for _, p := range pages() {
		list = append(list, Row{p.ID, p.Chapter(), p.Words, p.Slip})
	}
	return list
}
