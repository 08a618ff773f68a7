// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"fmt"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/link"
)

// Note is what is copied into the ticket: the finding, the checks, what was done with
// its numbers in the audit log, and what follows. It has no personal data in it, and
// is in the language in use.
func Note(c *Call) string {
	var b strings.Builder
	line := func(text string) { b.WriteString(text + "\n") }
	list := func(title string, lines []string) {
		if len(lines) == 0 {
			return
		}
		line("")
		line(title)
		for _, l := range lines {
			line("- " + l)
		}
	}
	line(words.T("Kutano: call from somebody who cannot get in"))
	if c.ticket != "" {
		line(words.T("Ticket: {ticket}", "ticket", c.ticket))
	}
	list(words.T("Found"), c.noteFound())
	list(words.T("Checked"), c.noteChecked())
	list(words.T("Done"), c.noteDone())
	list(words.T("What happens next"), c.noteFollows())
	return b.String()
}

func (c *Call) noteFound() []string {
	if !c.heard {
		return []string{words.T("The six words were not heard.")}
	}
	first := Advise(c.first)
	all := []string{first.Finding}
	if c.standing != c.first {
		all = append(all, Compare(c.first, c.standing).Headline)
	}
	if now := Advise(c.standing); now.Cause != first.Cause {
		all = append(all, now.Finding)
	}
	return append(all, words.T("From a check phrase of format {n}; app version {version}, on {platform}",
		"n", c.format, "version", Version(c.standing), "platform", PlatformIs(c.standing.Platform)))
}

// Version is the app's version of a phrase.
func Version(s standing.Standing) string {
	if s.Major == 0 && s.Minor == 0 {
		return words.T("unknown")
	}
	return fmt.Sprintf("%d.%d", s.Major, s.Minor)
}

func (c *Call) noteChecked() []string {
	var all []string
	for _, i := range Items {
		switch c.items[i] {
		case Done:
			if i != Least && i != Advised { // what was done at the service stands below
				all = append(all, Label(i))
			}
		case Skipped:
			all = append(all, words.T("Skipped: {item} ({why})", "item", Label(i), "why", c.whys[i]))
		case Against:
			all = append(all, against(i))
		case Open:
			if i == Called && c.NoCallBack() {
				all = append(all, c.noCallBack())
			}
		}
	}
	if c.role.Administrator() {
		all = append(all, words.T("The account belongs to an administrator or an owner"))
	}
	return all
}

// noCallBack says why calling back was not possible.
func (c *Call) noCallBack() string {
	if c.subject.CallBack == "" {
		return words.T("Calling back was not possible: there is no number on record")
	}
	return words.T("Calling back was not possible: the number on record was changed within the last seven days")
}

func against(i Item) string {
	if i == Calm {
		return words.T("The caller applied pressure: nothing was done")
	}
	return words.T("Another change was wanted in the same call: nothing was done")
}

func (c *Call) noteDone() []string {
	var all []string
	for _, d := range c.deeds {
		switch {
		case d.Unknown:
			all = append(all, words.T("{act}: it is not known whether it was done. Look at the user’s page before you try again", "act", ActName(d.Act)))
		case d.Waiting && d.Audit == 0:
			all = append(all, words.T("{act}: requested, and waiting for a second administrator. Audit number not known", "act", ActName(d.Act)))
		case d.Waiting:
			all = append(all, words.T("{act}: requested, and waiting for a second administrator. Audit number {n}", "act", ActName(d.Act), "n", d.Audit))
		case d.Earlier && d.Audit != 0:
			all = append(all, words.T("{act}: done before this, and not done again. Audit number {n}", "act", ActName(d.Act), "n", d.Audit))
		case d.Audit == 0:
			all = append(all, words.T("{act}. Audit number not known", "act", ActName(d.Act)))
		default:
			all = append(all, words.T("{act}. Audit number {n}", "act", ActName(d.Act), "n", d.Audit))
		}
	}
	if len(all) == 0 {
		all = append(all, words.T("Nothing was changed at the service"))
	}
	if c.remark != "" {
		all = append(all, c.remark)
	}
	return all
}

func (c *Call) noteFollows() []string {
	var all []string
	for _, d := range c.deeds {
		all = append(all, Follows(d)...)
	}
	if c.heard {
		switch c.standing.Codes {
		case standing.NoneLeft, standing.NeverSaved, standing.FewLeft:
			all = append(all, words.T("The user should make new backup codes"))
		}
		if c.standing.Link == standing.ServiceClock {
			all = append(all, words.T("Whoever runs the service has to check its clock"))
		}
	}
	if c.items[Calm] == Against || c.items[Alone] == Against {
		all = append(all, words.T("Tell the user, on the number on record, that somebody called, and watch the account"))
	}
	return all
}

// Follows says what follows on a deed.
func Follows(d Deed) []string {
	switch {
	case d.Unknown:
		return nil
	case d.Waiting:
		return []string{
			words.T("A second administrator approves or refuses it, after a day at the earliest"),
			words.T("The user was told on every channel, and can object"),
		}
	}
	watch := words.T("Make sure that the user sets it up again, then close the ticket")
	switch d.Act {
	case link.ActSignOut:
		return []string{words.T("All of the user’s sessions and linked apps have ended")}
	case link.ActUnlock:
		return []string{words.T("The user was told that the account was unlocked")}
	case link.ActResync:
		return []string{words.T("The user types two codes in a row on Kutano’s own page; close the ticket when they are in")}
	case link.ActBypass:
		return []string{words.T("The user was told on every channel that a bypass code was made"), watch}
	case link.ActReset:
		return []string{words.T("All of the user’s sessions and linked apps have ended"), words.T("The user was told on every channel, and can object"), watch}
	}
	return nil
}
