package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// load is requests to one address.
type load struct {
	address     string
	request     []byte // head and body
	connections int
	pipelined   int // requests on their way at once on each connection
	check       func(body []byte) error
}

// request makes the bytes of a POST.
func request(path, contentType string, body []byte, headers ...string) []byte {
	b := fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n", path, contentType, len(body))
	for i := 0; i+1 < len(headers); i += 2 {
		b = fmt.Appendf(b, "%s: %s\r\n", headers[i], headers[i+1])
	}
	return append(append(b, "\r\n"...), body...)
}

// client is a connection that is kept alive.
type client struct {
	net.Conn
	in   *bufio.Reader
	body []byte
}

func dial(address string) (*client, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{Conn: c, in: bufio.NewReaderSize(c, 64<<10)}, nil
}

// answer reads one answer; its body lives until the next.
func (c *client) answer() ([]byte, error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	ok := bytes.HasPrefix(line, []byte("HTTP/1.1 200"))
	length, status := -1, string(line[:min(len(line), 40)])
	for {
		if line, err = c.in.ReadSlice('\n'); err != nil {
			return nil, err
		}
		if len(line) <= 2 {
			break
		}
		if name, value, _ := bytes.Cut(line, []byte(":")); len(name) == len("Content-Length") && bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return nil, err
			}
		}
	}
	if length < 0 {
		return nil, fmt.Errorf("an answer without a length: %s", status)
	}
	c.body = slices.Grow(c.body[:0], length)[:length]
	if _, err := io.ReadFull(c.in, c.body); err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("%s: %.300s", status, c.body)
	}
	return c.body, nil
}

// once sends the request once and checks the answer.
func (l load) once() error {
	c, err := dial(l.address)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.Write(l.request); err != nil {
		return err
	}
	body, err := c.answer()
	if err == nil && l.check != nil {
		err = l.check(body)
	}
	return err
}

// rate is how many requests a second are answered while as many as can be are asked.
func (l load) rate(length time.Duration) (float64, error) {
	var answered atomic.Int64
	var over atomic.Bool
	batch := bytes.Repeat(l.request, l.pipelined)
	o := l.each(func(c *client) error {
		for !over.Load() {
			if _, err := c.Write(batch); err != nil {
				return err
			}
			for range l.pipelined {
				if _, err := c.answer(); err != nil {
					return err
				}
			}
			answered.Add(int64(l.pipelined))
		}
		return nil
	}, func() float64 {
		time.Sleep(length / 5) // warm
		before, began := answered.Load(), time.Now()
		time.Sleep(length)
		n, took := answered.Load()-before, time.Since(began)
		over.Store(true)
		return float64(n) / took.Seconds()
	})
	return o.rate, o.error
}

// outcome is a figure or an error.
type outcome struct {
	rate  float64
	error error
}

// each runs work on every connection while measure measures.
func (l load) each(work func(c *client) error, measure func() float64) outcome {
	var wait sync.WaitGroup
	failed := make(chan error, l.connections)
	for range l.connections {
		c, err := dial(l.address)
		if err != nil {
			return outcome{error: err}
		}
		wait.Go(func() {
			defer c.Close()
			if err := work(c); err != nil {
				failed <- err
			}
		})
	}
	rate := measure()
	wait.Wait()
	select {
	case err := <-failed:
		return outcome{error: err}
	default:
		return outcome{rate: rate}
	}
}

// latencies are how long requests take that come at a steady rate, each from when it was due: who comes late because the one before took
// long waits as a person would.
func (l load) latencies(perSecond float64, length time.Duration) ([]time.Duration, error) {
	lists := make([][]time.Duration, l.connections)
	var next atomic.Int64
	gap := time.Duration(float64(time.Second) * float64(l.connections) / perSecond)
	began := time.Now().Add(10 * time.Millisecond)
	o := l.each(func(c *client) error {
		me := int(next.Add(1)) - 1
		due := began.Add(gap * time.Duration(me) / time.Duration(l.connections))
		for ; due.Before(began.Add(length)); due = due.Add(gap) {
			wait(due)
			if _, err := c.Write(l.request); err != nil {
				return err
			}
			if _, err := c.answer(); err != nil {
				return err
			}
			lists[me] = append(lists[me], time.Since(due))
		}
		return nil
	}, func() float64 { return 0 })
	all := slices.Concat(lists...)
	slices.Sort(all)
	return all, o.error
}

// wait sleeps until t.
func wait(t time.Time) {
	if d := time.Until(t); d > 0 {
		time.Sleep(d)
	}
}

// share is the value below which so much of a sorted list lies.
func share(list []time.Duration, p float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	return list[min(len(list)-1, int(p*float64(len(list))))]
}
