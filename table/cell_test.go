package table

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

func TestMissingCodes(t *testing.T) {
	for _, s := range append(MissingCodes(), " ", "\t NA ", "　") {
		if !missing(trim([]byte(s))) {
			t.Errorf("%q is a missing code", s)
		}
	}
	for _, s := range []string{"0", "Na", "NaN", "nan", "none", "..", "--", "N", "A", "NUL", "999", "n/A"} {
		if missing(trim([]byte(s))) {
			t.Errorf("%q is no missing code", s)
		}
	}
}

// number must give the bits of strconv.ParseFloat.
func sameAsStrconv(t *testing.T, s string) {
	t.Helper()
	want, err := strconv.ParseFloat(s, 64)
	got, f := number([]byte(s))
	if err != nil || f != isNumber || math.Float64bits(got) != math.Float64bits(want) {
		t.Errorf("%q: %v (form %d), strconv %v %v", s, got, f, want, err)
	}
}

func TestNumbers(t *testing.T) {
	for _, s := range []string{
		"0", "-0", "+0", "0.0", "1", "+1", "-1", "007", "12.50", ".5", "5.", "-.5", "1e3", "1E-3", "1.5e+10", "123456789012345",
		"9007199254740991", "9007199254740992", "9007199254740993", "90071992547409.93", "9223372036854775807", "9223372036854775808",
		"9999999999999999999", "12345678901234567890", "18446744073709551616", "0.1", "0.30000000000000004", "2.2250738585072011e-308",
		"4.9e-324", "2e-324", "1e-400", "1.7976931348623157e308", "1e22", "1e23", "123e22", "8.5e-23", "1.000000000000000000000001",
		"0.000000000000000000000000000000000000001", "0e999999999", "5e-22", "5e-23", "1.0000000000000000555", "1.1102230246251565e-16",
		"0.50000000000000011102230246251565", "4503599627370496.5", "4503599627370497.5", "450359962737049.75", "9007199254740993e-3",
	} {
		sameAsStrconv(t, s)
	}
}

func TestNumbersAtRandom(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200_000 {
		v := rng.NormFloat64() * math.Pow(10, float64(rng.IntN(30)-15))
		sameAsStrconv(t, strconv.FormatFloat(v, "eg"[rng.IntN(2)], rng.IntN(20), 64))
		sameAsStrconv(t, strconv.FormatFloat(v, 'g', -1, 64))
	}
	for range 200_000 { // any 19 digits over any power of ten, with halves between two floats among them
		m := rng.Uint64N(1e19)
		if rng.IntN(2) == 0 {
			m = (m>>11)<<11 + 1<<10
		}
		sameAsStrconv(t, strconv.FormatUint(m, 10)+"e-"+strconv.Itoa(rng.IntN(24)))
	}
}

// quotient must be sure most of the time, or it would only cost.
func TestQuotientIsMostlySure(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	sure := 0
	for range 10_000 {
		if _, ok := quotient(1<<53+rng.Uint64N(1e19-1<<53), -rng.IntN(23)); ok {
			sure++
		}
	}
	if sure < 9_900 {
		t.Errorf("sure of %d in 10000", sure)
	}
	if _, ok := quotient(1<<60, 1); ok {
		t.Error("a product is not its business")
	}
}

func TestNotNumbers(t *testing.T) {
	for _, s := range []string{"a", "1a", "1.2.3", "1e", "e5", "1e+", "+", "--1", "0x10", "1_000", "1,000", "1 000", "12 mg", "<5", "１", "+.", "1e5.5", "infinite", "nano", "1e 5"} {
		if v, f := number([]byte(s)); f != isText {
			t.Errorf("%q: %v, form %d", s, v, f)
		}
	}
	for _, s := range []string{"NaN", "nan", "-NaN", "Inf", "-inf", "+Infinity", "1e400", "-1e309", "1.8e308", "1e99999999999999"} {
		if v, f := number([]byte(s)); f != notFinite {
			t.Errorf("%q: %v, form %d", s, v, f)
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1.5", "-1e-22", "9007199254740993.1", "1e400", "NaN", ".", "0.1e1", "99999999999999999999e-5"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 {
			return
		}
		v, form := number(b)
		want, err := strconv.ParseFloat(string(b), 64)
		if form == isNumber && (err != nil || math.Float64bits(v) != math.Float64bits(want)) {
			t.Fatalf("%q: %v, strconv %v %v", b, v, want, err)
		}
		if form == notFinite && err == nil && !math.IsInf(want, 0) && !math.IsNaN(want) {
			t.Fatalf("%q is %v", b, want)
		}
	})
}

func TestDates(t *testing.T) {
	for _, s := range []string{"2021-03-05", "2021.3.5", "2021/03/05", "2024-02-29", "2021-12-31 23:59", "2021-03-05T10:00:00Z", "2021/3/5 9:05:00.5", "0001-01-01"} {
		if !date(s) {
			t.Errorf("%q is a date", s)
		}
	}
	for _, s := range []string{
		"", "20210305", "2021-3/5", "2021-13-01", "2021-00-10", "2021-01-32", "2021-04-31", "21-03-05", "2021-03", "2021-03-", "0000-01-01",
		"2021-03-05x", "2021-03-05 ", "2021-03-05 noon", "2021-03-05 10.30", "05-03-2021", "2021 3 5", "202a-03-05", "2021-a-05", "2021-03-05 1234",
	} {
		if date(s) {
			t.Errorf("%q is no date", s)
		}
	}
}
