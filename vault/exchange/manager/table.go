// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// table reads CSV. The dialect is told by the names in the first row.
type table struct{ dialect }

// dialect is one app's CSV. Columns are named in lower case, letters and digits
// only; of several names the first that is there counts.
type dialect struct {
	format foreign.Format
	marks  []string // columns that tell it from others: all of them are there
	sure   foreign.Match

	title, user, folder, tags, favourite, code []string

	rooted bool // a folder's path begins with the name of the whole
	// extra finds codes that are in no column of their own, or is nil.
	extra func(row []string) []string
}

func (t table) Format() foreign.Format { return t.format }

func (t table) Detect(s *foreign.Source) foreign.Match {
	if _, columns := header(s.Data); columns != nil && t.fits(columns) {
		return t.sure
	}
	return foreign.No
}

func (t table) fits(columns map[string]int) bool {
	for _, name := range t.marks {
		if _, ok := columns[name]; !ok {
			return false
		}
	}
	return t.sure == foreign.Sure || t.find(columns, t.code) >= 0
}

func (table) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Open, nil }

func (t table) Read(ctx context.Context, s *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
	comma, columns := header(s.Data)
	if columns == nil {
		return foreign.ErrDamaged
	}
	r := rows(s.Data, comma)
	if _, err := r.Read(); err != nil { // the header
		return torn(s.Data, r, err)
	}
	doubtful := false // the row that was read could go on
	for {
		row, err := r.Read()
		switch {
		case err == io.EOF && doubtful:
			return foreign.ErrCutShort
		case err == io.EOF:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			wrong := torn(s.Data, r, err)
			if !errors.Is(wrong, foreign.ErrDamaged) {
				return wrong
			}
			add(t.item(row, columns).refused(wrong)) // the row ended there; the next one begins on the next line
			continue
		}
		i := t.item(row, columns)
		last := !more(s.Data, r)
		if last && len(row) < len(columns) {
			add(i.refused(foreign.ErrCutShort))
			return foreign.ErrCutShort
		}
		i.add(func(e foreign.Entry) {
			doubtful = last && t.find(columns, t.code) == len(row)-1 && slices.Contains(e.Remarks, foreign.OddSecret)
			add(e)
		})
	}
}

func rows(data []byte, comma rune) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(foreign.Bare(data)))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = comma, -1, true
	return r
}

// more tells whether anything follows the row that was read, be it only the end
// of its line.
func more(data []byte, r *csv.Reader) bool {
	data = foreign.Bare(data)
	return r.InputOffset() < int64(len(data)) || bytes.HasSuffix(data, []byte("\n"))
}

// torn tells a quote that is never closed from one in the wrong place.
func torn(data []byte, r *csv.Reader, err error) error {
	if errors.Is(err, csv.ErrQuote) && r.InputOffset() >= int64(len(foreign.Bare(data))) {
		return foreign.ErrCutShort
	}
	return foreign.ErrDamaged
}

// header returns what separates the columns and where each stands, or nil where
// the text does not begin like a table.
func header(data []byte) (comma rune, columns map[string]int) {
	const most = 4096
	line, _, _ := bytes.Cut(foreign.Bare(data), []byte("\n"))
	line = bytes.TrimRight(line, "\r")
	if len(line) > most || bytes.IndexByte(line, 0) >= 0 {
		return 0, nil
	}
	for _, comma := range ",;\t" {
		row, err := rows(line, comma).Read()
		if err != nil || len(row) < 3 {
			continue
		}
		columns := make(map[string]int, len(row))
		for at, name := range row {
			name = plainName(name)
			if _, twice := columns[name]; !twice {
				columns[name] = at
			}
		}
		return comma, columns
	}
	return 0, nil
}

// plainName writes a column's name in lower case, letters and digits only.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

// find returns where the first of the columns is that there is, or -1.
func (table) find(columns map[string]int, names []string) int {
	for _, name := range names {
		if at, ok := columns[name]; ok {
			return at
		}
	}
	return -1
}

func (t table) cell(row []string, columns map[string]int, names []string) string {
	at := t.find(columns, names)
	if at < 0 || at >= len(row) {
		return ""
	}
	return strings.Clone(row[at])
}

func (t table) item(row []string, columns map[string]int) item {
	i := item{
		title: t.cell(row, columns, t.title),
		user:  t.filled(row, columns, t.user),
		codes: []string{t.filled(row, columns, t.code)},
	}
	folder := t.cell(row, columns, t.folder)
	if t.rooted {
		_, folder, _ = strings.Cut(folder, "/")
	}
	i.tags = append(i.tags, folder)
	i.tags = append(i.tags, strings.FieldsFunc(t.cell(row, columns, t.tags), func(r rune) bool { return r == ';' || r == ',' })...)
	i.favourite = slices.Contains([]string{"1", "true", "yes"}, strings.ToLower(t.cell(row, columns, t.favourite)))
	if t.extra != nil {
		i.codes = append(i.codes, t.extra(row)...)
	}
	return i
}

// filled returns the first of the columns that is filled in.
func (t table) filled(row []string, columns map[string]int, names []string) string {
	for _, name := range names {
		if text := t.cell(row, columns, []string{name}); strings.TrimSpace(text) != "" {
			return text
		}
	}
	return ""
}
