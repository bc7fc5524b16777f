package fit

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gradus/model"
)

// holdStream tells the draw of the held rows from a seed's other draws.
const holdStream = 4 << 32

// least is the number of rows below which none is held: too few to judge by.
const least = 40

// hold parts rows into those to fit on and those held for early stopping, share of each level (of all rows where the target is
// a number), drawn by seed. Both keep the order of rows.
func hold(rows []int, y []float64, levels bool, share float64, seed uint64) (fit, held []int) {
	if share == 0 || len(rows) < least {
		return rows, nil
	}
	r := rand.New(rand.NewPCG(seed, holdStream))
	taken, groups, order := map[int]bool{}, map[float64][]int{}, []float64(nil)
	for _, row := range rows {
		key := 0.
		if levels {
			key = y[row]
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], row)
	}
	for _, key := range order {
		group := groups[key]
		r.Shuffle(len(group), func(i, j int) { group[i], group[j] = group[j], group[i] })
		for _, row := range group[:min(int(math.Round(share*float64(len(group)))), len(group)-1)] {
			taken[row] = true
		}
	}
	for _, row := range rows {
		if taken[row] {
			held = append(held, row)
		} else {
			fit = append(fit, row)
		}
	}
	return fit, held
}

// arc deals the places of rows out, level by level, in an order drawn by seed, and returns those that member i of the settings is
// fitted to and those held from it: with a share of 1 in as many as there are members, every row is held from just one of them.
func arc(rows []int, y []float64, levels bool, s model.Settings, i int) (fit, held []int) {
	n := len(rows)
	if *s.Validation == 0 || n < least {
		for at := range n {
			fit = append(fit, at)
		}
		return fit, nil
	}
	r := rand.New(rand.NewPCG(s.Seed, holdStream))
	order := r.Perm(n)
	if levels {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(y[rows[a]], y[rows[b]]) })
	}
	// the k-th row of the order stands at (k mod members)/members of a circle of as many sectors as there are members
	mine := make([]bool, n)
	for k, at := range order {
		sector := float64((k%s.Members-i+s.Members)%s.Members) / float64(s.Members)
		within := float64(k/s.Members) / float64(n/s.Members+1) / float64(s.Members)
		mine[at] = sector+within < *s.Validation-1e-12
	}
	for at, is := range mine {
		if is {
			held = append(held, at)
		} else {
			fit = append(fit, at)
		}
	}
	return fit, held
}

// parting is how rows are parted into those fitted to and those held: by patients where group says whose each row of the table is.
type parting struct {
	rows, group []int
	y           []float64
	levels      bool
	s           model.Settings
}

// patients are the first row of each patient, the target of that row being the largest of the patient's, and the places in rows of all.
func (p parting) patients() (first []int, y []float64, places [][]int) {
	at := map[int]int{}
	y = slices.Clone(p.y)
	for i, row := range p.rows {
		k, known := at[p.group[row]]
		if !known {
			k = len(first)
			at[p.group[row]] = k
			first, places = append(first, row), append(places, nil)
		}
		places[k] = append(places[k], i)
		y[first[k]] = max(y[first[k]], p.y[row])
	}
	return first, y, places
}

// hold is the rows to fit to and those held of one network.
func (p parting) hold() (fit, held []int) {
	if p.group == nil {
		return hold(p.rows, p.y, p.levels, *p.s.Validation, p.s.Seed)
	}
	first, y, places := p.patients()
	_, out := hold(first, y, p.levels, *p.s.Validation, p.s.Seed)
	isOut := map[int]bool{}
	for _, row := range out {
		isOut[row] = true
	}
	mine := make([]bool, len(p.rows))
	for k, row := range first {
		for _, at := range places[k] {
			mine[at] = isOut[row]
		}
	}
	return p.split(mine, func(at int) int { return p.rows[at] })
}

// arc is the places in rows that member i is fitted to and those held from it.
func (p parting) arc(i int) (fit, held []int) {
	if p.group == nil {
		return arc(p.rows, p.y, p.levels, p.s, i)
	}
	first, y, places := p.patients()
	_, out := arc(first, y, p.levels, p.s, i)
	mine := make([]bool, len(p.rows))
	for _, k := range out {
		for _, at := range places[k] {
			mine[at] = true
		}
	}
	return p.split(mine, func(at int) int { return at })
}

func (p parting) split(mine []bool, value func(at int) int) (fit, held []int) {
	for at, is := range mine {
		if is {
			held = append(held, value(at))
		} else {
			fit = append(fit, value(at))
		}
	}
	return fit, held
}
