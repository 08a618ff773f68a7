// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/otpauth"
)

// choose asks which of the found accounts to add, and whether to replace those
// that are here with another key. Only a person is asked.
func (in *intake) choose(ctx context.Context) error {
	if in.quiet || !in.app.interactive() {
		return nil
	}
	if in.ask {
		if err := in.chooseNew(ctx); err != nil {
			return err
		}
	}
	if in.replace {
		return nil
	}
	for _, e := range in.entries {
		if e.status != isDiffers || e.twin != nil {
			continue
		}
		question := words.T("{account} is here already, with another key. Replace it?", "account", e.title())
		yes, err := in.app.confirm(ctx, question, "--replace", false)
		if err != nil {
			return err
		}
		e.skip = !yes
	}
	in.replace = true
	return in.somethingLeft()
}

// somethingLeft makes it "cancelled" when the person wants none of it.
func (in *intake) somethingLeft() error {
	skipped := false
	for _, e := range in.entries {
		if !e.skip {
			return nil
		}
		skipped = true
	}
	if skipped {
		return declined()
	}
	return nil
}

func (in *intake) chooseNew(ctx context.Context) error {
	var fresh []*entry
	for _, e := range in.entries {
		if e.status == isNew {
			fresh = append(fresh, e)
		}
	}
	switch len(fresh) {
	case 0:
		return nil
	case 1:
		yes, err := in.app.confirm(ctx, words.T("Add {account}?", "account", fresh[0].title()), "--yes", true)
		fresh[0].skip = !yes
		if err != nil {
			return err
		}
		return in.somethingLeft()
	}
	for i, e := range fresh {
		in.app.say(fmt.Sprintf("%3d  %s", i+1, e.title()))
	}
	question := words.T("Add all {n}? Enter for yes, n for none, or the numbers you want: ", "n", len(fresh))
	for {
		answer, err := in.app.ask(ctx, question)
		if err != nil {
			return err
		}
		if wanted, ok := picked(answer, len(fresh)); ok {
			for i, e := range fresh {
				e.skip = !wanted[i]
			}
			return in.somethingLeft()
		}
	}
}

// picked reads the answer: yes, no, or numbers from 1 to n.
func picked(answer string, n int) ([]bool, bool) {
	wanted := make([]bool, n)
	if yes, ok := yesOrNo(answer, true); ok {
		for i := range wanted {
			wanted[i] = yes
		}
		return wanted, true
	}
	for _, field := range strings.FieldsFunc(answer, func(r rune) bool { return r == ' ' || r == ',' }) {
		i, err := strconv.Atoi(field)
		if err != nil || i < 1 || i > n {
			return nil, false
		}
		wanted[i-1] = true
	}
	return wanted, true
}

// report says what became of each entry.
func (in *intake) report(ctx context.Context) error {
	if in.app.json {
		if in.app.doc == nil {
			in.app.doc = &document{}
		}
		in.app.doc.Accounts = in.show()
		return nil
	}
	var b strings.Builder
	for _, e := range in.entries {
		if !e.skip {
			fmt.Fprintf(&b, "%s\n", in.sentence(e))
		}
	}
	if _, err := io.WriteString(in.app.Out, b.String()); err != nil {
		return fmt.Errorf("print result: %w", err)
	}
	return in.goBack(ctx)
}

func (in *intake) show() []shownEntry {
	list := make([]shownEntry, 0, len(in.entries))
	for _, e := range in.entries {
		s := shownEntry{Source: e.source, Status: string(e.status), Reason: in.reason(e)}
		switch {
		case e.status == isRefused:
			s.Name = e.name
		default:
			s.shown = showKey(e.key)
			s.ID = e.account.ID
			if e.twin != nil {
				s.ID = e.twin.account.ID
			}
		}
		list = append(list, s)
	}
	return list
}

// reason says why an entry was not simply added, or "".
func (in *intake) reason(e *entry) string {
	switch {
	case e.status == isRefused:
		return explain.Reason(e.err)
	case e.skip:
		return words.T("You left it out.")
	case e.status == isSame:
		return words.T("It is here already.")
	case e.status == isDiffers && e.done:
		return words.T("Its key was replaced.")
	case e.status == isDiffers && e.twin != nil:
		return words.T("It was found twice, with two keys.")
	case e.status == isDiffers:
		return words.T("It is here with another key.")
	}
	return ""
}

func (in *intake) sentence(e *entry) string {
	name := e.title()
	switch {
	case e.status == isNew && in.dryRun:
		return words.T("Would add {account}.", "account", name)
	case e.status == isNew:
		return words.T("Added {account}.", "account", name)
	case e.status == isDiffers && e.done:
		return words.T("Replaced the key of {account}. The old one can be brought back for 30 days.", "account", name)
	case e.status == isRefused:
		return words.T("Refused {account}: {reason}", "account", name, "reason", in.reason(e))
	}
	return words.T("Left {account}: {reason}", "account", name, "reason", in.reason(e))
}

// goBack tells someone who has just added a Kutano account what to do with it:
// the page in the browser waits for a code.
func (in *intake) goBack(ctx context.Context) error {
	var added []*entry
	for _, e := range in.entries {
		if e.done && e.account.Kutano && e.key.Type != otpauth.HOTP {
			added = append(added, e)
		}
	}
	if len(added) != 1 {
		return nil
	}
	now := in.app.codeTime()
	m := in.app.make(ctx, in.vault, added[0].account, now, true, true)
	if m.err != nil {
		return m.err
	}
	left := secondsLeft(m.code, now)
	text := words.N(left,
		"Now go back to Kutano, press Continue, and type this code: {code} (1 second left)",
		"Now go back to Kutano, press Continue, and type this code: {code} ({n} seconds left)",
		"code", grouped(m.code.Value))
	if left <= showNextFor {
		text = words.N(left,
			"Now go back to Kutano, press Continue, and type this code: {code} (1 second left, then {next})",
			"Now go back to Kutano, press Continue, and type this code: {code} ({n} seconds left, then {next})",
			"code", grouped(m.code.Value), "next", grouped(m.next))
	}
	_, err := fmt.Fprintln(in.app.Out, text)
	return err
}
