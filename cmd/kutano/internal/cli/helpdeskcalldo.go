// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desk"
)

// elsewhere sends the agent to the service's own page, and notes what was done there.
func (w *deskCall) elsewhere(ctx context.Context, act link.DeskAct) error {
	w.app.say("")
	w.app.say(helpdesk.Elsewhere(act))
	for {
		text, err := w.ask(ctx, words.T("The audit number that the page shows (Enter if it was not done): "))
		switch {
		case errors.Is(err, errBack):
			return nil
		case err != nil || text == "":
			return err
		}
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 {
			d := helpdesk.Deed{Act: act, Audit: n, Waiting: w.call.Verdict(act) == helpdesk.AskOnly}
			w.call.Did(d)
			if say := helpdesk.SayAfter(d); say != "" {
				w.app.say(sayLine(say))
			}
			return nil
		}
	}
}

// do does it at the service, and tells the truth about what came of it.
func (w *deskCall) do(ctx context.Context, act link.DeskAct) error {
	s, _ := w.call.Subject()
	r, err := w.call.Record(act)
	if err != nil {
		return err
	}
	sure, err := w.app.confirm(ctx, actQuestion(act, w.call.Verdict(act), s), "--yes", false)
	if err != nil || !sure {
		return err
	}
	if err := w.app.mayShowCode(act, actFlags{}); err != nil {
		w.app.warn(explain.Error(err))
		return nil
	}
	doing := w.app.doing(*w.desk, s, act, r)
	for {
		deed, o, err := doing.Do(ctx)
		done, err := w.told(ctx, doing, deed, o, err)
		if err != nil {
			return err
		}
		if done {
			w.lookAgain(ctx, doing.ID)
			return nil
		}
	}
}

// lookAgain looks the user up once more, since things have changed; where that fails
// they stay as they were seen.
func (w *deskCall) lookAgain(ctx context.Context, id string) {
	if s, err := w.desk.Look(ctx, id); err == nil {
		w.call.Meet(s)
	}
}

// settle looks whether what is not known was done, and does nothing. As long as it is
// not known, it stays pending.
func (w *deskCall) settle(ctx context.Context) error {
	doing := w.pending
	w.app.say("")
	w.app.say(words.T("First, this checks what is not known yet: {act}.", "act", helpdesk.ActName(doing.Act)))
	for doing.Desk = w.desk.Desk; ; {
		_, o, err := doing.Find(ctx) // a code is not shown again
		w.app.say(desk.Say(doing.Act, o, time.Local))
		switch {
		case isOver(err):
			if given, err := w.anew(ctx, doing, err); err != nil || !given {
				return err
			}
			continue
		case err != nil:
			w.app.warn(explain.Error(err))
			return nil
		}
		w.pending = nil
		w.came(doing.Act, o)
		w.lookAgain(ctx, doing.ID)
		return nil
	}
}

// came notes what came of an act, and says what follows and what to tell the caller.
func (w *deskCall) came(act link.DeskAct, o desk.Outcome) {
	if o.State == desk.NotDone {
		return
	}
	note(w.call, act, o)
	for _, line := range afterLines(act, o) {
		w.app.say(line)
	}
}

// told tells what came of it, and asks whether to go on where that is not the end.
func (w *deskCall) told(ctx context.Context, doing *desk.Doing, deed link.Deed, o desk.Outcome, failed error) (end bool, err error) {
	defer deed.Clear()
	w.app.say("")
	w.app.say(desk.Say(doing.Act, o, time.Local))
	if failed != nil && !isOver(failed) {
		w.app.warn(explain.Error(failed))
	}
	w.pending = nil
	if o.State == desk.NotKnown { // until it is known
		w.pending = doing
	}
	switch {
	case isOver(failed):
		given, err := w.anew(ctx, doing, failed)
		return !given, err
	case o.State == desk.NotDone && errors.Is(failed, link.ErrUnreachable), o.State == desk.NotKnown:
		again, err := w.app.confirm(ctx, words.T("Check whether it was done, and try again if not?"), "--yes", true)
		return err != nil || !again, err
	case o.State == desk.Done && (o.Earlier || o.Lost && doing.Act == link.ActBypass):
		return w.onceMore(ctx, doing, o)
	}
	w.came(doing.Act, o)
	return true, w.app.readOut(ctx, deed)
}

// anew asks for the permission anew, and tells whether it was given.
func (w *deskCall) anew(ctx context.Context, doing *desk.Doing, failed error) (given bool, err error) {
	err = w.relink(ctx, failed)
	switch {
	case err == nil:
		doing.Desk = w.desk.Desk
		return true, nil
	case explain.Error(err).Kind == explain.Cancelled:
		return false, err
	}
	w.app.warn(explain.Error(err))
	return false, nil
}

// onceMore asks whether what was done already is wanted once more.
func (w *deskCall) onceMore(ctx context.Context, doing *desk.Doing, o desk.Outcome) (end bool, err error) {
	if doing.Again && o.Earlier {
		w.app.say(words.T("The service does the same only once a minute. Wait a minute before you say yes."))
	}
	w.came(doing.Act, o) // whatever comes of it once more
	again, err := w.app.confirm(ctx, words.T("Do it again?"), "--yes", false)
	if err != nil || !again {
		return true, err
	}
	*doing = *w.app.doing(*w.desk, link.Subject{Who: link.Who{ID: doing.ID}}, doing.Act, doing.Record)
	doing.Again = true
	return false, nil
}

// isOver tells whether the permission to work at the desk has to be asked for anew.
func isOver(err error) bool {
	return errors.Is(err, link.ErrProveAgain) || errors.Is(err, link.ErrEnded) || errors.Is(err, link.ErrNotLinked)
}

// relink asks for the permission anew: it is good for some minutes, and calls are
// long. Where the agent does not want that, it returns why it was asked.
func (w *deskCall) relink(ctx context.Context, why error) error {
	w.app.say(explain.Error(why).What)
	again, err := w.app.confirm(ctx, words.T("Sign in again in the browser, and go on?"), "--yes", true)
	if err != nil || !again {
		return cmp.Or(err, why)
	}
	d, err := w.desk.again(ctx)
	if err == nil {
		w.desk.Desk = d
	}
	return err
}
