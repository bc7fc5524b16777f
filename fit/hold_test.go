package fit

import (
	"slices"
	"testing"

	"gradus/model"
	"gradus/table"
)

func upTo(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

func TestHold(t *testing.T) {
	y := make([]float64, 1000)
	for i := range y {
		switch {
		case i%10 == 0:
			y[i] = 1
		case i == 7 || i == 77:
			y[i] = 2
		}
	}
	rows := upTo(1000)
	slices.Reverse(rows) // the order of the rows is the caller's
	fit, held := hold(rows, y, true, .15, 4)
	count := map[float64]int{}
	for _, r := range held {
		count[y[r]]++
	}
	if count[1] != 15 || count[0] != 135 || count[2] != 0 || len(fit)+len(held) != 1000 {
		t.Errorf("held %v, %d + %d rows", count, len(fit), len(held))
	}
	both := slices.Concat(fit, held)
	slices.Sort(both)
	if !slices.Equal(both, upTo(1000)) {
		t.Error("a row is lost or stands on both sides")
	}
	for _, part := range [][]int{fit, held} {
		if !slices.IsSortedFunc(part, func(a, b int) int { return b - a }) {
			t.Error("the order of the rows is not kept")
		}
	}
	fit2, held2 := hold(rows, y, true, .15, 4)
	if !slices.Equal(fit, fit2) || !slices.Equal(held, held2) {
		t.Error("another draw by the same seed")
	}
	if _, other := hold(rows, y, true, .15, 5); slices.Equal(held, other) {
		t.Error("the same draw by another seed")
	}
	if !slices.Equal(rows[:3], []int{999, 998, 997}) {
		t.Error("the caller's rows were shuffled")
	}
}

func TestHoldAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		rows   int
		levels bool
		share  float64
		held   int
	}{
		{0, true, .5, 0},
		{1, true, .5, 0},
		{39, true, .5, 0},
		{40, true, .5, 20},
		{40, false, .5, 20},
		{40, true, .9, 36}, // two classes of 20
		{40, false, .9, 36},
		{40, true, .001, 0},
		{200, true, 0, 0},
	} {
		y := make([]float64, c.rows)
		for i := range y {
			y[i] = float64(i % 2)
		}
		fit, held := hold(upTo(c.rows), y, c.levels, c.share, 1)
		if len(held) != c.held || len(fit) != c.rows-c.held {
			t.Errorf("%+v: %d fit, %d held", c, len(fit), len(held))
		}
	}
	// each class keeps a row to be learnt from
	y := make([]float64, 60)
	for i := range y {
		y[i] = float64(i % 30) // 30 classes of 2
	}
	fit, _ := hold(upTo(60), y, true, .9, 1)
	seen := map[float64]bool{}
	for _, r := range fit {
		seen[y[r]] = true
	}
	if len(seen) != 30 {
		t.Errorf("%d of 30 classes are left to learn from", len(seen))
	}
}

// Where patients are known, no patient is on both sides, of one network as of every member, and something is held.
func TestHeldPatientsAreWhole(t *testing.T) {
	const n = 300
	rows, group, y := upTo(n), make([]int, n), make([]float64, n)
	for i := range n {
		group[i] = i * 7 % 90
		y[i] = float64(group[i] % 5 / 4)
	}
	s, err := model.Settings{Task: table.TaskBinary, Members: 4}.Complete(n)
	if err != nil {
		t.Fatal(err)
	}
	share := .25
	s.Validation = &share
	p := parting{rows, group, y, true, s}
	check := func(name string, fit, held []int) {
		t.Helper()
		sides := map[int]int{}
		for _, row := range fit {
			sides[group[row]] |= 1
		}
		for _, row := range held {
			sides[group[row]] |= 2
		}
		if len(fit)+len(held) != n || len(held) < n/8 || len(held) > n/2 {
			t.Errorf("%s: %d fitted, %d held of %d", name, len(fit), len(held), n)
		}
		for patient, side := range sides {
			if side == 3 {
				t.Errorf("%s: patient %d is on both sides", name, patient)
			}
		}
	}
	fit, held := p.hold()
	check("one network", fit, held)
	for i := range 4 {
		fit, held := p.arc(i)
		check("a member", fit, held)
	}
}
