//go:build !page

package say

import (
	"embed"
	"encoding/json"
	"sync"
)

//go:embed catalogue/*.json
var files embed.FS

var areas sync.Map // area -> map[string]map[Lang]string, parsed when first needed

func load(area string) map[string]map[Lang]string {
	if m, ok := areas.Load(area); ok {
		return m.(map[string]map[Lang]string)
	}
	m := map[string]map[Lang]string{}
	if b, err := files.ReadFile("catalogue/" + area + ".json"); err == nil {
		if err := json.Unmarshal(b, &m); err != nil {
			panic("say: catalogue/" + area + ".json: " + err.Error()) // embedded, so a test sees it first
		}
	}
	areas.Store(area, m)
	return m
}
