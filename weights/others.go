package weights

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
)

// translated is a file of another program by the names that net has for its arrays: PyTorch's Sequential numbers the activations between
// its layers too, and a module of one's own has names of its own.
func translated[T mat.Float](f *safetensors.File, net *network.Network[T]) (*safetensors.File, error) {
	ours, theirs := places(names(arrays(net))), places(trained(f))
	if len(ours) != len(theirs) {
		return nil, say.Error("weights.modules", "found", len(theirs), "names", theirs, "want", len(ours))
	}
	named := &safetensors.File{}
	for _, t := range f.Tensors {
		place, name := cut(t.Name)
		if i := slices.Index(theirs, place); i >= 0 && name != batches {
			t.Name = ours[i] + "." + name
			named.Tensors = append(named.Tensors, t)
		}
	}
	return named, nil
}

// batches is what PyTorch's batch normalisation counts beside its statistics.
const batches = "num_batches_tracked"

func names[T mat.Float](list []array[T]) (names []string) {
	for _, a := range list {
		names = append(names, a.name)
	}
	return names
}

func trained(f *safetensors.File) (names []string) {
	for _, t := range f.Tensors {
		names = append(names, t.Name)
	}
	return names
}

// cut parts the name of an array from that of its module.
func cut(name string) (place, array string) {
	at := strings.LastIndexByte(name, '.')
	return name[:max(at, 0)], name[at+1:]
}

// places are the modules of arrays, each once, in the order of the words and numbers in their names: 2 before 10.
func places(names []string) (list []string) {
	for _, name := range names {
		if place, _ := cut(name); !slices.Contains(list, place) {
			list = append(list, place)
		}
	}
	slices.SortStableFunc(list, func(a, b string) int {
		return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), byNumber)
	})
	return list
}

// byNumber compares words, digits at their end as a number: fc2 before fc10.
func byNumber(a, b string) int {
	x, m := ending(a)
	y, n := ending(b)
	return cmp.Or(cmp.Compare(x, y), cmp.Compare(m, n), cmp.Compare(a, b))
}

func ending(s string) (word string, n uint64) {
	word = strings.TrimRight(s, "0123456789")
	n, _ = strconv.ParseUint(s[len(word):], 10, 64)
	return word, n
}
