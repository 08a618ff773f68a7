// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/report"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/vault/otpauth"
)

// call says what the call needs beside what the step says: the check phrase, as things
// stand now, and the report. Nothing of it needs a network. R58 R59
func (w *walk) call(ctx context.Context) error {
	s, err := w.standing(ctx)
	if err != nil {
		return err
	}
	p, err := phrase.Encode(standing.Of(s.Sources))
	if err != nil {
		return err
	}
	w.app.say("")
	for _, line := range phraseLines(p, phrase.Language(words.Current())) {
		w.app.say(line)
	}
	w.app.say(itSays(toSeeTo(s.Say())))
	w.app.say(words.T("If you have a ticket, you can add a report without names or keys to it: kutano report"))
	return nil
}

// standing is how things stand now, by what was opened and told in this walk.
func (w *walk) standing(ctx context.Context) (report.Sources, error) {
	w.lookAtClock()
	s, err := w.app.standingBy(ctx, w.vault)
	if err != nil {
		return s, err
	}
	w.tried.See(standing.Of(s.Sources).Clock)
	s.Last = w.tried.Last
	return s, nil
}

// lookAtClock takes over what another terminal has measured.
func (w *walk) lookAtClock() {
	if t, err := w.app.trueClock(); err == nil {
		_, err = t.Look()
		w.app.warnUnkept(err)
	}
}

// clockIs is how the clock is known to stand.
func (w *walk) clockIs(ctx context.Context) standing.Clock {
	w.lookAtClock()
	s := report.Sources{Sources: standing.Sources{Now: w.app.Clock.Now(), Hint: system.Look(ctx)}}
	w.app.standingNotes(&s, w.dir)
	return standing.Of(s.Sources).Clock
}

// fared notes how a code fared that was typed at a step. One that let the person in is
// noted with its account, where that is the only one: of several it is not known which
// one's it was.
func (w *walk) fared(ctx context.Context, s guide.Step, c guide.Choice) {
	acc, _ := w.account()
	y := check.Typed{Account: acc, At: w.app.noteTime(), Clock: w.clockIs(ctx)}
	ours := w.accounts()
	if !w.tried.Chose(s, c, y) || w.vault == nil || len(ours) != 1 {
		return
	}
	if err := w.vault.MarkVerified(ctx, ours[0].ID, w.app.noteTime()); err != nil {
		w.app.warn(explain.Error(err)) // the code was accepted all the same
	}
}

// measures tells whether the clock is of matter to what was looked at, and whether it
// can be measured from here.
func (w *walk) measures() bool {
	t, err := w.app.trueClock()
	return err == nil && w.checked.Timed >= 0 && t.Status().Network != clock.Never
}

// measure has the clock measured, where the user lets it be, and looks again. R53
func (w *walk) measure(ctx context.Context) (bool, error) {
	t, err := w.app.trueClock()
	if err != nil {
		return false, err
	}
	err = w.app.measure(ctx, t, clockFlags{})
	w.unmeasured = err != nil
	return true, w.tell(ctx, err)
}

// showTwo shows a code and the one after it, for the service's own page. R54
func (w *walk) showTwo(ctx context.Context) error {
	v, err := w.opened(ctx)
	if err != nil {
		return err
	}
	acc, ok := w.account()
	if !ok {
		w.app.say(words.T("The account is not in this app."))
		return nil
	}
	now := w.app.codeTime()
	first := w.app.make(ctx, v, acc, now, false, true)
	if first.err != nil {
		return first.err
	}
	second := first.next
	switch {
	case acc.Type == otpauth.HOTP:
		after := w.app.make(ctx, v, acc, now, false, false)
		if after.err != nil {
			return after.err
		}
		second = after.code.Value
	case first.code.Until.Sub(now) < codeWait: // it is over before it is typed
		if first = w.app.make(ctx, v, acc, first.code.Until, false, true); first.err != nil {
			return first.err
		}
		second = first.next
	}
	w.app.say("")
	w.app.say("  1.  " + grouped(first.code.Value) + "   " + title(acc.Issuer, acc.Name))
	w.app.say("  2.  " + grouped(second))
	return nil
}
