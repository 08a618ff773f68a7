// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"crypto/rand"
	"encoding/base32"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/kutano/authenticator/vault/otpauth"
)

var idCoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// newID draws an ID: sixty random bits.
func newID() ID {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return ID(strings.ToLower(idCoding.EncodeToString(b[:])[:idLength]))
}

// fromKey is the account that a key URI describes.
func fromKey(id ID, k otpauth.Key) Account {
	a := Account{ID: id}
	a.take(k)
	return a
}

// take sets what the key says and leaves what only the index knows.
func (a *Account) take(k otpauth.Key) {
	a.Issuer, a.Name = k.Issuer, k.Account
	a.Type, a.Algorithm, a.Digits, a.Period, a.Counter = k.Type, k.Algorithm, k.Digits, k.Period, k.Counter
	a.Kutano = isKutano(k.Issuer)
	a.folded = foldWide(*a)
}

// named tells whether the account goes by these names, in any case.
func (a Account) named(issuer, name string) bool {
	return strings.EqualFold(a.Issuer, issuer) && strings.EqualFold(a.Name, name)
}

func (a Account) live() bool { return a.Removed.IsZero() }

// lost tells that no page holds the account's key any more.
func (a Account) lost() bool { return a.page < 0 }

func unixTime(sec int64) time.Time {
	if sec == 0 {
		return time.Time{}
	}
	return time.Unix(sec, 0)
}

func unixSeconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// printable unescapes a label and drops what cannot be shown.
func printable(label []byte) string {
	s, err := url.PathUnescape(string(label))
	if err != nil {
		s = string(label)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
}
