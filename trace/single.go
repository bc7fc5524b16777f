//go:build !page

package trace

import "context"

// single runs the spec in float32.
func single(ctx context.Context, s Spec, opt Options) (Result, error) {
	return run[float32](ctx, s, opt)
}
