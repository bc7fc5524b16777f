// Command small asks the runtime for what the tables of functions are for: deep stacks, collections, panics, deferred calls, methods
// through interfaces, calls by reflection.
package main

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"

	"gradus/lab/wasm/trim/testdata/small/later"
)

type node struct {
	left, right *node
	name        string
}

func grow(depth int) *node {
	if depth == 0 {
		runtime.GC()
		return &node{name: strings.Repeat("x", 3)}
	}
	var room [40]*node
	room[depth%40] = grow(depth - 1)
	return &node{left: room[depth%40], name: fmt.Sprint(depth)}
}

func (n node) Name() string { return n.name }

type named interface{ Name() string }

func try(f func()) (said string) {
	defer func() { said = fmt.Sprint(recover()) }()
	defer func() { runtime.GC() }()
	f()
	return ""
}

func main() {
	pages := later.Pages()
	fmt.Println(len(pages), pages[0].Make(2000), pages[1].Make(3))
	fmt.Println(try(func() { fmt.Println(later.Fail([]int{1})) }))
	done := make(chan int)
	for i := range 3 {
		go func() { done <- len(grow(400 + i).Name()) }()
	}
	fmt.Println(<-done+<-done+<-done, grow(3000).left.left.Name())
	var none *node
	fmt.Println(try(func() { fmt.Println(none.name) }))
	fmt.Println(try(func() { fmt.Println(called(none)) }))
	fmt.Println(try(func() { fmt.Println([]int{1}[len(long(none))]) }))
	double := reflect.MakeFunc(reflect.TypeFor[func(string, int) string](), func(in []reflect.Value) []reflect.Value {
		runtime.GC()
		return []reflect.Value{reflect.ValueOf(strings.Repeat(in[0].String(), int(in[1].Int())))}
	}).Interface().(func(string, int) string)
	fmt.Println(double("ab", 2), reflect.ValueOf(grow(2)).MethodByName("Name").Call(nil)[0])
}

//go:noinline
func called(n named) string { return n.Name() }

//go:noinline
func long(n *node) string {
	if n == nil {
		return "xx"
	}
	return ""
}
