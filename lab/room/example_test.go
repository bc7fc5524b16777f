package room_test

import (
	"fmt"

	"gradus/lab/room"
)

// The pages of the rooms of play; package lab/page finds one by its address, sets it up and asks it for its numbers.
func ExamplePages() {
	for _, p := range room.Pages() {
		fmt.Println(p.ID)
	}
	// Output:
	// race
	// playground
}
