package check

import (
	"math"
	"testing"
)

func TestNumber(t *testing.T) {
	for s, want := range map[string]reading{
		"12": {v: 12}, "-3.5e-2": {v: -.035}, "+4": {v: 4}, ".5": {v: .5}, "1,234.5": {v: 1234.5}, "1,234,567": {v: 1234567},
		"12.3 mg/L": {v: 12.3, unit: "mg/L"}, "65세": {v: 65, unit: "세"}, "６５": {v: 65}, "１２．５％": {v: 12.5, unit: "%"},
		"<0.5": {v: .5, bound: '<'}, "< 0.5": {v: .5, bound: '<'}, "≤3": {v: 3, bound: '<'}, ">=100": {v: 100, bound: '>'}, "＜0.5 mg/dL": {v: .5, bound: '<', unit: "mg/dL"},
		"−7": {v: -7}, "36.5 ℃": {v: 36.5, unit: "℃"}, "120mmHg": {v: 120, unit: "mmHg"},
	} {
		if got, ok := number(s); !ok || got != want {
			t.Errorf("%q is %+v %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "W1", "1,23", "12,3456", ",123", "1.2.3", "2021-03-05", "0x10", "NaN", "Inf", "1e999", "3a", "<", "mg/L", "12 13", "5 명 중 3 명", "1_000", "12/31", "--", "3 또는 4/5"} {
		if got, ok := number(s); ok {
			t.Errorf("%q is %+v", s, got)
		}
	}
}

func TestMissingCodes(t *testing.T) {
	for _, s := range words("NA na N/A #N/A NULL null . - 검사불가 미상 측정안함 nan #DIV/0! Unknown") {
		if !missing(s) {
			t.Errorf("%q is not missing", s)
		}
	}
	for _, s := range words("0 999 -9 N 없음 no none+ .5") {
		if missing(s) {
			t.Errorf("%q is missing", s)
		}
	}
}

func TestDay(t *testing.T) {
	const want = 18691 // 2021-03-05
	for _, s := range []string{"2021-03-05", "2021.3.5", "2021. 3. 5.", "2021/03/05", "20210305", "2021년 3월 5일", "2021년3월5일", "2021-03-05 14:30", "2021-03-05T14:30:00Z", "2021.3.5 오후 2:30", "２０２１-03-05"} {
		if got, ok := day(s); !ok || got != want || iso(got) != "2021-03-05" {
			t.Errorf("%q is day %d %v", s, got, ok)
		}
	}
	if got, ok := dayOf("44260"); !ok || got != want {
		t.Errorf("Excel's day is %d %v", got, ok)
	}
	if got, ok := dayOf("44260.75"); !ok || got != want {
		t.Errorf("Excel's day with a time is %d %v", got, ok)
	}
	for _, s := range []string{"", "2021-02-30", "2021-13-01", "20211301", "2021-03", "2021-3.5", "12345678", "2021-03-05x", "1021-03-05", "2021년 3월", "03/05/2021"} {
		if got, ok := day(s); ok {
			t.Errorf("%q is day %d", s, got)
		}
	}
}

// The numbers are made up; the last digit of those without a hyphen is (11 − Σ wᵢdᵢ mod 11) mod 10, worked out by hand:
// 9001011234567: Σ = 9·2+0+0+1·5+0+1·7+1·8+2·9+3·2+4·3+5·4+6·5 = 124, 124 mod 11 = 3, (11 − 3) mod 10 = 8;
// with 5 for the foreigner's 1, Σ = 156, 156 mod 11 = 2, (11 − 2) mod 10 = 9, and 2 more mod 10 is 1.
func TestPersonal(t *testing.T) {
	for _, s := range []string{"900101-1234567", "9001011234568", "환자 900101-2****** 확인", "010-1234-5678", "01012345678", "+82 10-1234-5678", "02-123-4567", "a.b@example.org", "연락처: 010 1234 5678"} {
		if !personal(s) {
			t.Errorf("%q is not seen", s)
		}
	}
	for _, s := range []string{"9001011234567", "901301-1234567", "12345678", "1234567890123", "2021-03-05", "00001234", "120/80", "@", "1,234,567"} {
		if personal(s) {
			t.Errorf("%q names a person", s)
		}
	}
	if !residentSum("9001011234568") || residentSum("9001011234567") || residentSum("9001015234568") || !residentSum("9001015234561") {
		t.Error("the check digit")
	}
	for s, want := range map[string]bool{"김철수": true, "남궁민": true, "본원": false, "비흡연": false, "A": false, "홍길동전집권": false} {
		if named(s) != want {
			t.Errorf("%s: %v", s, !want)
		}
	}
}

func TestFold(t *testing.T) {
	for s, want := range map[string]string{"  M ": "m", "Ｍale": "male", "a  b": "a b", "남": "남"} {
		if got := fold(clean(s)); got != want {
			t.Errorf("%q folds to %q", s, got)
		}
	}
	if math.IsNaN(sentinels[0]) || clean("\u1100\u1161") != "가" {
		t.Error("letters are not composed")
	}
}
