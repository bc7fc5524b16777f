// Command blas is OpenBLAS or oneDNN called in C, so that nothing is lost on the way: products of square matrices.
//
// It is started as blas FOLDER THREADS KIND LIBRARY, where KIND is openblas or onednn.
package main

// #cgo LDFLAGS: -ldl
// #include <stdlib.h>
// #include "call.h"
import "C"

import (
	"errors"
	"math"
	"os"
	"peer"
	"strconv"
	"strings"
	"unsafe"
)

func main() {
	var version, why *C.char
	f := C.load(C.CString(os.Args[3]), C.CString(os.Args[4]), &version, &why)
	if f == nil {
		peer.Skip(C.GoString(why))
		return
	}
	name := map[string]string{"openblas": "OpenBLAS", "onednn": "oneDNN"}[os.Args[3]]
	peer.Serve(name, strings.TrimPrefix(C.GoString(version), name+" ")+", called in C", func(_, work string) (*peer.Job, error) {
		if !strings.HasPrefix(work, "gemm-") {
			return nil, nil
		}
		return product(f, work)
	})
}

// product is gemm-NT-256 and its like. A small one is repeated within one call from Go.
func product(f C.sgemm, work string) (*peer.Job, error) {
	parts := strings.Split(work, "-")
	n, err := strconv.Atoi(parts[len(parts)-1])
	if len(parts) != 3 || err != nil {
		return nil, errors.New("no product is called " + work)
	}
	a, b := peer.Factors(n)
	c := make([]float32, n*n)
	at := func(v []float32) *C.float { return (*C.float)(unsafe.Pointer(&v[0])) }
	times := max(1, 1_000_000/(n*n*n))
	form := parts[1]
	run := func() {
		if C.repeat(f, C.long(times), C.char(form[0]), C.char(form[1]), C.long(n), at(a), at(b), at(c)) != 0 {
			panic(work + " failed")
		}
	}
	losses := func() []float64 {
		sum := 0.
		for _, v := range c {
			sum += math.Abs(float64(v))
		}
		return []float64{sum / float64(n*n), float64(c[n-1]), float64(c[n*(n-1)])}
	}
	return &peer.Job{Steps: times, Run: run, Losses: losses}, nil
}
