// Package later is in the second part of the program.
package later

import (
	"fmt"
	"runtime"
)

// Page is one that is opened later.
type Page struct {
	Name string
	Make func(n int) string
}

// Pages lists pages; it runs before they are opened.
func Pages() []Page {
	var list []Page
	add := func(name string) { list = append(list, Page{name, func(n int) string { return making(name, n) }}) }
	add("a")
	add("b")
	return list
}

func making(name string, n int) string {
	done := make(chan string)
	go func() {
		runtime.Gosched()
		done <- fmt.Sprint(name, deep(n))
	}()
	return <-done
}

func deep(n int) int {
	var room [30]int
	if n == 0 {
		runtime.GC()
		return 0
	}
	room[n%30] = deep(n - 1)
	return room[n%30] + 1
}

// Fail panics.
func Fail(list []int) int { return list[len(list)] }
