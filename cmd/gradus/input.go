package main

import (
	"context"
	"io"
	"math"
	"strconv"
	"strings"

	"gradus/internal/disk"
	"gradus/internal/say"
)

// openInput opens the file at path; "-" is the standard input, of which a read ends when the user stops the run.
func (a *app) openInput(path string) (io.ReadCloser, error) {
	if path != "-" {
		return disk.Open(path)
	}
	r, w := io.Pipe()
	context.AfterFunc(a.ctx, func() { w.CloseWithError(a.ctx.Err()) })
	go func() {
		_, err := io.Copy(w, a.in)
		w.CloseWithError(err)
	}()
	return r, nil
}

// numbers reads "1,-2.5,3e-1", the value of flag. Only finite numbers.
func numbers(flag, list string) ([]float64, error) {
	parts := strings.Split(list, ",")
	values := make([]float64, len(parts))
	for i, part := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, say.Error("cmd.number", "flag", flag, "place", i+1, "value", part)
		}
		values[i] = v
	}
	return values, nil
}
