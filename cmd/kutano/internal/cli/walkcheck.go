// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"slices"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/vault"
)

// checkCode finds out why a code was refused, and says it. R56
func (w *walk) checkCode(ctx context.Context) error {
	if _, err := w.opened(ctx); err != nil {
		return err
	}
	f, err := w.checkFacts(ctx)
	if err != nil {
		return err
	}
	w.say(check.Of(f))
	return nil
}

// say says what a check found.
func (w *walk) say(r check.Result) {
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
		if !w.recovering() { // there it is one of the numbers
			w.app.say(words.T("To measure it: kutano clock"))
		}
	case check.BringBack:
		w.app.say(words.T("To bring it back: kutano restore kutano"))
	}
}

func (w *walk) checkFacts(ctx context.Context) (check.Facts, error) {
	f := check.Facts{Rescanned: w.rescanned, Left: -1, Store: check.StoreOf(w.closedBy)}
	acc, here := w.account()
	f.Here, f.Removed = here, len(w.removed()) > 0
	if here && w.vault != nil {
		f.Store = w.store(ctx, acc)
	}
	if here {
		f.Account, f.Others = title(acc.Issuer, acc.Name), len(w.accounts())-1
		f.Type, f.Algorithm, f.Digits, f.Period = acc.Type, acc.Algorithm, acc.Digits, acc.Period
	}
	if left := w.until.Sub(w.app.codeTime()); !w.until.IsZero() && left > 0 {
		f.Left = left // else it may have been over, or typed in time
	}
	w.lookAtClock()
	w.tried.See(w.clockIs(ctx))
	f.Refused = max(1, w.tried.Refused)
	t, err := w.app.trueClock()
	if err != nil {
		return f, err
	}
	s := t.Status()
	f.Clock, f.ClockAt = verdict.Of(s, system.Look(ctx), w.app.Clock.Now()), check.ClockAt(s)
	f.Asked, f.Allowed = s.Network == clock.Never || w.unmeasured, s.Network == clock.OnDemand || s.Network == clock.Daily
	return f, nil
}

// store tells whether the account's key can be used. Its counter stays. Who cannot get
// in is not asked for anything yet.
func (w *walk) store(ctx context.Context, acc vault.Account) check.Store {
	use := func(ctx context.Context) error {
		_, err := w.vault.Code(ctx, acc.ID, time.Unix(0, 0).Add(24*time.Hour))
		return err
	}
	if w.recovering() {
		return check.StoreOf(use(ctx))
	}
	return check.StoreOf(w.app.unlocked(ctx, use))
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
