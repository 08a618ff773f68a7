// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/kutano/authenticator/vault/secret"
)

// Reading is one way to read a text as codes.
type Reading struct {
	// Codes are the codes, each once, in their order. The caller clears them.
	Codes []secret.Value
	// Twice is how many stood there more than once and count once.
	Twice int
	// Whole tells that single blanks belong to the codes ("1234 5678" is one code)
	// rather than between them. It is false where there are none.
	Whole bool
	// Other is why the text cannot be read the other way, [ErrTooMany] or
	// [ErrTooLong]; nil where it can, or where there are no such blanks.
	Other error
}

// Clear clears the codes.
func (r Reading) Clear() {
	for _, c := range r.Codes {
		c.Clear()
	}
}

// maxPasted is the longest text that is read as codes, in bytes: a set that
// fills every bound, four times over.
const maxPasted = 4 * MaxCodes * (MaxCode + 1) * utf8.UTFMax

// Split reads a text that somebody pasted or typed over as codes: one a line, or
// between commas, semicolons, tabs or blanks. Where single blanks can be part of
// the codes there are two readings, the likelier first; the person is shown which.
// Numbers of a list ("1.", "2)" and so on) and bullets before all the lines are
// left out. The shape of codes is never judged. It returns [ErrNoCodes],
// [ErrTooMany], [ErrTooLong] or [ErrUnprintable] where no reading is possible.
func Split(text secret.Value) ([]Reading, error) {
	b := text.Bytes()
	if len(b) > maxPasted {
		return nil, fmt.Errorf("read backup codes: %w: %d bytes", ErrTooMany, len(b))
	}
	if !utf8.Valid(b) {
		return nil, fmt.Errorf("read backup codes: %w", ErrUnprintable)
	}
	plain := blanks(b)
	defer clear(plain)
	chunks := chunksOf(plain)
	whole, err := read(chunks)
	if !anyBlank(chunks) {
		if err != nil {
			return nil, fmt.Errorf("read backup codes: %w", err)
		}
		return []Reading{whole}, nil
	}
	var apart [][]byte
	for _, c := range chunks {
		apart = append(apart, bytes.Fields(c)...)
	}
	pieces, perr := read(apart)
	whole.Whole = true
	switch {
	case err != nil && perr != nil:
		return nil, fmt.Errorf("read backup codes: %w", perr)
	case err != nil:
		pieces.Other = err
		return []Reading{pieces}, nil
	case perr != nil:
		whole.Other = perr
		return []Reading{whole}, nil
	case grouped(chunks):
		return []Reading{whole, pieces}, nil
	default:
		return []Reading{pieces, whole}, nil
	}
}

// blanks copies the text with a plain blank for each kind of blank, and without
// what has no width: both come along when a web page is copied.
func blanks(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch r {
		case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad':
		case '\r', '\u0085', '\u2028', '\u2029', '\v', '\f':
			out = append(out, '\n')
		case '\n', '\t':
			out = append(out, byte(r))
		default:
			if unicode.IsSpace(r) {
				out = append(out, ' ')
			} else {
				out = append(out, b[:n]...)
			}
		}
		b = b[n:]
	}
	return out
}

// chunksOf splits at everything that surely stands between codes: ends of lines,
// commas, semicolons, tabs, and two blanks or more, as between columns.
func chunksOf(b []byte) [][]byte {
	var out [][]byte
	lines := bytes.FieldsFunc(b, func(r rune) bool { return r == '\n' })
	for _, line := range unlisted(lines) {
		for _, part := range bytes.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ';' || r == '\t' }) {
			for _, chunk := range bytes.Split(part, []byte("  ")) {
				if chunk = bytes.TrimSpace(chunk); len(chunk) > 0 {
					out = append(out, chunk)
				}
			}
		}
	}
	return out
}

// unlisted takes the marks of a list off, where every line has one: a bullet, or
// a number that counts the lines.
func unlisted(lines [][]byte) [][]byte {
	var filled [][]byte
	for _, l := range lines {
		if l = bytes.TrimSpace(l); len(l) > 0 {
			filled = append(filled, l)
		}
	}
	for _, mark := range []func(int, []byte) int{bullet, number} {
		out := make([][]byte, 0, len(filled))
		for i, l := range filled {
			n := mark(i, l)
			if n == 0 || len(bytes.TrimSpace(l[n:])) == 0 {
				break
			}
			out = append(out, bytes.TrimSpace(l[n:]))
		}
		if len(out) == len(filled) && len(out) > 1 {
			return out
		}
	}
	return filled
}

// bullet returns how long the bullet before a line is, with the blank after it.
func bullet(_ int, line []byte) int {
	r, n := utf8.DecodeRune(line)
	switch r {
	case '-', '*', '•', '·', '–', '▪', '◦', '☐', '□':
		if n < len(line) && line[n] == ' ' {
			return n + 1
		}
	}
	return 0
}

// number returns how long the number before line i is, with what ends it.
func number(i int, line []byte) int {
	want := strconv.Itoa(i + 1)
	rest, ok := bytes.CutPrefix(bytes.TrimPrefix(line, []byte("0")), []byte(want))
	if !ok || len(rest) == 0 || rest[0] != '.' && rest[0] != ')' && rest[0] != ':' {
		return 0
	}
	if len(rest) > 1 && rest[0] == '.' && rest[1] != ' ' && rest[1] != '\t' {
		return 0
	}
	return len(line) - len(rest) + 1
}

func anyBlank(chunks [][]byte) bool {
	for _, c := range chunks {
		if bytes.IndexByte(c, ' ') >= 0 {
			return true
		}
	}
	return false
}

// grouped guesses whether the blanks within chunks belong to the codes: there
// are several chunks, each of the same two to four groups.
func grouped(chunks [][]byte) bool {
	const most = 4
	groups := len(bytes.Fields(chunks[0]))
	if len(chunks) < 2 || groups > most {
		return false
	}
	for _, c := range chunks {
		if len(bytes.Fields(c)) != groups {
			return false
		}
	}
	return groups > 1
}

// read makes codes of pieces of text, each once.
func read(pieces [][]byte) (Reading, error) {
	var r Reading
	var have record
	for _, p := range pieces {
		c := secret.New(bytes.Clone(p))
		if err := checkCode(c); err != nil {
			c.Clear()
			r.Clear()
			return Reading{}, err
		}
		if have.holds([]secret.Value{c}) > 0 {
			c.Clear()
			r.Twice++
			continue
		}
		have.Codes = append(have.Codes, code{Text: text{c}})
		r.Codes = append(r.Codes, c)
		if len(r.Codes) > MaxCodes {
			r.Clear()
			return Reading{}, ErrTooMany
		}
	}
	if len(r.Codes) == 0 {
		return Reading{}, ErrNoCodes
	}
	return r, nil
}
