package explain

import (
	"context"
	"math/bits"
	"math/rand/v2"
	"slices"

	"gradus/internal/say"
	"gradus/mat"
)

// exactGroups is how many columns have all their 2^k subsets counted; beyond, draws orders of the columns are drawn.
const (
	exactGroups = 12
	draws       = 1000
)

// Shapley is φ_g = Σ_S |S|!(k−|S|−1)!/k! · (v(S ∪ g) − v(S)), with the interventional v(S) = mean over the background rows b of
// f(x on S, b elsewhere). To 12 groups it is exact. Beyond, each draw takes an order of the groups, that order backwards, and a
// background row; their mean has a standard error. Base is v(∅).
func Shapley(ctx context.Context, f *Function, groups []Group, x []float64, background mat.Matrix[float64], seed uint64, progress Progress) (Parts, error) {
	if background.Rows == 0 {
		return Parts{}, say.Error("explain.no_rows")
	}
	values := make([]float64, background.Rows)
	f.Values(values, background)
	p := Parts{Parts: make([]Part, len(groups))}
	for _, v := range values {
		p.Base += v / float64(len(values))
	}
	f.Values(values[:1], mat.Matrix[float64]{Rows: 1, Cols: len(x), Data: x})
	p.F = values[0]
	for i, g := range groups {
		p.Parts[i].Column = g.Name
	}
	of := exactly
	if len(groups) > exactGroups {
		of = drawn
	}
	if err := of(ctx, f, groups, x, background, seed, progress, p.Parts); err != nil {
		return p, err
	}
	return p.check(), nil
}

// exactly counts every subset, a bit for each group that is the row's own.
func exactly(ctx context.Context, f *Function, groups []Group, x []float64, background mat.Matrix[float64], _ uint64, progress Progress, parts []Part) error {
	k := len(groups)
	v := make([]float64, 1<<k)
	err := share(ctx, f, len(v), progress, func(f *Function, s int) {
		mixed, values := mat.New[float64](background.Rows, background.Cols), make([]float64, background.Rows)
		copy(mixed.Data, background.Data)
		for g := range groups {
			for r := 0; r < mixed.Rows && s>>g&1 == 1; r++ {
				put(groups[g], mixed.Row(r), x)
			}
		}
		f.Values(values, mixed)
		for _, value := range values {
			v[s] += value / float64(len(values))
		}
	})
	weight := make([]float64, k) // |S|!(k−|S|−1)!/k! = 1/(k·C(k−1,|S|))
	for size := range weight {
		weight[size] = 1 / (float64(k) * choose(k-1, size))
	}
	for s := range v {
		for g := range groups {
			if s>>g&1 == 0 {
				parts[g].Part += weight[bits.OnesCount(uint(s))] * (v[s|1<<g] - v[s])
			}
		}
	}
	return err
}

func choose(n, k int) float64 {
	c := 1.
	for i := range k {
		c = c * float64(n-i) / float64(i+1)
	}
	return c
}

// drawn averages what each group adds when the groups become the row's own one after the other. The background rows take turns.
func drawn(ctx context.Context, f *Function, groups []Group, x []float64, background mat.Matrix[float64], seed uint64, progress Progress, parts []Part) error {
	added := mat.New[float64](len(groups), draws)
	err := share(ctx, f, draws, progress, func(f *Function, d int) {
		order := rand.New(rand.NewPCG(seed, uint64(d))).Perm(len(groups))
		b := background.Row(d % background.Rows)
		for range 2 {
			values := walk(f, groups, order, x, b)
			for i, g := range order {
				added.Row(g)[d] += (values[i+1] - values[i]) / 2
			}
			slices.Reverse(order)
		}
	})
	for g := range parts {
		mean, se := meanSE(added.Row(g))
		parts[g].Part, parts[g].SE = mean, &se
	}
	return err
}

// walk is f on the way from b to x, a group at a time in order: len(order)+1 values.
func walk(f *Function, groups []Group, order []int, x, b []float64) []float64 {
	path, values := mat.New[float64](len(order)+1, len(x)), make([]float64, len(order)+1)
	copy(path.Row(0), b)
	for i, g := range order {
		copy(path.Row(i+1), path.Row(i))
		put(groups[g], path.Row(i+1), x)
	}
	f.Values(values, path)
	return values
}
