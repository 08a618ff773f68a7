// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"context"
	"errors"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// either reads a file without any mark of its format: the password tells which
// of several it is.
type either struct {
	of     []foreign.Reader
	opened foreign.Reader
}

// Format is the zero one until a password has opened the file.
func (e *either) Format() foreign.Format {
	if e.opened == nil {
		return foreign.Format{}
	}
	return e.opened.Format()
}

func (e *either) Detect(*foreign.Source) foreign.Match { return foreign.Maybe }

func (e *either) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Password, nil }

func (e *either) Read(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	for _, r := range e.of {
		if !sealed(r, s) {
			continue
		}
		if err := r.Read(ctx, s, pass, add); !errors.Is(err, foreign.ErrPassword) {
			e.opened = r
			return err
		}
	}
	return foreign.ErrPassword
}

func sealed(r foreign.Reader, s *foreign.Source) bool {
	lock, err := r.Lock(s)
	return lock == foreign.Password && err == nil
}
