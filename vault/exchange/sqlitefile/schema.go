// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sqlitefile

import (
	"slices"
	"strings"
)

// column is one of a table.
type column struct {
	name    string // in lower case
	integer bool   // its type is INTEGER, word for word
	rowid   bool   // it is another name for the rowid, and null in the row
}

func find(columns []column, name string) int {
	return slices.IndexFunc(columns, func(c column) bool { return c.name == name })
}

// maxColumns is how many SQLite allows unless it is built otherwise. They are gone
// through for each field of each row.
const maxColumns = 2000

// parseTable reads a CREATE TABLE statement as SQLite keeps it.
func parseTable(sql string) ([]column, error) {
	words := tokens(sql)
	open := slices.IndexFunc(words, func(t token) bool { return t.is("(") })
	if len(words) == 0 || !words[0].is("CREATE") || open < 0 {
		return nil, ErrUnsupported
	}
	if has(words, "CREATE", "VIRTUAL") || has(words, "WITHOUT", "ROWID") {
		return nil, ErrUnsupported
	}
	var columns []column
	var keys [][]token
	for _, def := range definitions(words[open+1:]) {
		switch {
		case len(def) == 0, len(columns) == maxColumns, has(def, "AS", "("): // computed, and perhaps not in the row
			return nil, ErrUnsupported
		case def[0].constrains():
			keys = append(keys, def)
		default:
			columns = append(columns, parseColumn(def))
		}
	}
	if len(columns) == 0 {
		return nil, ErrUnsupported
	}
	if i := slices.IndexFunc(keys, func(def []token) bool { return has(def, "PRIMARY", "KEY") }); i >= 0 {
		markKey(columns, keys[i]) // a table has one
	}
	return columns, nil
}

func parseColumn(def []token) column {
	c := column{name: strings.ToLower(def[0].text)}
	c.integer = len(def) > 1 && def[1].is("INTEGER") && (len(def) == 2 || !def[2].is("("))
	c.rowid = c.integer && has(def, "PRIMARY", "KEY") && !has(def, "KEY", "DESC")
	return c
}

// markKey finds the column that stands for the rowid in a PRIMARY KEY(name).
func markKey(columns []column, def []token) {
	i := slices.IndexFunc(def, func(t token) bool { return t.is("KEY") })
	if !has(def, "PRIMARY", "KEY") || i+3 >= len(def) || !def[i+1].is("(") || !def[i+3].is(")") {
		return
	}
	if at := find(columns, strings.ToLower(def[i+2].text)); at >= 0 && columns[at].integer {
		columns[at].rowid = true
	}
}

// definitions splits what stands in the outer brackets at its commas.
func definitions(words []token) [][]token {
	var all [][]token
	depth, from := 0, 0
	for i, t := range words {
		switch {
		case t.is("("):
			depth++
		case t.is(")") && depth > 0:
			depth--
		case t.is(")"):
			return append(all, words[from:i])
		case t.is(",") && depth == 0:
			all, from = append(all, words[from:i]), i+1
		}
	}
	return append(all, words[from:])
}

// has tells whether these words follow each other.
func has(all []token, words ...string) bool {
	for i := range len(all) - len(words) + 1 {
		if slices.EqualFunc(all[i:i+len(words)], words, token.is) {
			return true
		}
	}
	return false
}

// token is a word, a sign, or a name or text without its quotes.
type token struct {
	text string
	word bool // not in quotes
}

func (t token) is(word string) bool { return t.word && strings.EqualFold(t.text, word) }

// constrains tells whether a definition that begins so is of no column.
func (t token) constrains() bool {
	return t.is("CONSTRAINT") || t.is("PRIMARY") || t.is("UNIQUE") || t.is("CHECK") || t.is("FOREIGN")
}

const blanks = " \t\r\n\f"

// tokens splits a statement.
func tokens(sql string) []token {
	var all []token
	for {
		sql = strings.TrimLeft(sql, blanks)
		switch {
		case sql == "":
			return all
		case strings.HasPrefix(sql, "--"):
			_, sql, _ = strings.Cut(sql, "\n")
		case strings.HasPrefix(sql, "/*"):
			_, sql, _ = strings.Cut(sql[2:], "*/")
		case strings.IndexByte("'\"`[", sql[0]) >= 0:
			var name string
			name, sql = quoted(sql)
			all = append(all, token{text: name})
		default:
			n := strings.IndexAny(sql, blanks+"(),'\"`[")
			if n < 0 {
				n = len(sql)
			}
			n = max(n, 1)
			all = append(all, token{sql[:n], true})
			sql = sql[n:]
		}
	}
}

// quoted returns what is in quotes, of which a doubled one stands for itself.
func quoted(sql string) (text, rest string) {
	end := sql[0]
	if end == '[' {
		end = ']'
	}
	rest = sql[1:]
	var b strings.Builder
	for {
		i := strings.IndexByte(rest, end)
		if i < 0 {
			return b.String() + rest, ""
		}
		b.WriteString(rest[:i])
		rest = rest[i+1:]
		if end == ']' || rest == "" || rest[0] != end {
			return b.String(), rest
		}
		b.WriteByte(end)
		rest = rest[1:]
	}
}
