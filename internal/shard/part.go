// Package shard parts a long computation among machines that know nothing of one another, and puts together what they made.
//
// The work is a list of units, each a pure function of its input: which machine makes one leaves no trace. A machine makes its part of
// them and leaves one sealed file, docs/scale-shards.md; when all files lie in one folder they are gathered.
package shard

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gradus/internal/say"
)

// Part is shard I of N, counted from 0.
type Part struct{ I, N int }

// String is the part as it is typed, i/N.
func (p Part) String() string { return strconv.Itoa(p.I) + "/" + strconv.Itoa(p.N) }

// File is the name of the part's file.
func (p Part) File() string { return fmt.Sprintf("shard-%04d-of-%04d%s", p.I, p.N, Extension) }

// Extension is how the name of a shard's file ends.
const Extension = ".gradus-shard"

const mostParts = 100_000

// Parse reads i/N; auto/N, where i is the number of the task in a Slurm array or an indexed job of Kubernetes; or auto, where a Slurm
// array tells N too.
func Parse(text string, env func(string) string) (p Part, err error) {
	if text == "auto" {
		return array(env)
	}
	first, second, both := strings.Cut(text, "/")
	if p.N, err = strconv.Atoi(second); err != nil || !both || p.N < 1 || p.N > mostParts {
		return p, say.Error("shard.form", "value", text, "most", mostParts)
	}
	where := "--shard"
	if first == "auto" {
		if where, first = task(env); first == "" {
			return p, say.Error("shard.no_index", "of", p.N)
		}
	}
	if p.I, err = strconv.Atoi(first); err != nil {
		return p, say.Error("shard.form", "value", first+"/"+second, "most", mostParts)
	}
	if p.I < 0 || p.I >= p.N {
		return p, say.Error("shard.index", "from", where, "index", p.I, "of", p.N, "last", p.N-1)
	}
	return p, nil
}

// task is the variable that holds the number of this task, and its value.
func task(env func(string) string) (name, value string) {
	for _, name := range []string{"SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"} {
		if value := env(name); value != "" {
			return name, value
		}
	}
	return "", ""
}

// array is the part that a Slurm array gives: its first task has I = 0, whatever its number. An array that is no unbroken row of at least
// two tasks, such as one that repeats lost tasks, does not tell N.
func array(env func(string) string) (p Part, err error) {
	name, index := task(env)
	switch name {
	case "":
		return p, say.Error("shard.no_array")
	case "JOB_COMPLETION_INDEX":
		return p, say.Error("shard.no_count", "index", index)
	}
	numbers := map[string]int{"SLURM_ARRAY_TASK_STEP": 1}
	for _, name := range []string{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP"} {
		value := env(name)
		if value == "" && name == "SLURM_ARRAY_TASK_STEP" {
			continue
		}
		if numbers[name], err = strconv.Atoi(value); err != nil {
			return p, say.Error("shard.variable", "name", name, "value", value)
		}
	}
	least, step := numbers["SLURM_ARRAY_TASK_MIN"], max(numbers["SLURM_ARRAY_TASK_STEP"], 1)
	p = Part{numbers["SLURM_ARRAY_TASK_ID"] - least, numbers["SLURM_ARRAY_TASK_COUNT"]}
	if p.N < 2 || p.N > mostParts || numbers["SLURM_ARRAY_TASK_MAX"]-least != (p.N-1)*step || p.I < 0 || p.I%step != 0 || p.I/step >= p.N {
		return p, say.Error("shard.broken_array", "count", p.N, "index", index)
	}
	p.I /= step
	return p, nil
}

// Unit is a piece of the work and its cost, in whatever is the same for all.
type Unit struct {
	Name string
	Cost float64
}

// Deal gives every unit to one of n parts, the dearest first, each to the part that has least to do: so no part has more to do than 4/3 of
// what the best division would give it. The part of each unit; the same in every shard.
func Deal(units []Unit, n int) []int {
	order := make([]int, len(units))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(units[b].Cost, units[a].Cost) })
	load, of := make([]float64, min(n, max(len(units), 1))), make([]int, len(units))
	for _, i := range order {
		least := 0
		for part, v := range load {
			if v < load[least] {
				least = part
			}
		}
		of[i] = least
		load[least] += units[i].Cost
	}
	return of
}
