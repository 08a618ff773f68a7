// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"
	"time"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/snapshot"
)

// State is how well the accounts are kept from being lost.
type State struct {
	Key         bool   // there is a recovery key
	Fingerprint string // of the recovery key
	Since       time.Time
	Snapshots   int           // on this device
	Newest      snapshot.Info // of them
	Err         error         // why the last snapshot was not written
	ListErr     error         // why the snapshots cannot be listed
	Copies      snapshot.Copies
}

// stateOf asks the vault, which reads the folder of snapshots.
func stateOf(v Vault) State {
	var s State
	s.Fingerprint, s.Since, s.Key = v.Recovery()
	s.Err = v.SnapshotErr()
	s.Copies = v.Snapshots().Copies()
	all, err := v.Snapshots().List()
	s.Snapshots, s.ListErr = len(all), err
	s.Newest, _ = newest(all)
	return s
}

// State returns what the last Refresh found, and whether it is known yet: it
// is asked for with each tick, and the vault reads files to answer.
func (f *Flow) State() (State, bool) { return f.state, f.known }

// Notice returns the notice that is to be shown, if there is one.
func (f *Flow) Notice() (vault.Notice, bool) {
	if v := f.Vault(); v != nil {
		for _, n := range v.Notices() {
			return n, true
		}
	}
	return vault.Notice{}, false
}

// Refresh looks anew how things stand, and shows it in the settings.
func (f *Flow) Refresh() {
	v := f.Vault()
	if v == nil {
		return
	}
	kit.Go(context.Background(), func(context.Context) (State, error) { return stateOf(v), nil }, func(s State, err error) {
		if err != nil {
			return
		}
		f.state, f.known = s, true
		if f.section != nil {
			f.section.show(s)
		}
	})
}
