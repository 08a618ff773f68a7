// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otp

import (
	"strings"

	"github.com/kutano/authenticator/server/refusal"
)

// Bypass codes are read out on the telephone: consonants only, so that none
// sounds or looks like another word or a digit. Eight of twenty are 34 bits.
const (
	bypassLetters = "BCDFGHJKLMNPQRSTVWXZ"
	bypassSize    = 8
)

// NewBypass returns a bypass code.
func NewBypass() string {
	var b strings.Builder
	for range bypassSize {
		b.WriteByte(pick(bypassLetters))
	}
	return b.String()
}

// NormaliseBypass returns a typed bypass code in upper case, blanks and hyphens left
// out. Anything else is a refusal of the kind CodeMalformed.
func NormaliseBypass(typed string) (string, error) {
	code, ok := bare(typed)
	code = strings.ToUpper(code)
	if !ok || len(code) != bypassSize || strings.Trim(code, bypassLetters) != "" {
		return "", refusal.New(refusal.CodeMalformed)
	}
	return code, nil
}
