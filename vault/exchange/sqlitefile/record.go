// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sqlitefile

import (
	"encoding/binary"
	"math"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// Kinds of values.
type kind uint8

const (
	null kind = iota
	integer
	float
	text
	blob
)

// value is one field of a row.
type value struct {
	kind  kind
	n     int64
	f     float64
	bytes []byte // of text, in the database's encoding, and of a blob
}

// varint reads a number of one to nine bytes; n is 0 where it is cut off.
func varint(b []byte) (v uint64, n int) {
	for n < len(b) {
		c := b[n]
		n++
		if n == 9 {
			return v<<8 | uint64(c), n
		}
		v = v<<7 | uint64(c&0x7f)
		if c < 0x80 {
			return v, n
		}
	}
	return 0, 0
}

// record reads up to most values. There may be fewer: columns that were added to the table
// later are missing in older rows.
func record(b []byte, most int) ([]value, error) {
	size, n := varint(b)
	if n == 0 || size < uint64(n) || size > uint64(len(b)) {
		return nil, foreign.ErrDamaged
	}
	types, body := b[n:size], b[size:]
	var values []value
	for len(types) > 0 && len(values) < most {
		t, n := varint(types)
		if n == 0 {
			return nil, foreign.ErrDamaged
		}
		types = types[n:]
		length := lengthOf(t)
		if length > uint64(len(body)) {
			return nil, foreign.ErrDamaged
		}
		v, ok := decode(t, body[:length])
		if !ok {
			return nil, foreign.ErrDamaged
		}
		values, body = append(values, v), body[length:]
	}
	return values, nil
}

// lengths are those of the values of the serial types 0 to 9.
var lengths = [...]uint64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0}

func lengthOf(serial uint64) uint64 {
	switch {
	case serial < uint64(len(lengths)):
		return lengths[serial]
	case serial < 12:
		return 0
	}
	return (serial - 12) / 2
}

func decode(serial uint64, b []byte) (value, bool) {
	switch {
	case serial == 0:
		return value{}, true
	case serial < 7:
		return value{kind: integer, n: signed(b)}, true
	case serial == 7:
		return value{kind: float, f: math.Float64frombits(binary.BigEndian.Uint64(b))}, true
	case serial == 8, serial == 9:
		return value{kind: integer, n: int64(serial - 8)}, true
	case serial < 12:
		return value{}, false // reserved
	case serial%2 == 0:
		return value{kind: blob, bytes: b}, true
	}
	return value{kind: text, bytes: b}, true
}

// signed reads a big-endian number in two's complement.
func signed(b []byte) int64 {
	n := int64(int8(b[0]))
	for _, c := range b[1:] {
		n = n<<8 | int64(c)
	}
	return n
}
