// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"context"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// reader is a foreign.Reader made of functions.
type reader struct {
	format foreign.Format
	// detect tells whether a source surely is of the format.
	detect func(s *foreign.Source) bool
	// lock is nil for a format that is never encrypted.
	lock func(s *foreign.Source) (foreign.Lock, error)
	read func(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error
}

// Format returns the format's names.
func (r *reader) Format() foreign.Format { return r.format }

// Detect says Sure or No.
func (r *reader) Detect(s *foreign.Source) foreign.Match {
	if r.detect(s) {
		return foreign.Sure
	}
	return foreign.No
}

// Lock says what opens the source.
func (r *reader) Lock(s *foreign.Source) (foreign.Lock, error) {
	if r.lock == nil {
		return foreign.Open, nil
	}
	return r.lock(s)
}

// Read adds the entries.
func (r *reader) Read(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	return r.read(ctx, s, pass, add)
}

// unlocked reads what is never encrypted.
func unlocked(read func(context.Context, *foreign.Source, func(foreign.Entry)) error) func(context.Context, *foreign.Source, secret.Value, func(foreign.Entry)) error {
	return func(ctx context.Context, s *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
		return read(ctx, s, add)
	}
}

// newest reads a version that may be newer than the newest that is known. What
// can be read of it comes in; where nothing can, the version is the reason.
func newest(version foreign.Number, known int64, add func(foreign.Entry), read func(add func(foreign.Entry)) error) error {
	came := 0
	err := read(func(e foreign.Entry) {
		if e.Err == nil {
			came++
		}
		add(e)
	})
	if came == 0 && version.Set && !version.Bad && version.Value > known && (err == nil || damaged(err)) {
		return &foreign.VersionError{Version: version.Value, Err: foreign.ErrNewer}
	}
	return err
}
