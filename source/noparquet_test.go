//go:build !parquet

package source

import "testing"

func TestWithoutParquet(t *testing.T) {
	if _, err := Read("testdata/visits.parquet", Options{}); key(err) != "source.not_parquet" {
		t.Error(err)
	}
}
