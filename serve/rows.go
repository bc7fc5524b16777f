package serve

import (
	"bytes"
	"errors"
	"math"

	"gradus/internal/say"
)

// rows reads the array of rows that comes next and answers them.
func (r *room) rows(a *answer) error {
	if found := r.kind(); found != "array" {
		return r.wrong("rows", found, "array")
	}
	r.i++
	n := 0
	r.sheet.Begin(r.size)
	for first := true; ; first = false {
		more, err := r.more(first, ']')
		if err != nil {
			return err
		}
		if !more || n == r.size {
			r.sheet.Rows = n
			if err := r.predict(a, n); err != nil {
				return err
			}
			n = 0
			r.sheet.Begin(r.size)
		}
		if !more {
			return nil
		}
		if a.rows+n == a.most {
			return manyRows(a.most)
		}
		if column, err := r.row(n); err != nil {
			return placed(err, a.rows+n+1, column)
		}
		n++
	}
}

// placed says in which row and column an error is, where it does not say so itself.
func placed(err error, row int, column string) error {
	if p, ok := errors.AsType[*problem](err); ok && p.row == 0 {
		p.row = row
		if p.column == "" {
			p.column = column
		}
	}
	return err
}

// wrong is the refusal of a value of the wrong kind; found is "" where it is no JSON at all.
func (r *room) wrong(column, found string, allowed ...string) error {
	if found == "" {
		if c := r.peek(); c == 'N' || c == 'I' {
			return refuse(400, say.Error("serve.no_number", "place", r.i)).at(0, column).sight("", allowed...)
		}
		return r.broken("value")
	}
	return refuse(422, say.Error("serve.kind", "column", shown(column), "found", found, "allowed", allowed)).at(0, column).sight(found, allowed...)
}

// row reads one row to the place n of the sheet. With an error it says in which column.
func (r *room) row(n int) (column string, err error) {
	if found := r.kind(); found != "object" {
		return "", r.wrong("rows", found, "object")
	}
	r.fresh()
	have := 0
	for k := 0; ; k++ {
		if k > 0 {
			k, have = r.stride(k, n, have)
		}
		more, err := r.more(k == 0, '}')
		if err != nil {
			return "", err
		}
		if !more {
			break
		}
		field, err := r.field(k)
		if err != nil {
			return "", err
		}
		if r.stamps[field] == r.stamp {
			return r.fields[field], refuse(422, say.Error("serve.twice", "column", shown(r.fields[field])))
		}
		r.stamps[field] = r.stamp
		if field < r.inputs() {
			have++
			err = r.cell(field, n)
		} else {
			_, err = r.scalar()
		}
		if err != nil {
			return r.fields[field], err
		}
	}
	if have < r.inputs() {
		return r.lacking()
	}
	return "", nil
}

// stride reads members from the k-th on as most are: a short number behind its name, in the order of the row before. It stops before the
// first that is otherwise, which the long way then reads or refuses, and says at which member, and how many inputs the row has by then.
func (r *room) stride(k, n, have int) (int, int) {
	b, i := r.b, r.i
	for ; k < len(r.order); k++ {
		f := r.order[k]
		if f >= len(r.numbers) || r.numbers[f] == nil || r.stamps[f] == r.stamp || i+1 >= len(b) || b[i] != ',' {
			break
		}
		at := i + 1
		if b[at] == ' ' {
			at++
		}
		if !bytes.HasPrefix(b[at:], r.quoted[f]) {
			break
		}
		if at += len(r.quoted[f]); at < len(b) && b[at] == ' ' {
			at++
		}
		v, end := r.short(at)
		if end == 0 {
			break
		}
		r.numbers[f][n], r.stamps[f], i = v, r.stamp, end
		have++
	}
	r.i = i
	return k, have
}

// fresh steps into a row and forgets the fields of the one before.
func (r *room) fresh() {
	r.i++
	if r.stamp++; r.stamp == 0 { // once in four billion rows
		clear(r.stamps)
		r.stamp = 1
	}
}

// field reads the name of the k-th member of a row and finds its field: most rows name them in the order of the row before.
func (r *room) field(k int) (int, error) {
	if k < len(r.order) && r.matches(r.order[k]) {
		return r.order[k], nil
	}
	name, err := r.key()
	if err != nil {
		return 0, err
	}
	field, known := r.index[string(name)]
	if !known {
		given := string(name)
		return 0, refuse(422, say.Error("serve.extra", "column", shown(given), "nearest", shown(say.Nearest(given, r.fields[:r.inputs()])))).at(0, shown(given))
	}
	if k < len(r.order) {
		r.order[k] = field
	}
	return field, nil
}

// lacking names the first input that the row did not have.
func (r *room) lacking() (string, error) {
	for i, f := range r.fields[:r.inputs()] {
		if r.stamps[i] != r.stamp {
			return f, refuse(422, say.Error("serve.missing", "column", shown(f))).sight("", r.allowed(i)...)
		}
	}
	panic("serve: a row counts fewer fields than it has")
}

// allowed are the kinds of value that the input i takes.
func (v *served) allowed(i int) []string {
	if v.model.Preparation.Inputs[i].Kind == "number" {
		return []string{"number", "null"}
	}
	return []string{"string", "number", "boolean", "null"}
}

// cell reads the value of the input i.
func (r *room) cell(i, n int) error {
	numbers := r.numbers[i]
	if numbers == nil {
		return r.level(i, n)
	}
	switch c := r.peek(); {
	case c == '-' || c-'0' <= 9:
		v, finite, err := r.float()
		if !finite && err == nil {
			err = refuse(422, say.Error("serve.too_far", "column", shown(r.fields[i]))).sight("number", r.allowed(i)...)
		}
		numbers[n] = v
		return err
	case c == 'n':
		numbers[n] = math.NaN()
		return r.word("null")
	}
	return r.wrong(r.fields[i], r.kind(), r.allowed(i)...)
}

// level reads the value of a category: a number or a word is the level that is written so.
func (r *room) level(i, n int) error {
	if found := r.kind(); found == "object" || found == "array" || found == "" {
		return r.wrong(r.fields[i], found, r.allowed(i)...)
	}
	text, err := r.scalar()
	if err == nil && !r.sheet.SetText(i, n, text) {
		err = refuse(422, say.Error("serve.no_text", "column", shown(r.fields[i])))
	}
	return err
}

// shown cuts a name for a sentence.
func shown(s string) string {
	const limit = 60
	runes := []rune(s)
	if len(runes) > limit {
		runes = append(runes[:limit:limit], '…')
	}
	for i, c := range runes {
		if c < ' ' || c == 0x7f {
			runes[i] = '·'
		}
	}
	return string(runes)
}
