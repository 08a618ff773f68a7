// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package otp makes and reads the codes of the second factor: those of
// authenticator apps (TOTP, RFC 6238), those that are sent, backup codes and
// bypass codes, and the telephone numbers that codes are sent to.
//
// It knows no database and no clock: all is computed from what comes in. What a
// person typed is refused with a *refusal.Error; nothing typed stands in it.
package otp

import (
	"crypto/rand"
	"math/big"
	"strings"
	"unicode"

	"github.com/kutano/authenticator/server/refusal"
)

// Digits is how many digits a code has.
const Digits = 6

// most is the longest text that is looked at, in bytes. No code is nearly as long.
const most = 64

// Normalise returns a typed code as Digits ASCII digits. Blanks and hyphens are
// left out, since apps and messages group digits. Anything else is a refusal of
// the kind CodeMalformed.
func Normalise(typed string) (string, error) {
	code, ok := bare(typed)
	if !ok || len(code) != Digits || strings.Trim(code, "0123456789") != "" {
		return "", refusal.New(refusal.CodeMalformed)
	}
	return code, nil
}

// Random returns a code of Digits digits to be sent, each as likely as any other.
func Random() string {
	var b strings.Builder
	for range Digits {
		b.WriteByte(pick("0123456789"))
	}
	return b.String()
}

// bare leaves blanks and hyphens out, also the ones that word processors make
// of a plain hyphen; false for what is too long to be a code.
func bare(typed string) (string, bool) {
	if len(typed) > most {
		return "", false
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, typed), true
}

// pick returns one of the letters, each as likely as any other.
func pick(letters string) byte {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return letters[n.Int64()]
}
