package serve

import (
	"bytes"
	"log/slog"
	"math"
	"regexp"
	"strconv"
	"testing"
)

// A line about a request is what log/slog writes of the same.
func TestLinesAreThoseOfSlog(t *testing.T) {
	for _, json := range []bool{false, true} {
		var got, want bytes.Buffer
		b := start(t, Options{Requests: &got, JSON: json}, "number")
		b.ask("POST", "/models/number/predict", asJSON(t, b.models["number"], b.rows["number"], 0, 2), "Content-Type", typeJSON)
		b.ask("PROPFIND", "/secret", "")
		var h slog.Handler = slog.NewTextHandler(&want, nil)
		if json {
			h = slog.NewJSONHandler(&want, nil)
		}
		log := slog.New(h)
		hash := (*b.server.models.Load())[0].hash
		log.Info("request", "method", "POST", "route", "/models/{model}/predict", "status", 200, "ms", .5, "rows", 2, "model", hash[:12])
		log.Info("request", "method", "other", "route", "none", "status", 404, "ms", .5, "why", "serve.no_path")
		plain := func(s string) string {
			s = regexp.MustCompile(`time"?[=:]"?[-0-9T:.]+(Z|[+]\d\d:\d\d)"?`).ReplaceAllString(s, "TIME")
			return regexp.MustCompile(`ms"?[=:][0-9.]+`).ReplaceAllString(s, "MS")
		}
		if plain(got.String()) != plain(want.String()) {
			t.Errorf("%s\nis not\n%s", got.String(), want.String())
		}
	}
}

// Numbers have the bits of strconv, by the short way and the long one.
func TestNumbersOfRows(t *testing.T) {
	texts := []string{"0", "-0", "0.1", "17.99", "123456789012345", "12345678901234.5", "1234567890123456", "0.30000000000000004", "1e22", "1.5E-3", "9007199254740993", "0.000001", "-0.00000000000001", "5e-324", "1.7976931348623157e308"}
	for i := range 3000 {
		texts = append(texts, strconv.FormatFloat(float64(i*i)/977, 'f', i%17, 64), strconv.FormatFloat(math.Sqrt(float64(i)), 'g', -1, 64))
	}
	for _, text := range texts {
		s := scanner{b: []byte(text + ",")}
		v, finite, err := s.float()
		want, _ := strconv.ParseFloat(text, 64)
		if err != nil || !finite || math.Float64bits(v) != math.Float64bits(want) || s.i != len(text) {
			t.Errorf("%s: %v, want %v; %v", text, v, want, err)
		}
	}
}
