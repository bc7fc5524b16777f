package serve

import (
	"math"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"

	"gradus/model"
	"gradus/table"
)

// codes are the statuses that the service answers with; another counts as the last.
var codes = []int{200, 400, 401, 403, 404, 405, 406, 408, 413, 415, 421, 422, 429, 499, 503, 500}

// latencies are the upper bounds of the histogram, in seconds.
var latencies = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// doubts are the kinds of warning.
var doubts = []table.Doubt{table.WasMissing, table.UnknownLevel, table.OutOfRange}

// rejections are the keys of problems by which a request is turned away before it is worked off, and what the metric calls them.
var rejections = []struct{ key, reason string }{{"serve.busy", "requests"}, {"serve.waited", "wait"}, {"serve.memory", "memory"}}

// metrics are counts of requests and rows; no value of a row is among them.
type metrics struct {
	began    time.Time
	routes   []routeCounts // by place in ways; the last: no route
	rejected []atomic.Uint64
	names    []string
	models   []*modelCounts
}

type routeCounts struct {
	codes   [16]atomic.Uint64
	buckets [17]atomic.Uint64
	nanos   atomic.Int64
}

// modelCounts are those of one name; they go on when its file is replaced.
type modelCounts struct {
	rows             atomic.Uint64
	warned           [3]atomic.Uint64
	reloaded, failed atomic.Uint64
	since            atomic.Int64 // unix time of the file that is served
}

func newMetrics(names []string) *metrics {
	m := &metrics{began: time.Now(), routes: make([]routeCounts, len(ways)+1), rejected: make([]atomic.Uint64, len(rejections)), names: names}
	for range names {
		m.models = append(m.models, &modelCounts{})
	}
	return m
}

// warn counts doubts by kind.
func (c *modelCounts) warn(list []table.Warning) {
	for i := range list {
		for k, d := range doubts {
			if list[i].Doubt == d {
				c.warned[k].Add(1)
			}
		}
	}
}

// reject counts a request that was turned away.
func (m *metrics) reject(key string) {
	for i, r := range rejections {
		if r.key == key {
			m.rejected[i].Add(1)
		}
	}
}

// done counts a request.
func (m *metrics) done(x *exchange, took time.Duration) {
	r := &m.routes[len(ways)]
	if x.route >= 0 {
		r = &m.routes[x.route]
	}
	code := 0
	for code < len(codes)-1 && codes[code] != x.code {
		code++
	}
	r.codes[code].Add(1)
	seconds, bucket := took.Seconds(), 0
	for bucket < len(latencies) && seconds > latencies[bucket] {
		bucket++
	}
	r.buckets[bucket].Add(1)
	r.nanos.Add(int64(took))
}

// metrics answers GET /metrics.
func (x *exchange) metrics(string) error {
	p := page{x.out[:0]}
	p.requests(x.s)
	p.models(x.s)
	p.drift(x.s)
	p.process(x.s)
	x.out = p.b
	return x.send([]string{"text/plain; version=0.0.4; charset=utf-8"})
}

// page is text in Prometheus' format.
type page struct{ b []byte }

// family begins a metric.
func (p *page) family(name, kind, help string) {
	p.b = append(p.b, "# HELP "+name+" "+help+"\n# TYPE "+name+" "+kind+"\n"...)
}

// line writes a value; labels are name, value pairs.
func (p *page) line(name string, value float64, labels ...string) {
	p.b = append(p.b, name...)
	for i := 0; i+1 < len(labels); i += 2 {
		if i == 0 {
			p.b = append(p.b, '{')
		} else {
			p.b = append(p.b, ',')
		}
		p.b = appendLabel(append(append(p.b, labels[i]...), '='), labels[i+1])
	}
	if len(labels) > 0 {
		p.b = append(p.b, '}')
	}
	p.b = append(strconv.AppendFloat(append(p.b, ' '), value, 'g', -1, 64), '\n')
}

