package export_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"

	"gradus/export"
	"gradus/fit"
	"gradus/model"
	"gradus/table"
	"gradus/weights"
)

// small is a model of two columns.
func small() *model.Model {
	var rows strings.Builder
	rows.WriteString("age,sex,died\n")
	for i := range 40 {
		fmt.Fprintf(&rows, "%d,%c,%d\n", 50+i, "FM"[i%2], i/20)
	}
	tbl, err := table.Read(strings.NewReader(rows.String()), "ward.csv", table.Options{})
	if err != nil {
		log.Fatal(err)
	}
	target, y, err := table.NewTarget(tbl, "died", table.TaskAuto, "")
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

// One Go file that imports nothing but math: to be copied into any program.
func ExampleGo() {
	var file bytes.Buffer
	if err := export.Go(&file, small(), "risk"); err != nil {
		log.Fatal(err)
	}
	for _, line := range strings.Split(file.String(), "\n") {
		if strings.HasPrefix(line, "package ") || strings.HasPrefix(line, "import ") || strings.HasPrefix(line, "func Predict") {
			fmt.Println(line)
		}
	}
	// Output:
	// package risk
	// import "math"
	// func Predict(r *Row) (p [2]float64) {
}

// The bare network of a model, for PyTorch and for weights.Load.
func ExampleSafetensors() {
	m := small()
	var file bytes.Buffer
	if err := export.Safetensors(&file, m); err != nil {
		log.Fatal(err)
	}
	net, err := weights.Load[float32](&file)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(net.In() == m.Preparation.Width(), net.Out(), len(net.Weights()))
	// Output: true 1 21
}
