// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"runtime"
	"time"

	"github.com/kutano/authenticator/recovery/report"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
)

// standingPatience is how long the secret store may take to answer.
const standingPatience = 5 * time.Second

// standing gathers how things stand, without asking anybody: what the window knows
// at once, the rest on another goroutine. What is broken is a finding and no error.
// With keys the length of every key is told.
func (u *UI) standing(keys bool) func(context.Context) (report.Sources, error) {
	s := report.Sources{Sources: standing.Sources{
		GOOS: runtime.GOOS, Version: u.Version, Profile: u.profile, Now: u.Clock.Now(), Clock: u.True.Status(),
		SafeErr: u.care.err, Upkeep: u.care.state, Camera: standing.CameraNA,
	}}
	if safe := u.care.safe; safe != nil {
		s.Sets, s.SafeErr = safe.Sets(), safe.Problem()
	}
	if l, ok := u.linked(); ok {
		s.Linked = &l
	}
	v, dir, why := u.vault, u.Dir, u.help.err
	if u.locked {
		v, why = nil, nil
	}
	far := u.Service
	return func(ctx context.Context) (report.Sources, error) {
		s.Running, s.Hint = report.Here(), system.Look(ctx)
		if far != nil && far.Kept != nil {
			l, ok, err := far.Kept()
			if s.LinkErr = err; ok {
				s.Linked = &l
			}
		}
		within, cancel := context.WithTimeout(ctx, standingPatience)
		defer cancel()
		if v == nil {
			s.StoreErr = closedStanding(&s, dir, why)
		} else {
			s.StoreErr = unlockedStanding(within, &s, v, keys)
		}
		return s, ctx.Err()
	}
}

// closedStanding takes what stands in the data folder of accounts that are not open, and
// returns what is wrong with them.
func closedStanding(s *report.Sources, dir string, why error) error {
	p, err := vault.Peek(dir, s.Now)
	s.Accounts, s.Removed, s.Kind, s.Guarded, s.Aside, s.Notices = p.Accounts, p.Removed, p.Kind, p.Guarded, p.Aside, p.Notices
	switch {
	case why != nil:
		return why
	case err != nil:
		return err
	}
	return keystore.ErrSealed
}

// unlockedStanding takes what the accounts tell that are open. It returns what is wrong with
// the key of a Kutano account.
func unlockedStanding(ctx context.Context, s *report.Sources, v Vault, keys bool) (err error) {
	s.Accounts, s.Removed, s.Kind, s.Guarded, s.Aside, s.Notices = v.Accounts(), v.Removed(), v.Kind(), v.Guarded(), len(v.Aside()), v.Notices()
	s.KeyBytes = map[vault.ID]int{}
	for _, a := range s.Accounts {
		ours := s.Ours(a)
		if !ours && !keys {
			continue
		}
		n, e := v.KeyLength(ctx, a.ID)
		switch {
		case e == nil:
			s.KeyBytes[a.ID] = n
		case ours && err == nil:
			err = e
		}
	}
	return err
}
