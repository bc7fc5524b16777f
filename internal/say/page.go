//go:build page

package say

import "reflect"

// other shows the kind of a value: no sentence of the page holds such a one.
func other(v any) string { return reflect.TypeOf(v).String() }

// load finds nothing: the page has the catalogue beside its engine, and the engine hands it keys.
func load(string) map[string]map[Lang]string { return nil }
