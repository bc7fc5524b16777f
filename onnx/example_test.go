package onnx_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"gradus/data"
	"gradus/fit"
	"gradus/model"
	"gradus/onnx"
	"gradus/table"
)

// trained is a small model of a bundled table of numbers.
func trained() *model.Model {
	set, err := data.Get("iris")
	if err != nil {
		log.Fatal(err)
	}
	tbl, err := table.Read(bytes.NewReader(set.CSV()), set.Name, table.Options{})
	if err != nil {
		log.Fatal(err)
	}
	target, y, err := table.NewTarget(tbl, set.Target, table.TaskAuto, "")
	if err != nil {
		log.Fatal(err)
	}
	run, err := fit.New(tbl, nil, target, y, model.Settings{Hidden: []int{4}, Epochs: 5, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	m, err := run.Train(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	return m
}

// A model for other runtimes: raw columns in, probabilities and the level out, the preparation inside.
func ExampleWrite() {
	var file bytes.Buffer
	if err := onnx.Write(&file, trained()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Contains(file.Bytes(), []byte("petal_length")), bytes.Contains(file.Bytes(), []byte(onnx.Probability)))
	// Output: true true
}

// What is no such file says so.
func ExampleRead() {
	_, err := onnx.Read([]byte("not a model"), "net.onnx", onnx.Options{})
	fmt.Println(err)
	// Output: net.onnx is no ONNX file that can be read, or it is damaged; export it again from the program that made it
}
