//go:build !goexperiment.simd

package main

const experiment = ""
