package check

import (
	"bytes"

	"go.yaml.in/yaml/v3"

	"gradus/internal/say"
)

// notes are the keys of a study that carry a comment, each with the sentence check.note_KEY.
var notes = words("gradus table target index_date columns splits model threshold thresholds subgroups resamples")

// Write is the study as YAML with comments in lang that say what each part decides.
func (s *Study) Write(lang say.Lang) ([]byte, error) {
	var root yaml.Node
	if err := root.Encode(s); err != nil {
		return nil, err
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key := root.Content[i]
		for _, n := range notes {
			if key.Value == n {
				key.HeadComment = say.Text(lang, "check.note_"+n)
			}
		}
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(&root); err != nil {
		return nil, err
	}
	return b.Bytes(), e.Close()
}
