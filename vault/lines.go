// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// accountsHead is where encode begins the list of accounts.
const accountsHead = `,"accounts":[`

// decodeLines reads an index that stands in the file just as encode wrote it,
// an account a line. The command line reads the index at each start, and this
// takes a tenth of encoding/json's time. It gives up, with false, on anything
// unusual: then the file is read as the JSON that it is.
func decodeLines(text string) (*index, bool) {
	head, body, ok := strings.Cut(text, accountsHead)
	body, ended := strings.CutSuffix(body, "]}\n")
	if !ok || !ended || strings.Contains(head, "\n") || !utf8.ValidString(text) {
		return nil, false
	}
	var x index
	if err := json.Unmarshal([]byte(head+"}"), &x); err != nil || x.Version != indexVersion {
		return nil, false
	}
	x.accounts = make([]Account, 0, strings.Count(body, "\n"))
	for line := range strings.Lines(body) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" && len(x.accounts) == 0 {
			continue // the end of the head's line
		}
		if len(x.accounts) > 0 {
			if line, ok = strings.CutPrefix(line, ","); !ok {
				return nil, false
			}
		}
		r, ok := decodeLine(line)
		if !ok {
			return nil, false
		}
		a, ok := r.account()
		if !ok {
			return nil, false
		}
		x.accounts = append(x.accounts, a)
	}
	return &x, true
}

func decodeLine(line string) (record, bool) {
	var r record
	if r.scan(line) {
		return r, true
	}
	r = record{}
	return r, json.Unmarshal([]byte(line), &r) == nil
}

// scan reads a flat object of plain strings and numbers. Its strings share the
// line's memory.
func (r *record) scan(line string) bool {
	rest, ok := strings.CutPrefix(line, "{")
	for ok {
		var name, value string
		var quoted bool
		if name, _, rest, ok = scanValue(rest); !ok {
			return false
		}
		if rest, ok = strings.CutPrefix(rest, ":"); !ok {
			return false
		}
		if value, quoted, rest, ok = scanValue(rest); !ok || !r.set(name, value, quoted) {
			return false
		}
		if rest == "}" {
			return true
		}
		rest, ok = strings.CutPrefix(rest, ",")
	}
	return false
}

// scanValue takes a string without escapes, or a bare word, off the front.
func scanValue(s string) (value string, quoted bool, rest string, ok bool) {
	if s == "" {
		return "", false, "", false
	}
	if s[0] != '"' {
		end := strings.IndexAny(s, ",}:")
		if end < 1 {
			return "", false, "", false
		}
		return s[:end], false, s[end:], true
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return s[1:i], true, s[i+1:], true
		case c == '\\' || c < ' ':
			return "", false, "", false
		}
	}
	return "", false, "", false
}

// set stores a value under its name. A name or form that is not expected is
// left to encoding/json.
func (r *record) set(name, value string, quoted bool) bool {
	if quoted {
		return r.setText(name, value)
	}
	if len(value) > 1 && value[0] == '0' {
		return false
	}
	if name == "counter" {
		n, err := strconv.ParseUint(value, 10, 64)
		r.Counter = n
		return err == nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || value[0] == '+' || value[0] == '-' && value != "-1" {
		return false
	}
	return r.setNumber(name, n)
}

func (r *record) setNumber(name string, n int64) bool {
	switch name {
	case "page":
		r.Page = int(n)
	case "digits":
		r.Digits = int(n)
	case "period":
		r.Period = int(n)
	case "used":
		r.Used = n
	case "verified":
		r.Verified = n
	case "removed":
		r.Removed = n
	default:
		return false
	}
	return true
}

func (r *record) setText(name, value string) bool {
	switch name {
	case "id":
		r.ID = ID(value)
	case "issuer":
		r.Issuer = value
	case "name":
		r.Name = value
	case "type":
		r.Type = value
	case "algorithm":
		r.Algorithm = value
	case "note":
		r.Note = value
	case "icon":
		r.Icon = value
	case "of":
		r.Of = ID(value)
	default:
		return false
	}
	return true
}
