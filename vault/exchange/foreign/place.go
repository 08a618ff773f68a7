// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"

	"github.com/kutano/authenticator/vault/otpauth"
)

// PlaceError says which part of a key another app has no place for. It is an ErrNoPlace.
type PlaceError struct {
	// Field is the part, as in otpauth.Error: "type", "digits", "period",
	// "algorithm", "counter", "secret", "issuer", "account", "" for the whole key.
	Field  string
	Detail string // what the app has in its place: fixed text
}

// NoPlace returns a PlaceError.
func NoPlace(field, detail string) error { return &PlaceError{field, detail} }

// Error gives the part and what the app has in its place.
func (e *PlaceError) Error() string {
	s := ErrNoPlace.Error() + ": " + e.Detail
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	return s
}

// Unwrap returns ErrNoPlace.
func (e *PlaceError) Unwrap() error { return ErrNoPlace }

// Distinct is what a Writer is too where its app takes two accounts for one.
type Distinct interface {
	// Mark returns what the app tells accounts apart by, in a form that gives no
	// secret away. The second key with a mark that was there before is left out,
	// for the reason why, which wraps ErrNoPlace.
	Mark(k otpauth.Key) (mark string, why error)
}

// Partial is what a Writer is too where its app has a place for something beside
// the key, but not for all that may stand there.
type Partial interface {
	// Changes tells whether some of that is left out of a file or comes out otherwise.
	Changes(e Entry) bool
}

var secretCoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// SecretText returns a key's secret as most files hold it: in base32 of capital
// letters without padding.
func SecretText(k otpauth.Key) string { return secretCoding.EncodeToString(k.Secret.Bytes()) }

// NewUUID returns a random UUID (RFC 9562, version 4) in small letters.
func NewUUID() string {
	b := RandomBytes(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// RandomBytes returns n random bytes, fit for keys.
func RandomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}