// appendLabel writes the value of a label as the format has it: only backslash, quote and line feed are escaped.
func appendLabel(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '\\', '"':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// requests writes what is counted by route.
func (p *page) requests(s *Server) {
	p.family("gradus_requests_total", "counter", "Requests answered, by route and status.")
	for i := range s.metrics.routes {
		r := &s.metrics.routes[i]
		for k, code := range codes {
			if n := r.codes[k].Load(); n > 0 {
				p.line("gradus_requests_total", float64(n), "route", routeName(i), "code", strconv.Itoa(code))
			}
		}
	}
	p.family("gradus_request_duration_seconds", "histogram", "Time from the request's head to the end of its answer.")
	for i := range ways {
		if !ways[i].works {
			continue
		}
		r, sum := &s.metrics.routes[i], uint64(0)
		for k := range len(latencies) + 1 {
			sum += r.buckets[k].Load()
			bound := "+Inf"
			if k < len(latencies) {
				bound = strconv.FormatFloat(latencies[k], 'g', -1, 64)
			}
			p.line("gradus_request_duration_seconds_bucket", float64(sum), "route", routeName(i), "le", bound)
		}
		p.line("gradus_request_duration_seconds_sum", time.Duration(r.nanos.Load()).Seconds(), "route", routeName(i))
		p.line("gradus_request_duration_seconds_count", float64(sum), "route", routeName(i))
	}
	p.family("gradus_requests_in_flight", "gauge", "Requests in work.")
	p.line("gradus_requests_in_flight", float64(s.gate.requests.Load()))
	p.family("gradus_rejected_total", "counter", "Requests turned away with 429, by what was short.")
	for i, r := range rejections {
		p.line("gradus_rejected_total", float64(s.metrics.rejected[i].Load()), "reason", r.reason)
	}
}

// routeName is the pattern of a route.
func routeName(place int) string {
	if place < 0 || place >= len(ways) {
		return "none"
	}
	return ways[place].pattern
}

// models writes what is counted by model.
func (p *page) models(s *Server) {
	list := *s.models.Load()
	for _, f := range []struct {
		name, kind, help string
		write            func(name string, v *served)
	}{
		{"gradus_rows_total", "counter", "Rows predicted.", func(name string, v *served) { p.line(name, float64(v.count.rows.Load()), "model", v.name) }},
		{"gradus_warnings_total", "counter", "Doubts about values of rows, by kind.", func(name string, v *served) {
			for k, d := range doubts {
				p.line(name, float64(v.count.warned[k].Load()), "model", v.name, "kind", string(d))
			}
		}},
		{"gradus_model_info", "gauge", "The model that is served.", func(name string, v *served) {
			p.line(name, 1, "model", v.name, "sha256", v.hash, "task", string(v.model.Target.Task), "trained_by", v.model.Card.Gradus)
		}},
		{"gradus_model_loaded_timestamp_seconds", "gauge", "When its file was read.", func(name string, v *served) {
			p.line(name, float64(v.count.since.Load()), "model", v.name)
		}},
		{"gradus_model_reloads_total", "counter", "Files read since the start, by result; of a refused one the model before it is served on.", func(name string, v *served) {
			p.line(name, float64(v.count.reloaded.Load()), "model", v.name, "result", "replaced")
			p.line(name, float64(v.count.failed.Load()), "model", v.name, "result", "refused")
		}},
	} {
		p.family(f.name, f.kind, f.help)
		for _, v := range list {
			f.write(f.name, v)
		}
	}
}

// process writes what concerns the program.
func (p *page) process(s *Server) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	p.family("gradus_build_info", "gauge", "The program.")
	p.line("gradus_build_info", 1, "version", model.Version, "go", runtime.Version())
	p.family("gradus_ready", "gauge", "1 where the service wants requests.")
	ready := 0.
	if s.ready.Load() {
		ready = 1
	}
	p.line("gradus_ready", ready)
	p.family("process_start_time_seconds", "gauge", "When the service began.")
	p.line("process_start_time_seconds", math.Floor(float64(s.metrics.began.UnixMilli())/1e3))
	p.family("go_goroutines", "gauge", "Goroutines.")
	p.line("go_goroutines", float64(runtime.NumGoroutine()))
	p.family("go_memstats_heap_inuse_bytes", "gauge", "Bytes in use on the heap.")
	p.line("go_memstats_heap_inuse_bytes", float64(m.HeapInuse))
	p.family("go_memstats_sys_bytes", "gauge", "Bytes got from the system.")
	p.line("go_memstats_sys_bytes", float64(m.Sys))
}
