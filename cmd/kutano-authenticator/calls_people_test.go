// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// phrase are the six words that the caller reads out.
func (c *calls) phrase() string {
	c.t.Helper()
	c.sees("Your check phrase", "6.")
	all := c.look()
	var heard []string
	for n := 1; n <= 6; n++ {
		at := slices.IndexFunc(all, func(s seen) bool { return s.Text == string(rune('0'+n))+"." })
		if at < 0 || at+1 >= len(all) {
			c.fatalf("word %d is not there", n)
		}
		heard = append(heard, all[at+1].Text)
	}
	return strings.Join(heard, " ")
}

// codes are the codes on show, in groups of three digits.
func (c *calls) codes() []string {
	c.t.Helper()
	var all []string
	for _, s := range c.look() {
		if codeForm.MatchString(s.Text) {
			all = append(all, strings.Join(codeForm.FindStringSubmatch(s.Text)[1:], ""))
		}
	}
	return all
}

// two are the two codes that follow one another, as they come.
func (c *calls) two() (first, second string) {
	c.t.Helper()
	c.sees("Type two codes into Kutano’s own page")
	for end := time.Now().Add(2 * patient); time.Now().Before(end); {
		if all := c.codes(); len(all) == 2 {
			return all[0], all[1]
		}
	}
	c.fatalf("the second code does not come")
	return "", ""
}

// after is the code that comes after one.
func (c *calls) after(last string) string {
	c.t.Helper()
	for c.code() == last {
		_ = c.fresh()
	}
	return c.code()
}

// setsUpAgain goes through the set-up that follows a bypass code or a reset, in the
// app and at Kutano's page, where the caller is let in for nothing else.
func (c *calls) setsUpAgain() {
	c.t.Helper()
	b := c.b.sees("Set up two-factor authentication again")
	c.press("They gave me a code, or reset it").sees("Type the code on Kutano’s page").press("I am in").sees("You are in: now set it up again at once").press("Set up two-factor for Kutano")
	c.press("Begin").press("I have it").press("Open my Kutano settings")
	b.visit(c.opened()).press("Change two-factor authentication").sees("Two factor authentication")
	c.press("The window is open").press("Use an app").press("Use this app")
	b.press("Use authentication app").press("Continue").sees("Scan the QR code")
	c.press("I see the QR code").press("Scan my screen now")
	if c.replaces {
		c.press("Replace the key")
	}
	c.sees("Type the code into Kutano")
	b.press("Continue").fill("Verification code", c.code()).press("Verify").sees("The setup is complete")
	c.press("Kutano accepted it").press("Now the backup codes").press("I see the codes").press("Choose where")
	c.press("Note where they are").fill("In the safe at home", "In the safe at home").fill("10", "10").press("Note it")
	c.press("Show my ways back in").sees("Your ways back in").press("Done")
	b.tick("I have saved them").press("Done").press("Sign out")
	if a := c.account(); a.Verified.IsZero() {
		c.t.Error("it is not noted that Kutano accepted the code")
	}
}

// desk is who answers: at the right half of the screen, in an app and a browser of
// their own.
type desk struct {
	*journey
	b    *browser
	done []handled
}

// handled is a call that has ended, and how much the agent did in the app: what was
// pressed, ticked and typed into.
type handled struct {
	call    string
	actions int
}

// begins opens the helpdesk's room, and has an agent allow the work at the service.
func (d *desk) begins(email string) {
	d.t.Helper()
	if d.app == nil {
		d.workspace(d.service.URL)
		d.start()
		d.press("Settings").press("Open the helpdesk")
	} else {
		d.press("Stop helping callers")
		d.b.visit("/home").press("Sign out")
	}
	d.b.signIn(email).fill("Verification code", d.service.App(d.t, d.service.Person(d.t, email).KeyURI)).press("Verify").sees("Hello")
	d.press("Help callers at the service…").press("Open my browser")
	d.b.allow(d.opened())
	d.sees("as " + email)
	d.clicks = 0
}

// hears types the words of the caller, and sees what they say.
func (d *desk) hears(words, finding string) *desk {
	d.t.Helper()
	d.fill("Word 1", words).sees("What is wrong", finding)
	return d
}

// looksUp finds a user by the beginning of their address.
func (d *desk) looksUp(email string) *desk {
	d.t.Helper()
	name, _, _ := strings.Cut(email, "@")
	d.fill("Name or e-mail address", name+"@")
	d.keys("Return")
	d.sees("Look again", email)
	return d
}

// edges turns the wheel until a field has just come half into view, from below: what is
// clicked there can be typed into, too.
func (d *desk) edges(placeholder string) *desk {
	d.t.Helper()
	is := func(s seen) bool { return s.Type && s.Text == placeholder }
	for range 100 {
		all := d.look()
		i := slices.IndexFunc(all, is)
		if i < 0 || all[i].Seen {
			return d
		}
		d.scroll(pageY + wheelClick)
		d.comesToRest(all[i], is)
	}
	d.fatalf("the field %s does not come into view", placeholder)
	return d
}

// checks goes down the list: the step and a backup code, proofs of who calls, that
// nobody applies pressure, and that nothing else is wanted.
func (d *desk) checks(proofs ...string) {
	d.t.Helper()
	d.press("The caller took the next step").press("A backup code was tried, or there is none")
	for _, p := range proofs {
		d.press(p)
	}
	d.press("Is anybody applying pressure? No")
	d.press("Do they want the e-mail address or anything else changed, too? No")
}

// does has something done at the service, and confirms it.
func (d *desk) does(act, confirms string) *desk {
	d.t.Helper()
	d.press(act).sees(act + "?").press(confirms)
	return d
}

var lettersForm = regexp.MustCompile(`^[A-Z]{4} [A-Z]{4}$`)

// reads is the bypass code as it is read out.
func (d *desk) reads() string {
	d.t.Helper()
	s := d.find("a bypass code", func(s seen) bool { return lettersForm.MatchString(s.Text) })
	return strings.ReplaceAll(s.Text, " ", "")
}

var named = regexp.MustCompile(`(?i)\b(dan|ela|hana|ada)\b|@|\+\d`)

// ends takes the note for the ticket, and forgets the call.
func (d *desk) ends(call, noted string) {
	d.t.Helper()
	d.press("Note for the ticket").sees("It names nobody and holds no code.", noted)
	before, note := d.clipboard(), "" // there is the note of the call before still
	d.press("Copy")
	d.eventually("the note in the clipboard", func() bool {
		note = d.clipboard()
		return note != "" && note != before
	})
	if named.MatchString(note) || !strings.Contains(note, noted) {
		d.t.Errorf("the note of %s: %s", call, note)
	}
	d.press("End the call")
	if strings.Contains(d.text(), "End the call?") {
		d.press("End the call")
	}
	d.done = append(d.done, handled{call, d.clicks})
	d.clicks = 0
}
