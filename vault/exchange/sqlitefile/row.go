// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sqlitefile

import (
	"encoding/binary"
	"strconv"
	"unicode/utf16"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// Encodings of text, as the header has them.
const (
	utf8Text = 1 + iota
	utf16Little
	utf16Big
)

// Row is one row of a table.
type Row struct {
	columns  []column
	values   []value
	encoding uint32
	rowid    int64
}

// value returns the field of a column, null where there is none.
func (r Row) value(name string) value {
	i := find(r.columns, name)
	if i < 0 {
		return value{}
	}
	var v value
	if i < len(r.values) {
		v = r.values[i]
	}
	if v.kind == null && r.columns[i].rowid {
		return value{kind: integer, n: r.rowid}
	}
	return v
}

// Text returns a field as text: of a number its decimal form, of a blob its bytes, "" of null
// and of a column that is not there.
func (r Row) Text(name string) string {
	v := r.value(name)
	switch v.kind {
	case integer:
		return strconv.FormatInt(v.n, 10)
	case float:
		return strconv.FormatFloat(v.f, 'g', -1, 64)
	case text:
		return r.decode(v.bytes)
	case blob:
		return string(v.bytes)
	}
	return ""
}

// Number returns a field as a whole number; null and a column that is not there are missing.
func (r Row) Number(name string) foreign.Number {
	v := r.value(name)
	switch v.kind {
	case null:
		return foreign.Number{}
	case integer:
		return foreign.Int(v.n)
	case float:
		return foreign.ParseNumber(strconv.FormatFloat(v.f, 'f', -1, 64))
	case text:
		return foreign.ParseNumber(r.decode(v.bytes))
	}
	return foreign.Number{Set: true, Bad: true}
}

func (r Row) decode(b []byte) string {
	if r.encoding == utf8Text {
		return string(b)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if r.encoding == utf16Big {
		order = binary.BigEndian
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}
