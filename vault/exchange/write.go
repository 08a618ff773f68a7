// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"context"
	"crypto/sha256"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

func write(ctx context.Context, w foreign.Writer, by []foreign.Reader, entries []foreign.Entry, pass secret.Value) (Written, error) {
	out := Written{Target: w.Target(), Encrypted: pass.Len() > 0}
	switch {
	case out.Encrypted && out.Target.Locking == foreign.NeverLocked:
		return Written{}, foreign.ErrNeverLocked
	case !out.Encrypted && out.Target.Locking == foreign.AlwaysLocked:
		return Written{}, foreign.ErrNoPassword
	}
	in := out.sort(w, entries)
	if len(in) == 0 {
		return Written{Target: out.Target, Left: out.Left}, foreign.ErrNothing
	}
	out.In = len(in)
	var err error
	if out.Files, err = w.Write(ctx, in, pass); err == nil {
		err = readBack(ctx, by, in, out, pass)
	}
	if err != nil {
		out.Clear()
		return Written{}, err
	}
	return out, nil
}

// Clear overwrites the files' contents.
func (w *Written) Clear() {
	for _, f := range w.Files {
		clear(f.Data)
	}
}

// sort returns what goes in, and notes what does not.
func (w *Written) sort(by foreign.Writer, entries []foreign.Entry) (in []foreign.Entry) {
	distinct, _ := by.(foreign.Distinct)
	partial, _ := by.(foreign.Partial)
	marks := map[string]bool{}
	for i, e := range entries {
		e.Key = e.Key.Normal()
		err := e.Key.Validate()
		if err == nil {
			err = by.Fits(e.Key)
		}
		if err == nil && distinct != nil {
			mark, why := distinct.Mark(e.Key)
			if marks[mark] {
				err = why
			}
			marks[mark] = true
		}
		if err != nil {
			w.Left = append(w.Left, foreign.Refused(e.Key.Issuer, e.Key.Account, err))
			continue
		}
		if w.Target.Lacks(e) || partial != nil && partial.Changes(e) {
			w.Lacking++
		}
		in = append(in, e)
		w.Fitting = append(w.Fitting, i)
	}
	return in
}

// readBack reads the files as anybody's and compares: each account is there, and
// nothing else. An order is not asked for.
func readBack(ctx context.Context, by []foreign.Reader, in []foreign.Entry, out Written, pass secret.Value) error {
	var sources []*foreign.Source
	for _, f := range out.Files {
		sources = append(sources, foreign.NewSource("", f.Data))
	}
	j := job{readers: by, ask: func(_ context.Context, q Question) (secret.Value, error) {
		if q.Wrong {
			return secret.Value{}, nil
		}
		return pass.Clone(), nil
	}}
	back, err := j.run(ctx, sources)
	if err != nil {
		return err
	}
	defer back.Clear()
	for _, f := range back.Files {
		if f.Err != nil || f.Encrypted != out.Encrypted {
			return foreign.ErrReadBack
		}
	}
	missing := map[[sha256.Size]byte]int{}
	for _, e := range in {
		missing[fingerprint(e.Key)]++
	}
	for _, e := range back.Entries {
		f := fingerprint(e.Key)
		if e.Err != nil || missing[f] == 0 {
			return foreign.ErrReadBack
		}
		if missing[f]--; missing[f] == 0 {
			delete(missing, f)
		}
	}
	if len(missing) > 0 || len(back.Missing) > 0 {
		return foreign.ErrReadBack
	}
	return nil
}

// fingerprint stands for a key with its names and counter, without the parameters
// that nobody knows.
func fingerprint(k otpauth.Key) [sha256.Size]byte {
	k.Extra = nil
	uri := k.URI()
	defer uri.Clear()
	return sha256.Sum256(uri.Bytes())
}
