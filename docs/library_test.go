package docs

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"
	"sync"
	"testing"

	"gradus/activation"
	"gradus/cost"
	"gradus/fit"
	"gradus/mat"
	"gradus/model"
	"gradus/network"
	"gradus/optimizer"
	"gradus/table"
	"gradus/train"
	"gradus/weights"
)

func Example_first() {
	// Four rows of XOR: what no single neuron can do.
	x := mat.From([]float64{0, 0}, []float64{0, 1}, []float64{1, 0}, []float64{1, 1}) // (rows, inputs)
	y := mat.From([]float64{0}, []float64{1}, []float64{1}, []float64{0})             // (rows, outputs)

	net, err := network.New(2,
		&network.Dense[float64]{Units: 4, Activation: activation.Tanh[float64]{}},
		&network.Dense[float64]{Units: 1, Activation: activation.Sigmoid[float64]{}},
	)
	if err != nil {
		log.Fatal(err)
	}
	net.Init(1) // start weights from seed 1

	rule, err := optimizer.NewAdam[float64](len(net.Weights()), optimizer.Reference, optimizer.AdamConfig{})
	if err != nil {
		log.Fatal(err)
	}
	for step, err := range train.Run(context.Background(), net, x, y, train.Config[float64]{
		Cost: cost.BinaryCrossEntropy[float64]{}, Rule: rule, Schedule: optimizer.Constant{Base: .05}, Epochs: 200, Batch: 4, Seed: 1,
	}) {
		if err != nil {
			log.Fatal(err)
		}
		if step.Last && step.Epoch%100 == 0 {
			fmt.Printf("epoch %d, cost %.4f\n", step.Epoch, step.EpochCost)
		}
	}

	h := net.NewPrediction(4).Forward(x)
	for r := range x.Rows {
		fmt.Printf("%v → %.2f\n", x.Row(r), h.At(r, 0))
	}
	// Output:
	// epoch 100, cost 0.0041
	// epoch 200, cost 0.0013
	// [0 0] → 0.00
	// [0 1] → 1.00
	// [1 0] → 1.00
	// [1 1] → 0.00
}

// ward is a table as a hospital has it: numbers, words and gaps.
func ward() string {
	var b strings.Builder
	b.WriteString("age,sex,crp,died\n")
	for i := range 300 {
		crp := fmt.Sprint(i * 37 % 90)
		if i%11 == 0 {
			crp = ""
		}
		fmt.Fprintf(&b, "%d,%c,%s,%s\n", 40+i*13%50, "FM"[i*7%2], crp, []string{"no", "yes"}[min(1, (i*13%50)/35)])
	}
	return b.String()
}

func Example_table() {
	tbl, err := table.Read(strings.NewReader(ward()), "ward.csv", table.Options{})
	if err != nil {
		log.Fatal(err)
	}
	target, y, err := table.NewTarget(tbl, "died", table.TaskAuto, "yes")
	if err != nil {
		log.Fatal(err)
	}
	run, err := fit.New(tbl, nil, target, y, model.Settings{Seed: 1, Epochs: 60, Members: 2})
	if err != nil {
		log.Fatal(err)
	}
	m, err := run.Train(context.Background())
	if err != nil {
		log.Fatal(err)
	}

	// One file holds the preparation of the columns, the network and the card, and no row of the table.
	var file bytes.Buffer
	if err := m.Write(&file); err != nil {
		log.Fatal(err)
	}
	m, err = model.Read(file.Bytes(), "ward.gradus")
	if err != nil {
		log.Fatal(err)
	}

	// New rows come as a table, as text or as records; what is unlike the training rows is said.
	rows, err := table.FromRecords("new", []string{"age", "sex", "crp"}, [][]string{{"45", "F", "3"}, {"89", "M", ""}, {"119", "M", "60"}},
		table.Options{Kinds: m.Preparation.Kinds()})
	if err != nil {
		log.Fatal(err)
	}
	p, err := m.NewPredictor(rows, rows.Rows)
	if err != nil {
		log.Fatal(err)
	}
	answers, doubts := p.Predict(0, rows.Rows)
	for r := range rows.Rows {
		fmt.Printf("row %d: likely %v\n", r+1, answers.At(r, m.EventIndex()) > .5)
	}
	for _, d := range doubts {
		fmt.Printf("row %d: %s\n", d.Row+1, d.In("en"))
	}
	// Output:
	// row 1: likely false
	// row 2: likely true
	// row 3: likely true
	// row 2: crp is missing
	// row 3: age: 119 is outside the training range, 40 to 89
}

