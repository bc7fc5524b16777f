//go:build js && wasm

// Command wasm is the engine inside the page: the same instruments as on the command line, called from a worker of the browser.
package main

import (
	"syscall/js"

	"gradus/lab/page"
	"gradus/lab/scene"
)

func main() {
	var desk page.Desk
	answer := func(name string, f func(args []js.Value) any) {
		js.Global().Set(name, js.FuncOf(func(_ js.Value, args []js.Value) any { return string(scene.Append(nil, f(args))) }))
	}
	answer("gradusContents", func([]js.Value) any { return page.Contents() })
	answer("gradusView", func(a []js.Value) any { return desk.View(a[0].String()) })
	answer("gradusCheck", func(a []js.Value) any { return desk.Check(a[0].String(), a[1].Int(), texts(a[2])) })
	answer("gradusHint", func(a []js.Value) any { return desk.Hint(a[0].String(), a[1].Int(), a[2].Int()) })
	answer("gradusKey", func(a []js.Value) any { return desk.Key(a[0].String()) })
	answer("gradusLearner", func(a []js.Value) any { return scene.SeedOf(a[0].String()) })
	answer("gradusDrag", func(a []js.Value) any { return desk.Drag(a[0].String(), a[1].String(), a[2].Float(), a[3].Float()) })
	answer("gradusSpeed", func([]js.Value) any { return speed() })
	js.Global().Call("gradusReady")
	select {}
}

func texts(v js.Value) []string {
	list := make([]string, v.Length())
	for i := range list {
		list[i] = v.Index(i).String()
	}
	return list
}
