// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desk"
)

// shownDeed is what came of something at the desk.
type shownDeed struct {
	Act     string `json:"act"`
	User    string `json:"user"`  // id
	State   string `json:"state"` // done, waiting, not_done or not_known
	Audit   int64  `json:"audit"` // 0 for none
	Case    string `json:"case"`
	Lost    bool   `json:"lost"`    // the answer was lost, and it was looked up
	Earlier bool   `json:"earlier"` // it was done before, and not again
	At      int64  `json:"at"`      // Unix seconds; 0 where the service did not say
	Until   int64  `json:"until"`   // Unix seconds: until when a code, or the page for two codes, is good; 0 for none
	Note    string `json:"note"`    // for the ticket
	Say     string `json:"say"`     // what to say to the caller; "" for nothing
	// Code and Spelled are there with --show-code alone.
	Code    string   `json:"bypass_code,omitempty"`
	Spelled []string `json:"spelled,omitempty"`
}

// deedOf is what came of an act, as a call has it.
func deedOf(act link.DeskAct, o desk.Outcome) helpdesk.Deed {
	return helpdesk.Deed{Act: act, Audit: o.Audit, Waiting: o.State == desk.Waiting, Unknown: o.State == desk.NotKnown, Earlier: o.Earlier}
}

// note notes in a call what came of an act, once.
func note(c *helpdesk.Call, act link.DeskAct, o desk.Outcome) {
	noted := func(d helpdesk.Deed) bool { return d.Act == act && d.Audit == o.Audit && o.Audit != 0 }
	if o.State != desk.NotDone && !slices.ContainsFunc(c.Deeds(), noted) {
		c.Did(deedOf(act, o))
	}
}

// sayAfter is what the caller is told after an act; "" for nothing. A bypass code is
// announced only where there is one to read out.
func sayAfter(act link.DeskAct, o desk.Outcome, code bool) string {
	if o.State == desk.NotDone || act == link.ActBypass && !code {
		return ""
	}
	return helpdesk.SayAfter(deedOf(act, o))
}

// sayLine is a sentence for the caller, as a line of its own.
func sayLine(sentence string) string { return words.T("Say: “{sentence}”", "sentence", sentence) }

// afterLines say what follows on an act, and what to tell the caller. What announces a
// code stands beside the code.
func afterLines(act link.DeskAct, o desk.Outcome) []string {
	var lines []string
	for _, follows := range helpdesk.Follows(deedOf(act, o)) {
		lines = append(lines, "  "+follows)
	}
	if say := sayAfter(act, o, false); say != "" {
		lines = append(lines, sayLine(say))
	}
	return lines
}

var deedStates = map[desk.State]string{desk.NotDone: "not_done", desk.Done: "done", desk.Waiting: "waiting", desk.NotKnown: "not_known"}

// showDeed tells what came of an act.
func (a *App) showDeed(ctx context.Context, c *helpdesk.Call, w *desk.Doing, deed link.Deed, o desk.Outcome, show bool, err error) error {
	if a.json {
		v := &shownDeed{
			Act: string(w.Act), User: w.ID, State: deedStates[o.State], Audit: o.Audit, Case: deed.Case, Lost: o.Lost, Earlier: o.Earlier,
			At: unix(o.At), Until: unix(deed.Until), Note: helpdesk.Note(c),
		}
		if show && deed.Bypass.Len() > 0 {
			v.Code = deed.Bypass.Reveal()
			v.Spelled = helpdesk.Spell(v.Code, words.Current())
		}
		v.Say = sayAfter(w.Act, o, v.Code != "")
		a.doc = &document{Desk: v}
		return err
	}
	if err != nil {
		a.say(desk.Say(w.Act, o, time.Local))
		return err
	}
	lines := append([]string{desk.Say(w.Act, o, time.Local)}, afterLines(w.Act, o)...)
	if o.Earlier {
		lines = append(lines, words.T("If you want it once more all the same, add {flag}.", "flag", "--again"))
	}
	if err := a.printLines(lines...); err != nil {
		return err
	}
	return a.readOut(ctx, deed)
}

// readOut shows a bypass code once, as it is read out, until Enter: it is not in what
// can be scrolled back to. Its caller has seen to it that this is a terminal.
func (a *App) readOut(ctx context.Context, deed link.Deed) error {
	code := deed.Bypass.Reveal()
	if code == "" {
		return nil
	}
	letters, said := helpdesk.Letters(code), helpdesk.Spell(code, words.Current())
	lines := []string{
		sayLine(helpdesk.SayAfter(helpdesk.Deed{Act: link.ActBypass})), "",
		words.T("Read it out, word by word. All it does is let the caller set up again:"), "",
	}
	for i, word := range said {
		lines = append(lines, "    "+letters[i:i+1]+"  "+word)
		if i%4 == 3 {
			lines = append(lines, "")
		}
	}
	lines = append(lines, words.T("It is a secret until {time}, and is shown only this once. Do not write it down or send it; let the caller type it while you read it out.",
		"time", deed.Until.Local().Format("15:04")))
	if err := a.printLines(append([]string{enterScreen}, lines...)...); err != nil {
		return err
	}
	// However that ends: the code was made and shown, and "cancelled" would not be true.
	_, _ = a.ask(ctx, words.T("Press Enter when the caller has typed it; it is then gone: "))
	if _, err := io.WriteString(a.Out, leaveScreen); err != nil {
		return fmt.Errorf("hide the code: %w", err)
	}
	return nil
}
