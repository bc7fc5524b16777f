package validate

import (
	"math"
	"math/rand/v2"
	"slices"

	"gradus/internal/say"
)

// Scheme names how the rows are parted into those learnt from and those judged.
type Scheme string

// The schemes. Each keeps the rows of one patient together, where patients are given.
const (
	CrossValidation Scheme = "cross-validation" // stratified folds, dealt anew in every repeat
	Temporal        Scheme = "temporal"         // patients who first came late judge what was learnt from those who came before
	External        Scheme = "external"         // each site in turn judges what was learnt from the others
)

// Fold is one part to judge and the rows to learn from, each ascending.
type Fold struct {
	Name  string // of the site; empty for a numbered fold
	Train []int
	Test  []int
}

// Parting says how to part rows; nil Group, Time or Site: none is known.
type Parting struct {
	Scheme  Scheme
	Folds   int
	Repeats int
	Seed    uint64
	Late    float64   // of Temporal: the share of patients, the last by first visit, who are judged: default .3
	Group   []int     // the patient of each row
	Time    []float64 // of each row's visit, in any unit
	Site    []string  // of each row
}

const defaultLate = .3

// Split parts the rows of y, stratified by its levels where there are any: fold f of repeat r stands at r·Folds + f. A patient
// in both parts of a fold is refused, and so is a fold without a row.
func (p Parting) Split(y []float64, levels bool) (folds []Fold, err error) {
	switch p.Scheme {
	case Temporal:
		folds, err = p.temporal()
	case External:
		folds, err = p.external()
	default:
		for r := 0; r < p.Repeats && err == nil; r++ {
			var of []int
			if of, err = p.dealt(y, levels, r); err != nil {
				break
			}
			for f := range p.Folds {
				train, test := split(of, f)
				folds = append(folds, Fold{Train: train, Test: test})
			}
		}
	}
	if err != nil {
		return nil, err
	}
	return folds, Apart(folds, p.Group)
}

// dealt is the fold of each row.
func (p Parting) dealt(y []float64, levels bool, repeat int) ([]int, error) {
	if p.Group == nil {
		return deal(y, levels, p.Folds, p.Seed, repeat), nil
	}
	return dealGroups(p.Group, y, levels, p.Folds, p.Seed, repeat)
}

// Apart refuses folds that learn from a patient whom they judge, and folds with an empty part.
func Apart(folds []Fold, group []int) error {
	for i, f := range folds {
		if len(f.Train) == 0 || len(f.Test) == 0 {
			return say.Error("study.empty_fold", "fold", i+1)
		}
		seen := map[int]bool{}
		for _, row := range f.Train {
			seen[row] = true
			if group != nil {
				seen[-1-group[row]] = true
			}
		}
		both := map[int]bool{}
		for _, row := range f.Test {
			if seen[row] || group != nil && seen[-1-group[row]] {
				both[row] = true
			}
		}
		if len(both) > 0 {
			return say.Error("study.leak", "fold", i+1, "rows", len(both))
		}
	}
	return nil
}

// patients lists the rows of each patient, in order of appearance.
func patients(group []int) [][]int {
	place, list := map[int]int{}, [][]int(nil)
	for row, g := range group {
		at, known := place[g]
		if !known {
			at = len(list)
			place[g] = at
			list = append(list, nil)
		}
		list[at] = append(list[at], row)
	}
	return list
}

// dealGroups gives whole patients to folds: those with most rows first, in an order drawn by seed and repeat, each to the fold whose
// share of every level it disturbs least, min_f Σ_c n_fc·g_c / N_c²; to the fold with fewest rows among equals. Once as many patients
// are left as folds are empty, each goes to one of those, so that none stays empty.
func dealGroups(group []int, y []float64, levels bool, folds int, seed uint64, repeat int) ([]int, error) {
	list := patients(group)
	if len(list) < folds {
		return nil, say.Error("study.few_groups", "groups", len(list), "folds", folds)
	}
	r := rand.New(rand.NewPCG(seed, dealStream+uint64(repeat)))
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	slices.SortStableFunc(list, func(a, b []int) int { return len(b) - len(a) })
	level, total := coded(y, levels)
	held, rows := make([][]int, folds), make([]int, folds)
	for f := range held {
		held[f] = make([]int, len(total))
	}
	of, empty := make([]int, len(group)), folds
	for i, members := range list {
		mine := make([]int, len(total))
		for _, row := range members {
			mine[level[row]]++
		}
		f := gentlest(held, rows, mine, total, len(list)-i <= empty)
		if rows[f] == 0 {
			empty--
		}
		rows[f] += len(members)
		for _, row := range members {
			of[row] = f
			held[f][level[row]]++
		}
	}
	return of, nil
}

// gentlest is the fold that takes a patient with mine rows of each level; only an empty one where onlyEmpty.
func gentlest(held [][]int, rows, mine, total []int, onlyEmpty bool) (best int) {
	best, least := -1, 0.
	for f := range held {
		if onlyEmpty && rows[f] > 0 {
			continue
		}
		cost := 0.
		for c, g := range mine {
			cost += float64(held[f][c]) * float64(g) / (float64(total[c]) * float64(total[c]))
		}
		if best < 0 || cost < least || cost == least && rows[f] < rows[best] {
			best, least = f, cost
		}
	}
	return best
}

// coded is the level of each row, counted from 0, and how many rows each has; a number is one level.
func coded(y []float64, levels bool) (level, total []int) {
	level = make([]int, len(y))
	place := map[float64]int{}
	for row, v := range y {
		if !levels {
			v = 0
		}
		at, known := place[v]
		if !known {
			at = len(total)
			place[v], total = at, append(total, 0)
		}
		level[row] = at
		total[at]++
	}
	return level, total
}

// temporal judges the last Late of the patients by their first visit; patients who first came at the same time stay on one side.
func (p Parting) temporal() ([]Fold, error) {
	group := p.Group
	if group == nil {
		group = make([]int, len(p.Time))
		for i := range group {
			group[i] = i
		}
	}
	late := p.Late
	if late == 0 {
		late = defaultLate
	}
	list := patients(group)
	firsts, sorted := make([]float64, len(list)), make([]float64, len(list))
	for i, rows := range list {
		firsts[i] = math.Inf(1)
		for _, row := range rows {
			firsts[i] = min(firsts[i], p.Time[row])
		}
	}
	copy(sorted, firsts)
	slices.Sort(sorted)
	cut := sorted[min(int(math.Round((1-late)*float64(len(sorted)))), len(sorted)-1)]
	if cut == sorted[0] {
		return nil, say.Error("study.one_time")
	}
	var f Fold
	for i, rows := range list {
		if firsts[i] >= cut {
			f.Test = append(f.Test, rows...)
		} else {
			f.Train = append(f.Train, rows...)
		}
	}
	slices.Sort(f.Train)
	slices.Sort(f.Test)
	return []Fold{f}, nil
}

// external leaves one site out at a time, in the order of their names.
func (p Parting) external() ([]Fold, error) {
	sites := slices.Compact(slices.Sorted(slices.Values(p.Site)))
	if len(sites) < 2 {
		return nil, say.Error("study.one_site")
	}
	folds := make([]Fold, len(sites))
	for i, s := range sites {
		folds[i].Name = s
		for row, own := range p.Site {
			if own == s {
				folds[i].Test = append(folds[i].Test, row)
			} else {
				folds[i].Train = append(folds[i].Train, row)
			}
		}
	}
	return folds, nil
}