func Example_loop() {
	net, err := network.Build[float32](2, []network.Spec{{Kind: "dense", Units: 8, Activation: "relu"}, {Kind: "dense", Units: 1}})
	if err != nil {
		log.Fatal(err)
	}
	net.Init(1)
	x, y := mat.New[float32](64, 2), mat.New[float32](64, 1)
	for r := range x.Rows {
		a, b := float32(r%8)/8, float32(r/8)/8
		copy(x.Row(r), []float32{a, b})
		y.Row(r)[0] = a * b
	}

	c := cost.MSE[float32]{}
	pass := net.NewPass(16, 1) // room for batches of 16 rows, the gradient included
	var first, last float64
	for epoch := range 300 {
		for batch := range train.Batches(x, y, 16, uint64(epoch)) {
			pass.Forward(batch.X)
			last = pass.Learn(c, batch.Y) // E, and ∂E/∂w into Gradient
			for i, g := range pass.Gradient() {
				net.Weights()[i] -= .1 * g
			}
			if first == 0 {
				first = last
			}
		}
	}
	fmt.Println(last < first/100)
	// Output: true
}

func Example_own() {
	net, err := network.New(3,
		&Gain[float64]{},
		&network.Dense[float64]{Units: 4, Activation: Sine[float64]{}, Initial: network.Xavier{}},
		&Gain[float64]{},
		&network.Dense[float64]{Units: 1},
	)
	if err != nil {
		log.Fatal(err)
	}
	net.Init(1)
	x := mat.From([]float64{.5, -1, 2}, []float64{1, 0, -.3}, []float64{0, .7, .1})
	y := mat.From([]float64{1}, []float64{0}, []float64{2})

	// The gradient by every weight, and by every input, beside finite differences of the cost.
	for _, c := range []cost.Func[float64]{cost.MSE[float64]{}, Pinball[float64]{Quantile: .9}} {
		fmt.Println(c.Name(), network.Check(net, c, x, y, 0).Relative < 1e-7, network.CheckInputs(net, c, x, y, 0).Relative < 1e-7)
	}
	for step, err := range train.Run(context.Background(), net, x, y, train.Config[float64]{
		Cost: cost.MSE[float64]{}, Rule: NewLion[float64](len(net.Weights())), Schedule: optimizer.Exponential{Base: .02, Gamma: .98},
		Epochs: 200, Batch: 3, Seed: 1,
	}) {
		if err != nil {
			log.Fatal(err)
		}
		if step.Epoch == 200 {
			fmt.Println("learnt:", step.Cost < 1e-3)
		}
	}
	// Output:
	// mse true true
	// pinball true true
	// learnt: true
}

func Example_file() {
	net, err := network.New(2, &network.Dense[float32]{Units: 3, Activation: activation.ReLU[float32]{}}, &network.Dense[float32]{Units: 1})
	if err != nil {
		log.Fatal(err)
	}
	net.Init(1)
	var file bytes.Buffer // in a program: os.Create
	if err := weights.SaveWith(&file, net, map[string]string{"columns": "age, crp"}); err != nil {
		log.Fatal(err)
	}
	bytesOf := file.Bytes()

	again, err := weights.Load[float32](bytes.NewReader(bytesOf)) // layers and weights, to the last bit
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(again.Layers()), again.In(), again.Out())

	exact, err := weights.Load[float64](bytes.NewReader(bytesOf)) // float32 into float64 is exact; the other way is refused
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(exact.Weights()[0] == float64(net.Weights()[0]))

	about, err := weights.Metadata(bytes.NewReader(bytesOf))
	fmt.Println(about["columns"], err)
	// Output:
	// 2 2 1
	// true
	// age, crp <nil>
}

func Example_ownFile() {
	build := func() *network.Network[float64] {
		net, err := network.New(2, &Gain[float64]{}, &network.Dense[float64]{Units: 1})
		if err != nil {
			log.Fatal(err)
		}
		return net
	}
	net := build()
	net.Init(1)
	var file bytes.Buffer
	if err := weights.Save(&file, net); err != nil {
		log.Fatal(err)
	}
	again := build() // the program knows its own layers: it builds the network, the file fills it
	if err := weights.LoadInto(&file, again); err != nil {
		log.Fatal(err)
	}
	fmt.Println(again.Weights()[2] == net.Weights()[2])
	// Output: true
}

func Example_concurrent() {
	net, err := network.Build[float32](4, []network.Spec{{Kind: "dense", Units: 32, Activation: "gelu"}, {Kind: "dense", Units: 1}})
	if err != nil {
		log.Fatal(err)
	}
	net.Init(1)
	answers := make([]float32, 8)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			p := net.NewPrediction(1) // one for each goroutine; the weights are shared
			answers[i] = p.Forward(mat.From([]float32{1, 2, 3, 4})).At(0, 0)
		})
	}
	wg.Wait()
	same := true
	for _, a := range answers {
		same = same && a == answers[0]
	}
	fmt.Println(same)
	// Output: true
}

func Example_quick() {
	net, err := network.Build[float32](30, []network.Spec{{Kind: "dense", Units: 64, Activation: "tanh"}, {Kind: "dense", Units: 1}})
	if err != nil {
		log.Fatal(err)
	}
	net.Init(1)
	p := net.NewPrediction(256)    // made once
	x := mat.New[float32](256, 30) // filled again for every batch
	fmt.Println(testing.AllocsPerRun(100, func() { p.Forward(x) }), "allocations")
	fmt.Println(p.Forward(x.Top(1)).Rows, "row") // any number of rows up to 256
	// Output:
	// 0 allocations
	// 1 row
}
