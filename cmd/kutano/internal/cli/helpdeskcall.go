// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desk"
)

// deskCall is a call at a terminal.
type deskCall struct {
	app  *App
	desk *deskAt // nil where there is none
	call *helpdesk.Call
	away bool // the agent goes on without the desk
	// pending is what may have been done, and is not known yet; nil for nothing.
	pending *desk.Doing
}

// What an answer of b leads to.
var (
	errBack = errors.New("to the question before")
	errHere = errors.New("to the question before, in the same part")
)

// ask asks a question; errBack for b.
func (w *deskCall) ask(ctx context.Context, question string) (string, error) {
	text, err := w.app.ask(ctx, question)
	if err == nil && text == "b" {
		err = errBack
	}
	return text, err
}

func (a *App) helpdeskCallCommand() *cobra.Command {
	ticket := ""
	cmd := &cobra.Command{
		Use:   "call",
		Short: words.T("Go through a call with somebody who cannot get in"),
		Long: words.T(`Takes you through a whole call: the six words, what is wrong and what to say, the
checks of who is calling, and what can be done, with the least dangerous first. It
says what is missing for an action, and skips an item only for a written reason.
At the end you get a note for the ticket, without personal data.

If you have permission from a service (kutano helpdesk link), you can act from
here; otherwise you act on Kutano’s admin page. Nothing about the call is kept.`),
		Example: words.T(`  kutano helpdesk call
  kutano helpdesk call --ticket T-12`),
		Args: noArgs,
	}
	cmd.Flags().StringVar(&ticket, "ticket", "", words.T("the `number` of the ticket"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.helpdeskCall(cmd.Context(), ticket) }
	return cmd
}

func (a *App) helpdeskCall(ctx context.Context, ticket string) error {
	if !a.interactive() || a.json {
		return usage(words.T("A call needs a terminal."), words.T("In scripts, use kutano helpdesk phrase, kutano helpdesk unlock and the commands like it."))
	}
	w := &deskCall{app: a, call: helpdesk.New(helpdesk.Agent{})}
	d, done, err := a.openDesk(ctx)
	if err != nil { // the caller is on the phone: it goes without
		if !errors.Is(err, errNoDesk) {
			a.warn(explain.Error(a.hinted(err)))
		}
		return w.run(ctx, ticket)
	}
	w.desk, w.call = &d, helpdesk.New(d.agent)
	return done(w.run(ctx, ticket))
}

// run goes through the call, and prints the note at its end, however it ends.
func (w *deskCall) run(ctx context.Context, ticket string) error {
	if err := w.call.Ticket(ticket); err != nil {
		return err
	}
	err := w.walk(ctx)
	if errors.Is(err, errStop) {
		err = nil
	}
	if w.pending != nil {
		unknown := desk.Outcome{State: desk.NotKnown}
		note(w.call, w.pending.Act, unknown)
		w.app.say("")
		w.app.say(helpdesk.ActName(w.pending.Act) + ": " + desk.Say(w.pending.Act, unknown, time.Local))
	}
	if perr := w.app.printLines("", strings.TrimSuffix(helpdesk.Note(w.call), "\n")); err == nil {
		err = perr
	}
	if len(w.call.Deeds()) > 0 && explain.Error(err).Kind == explain.Cancelled {
		return nil // "nothing was changed" would not be true
	}
	return err
}

// walk goes through the call, and ends with errStop.
func (w *deskCall) walk(ctx context.Context) error {
	w.app.say(helpdesk.Rules()[0])
	w.app.say(words.T("Type b to go back to the question before."))
	w.app.say("")
	parts := []func(context.Context) error{w.hear, w.advise, w.backup, w.meet, w.actions}
	for at := 0; ; {
		switch err := parts[at](ctx); {
		case errors.Is(err, errBack):
			at = max(0, at-1)
		case errors.Is(err, errHere):
		case err != nil:
			return err
		default:
			at++
		}
	}
}

// hear asks for the six words until they are understood, or there is a reason why not.
func (w *deskCall) hear(ctx context.Context) error {
	w.app.say(sayLine(helpdesk.Asks(helpdesk.Phrase)))
	for {
		text, err := w.ask(ctx, words.T("The six words (Enter if there are none): "))
		if err != nil {
			return err
		}
		_, before := w.call.Heard()
		switch {
		case text == "" && before: // they stay as they were
			return nil
		case text == "":
			return w.skip(ctx, helpdesk.Phrase)
		}
		if w.heard(text) {
			return nil
		}
	}
}

// heard takes a phrase, and says what is wrong with it, or what it says.
func (w *deskCall) heard(text string) bool {
	d, err := phrase.Decode(text, words.Current())
	if err != nil {
		w.app.say(phraseTrouble(err))
		return false
	}
	if d.Newer {
		w.app.say(newerPhrase())
	}
	if was, again := w.call.Heard(); again {
		c := helpdesk.Compare(was, d.Standing)
		w.app.say(c.Headline)
	}
	w.call.Hear(d.Standing, d.Version)
	w.app.say("")
	for _, line := range adviceLines(helpdesk.Advise(d.Standing), d.Standing) {
		w.app.say(line)
	}
	w.app.say("")
	return true
}

// advise asks what came of the next step, as often as new words are read.
func (w *deskCall) advise(ctx context.Context) error {
	if _, ok := w.call.Heard(); !ok {
		err := w.skip(ctx, helpdesk.Step)
		if errors.Is(err, errHere) { // there is no question here to go back to
			return errBack
		}
		return err
	}
	for {
		text, err := w.ask(ctx, words.T("Did that help? y, n, x to skip it, or the six words as they are now: "))
		if err != nil {
			return err
		}
		yes, known := yesOrNo(text, false)
		switch {
		case text == "":
		case text == "x":
			return w.skip(ctx, helpdesk.Step)
		case known && yes:
			_ = w.call.Tick(helpdesk.Step, true) // there is such an item
			return errStop
		case known:
			return w.call.Tick(helpdesk.Step, true)
		default:
			w.heard(text)
		}
	}
}

// backup asks for a backup code, which is typed and never said.
func (w *deskCall) backup(ctx context.Context) error {
	w.app.say(sayLine(helpdesk.Asks(helpdesk.Backup)))
	for {
		text, err := w.ask(ctx, words.T("Are they in now? y, n if a backup code was tried or there is none, x to skip it: "))
		if err != nil {
			return err
		}
		yes, known := yesOrNo(text, false)
		switch {
		case text == "":
		case text == "x":
			return w.skip(ctx, helpdesk.Backup)
		case known && yes:
			_ = w.call.Tick(helpdesk.Backup, true) // there is such an item
			return errStop
		case known:
			return w.call.Tick(helpdesk.Backup, true)
		}
	}
}

// meet asks who it is about. Once something was done it does not: a note is about one user.
func (w *deskCall) meet(ctx context.Context) error {
	if len(w.call.Deeds()) > 0 || w.pending != nil {
		w.app.say(words.T("Something was done for this user, or may have been, and the note is about one user only. End this call before you help somebody else."))
		return nil
	}
	for w.away = w.desk == nil; !w.away; {
		query, err := w.ask(ctx, words.T("Who is calling? Part of the name or address (Enter to go on without the service): "))
		switch {
		case err != nil:
			return err
		case query == "":
			w.away = true
			continue
		case len(query) < 2:
			continue
		}
		s, err := w.desk.one(ctx, query)
		if isOver(err) {
			if err = w.relink(ctx, err); err == nil {
				s, err = w.desk.one(ctx, query)
			}
		}
		if err != nil {
			w.app.warn(explain.Error(err))
			continue
		}
		w.call.Meet(s)
		w.app.say("")
		for _, line := range subjectLines(s) {
			w.app.say(line)
		}
		return nil
	}
	return w.unlinked(ctx)
}

// unlinked asks whose account it is, where no service tells.
func (w *deskCall) unlinked(ctx context.Context) error {
	own, err := w.either(ctx, words.T("Is it your own account?"))
	switch {
	case errors.Is(err, errBack) && w.desk != nil: // to the question whether to go without
		return errHere
	case err != nil:
		return err
	case own:
		w.call.Own()
		return nil
	}
	admin, err := w.either(ctx, words.T("Is the caller an administrator or an owner?"))
	switch {
	case errors.Is(err, errBack):
		return errHere
	case err != nil:
		return err
	case admin:
		w.call.Unlinked(link.RoleAdmin)
	default:
		w.call.Unlinked(link.RoleUser)
	}
	return nil
}

// skip leaves an item out for a written reason.
func (w *deskCall) skip(ctx context.Context, i helpdesk.Item) error {
	w.app.say(words.T("Skipped: {item}.", "item", helpdesk.Label(i)))
	for {
		why, err := w.ask(ctx, words.T("Why? This goes into the note, so leave out names and numbers: "))
		switch {
		case errors.Is(err, errBack):
			return errHere
		case err != nil:
			return err
		}
		if err = w.call.Skip(i, why); err == nil {
			return nil
		}
		w.app.warn(explain.Error(err))
	}
}
