// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// every stands in a path for all elements of an array or all fields of an object.
const every = "*"

// maxNesting is how deep a value that is passed over may be: as deep as
// encoding/json takes one that it holds.
const maxNesting = 10_000

// walk calls each for every value at the path, in the order of the text, and
// holds no more than one of them. What is null or missing on the way has none.
func walk(ctx context.Context, r io.Reader, each func(value json.RawMessage), path ...string) error {
	w := walker{d: json.NewDecoder(r), ctx: ctx, each: each}
	return tornText(w.value(path))
}

// tornText tells a text that ends too early from one that is wrong. What the
// source of the text says is returned as it is.
func tornText(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return foreign.ErrCutShort
	case errors.As(err, &syntax):
		return foreign.ErrDamaged
	}
	return err
}

type walker struct {
	d    *json.Decoder
	ctx  context.Context // it lives as long as walk
	each func(json.RawMessage)
}

func (w *walker) value(path []string) error {
	if len(path) == 0 {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		var raw json.RawMessage
		if err := w.d.Decode(&raw); err != nil {
			return err
		}
		w.each(raw)
		return nil
	}
	t, err := w.d.Token()
	switch {
	case err != nil:
		return err
	case t == nil:
		return nil
	case t == json.Delim('['):
		err = w.array(path)
	case t == json.Delim('{'):
		err = w.object(path)
	default:
		return foreign.ErrDamaged
	}
	if err != nil {
		return err
	}
	_, err = w.d.Token()
	return err
}

func (w *walker) array(path []string) error {
	if path[0] != every {
		return foreign.ErrDamaged
	}
	for w.d.More() {
		if err := w.value(path[1:]); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) object(path []string) error {
	for w.d.More() {
		name, err := w.d.Token()
		if err != nil {
			return err
		}
		if path[0] == every || name == path[0] {
			err = w.value(path[1:])
		} else {
			err = w.pass()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pass passes over a value without holding it.
func (w *walker) pass() error {
	depth := 0
	for {
		t, err := w.d.Token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		switch {
		case depth == 0:
			return nil
		case depth > maxNesting:
			return foreign.ErrBomb
		}
	}
}
