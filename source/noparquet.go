//go:build !parquet

package source

import "gradus/internal/say"

// decodeParquet says that this build has no reader for it; parquet.go is the other one.
func decodeParquet(name string, _ []byte) (*Sheet, error) {
	return nil, say.Error("source.not_parquet", "file", name)
}
