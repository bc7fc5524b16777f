//go:build page

package trace

import (
	"context"

	"gradus/internal/say"
)

// single is not in the page: its engine computes in float64 alone and is half as large for it.
func single(context.Context, Spec, Options) (Result, error) {
	return Result{}, say.Error("trace.page_precision")
}
