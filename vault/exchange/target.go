// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"context"
	"slices"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/manager"
	"github.com/kutano/authenticator/vault/exchange/phone"
	"github.com/kutano/authenticator/vault/exchange/plain"
	"github.com/kutano/authenticator/vault/secret"
)

// writers are all formats that can be written, in the order in which they are offered.
var writers = slices.Concat(phone.Writers, manager.Writers, plain.Writers)

// Targets lists what can be written.
func Targets() []foreign.Target {
	all := make([]foreign.Target, len(writers))
	for i, w := range writers {
		all[i] = w.Target()
	}
	return all
}

// Written is what an export is made of.
type Written struct {
	Target    foreign.Target
	Encrypted bool
	Files     []foreign.Output
	In        int             // accounts in it
	Fitting   []int           // which of the entries they are, by index
	Left      []foreign.Entry // that the app has no place for, with Label and Err
	Lacking   int             // accounts in it without all of their tags, note and the like
}

// Fit tells which entries a target has a place for, as Write would, and makes no
// files of them.
func Fit(id string, entries []foreign.Entry) (Written, error) {
	for _, w := range writers {
		if t := w.Target(); t.ID == id {
			out := Written{Target: t}
			out.In = len(out.sort(w, entries))
			return out, nil
		}
	}
	return Written{}, foreign.ErrUnknown
}

// Write makes the files of a target and reads them back: each account that is in
// must come out with its names, key and parameters, else it is ErrReadBack. Pass
// encrypts; an empty one writes plain: ErrNoPassword and ErrNeverLocked are for
// targets that need one or take none. Where no account fits it is ErrNothing, and
// Left says why. ErrUnknown is for an ID of no target.
func Write(ctx context.Context, id string, entries []foreign.Entry, pass secret.Value) (Written, error) {
	for _, w := range writers {
		if w.Target().ID == id {
			return write(ctx, w, readers, entries, pass)
		}
	}
	return Written{}, foreign.ErrUnknown
}
