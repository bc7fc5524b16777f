package scene

import (
	"encoding/json"
	"math"
	"testing"
)

// What Append writes is what encoding/json writes, but for numbers that are not finite, which that refuses.
func TestAppendIsJSON(t *testing.T) {
	type inner struct {
		A string  `json:"a"`
		B float64 `json:"b,omitempty"`
	}
	v := struct {
		inner
		List  []float64         `json:"list"`
		Empty []int             `json:"empty,omitempty"`
		P     *float64          `json:"p"`
		Q     *inner            `json:"q,omitempty"`
		M     map[string]string `json:"m"`
		F     float32           `json:"f"`
		Words Words             `json:"words,omitzero"`
		Skip  int               `json:"-"`
	}{inner: inner{A: "한 \"<\u2028\\\n"}, List: []float64{1, -.5, 1e-300, 1e21}, Q: &inner{A: "x", B: 2}, M: map[string]string{"z": "1", "a": "2"}, F: .1}
	var got, want any
	if err := json.Unmarshal(Append(nil, v), &got); err != nil {
		t.Fatal(err, string(Append(nil, v)))
	}
	plain, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(plain, &want); err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		t.Errorf("%s\n%s", a, b)
	}
	if s := string(Append(nil, []float64{math.NaN(), math.Inf(1), 1})); s != "[null,null,1]" {
		t.Error(s)
	}
}
