// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/vault"
)

// gettingIn walks the recovery guide.
var gettingIn = guided{
	name: "recover", flag: "topic", load: guide.Recover,
	asks: func() string { return words.T("What happens?") },
}

func (a *App) recoverCommand() *cobra.Command {
	return a.guideCommand(gettingIn, &cobra.Command{
		Use:   "recover",
		Short: words.T("Get back into Kutano, step by step"),
		Long: words.T(`Helps you back into Kutano, one instruction at a time. It looks at what it knows
first: the account, its key, the clock, your backup codes, and how the account
stood at a linked service. Then it goes through the steps of Kutano's published
guide, and ends with what to do once you are in, or prepares the call to your
helpdesk. Nobody is asked over the network unless you choose to have the clock
checked, and you are asked for a passphrase only if a step needs it. The next
kutano recover goes on where you stopped.

--topic begins at one of: refused, sms, lost, nobackup, locked, wrong, empty, new.

Without a terminal, or with --print, it writes the guide to read or print instead,
with what your workspace's profile adds.`),
		Example: words.T(`  kutano recover
  kutano recover --topic refused
  kutano recover --print html > get-back-in.html
  kutano recover --print md --lang de`),
	})
}

// recovering tells whether the walk is through the recovery guide.
func (w *walk) recovering() bool { return w.guide.Name == gettingIn.name }

// openUnasked opens the vault where that needs nobody: who cannot get in may not have
// the passphrase, and finds that out at the step where it matters. What is in the way
// is remembered.
func (w *walk) openUnasked(ctx context.Context) error {
	if err := w.app.readGiven(ctx); err != nil {
		return err
	}
	o, err := w.app.options()
	if err != nil {
		return err
	}
	if w.app.fd < 0 {
		o.Passphrase = nil
	}
	w.vault, w.closedBy = vault.Open(ctx, o)
	if w.closedBy != nil {
		w.vault = nil
		if w.peeked, err = vault.Peek(w.dir, w.app.noteTime()); err != nil && check.StoreOf(w.closedBy) == check.Gone {
			w.app.warn(explain.Error(w.closedBy))
		}
	}
	return ctx.Err()
}

// looks runs the live checks of a topic, and says what was found. R56
func (w *walk) looks(ctx context.Context) error {
	f, err := w.checkFacts(ctx)
	if err != nil {
		return err
	}
	f.Topic = w.run.Entry().Name
	l, linked := w.linked()
	if acc, ok := w.account(); ok {
		f.Unproved = acc.Verified.IsZero()
		f.Service = check.ServiceOf(l, linked, acc.Verified)
	} else {
		f.Service = check.ServiceOf(l, linked, w.app.noteTime())
	}
	f.Codes = check.CodesOf(w.codeSets(), l, linked)
	if linked {
		f.SeenAt = l.SeenAt
	}
	w.say(check.Of(f))
	if linked && !l.Ended {
		w.app.say(words.T("To ask the service now: kutano link status"))
	}
	if w.measures() {
		w.app.say(words.T("Nobody is asked over the network unless you choose that."))
	} else {
		w.app.say(words.T("Nothing is sent anywhere."))
	}
	return nil
}

// lookOptions are to do what the checks say, to go on with the guide's lines, or to
// end here.
func (w *walk) lookOptions() []option {
	way := w.checked.Way
	var all, after []option
	measure := option{words.T("Check my clock"), w.measure}
	switch {
	case !w.measures():
	case w.checked.Do == check.MeasureClock:
		all = append(all, measure)
	default:
		after = append(after, measure)
	}
	switch w.checked.Do {
	case check.Unlock:
		all = append(all, option{words.T("Unlock now"), w.unlock})
	case check.BringBack:
		all = append(all, option{words.T("Bring it back"), w.bringBack})
	}
	if way != guide.Nothing {
		all = append(all, option{words.T("Show me how"), func(context.Context) (bool, error) { return true, w.run.Outcome(way) }})
	}
	return append(append(all, w.outcome(guide.Checks, guide.Nothing), w.outcome(guide.Checks, guide.In)), after...)
}

// unlock asks for what opens the keys, and looks again.
func (w *walk) unlock(ctx context.Context) (bool, error) {
	if w.vault == nil {
		if _, err := w.opened(ctx); err != nil {
			return false, err
		}
		return true, nil
	}
	acc, ok := w.account()
	if !ok {
		return true, nil
	}
	m := w.app.make(ctx, w.vault, acc, w.app.codeTime(), true, false)
	return m.err == nil, m.err
}

// bringBack brings the removed account back, where it is the only one, and looks again.
func (w *walk) bringBack(ctx context.Context) (bool, error) {
	gone := w.removed()
	if len(gone) != 1 {
		w.app.say(words.T("There are several. To bring back the one you mean: kutano restore NAME"))
		return false, nil
	}
	v, err := w.opened(ctx)
	if err != nil {
		return false, err
	}
	if err := w.app.unlocked(ctx, func(ctx context.Context) error { return v.Restore(ctx, gone[0].ID) }); err != nil {
		return false, err
	}
	w.run.SetAccount(string(gone[0].ID))
	w.app.say(words.T("{account} is back.", "account", title(gone[0].Issuer, gone[0].Name)))
	return true, nil
}

// errDone ends the walk at an end, where the person goes no further.
var errDone = errors.New("done")

// goOn offers the entries of the set-up that an end leads on to, and begins the one
// that is chosen. It tells whether the walk goes on.
func (w *walk) goOn(ctx context.Context) (bool, error) {
	var all []option
	for _, e := range w.run.Next() {
		all = append(all, option{e.Title, func(ctx context.Context) (bool, error) { return w.setUp(ctx, e.Name) }})
	}
	all = append(all, option{words.T("That is all for now"), func(context.Context) (bool, error) { return false, errDone }})
	for {
		moved, err := w.askOption(ctx, all)
		if errors.Is(err, errDone) || errors.Is(err, errStop) {
			return false, nil
		}
		if err = w.tell(ctx, err); err != nil || moved {
			return moved, err
		}
	}
}

// setUp goes over into the set-up guide.
func (w *walk) setUp(ctx context.Context, entry string) (bool, error) {
	g, err := guide.Load()
	if err != nil {
		return false, err
	}
	run, err := g.Begin(entry, w.facts())
	if err != nil {
		return false, fmt.Errorf("begin the set-up: %w", err)
	}
	was, at := w.guided, w.guide
	w.guided, w.guide = settingUp, g
	saved, ok, err := g.Saved(w.dir, w.facts())
	if err != nil {
		w.app.warn(explain.Error(err))
	}
	if ok {
		if err := w.mayReplace(ctx, saved, run); err != nil {
			w.guided, w.guide = was, at
			return false, err
		}
	}
	run.SetFill(w.fill())
	run.SetAccount(w.run.Account())
	w.run = run
	return true, nil
}
