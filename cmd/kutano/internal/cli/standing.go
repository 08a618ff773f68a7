// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/recovery/report"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/link/remote"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// standingPatience is how long the secret store may take to answer.
const standingPatience = 5 * time.Second

// standing gathers how things stand: offline, without asking anybody, and without
// founding anything or mending what is damaged. What is broken is a finding and no
// error; the error is that of the command's own flags.
func (a *App) standing(ctx context.Context) (report.Sources, error) { return a.standingBy(ctx, nil) }

// standingBy is standing by a vault that is open; nil for none.
func (a *App) standingBy(ctx context.Context, v *vault.Vault) (report.Sources, error) {
	s := report.Sources{
		Sources: standing.Sources{
			GOOS: runtime.GOOS, Version: a.Version, Now: a.Clock.Now(), Hint: system.Look(ctx), Profile: profile.Default(),
			Camera: standing.CameraNA,
		},
		Running: report.Here(),
	}
	if !a.knownStore() {
		_, err := a.options()
		return s, err
	}
	if err := a.readGiven(ctx); err != nil {
		return s, err
	}
	dir, err := a.folder()
	if err != nil { // a user without a home has nothing there
		s.StoreErr = keystore.Probe(ctx)
		return s, ctx.Err()
	}
	a.standingNotes(&s, dir)
	within, cancel := context.WithTimeout(ctx, standingPatience)
	defer cancel()
	s.StoreErr = a.standingKeys(within, &s, dir, v)
	return s, ctx.Err()
}

// standingNotes takes what stands in the files of a data folder beside the keys.
// One that cannot be read tells nothing.
func (a *App) standingNotes(s *report.Sources, dir string) {
	s.Profile, _, _ = profile.In(dir).Current() // the usual one with an error
	if t, err := a.trueClock(); err == nil {
		s.Clock = t.Status()
	}
	l, linked, err := (&remote.Home{Dir: dir}).Linked()
	if s.LinkErr = err; linked {
		s.Linked = &l
	}
	safe, err := backupcodes.Open(dir, a.noteTime)
	if s.SafeErr = err; err == nil {
		s.Sets, s.SafeErr = safe.Sets(), safe.Problem()
	}
	s.Upkeep = upkeep.Open(dir).Load()
}

// standingKeys takes what is known of the accounts and their keys, and returns what
// is wrong with the store. A passphrase counts only where it was given: nobody is
// asked for one. V is a vault that is open; nil for none.
func (a *App) standingKeys(ctx context.Context, s *report.Sources, dir string, v *vault.Vault) error {
	p, err := vault.Peek(dir, a.noteTime())
	s.Accounts, s.Removed, s.Kind, s.Guarded, s.Aside, s.Notices = p.Accounts, p.Removed, p.Kind, p.Guarded, p.Aside, p.Notices
	readOnly := errors.Is(err, vault.ErrReadOnly)
	if err != nil && !readOnly {
		return err
	}
	if v != nil {
		if e := standingOf(ctx, s, v); e != nil {
			return e
		}
		return err // that the folder cannot be written
	}
	if p.Kind != keystore.File && a.store != string(keystore.File) {
		if err := keystore.Probe(ctx); err != nil {
			return err
		}
	}
	switch {
	case p.Kind == "":
		s.Kind = keystore.Keyring
		return err
	case p.Guarded && a.given.Len() == 0:
		return keystore.ErrSealed
	}
	if e := a.standingOpened(ctx, s, dir); e != nil {
		return e
	}
	return err // that the folder cannot be written
}

// standingOpened opens the vault and looks at each key. It returns what is wrong
// with it, or with the key of a Kutano account.
func (a *App) standingOpened(ctx context.Context, s *report.Sources, dir string) error {
	v, err := vault.Open(ctx, vault.Options{
		Dir: dir, State: vault.StateDir(), Now: a.Clock.Now,
		Passphrase: func(context.Context, bool) (secret.Value, error) {
			if a.given.Len() == 0 {
				return secret.Value{}, keystore.ErrNoPassphrase
			}
			return a.given.Clone(), nil
		},
	})
	if err != nil {
		return err
	}
	defer v.Close() //nolint:errcheck // nothing was changed
	return standingOf(ctx, s, v)
}

// standingOf takes what the accounts tell that are open, and looks at each key. It
// returns what is wrong with one, as standingOpened does.
func standingOf(ctx context.Context, s *report.Sources, v *vault.Vault) (err error) {
	s.Accounts, s.Removed, s.Kind, s.Guarded, s.Aside, s.Notices = v.Accounts(), v.Removed(), v.Kind(), v.Guarded(), len(v.Aside()), v.Notices()
	s.KeyBytes = map[vault.ID]int{}
	for _, acc := range s.Accounts {
		n, e := v.KeyLength(ctx, acc.ID)
		switch {
		case e == nil:
			s.KeyBytes[acc.ID] = n
		case err == nil && (s.Ours(acc) || errors.Is(e, keystore.ErrLocked) || errors.Is(e, keystore.ErrTimeout)):
			err = e
		}
	}
	return err
}
