// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"strings"
	"unicode/utf8"
)

// maxName bounds the name of an entry, in bytes.
const maxName = 200

// guess returns the name of an entry that was refused: its label, but empty where
// what stands in the place of a name could be the secret.
func guess(issuer, account string) string {
	if likeSecret(account) {
		account = ""
	}
	if likeSecret(issuer) {
		issuer = ""
	}
	return label(issuer, account)
}

// ShownName returns "issuer:account" for an entry that was refused, or the one of
// the two there is: fit to be shown whatever came in, of at most 200 bytes, and
// without what could be a secret in the wrong place.
func ShownName(issuer, account string) string { return guess(issuer, account) }

// URIName returns the name in a key URI that was refused, as far as it can be told.
// It is as safe to show as [ShownName]'s.
func URIName(uri string) string { return nameOf(uri) }

// label returns "issuer:account" or the one of the two there is, fit to be shown whatever
// came in: without characters that have no place in a name, and of bounded length.
func label(issuer, account string) string {
	name := account
	if issuer != "" {
		name = issuer
		if account != "" {
			name += ":" + account
		}
	}
	name = strings.Map(func(r rune) rune {
		if hostile(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	if len(name) > maxName {
		cut := maxName
		for !utf8.RuneStart(name[cut]) {
			cut--
		}
		name = name[:cut] + "…"
	}
	return strings.TrimSpace(name)
}

// likeSecret reports whether a name could be a key that stands in the wrong place:
// at least 16 characters of base32 and nothing else but what may stand between them.
func likeSecret(name string) bool {
	n := 0
	for _, r := range name {
		switch {
		case base32Value(r) >= 0:
			n++
		case r != '=' && !between(r):
			return false
		}
	}
	return n >= 16
}

// nameOf returns the name in a key URI that was refused, as far as it can be told.
func nameOf(uri string) string {
	scheme, rest, _ := strings.Cut(uri, "://")
	if !equalFold(scheme, schemeKey) {
		return ""
	}
	path, query, ok := strings.Cut(rest, "?")
	_, raw, _ := strings.Cut(path, "/")
	text, err := decode("label", raw)
	if !ok || err != nil || len(uri) > MaxURI {
		return "" // without a query, what looks like a label may be anything
	}
	issuer := ""
	for part := range strings.SplitSeq(query, "&") {
		if name, value, _ := strings.Cut(part, "="); equalFold(name, paramNames[paramIssuer]) {
			issuer, _ = decode("issuer", plus(value))
			break
		}
	}
	return guess(splitLabel(text, findColon(raw, text), strings.TrimSpace(issuer)))
}
