// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"encoding/base32"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/kutano/authenticator/vault/secret"
)

// noPad is how secrets are written: RFC 4648 base32 without padding.
var noPad = base32.StdEncoding.WithPadding(base32.NoPadding)

// ParseSecret reads a key in base32 (RFC 4648) as services show it and people
// type it: in any case, with blanks and dashes between groups, with or without
// padding.
//
// Lengths that base32 cannot produce are read too, without the bits that are left
// over: services do hand out such keys, and other apps read them this way. See [OddLength].
// The errors are ErrNoSecret, ErrBadSecret and ErrTooLong.
func ParseSecret(s string) (secret.Value, error) {
	b, _, err := decodeSecret(s)
	if err != nil {
		return secret.Value{}, err
	}
	return secret.New(b), nil
}

// OddLength reports whether s is a key that [ParseSecret] reads but whose length base32
// never produces. A person who typed it may have missed a character.
func OddLength(s string) bool {
	b, n, err := decodeSecret(s)
	clear(b)
	return err == nil && (n%8 == 1 || n%8 == 3 || n%8 == 6)
}

// decodeSecret returns the key and the number of base32 characters.
func decodeSecret(s string) (key []byte, chars int, err error) {
	if len(s) > MaxURI {
		return nil, 0, refuse("secret", ErrTooLong, "more than 4096 characters")
	}
	key = make([]byte, 0, len(s)*5/8)
	var bits, have uint32
	padded := false
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		i += size
		v := base32Value(r)
		switch {
		case r == '=':
			padded = true
			continue
		case v < 0 && between(r):
			continue
		case v < 0:
			clear(key)
			return nil, 0, refuse("secret", ErrBadSecret, "character "+strconv.Itoa(chars+1)+" is none of A–Z and 2–7")
		case padded:
			clear(key)
			return nil, 0, refuse("secret", ErrBadSecret, "it goes on after the padding")
		}
		chars++
		bits = bits<<5 | uint32(v)
		if have += 5; have >= 8 {
			have -= 8
			key = append(key, byte(bits>>have))
		}
	}
	switch {
	case chars == 0:
		return nil, 0, refuse("secret", ErrNoSecret, "")
	case len(key) == 0:
		return nil, 0, refuse("secret", ErrBadSecret, "it has only one character")
	}
	return key, chars, nil
}

// base32Value returns the five bits that r stands for, or -1.
func base32Value(r rune) int {
	if r < 0 || r >= utf8.RuneSelf {
		return -1
	}
	return int(base32Values[r])
}

var base32Values = func() (table [utf8.RuneSelf]int8) {
	for i := range table {
		table[i] = -1
	}
	for i, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" {
		table[c], table[unicode.ToLower(c)] = int8(i), int8(i)
	}
	return table
}()

// between reports whether r may stand between the characters of a key: blanks, dashes,
// and what invisibly comes along when a key is copied off a page.
func between(r rune) bool {
	switch r {
	case ' ', '-', '_', '\u200B', '\u2060', '\uFEFF', '\u00AD':
		return true
	}
	return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r)
}
