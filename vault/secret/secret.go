// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package secret holds values that must never be shown by accident: keys,
// pages of keys and passphrases.
//
// A [Value] prints, marshals and logs as "(elided)", whatever verb or encoder
// is used, also inside other structures; binary encoders and decoders of all
// kinds are refused. It can be cleared after use. What Go itself copies
// (strings handed over by a keyring library or typed into a window) cannot be
// cleared from here; [Do] erases it in builds with an experiment of Go's.
//
// [Private] keeps other programs out of the memory that all of it is in.
package secret

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
)

// elided is what a Value shows in place of its content.
const elided = "(elided)"

// Value is a secret byte string. The zero Value is empty. Copies share the
// bytes: clearing one clears them all.
//
// The bytes sit behind a pointer to a pointer. Of an unexported field fmt cannot
// call the methods; it prints what a pointer points to in place of the pointer, with %v at
// the top and with verbs that do not suit, but it never goes two steps.
type Value struct{ in **cell }

// cell holds the bytes, and what a Value points to: one allocation in place of two.
type cell struct {
	b    []byte
	self *cell
}

// New returns a Value that takes ownership of b.
func New(b []byte) Value {
	c := &cell{b: b}
	c.self = c
	return Value{&c.self}
}

// FromString returns a Value with a copy of s.
func FromString(s string) Value { return New([]byte(s)) }

// Bytes returns the secret itself, not a copy; it is valid until Clear.
func (v Value) Bytes() []byte {
	if v.in == nil {
		return nil
	}
	return (*v.in).b
}

// Reveal returns a copy of the secret as a string, which cannot be cleared.
func (v Value) Reveal() string { return string(v.Bytes()) }

// Len returns the number of bytes.
func (v Value) Len() int { return len(v.Bytes()) }

// Equal compares two secrets in time that depends on their length only.
func (v Value) Equal(o Value) bool { return subtle.ConstantTimeCompare(v.Bytes(), o.Bytes()) == 1 }

// Clear overwrites the secret with zeros and empties it.
func (v Value) Clear() {
	if v.in == nil {
		return
	}
	clear((*v.in).b)
	(*v.in).b = nil
}

// Clone returns a Value with its own copy of the bytes.
func (v Value) Clone() Value { return New(append([]byte(nil), v.Bytes()...)) }

// String returns "(elided)".
func (Value) String() string { return elided }

// GoString returns "(elided)".
func (Value) GoString() string { return elided }

// Format writes "(elided)" for every verb.
func (Value) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte(elided)) }

// LogValue returns "(elided)" to structured logs.
func (Value) LogValue() slog.Value { return slog.StringValue(elided) }

// MarshalText writes "(elided)", so that JSON, XML and TOML hold no secret.
func (Value) MarshalText() ([]byte, error) { return []byte(elided), nil }

// errOneWay says that what was written as "(elided)" cannot be read back.
var errOneWay = errors.New("a secret is neither written nor read like this")

// UnmarshalText fails: what was marshalled is not the secret, and a secret is
// read on purpose or not at all.
func (*Value) UnmarshalText([]byte) error { return errOneWay }

// MarshalBinary fails, so that gob and its like refuse in place of writing a
// word that nobody could tell from a secret.
func (Value) MarshalBinary() ([]byte, error) { return nil, errOneWay }

// UnmarshalBinary fails, see [Value.UnmarshalText].
func (*Value) UnmarshalBinary([]byte) error { return errOneWay }
