//go:build !page

package metric

import "encoding/json"

// MarshalJSON writes null for the counts too where there is no threshold.
func (o Operating) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Threshold Number `json:"threshold"`
		counted
	}{o.Threshold, o.counted(o.Threshold)})
}

// MarshalJSON writes null for the counts too where there is no threshold.
func (o Youden) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Threshold Number `json:"threshold"`
		J         Number `json:"j"`
		counted
	}{o.Threshold, o.J, o.counted(o.Threshold)})
}

// counted is a confusion table whose counts may be null.
type counted struct {
	TP *int `json:"tp"`
	FP *int `json:"fp"`
	FN *int `json:"fn"`
	TN *int `json:"tn"`
	Confusion
}

func (c *Confusion) counted(threshold Number) counted {
	if !threshold.Defined() {
		return counted{Confusion: *c}
	}
	return counted{&c.TP, &c.FP, &c.FN, &c.TN, *c}
}
