// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/kutano/authenticator/vault/otpauth"
)

// Number is a whole number that may be missing. Files write it as a number, as
// text, or as null.
type Number struct {
	Set   bool  // it is there
	Bad   bool  // it is there and not a whole number
	Value int64 // where Set and not Bad
}

// Int is a number that is there.
func Int(n int64) Number { return Number{Set: true, Value: n} }

// ParseNumber reads a decimal number; "" is one that is missing.
func ParseNumber(s string) Number {
	s = strings.TrimSpace(s)
	if s == "" {
		return Number{}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil { // some write whole numbers as 30.0
		f, ferr := strconv.ParseFloat(s, 64)
		if ferr != nil || f != float64(int64(f)) || f > 1<<53 || f < -1<<53 {
			return Number{Set: true, Bad: true}
		}
		n = int64(f)
	}
	return Int(n)
}

// UnmarshalJSON never fails: what is no number is Bad, and said of its entry alone.
func (n *Number) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	var text string
	switch {
	case string(b) == "null":
		*n = Number{}
	case len(b) > 0 && b[0] == '"':
		if json.Unmarshal(b, &text) != nil {
			*n = Number{Set: true, Bad: true}
			return nil
		}
		*n = ParseNumber(text)
	default:
		*n = ParseNumber(string(b))
	}
	return nil
}

// MarshalJSON writes the number, or null where there is none.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.Set || n.Bad {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, n.Value, 10), nil
}

// Or returns n where it is there, and else o.
func (n Number) Or(o Number) Number {
	if n.Set {
		return n
	}
	return o
}

func (n Number) within(def, lo, hi int, sentinel error) (int, error) {
	switch {
	case !n.Set:
		return def, nil
	case n.Bad || n.Value < int64(lo) || n.Value > int64(hi):
		return 0, sentinel
	}
	return int(n.Value), nil
}

func (n Number) counter() (uint64, error) {
	if n.Bad || n.Value < 0 {
		return 0, otpauth.ErrCounter
	}
	return uint64(n.Value), nil
}
