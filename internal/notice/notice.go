// Package notice holds the terms on which gradus and the works of others in it may be passed on.
package notice

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
)

// packed is docs/third-party.txt; `make notices` writes both.
//
//go:embed third-party.txt.gz
var packed []byte

// Text names every work of others that a gradus of any platform holds, and repeats its terms in full.
func Text() (string, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	return string(text), err
}
