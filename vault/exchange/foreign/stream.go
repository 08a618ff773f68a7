// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
)

// Elements calls each for every element of the array under these names, in
// order, without holding more than one at a time; no name means that the text
// is the array. Where the array is null or missing there are none. An element
// that is no proper JSON ends it, with ErrCutShort or ErrDamaged; an element of
// another shape than expected is for each to refuse.
func Elements(ctx context.Context, data []byte, each func(element json.RawMessage), names ...string) error {
	d := json.NewDecoder(bytes.NewReader(Bare(data)))
	for _, name := range names {
		found, err := enter(d, name)
		if err != nil || !found {
			return torn(err)
		}
	}
	t, err := d.Token()
	if err != nil {
		return torn(err)
	}
	switch t {
	case nil:
		return nil
	case json.Delim('['):
	default:
		return ErrDamaged
	}
	for d.More() {
		if err := ctx.Err(); err != nil {
			return err
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return torn(err)
		}
		each(raw)
	}
	_, err = d.Token()
	return torn(err)
}

// enter goes into an object, up to the value under the name.
func enter(d *json.Decoder, name string) (found bool, err error) {
	t, err := d.Token()
	switch {
	case err != nil:
		return false, err
	case t == nil:
		return false, nil
	case t != json.Delim('{'):
		return false, ErrDamaged
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return false, err
		}
		if t == name {
			return true, nil
		}
		if err := d.Decode(&unread{}); err != nil {
			return false, err
		}
	}
	_, err = d.Token()
	return false, err
}

// unread is a value that nobody looks at, of which no copy is made.
type unread struct{}

func (*unread) UnmarshalJSON([]byte) error { return nil }

// torn tells a text that ends too early from one that is wrong. The decoder's
// own error may quote what it read.
func torn(err error) error {
	switch {
	case err == nil, errors.Is(err, ErrDamaged):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return ErrCutShort
	}
	return ErrDamaged
}

// Decode reads a JSON text into v. Its errors are ErrCutShort and ErrDamaged.
func Decode(data []byte, v any) error {
	err := json.Unmarshal(Bare(data), v)
	if err == nil {
		return nil
	}
	if d := json.NewDecoder(bytes.NewReader(Bare(data))); errors.Is(torn(d.Decode(new(json.RawMessage))), ErrCutShort) {
		return ErrCutShort
	}
	return ErrDamaged
}
