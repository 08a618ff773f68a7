// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otp

import (
	"encoding/base32"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

var plain32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// KeyURI returns the URI that an authenticator app reads from a QR code, in the
// "Key URI Format" of Google Authenticator. It holds the secret. A blank is
// written as %20, since apps take a plus sign literally. Colons of the issuer are
// left out: the first one ends it.
func KeyURI(issuer, account string, secret []byte) string {
	issuer = strings.ReplaceAll(issuer, ":", "")
	return "otpauth://totp/" + escape(issuer) + ":" + escape(account) +
		"?secret=" + plain32.EncodeToString(secret) + "&issuer=" + escape(issuer) +
		"&algorithm=SHA1&digits=" + strconv.Itoa(Digits) + "&period=" + strconv.Itoa(int(Period/time.Second))
}

func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// SecretText returns a secret as people type it: base32 (RFC 4648, 6) in groups of four.
func SecretText(secret []byte) string {
	var groups []string
	for g := range slices.Chunk([]byte(plain32.EncodeToString(secret)), 4) {
		groups = append(groups, string(g))
	}
	return strings.Join(groups, " ")
}
