// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package runbook writes what a helpdesk keeps in a folder: the rules, the script of
// a call, what each finding means and what to say, how check phrases are typed in,
// the spelling alphabet, the recovery guide's topics with their steps, and a page of
// contacts to fill in.
//
// Everything is generated from what the app itself says and does: package helpdesk's
// script and advice, and the recovery guide. So paper and screen never differ. It is
// in the language in use, and holds nothing about any person. [HTML] and [PDF] write
// the same [sheet.Document].
package runbook

import (
	"strings"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/guide/printed"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/recovery/sheet"
)

// Make returns the runbook for a workspace, made on that day. The error is that of the
// guide that is built in.
func Make(fill guide.Fill, made time.Time) (sheet.Document, error) {
	g, err := guide.Recover()
	if err != nil {
		return sheet.Document{}, err
	}
	topics, err := topics(g, fill)
	if err != nil {
		return sheet.Document{}, err
	}
	d := sheet.Document{
		Title: words.T("Runbook for the helpdesk"),
		Head:  []string{words.T("For everyone who helps people back into Kutano. Nothing in it is secret. Its call script is the one in Kutano Authenticator.")},
		Made:  made,
	}
	if fill.Workspace != "" {
		d.Head = append(d.Head, words.T("For {workspace}.", "workspace", fill.Workspace))
	}
	d.Sections = append(d.Sections, rules())
	for _, s := range helpdesk.Script() {
		d.Sections = append(d.Sections, sheet.Section{Title: s.Title, Points: s.Lines})
	}
	d.Sections = append(d.Sections, typing(), findings(), spelling(), topics, contacts(fill))
	return d, nil
}

// rules are the seven that everything else stands on.
func rules() sheet.Section {
	return sheet.Section{
		Title: words.T("Seven rules"),
		Text:  []string{words.T("Attackers call helpdesks. They know names, birthdays and managers, and they are in a hurry. These rules apply to every call, whoever is calling.")},
		Steps: []string{
			words.T("Never ask anybody for a code, a backup code, the QR code or a look at the app. Kutano support never does."),
			words.T("Call back on the number on record: not on one that the caller gives now, and not on one that was changed in the last seven days."),
			words.T("Before a bypass code or a reset, call back, and get two proofs of different kinds besides: live video with an ID, the manager from the company directory, or a number that you send and that comes back on a second channel. If you do not call back, write down why."),
			words.T("For administrators and owners, two administrators have to agree, and 24 hours have to pass."),
			words.T("Never change the e-mail address and take away the second step in the same call. Anyone who applies pressure is refused, whoever they are."),
			words.T("Begin with the smallest thing: the clock, the next code, a backup code, two codes in a row, a bypass code, and only then a reset."),
			words.T("Afterwards, end the sessions, tell the user, make sure that they set it up again, and close the ticket with its audit number."),
		},
	}
}

// typing says how the check phrase is taken down.
func typing() sheet.Section {
	return sheet.Section{
		Title: words.T("The check phrase"),
		Text: []string{
			words.T("The caller’s app shows six words, which say how things stand there. They are not secret, and no name is in them. Have the caller read them out in order, and type them in."),
		},
		Points: []string{
			words.T("The first four letters of a word are enough. Capitals and accents make no difference."),
			words.T("Each word gets a tick when it is known. The sixth shows whether all were heard correctly: if it does not fit, have the caller read them again, slowly."),
			words.T("Each word is also a three-digit number from 000 to 255, shown below the words. Numbers and words can be mixed, which helps if words are hard to hear."),
			words.T("Words in other languages are known, too. Ask which language the app is in."),
			words.T("After each thing that was put right, ask for the words again. They change only when something has changed."),
			words.T("It works without a network, on both sides."),
		},
	}
}

// findings are what the phrase can say, with the next step and what to say.
func findings() sheet.Section {
	t := sheet.Table{
		Head:   []string{words.T("What is wrong"), words.T("What comes next"), words.T("Say")},
		Shares: []float64{0.3, 0.3, 0.4},
	}
	for _, a := range advices() {
		t.Rows = append(t.Rows, []string{a.Finding, a.Next, a.Say})
	}
	return sheet.Section{
		Title: words.T("What to do about each finding"), Table: t, NewPage: true,
		Text: []string{words.T("In the order in which they are looked for. Read out what to say just as it is written.")},
	}
}

// spelling is the alphabet that a bypass code is read out in.
func spelling() sheet.Section {
	const letters, columns = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 3
	said := helpdesk.Spell(letters, words.Current())
	t := sheet.Table{}
	for range columns {
		t.Head = append(t.Head, words.T("Sign"), words.T("Say"))
		t.Shares = append(t.Shares, 1.0/columns/4, 1.0/columns*3/4)
	}
	for i := range len(said) / columns {
		var row []string
		for c := range columns {
			at := c*len(said)/columns + i
			row = append(row, letters[at:at+1], said[at])
		}
		t.Rows = append(t.Rows, row)
	}
	return sheet.Section{
		Title: words.T("The spelling alphabet"), Table: t, NewPage: true,
		Text: []string{words.T("A bypass code is the only code that is ever read out, by you and never by the caller. All it does is let the user set up again.")},
	}
}

// topics are what people say, with the steps that the app takes with them.
func topics(g *guide.Guide, fill guide.Fill) (sheet.Section, error) {
	s, err := printed.LayOut(g, nil, fill)
	if err != nil {
		return sheet.Section{}, err
	}
	t := sheet.Table{Head: []string{words.T("What the caller says"), words.T("Steps, in order")}, Shares: []float64{0.3, 0.7}}
	for _, p := range s.Parts {
		var steps []string
		for _, x := range p.Steps {
			if !x.End {
				steps = append(steps, words.T("{n}. {step}", "n", len(steps)+1, "step", x.Title))
			}
		}
		t.Rows = append(t.Rows, []string{p.Entry.Title, strings.Join(steps, "\n")})
	}
	return sheet.Section{
		Title: words.T("What callers say"), Table: t, NewPage: true,
		Text: []string{words.T("The app takes the caller through these steps under “Get back in”. A step from an earlier row is not repeated; a backup code and the call come last in every row.")},
	}, nil
}

// contacts is the page to fill in.
func contacts(fill guide.Fill) sheet.Section {
	return sheet.Section{
		Title: words.T("Our contacts"), NewPage: true,
		Text: []string{words.T("Fill this in by hand, and keep it where everybody at the helpdesk can find it, even without a computer.")},
		Blanks: []sheet.Blank{
			{Label: words.T("Workspace:"), Value: fill.Workspace},
			{Label: words.T("Helpdesk contact that users are given:"), Value: fill.Contact},
			{Label: words.T("Security settings:"), Value: fill.Settings},
			{Label: words.T("Hours:")},
			{Label: words.T("Web address of the service’s helpdesk page:")},
			{Label: words.T("Company directory, for numbers on record:")},
			{Label: words.T("Second channel, for numbers to send back:")},
			{Label: words.T("Room for live video:")},
			{Label: words.T("First administrator:")},
			{Label: words.T("Second administrator:")},
			{Label: words.T("Owner:")},
			{Label: words.T("Security, also at night:")},
			{Label: words.T("Ticket system:")},
		},
	}
}
