package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func main() {
	h := flag.String("handler", "", "")
	addr := flag.String("a", "127.0.0.1:8099", "")
	path := flag.String("path", "/predict", "")
	ct := flag.String("ct", "application/json", "")
	body := flag.String("body", "", "")
	conns := flag.Int("c", 2, "")
	pipe := flag.Int("p", 16, "")
	rate := flag.Float64("rate", 0, "")
	hl := flag.String("hl", "", "")
	flag.Parse()
	if *h != "" {
		http.ListenAndServe(*h, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			w.Write([]byte("{}\n"))
		}))
	}
	b, _ := os.ReadFile(*body)
	hs := []string{}
	if *hl != "" {
		hs = []string{"Inference-Header-Content-Length", *hl}
	}
	l := load{address: *addr, request: request(*path, *ct, b, hs...), connections: *conns, pipelined: *pipe}
	if err := l.once(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	if *rate > 0 {
		d, err := l.latencies(*rate, 4*time.Second)
		fmt.Println(len(d), share(d, .5), share(d, .95), share(d, .99), share(d, .999), err)
		return
	}
	for range 3 {
		r, err := l.rate(2 * time.Second)
		fmt.Printf("%.0f %v\n", r, err)
	}
}
