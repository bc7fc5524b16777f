package fit

import (
	"context"

	"gradus/train"
)

// Many is train.Many for those who fit models: run for 0 … n−1, workers at a time, the result independent of them.
func Many(ctx context.Context, n, workers int, run func(ctx context.Context, i int) error) error {
	return train.Many(ctx, n, workers, run)
}
