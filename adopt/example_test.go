package adopt_test

import (
	"encoding/binary"
	"fmt"
	"log"
	"math"

	"gradus/adopt"
)

// A file as PyTorch writes torch.nn.Linear(2, 1) becomes a network, with the names of its columns a model.
func ExampleSafetensors() {
	head := `{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}`
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(head)))
	file = append(file, head...)
	for _, w := range []float32{0.5, -0.25, 1} {
		file = binary.LittleEndian.AppendUint32(file, math.Float32bits(w))
	}
	net, err := adopt.Safetensors(file, "risk.safetensors", adopt.Options{})
	if err != nil {
		log.Fatal(err)
	}
	m, err := adopt.Model(net.Network, adopt.Meaning{Columns: []string{"age", "lactate"}, Target: "died", Output: "sigmoid", Origin: "safetensors"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(net.Network.Weights(), m.Target.Levels)
	// Output: [0.5 -0.25 1] [0 1]
}
