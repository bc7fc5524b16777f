package table

import "gradus/internal/say"

// Note is something said aloud: a choice that was made for the user.
type Note struct {
	Key  string
	Args []any
}

// In is the note's sentence in lang.
func (n Note) In(lang say.Lang) string { return say.Text(lang, n.Key, n.Args...) }

// notes collects what is to be said.
type notes []Note

func (n *notes) text(key string, args ...any) { *n = append(*n, Note{key, args}) }
