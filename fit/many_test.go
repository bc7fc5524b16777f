package fit

import (
	"context"
	"errors"
	"slices"
	"testing"
)

func TestManyFillsEverySlot(t *testing.T) {
	slots := make([]int, 20)
	if err := Many(t.Context(), len(slots), 3, func(_ context.Context, i int) error { slots[i] = i + 1; return nil }); err != nil {
		t.Fatal(err)
	}
	for i, v := range slots {
		if v != i+1 {
			t.Fatalf("slots %v", slots)
		}
	}
	broken := errors.New("broken")
	clear(slots)
	err := Many(t.Context(), len(slots), 1, func(_ context.Context, i int) error {
		if i == 3 {
			return broken
		}
		slots[i] = 1
		return nil
	})
	if !errors.Is(err, broken) || !slices.Equal(slots[:5], []int{1, 1, 1, 0, 0}) {
		t.Errorf("%v, %v", err, slots)
	}
}
