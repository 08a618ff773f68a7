// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desk"
)

// actions offers what can be done, in the order of danger, until the call ends.
func (w *deskCall) actions(ctx context.Context) error {
	acts := helpdesk.Acts()[1:]
	for {
		w.app.say("")
		for i, act := range acts {
			w.app.say(fmt.Sprintf("%3d  %s: %s", i+1, helpdesk.ActName(act), w.how(act)))
		}
		text, err := w.ask(ctx, words.T("A number, p for the six words again, u if somebody applies pressure, q to end with the note: "))
		if err != nil {
			return err
		}
		switch n, ok := numbered(text, 0, len(acts)); {
		case text == "q":
			return errStop
		case text == "u":
			err = w.call.Answer(helpdesk.Calm, false)
			w.app.say(sayLine(helpdesk.SayUrged()))
		case text == "p":
			err = w.again(ctx)
		case ok:
			err = w.act(ctx, acts[n-1])
		}
		if err != nil {
			return err
		}
	}
}

// how says how far an action may go, in a few words.
func (w *deskCall) how(act link.DeskAct) string {
	if w.pending != nil && w.pending.Act == act {
		return "? " + desk.Say(act, desk.Outcome{State: desk.NotKnown}, time.Local)
	}
	missing := w.call.Missing(act)
	switch w.call.Verdict(act) {
	case helpdesk.Refused:
		return "✗ " + missing[0].What
	case helpdesk.Lacking:
		return "! " + words.N(len(missing), "missing: {first}", "{n} things missing, the first: {first}", "first", missing[0].What)
	case helpdesk.AskOnly:
		return "✓ " + words.T("can be requested")
	}
	return "✓"
}

// again hears new words.
func (w *deskCall) again(ctx context.Context) error {
	text, err := w.ask(ctx, words.T("The six words as they are now: "))
	switch {
	case errors.Is(err, errBack):
		return nil
	case err == nil && text != "":
		w.heard(text)
	}
	return err
}

// act asks for everything that is missing, then does it. Where it is not known whether
// something was done, that comes first, whatever else is wanted.
func (w *deskCall) act(ctx context.Context, act link.DeskAct) error {
	if w.pending != nil {
		return w.settle(ctx)
	}
	for {
		missing := w.call.Missing(act)
		if w.call.Verdict(act) == helpdesk.Refused { // what else is missing is of no use then
			missing = slices.DeleteFunc(missing, func(m helpdesk.Missing) bool { return !m.Never })
			for _, line := range missingLines(missing) {
				w.app.say(line)
			}
			return nil
		}
		if len(missing) == 0 {
			break
		}
		given, err := w.give(ctx, missing[0])
		switch {
		case errors.Is(err, errBack), errors.Is(err, errHere): // to what can be done
			return nil
		case err != nil || !given:
			return err
		}
	}
	if w.away {
		return w.elsewhere(ctx, act)
	}
	return w.do(ctx, act)
}

// give asks for what is missing; given is false where the agent goes back.
func (w *deskCall) give(ctx context.Context, m helpdesk.Missing) (given bool, err error) {
	w.app.say("")
	w.app.say(m.What)
	if m.Say != "" {
		w.app.say(sayLine(m.Say))
	}
	switch m.Item {
	case helpdesk.Calm:
		return w.answer(ctx, m.Item, words.T("Is anybody applying pressure? {how}", "how", helpdesk.How(m.Item)))
	case helpdesk.Alone:
		return w.answer(ctx, m.Item, words.T("Is any other change wanted, too? {how}", "how", helpdesk.How(m.Item)))
	case helpdesk.Advised:
		a, _ := w.call.Advice()
		w.app.say(words.T("To do that first, type b, and choose “{act}”.", "act", helpdesk.ActName(a.Act)))
		return true, w.skip(ctx, m.Item)
	case helpdesk.Phrase, helpdesk.Step, helpdesk.Backup, helpdesk.Least:
		return true, w.skip(ctx, m.Item)
	case helpdesk.Called:
		if m.Skip {
			return w.callBack(ctx)
		}
	}
	return w.proof(ctx)
}

// callBack asks what came of the call back, which is left out only in writing.
func (w *deskCall) callBack(ctx context.Context) (bool, error) {
	w.app.say(helpdesk.How(helpdesk.Called))
	for {
		text, err := w.ask(ctx, words.T("Did the user answer there? y, n if not yet, x to skip it: "))
		if err != nil {
			return false, err
		}
		yes, known := yesOrNo(text, false)
		switch {
		case text == "":
		case text == "x":
			return true, w.skip(ctx, helpdesk.Called)
		case known && yes:
			return true, w.call.Tick(helpdesk.Called, true)
		case known:
			return false, nil
		}
	}
}

// answer asks a question to which yes speaks against.
func (w *deskCall) answer(ctx context.Context, i helpdesk.Item, question string) (bool, error) {
	yes, err := w.either(ctx, question)
	if err != nil {
		return false, err
	}
	return true, w.call.Answer(i, !yes)
}

// either asks until there is a yes or a no: nothing is taken for granted.
func (w *deskCall) either(ctx context.Context, question string) (bool, error) {
	for {
		text, err := w.ask(ctx, question+" "+words.T("y or n: "))
		if err != nil {
			return false, err
		}
		if yes, ok := yesOrNo(text, false); ok && text != "" {
			return yes, nil
		}
	}
}

// proofs are the proofs in the order in which they are offered.
var proofs = []helpdesk.Item{helpdesk.Called, helpdesk.Boss, helpdesk.Video, helpdesk.Met, helpdesk.Channel}

// proof asks which proof was given.
func (w *deskCall) proof(ctx context.Context) (bool, error) {
	for i, p := range proofs {
		mark := " "
		if s, _ := w.call.State(p); s == helpdesk.Done {
			mark = "✓"
		}
		w.app.say(fmt.Sprintf("%3d %s %s. %s", i+1, mark, helpdesk.Label(p), helpdesk.How(p)))
	}
	for {
		text, err := w.ask(ctx, words.T("The number of the proof that was given (Enter for none): "))
		if err != nil || text == "" {
			return false, err
		}
		n, ok := numbered(text, 0, len(proofs))
		if !ok {
			continue
		}
		if err := w.call.Tick(proofs[n-1], true); err != nil {
			w.app.warn(explain.Error(err))
			continue
		}
		return true, nil
	}
}
