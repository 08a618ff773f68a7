// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
)

// checkCode finds out why a code was refused, and says it. R56
func (w *walk) checkCode(ctx context.Context) error {
	f, err := w.checkFacts(ctx)
	if err != nil {
		return err
	}
	r := check.Of(f)
	w.checked = r
	w.app.say("")
	for _, l := range r.Looked {
		w.app.say("  " + l.Sign.String() + " " + l.Text)
	}
	w.app.say("")
	w.app.say(r.What)
	w.app.say(r.Next)
	switch r.Do {
	case check.FixClock, check.MeasureClock:
		w.app.say(words.T("To measure it: kutano clock"))
	case check.BringBack:
		w.app.say(words.T("To bring it back: kutano restore kutano"))
	}
	return nil
}

func (w *walk) checkFacts(ctx context.Context) (check.Facts, error) {
	f := check.Facts{Refused: max(1, w.refused), Rescanned: w.rescanned, Left: -1}
	v, err := w.opened(ctx)
	if err != nil {
		return f, err
	}
	acc, here := w.account()
	f.Here = here
	f.Removed = slices.ContainsFunc(v.Removed(), func(a vault.Account) bool { return w.profile.Recognises(a.Issuer) })
	if here {
		f.Account, f.Others = title(acc.Issuer, acc.Name), len(w.accounts())-1
		f.Type, f.Algorithm, f.Digits, f.Period = acc.Type, acc.Algorithm, acc.Digits, acc.Period
		f.Store = w.store(ctx, v, acc)
	}
	if left := w.until.Sub(w.app.codeTime()); !w.until.IsZero() && left > 0 {
		f.Left = left // else it may have been over, or typed in time
	}
	t, err := w.app.trueClock()
	if err != nil {
		return f, err
	}
	_, err = t.Look()
	w.app.warnUnkept(err)
	s := t.Status()
	f.Clock = verdict.Of(s, system.Look(ctx), w.app.Clock.Now())
	f.Asked, f.Allowed = s.Network == clock.Never, s.Network == clock.OnDemand || s.Network == clock.Daily
	return f, nil
}

// store tells whether the account's key can be used. Its counter stays.
func (w *walk) store(ctx context.Context, v *vault.Vault, acc vault.Account) check.Store {
	err := w.app.unlocked(ctx, func(ctx context.Context) error {
		_, err := v.Code(ctx, acc.ID, time.Unix(0, 0).Add(24*time.Hour))
		return err
	})
	switch {
	case err == nil:
		return check.Open
	case errors.Is(err, keystore.ErrLocked), errors.Is(err, keystore.ErrSealed):
		return check.Locked
	}
	return check.Gone
}

// checkOptions are to do what the check says, or something else.
func (w *walk) checkOptions() []option {
	all := []option{w.outcome(guide.CheckUp, guide.Again), w.outcome(guide.CheckUp, guide.Rescan), w.outcome(guide.CheckUp, guide.Unsolved)}
	slices.SortStableFunc(all, func(a, b option) int {
		best := guide.CheckUp.Label(w.checked.Do.Outcome())
		switch {
		case a.label == best && b.label != best:
			return -1
		case b.label == best && a.label != best:
			return 1
		}
		return 0
	})
	return all
}
