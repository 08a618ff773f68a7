// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link/practicetest"
)

const (
	dan  = "dan@example.com"
	ela  = "ela@example.com"
	hana = "hana@example.com"
	ada  = "ada@example.com"
)

// behind is how slow the callers' clocks are in the last calls: more than the
// service makes allowance for.
const behind = 150 * time.Second

// toldApart are the proofs that lead past the second factor: two of different kinds,
// besides the call back.
var toldApart = []string{"Called back on the number on record", "The manager, found in the company directory, vouches", "Seen on live video, with an ID"}

// R49–R60 R64–R72, as they are met in a call: six whole calls, one after another, as
// on a morning at a helpdesk. The caller's app and browser are on the left, the
// agent's on the right, and the service runs between them. Each caller is signed in at
// the end, and set up again where that is due, or is rightly refused.
func TestSixCalls(t *testing.T) {
	c := newCalls(t)
	c.desk.begins(hana)
	c.tooManyCodes()
	c.lostPhone()
	c.pressure()
	c.desk.begins(ada)
	c.stolenPhone()
	c.service.Turn(t, behind)
	c.oldPhone()
	c.slowClock()
	c.agreesWithPage()
}

// calls are the two at the telephone.
type calls struct {
	*journey // the caller
	b        *browser
	replaces bool // the app has an account already, whose key is dead
	desk     *desk
}

func newCalls(t *testing.T) *calls {
	t.Helper()
	need(t, "chromium", "Xvfb")
	both := newDesktop(t, fmt.Sprintf("%dx1000x24", 2*half), "journey")
	service := practicetest.Start(t)
	c := &calls{journey: both.person("caller", service, 0), desk: &desk{journey: both.person("agent", service, 1)}}
	c.b, c.desk.b = c.browse(), c.desk.browse()
	return c
}

// device gives the caller a device of their own, with an account in its app or none.
func (c *calls) device(of, key string) *calls {
	c.t.Helper()
	if c.app != nil {
		c.stop()
	}
	c.data = filepath.Join(c.tmp, of)
	if _, err := os.Stat(c.data); err == nil {
		return c // it is the one of before
	}
	c.must(os.Mkdir(c.data, 0o700))
	c.must(os.WriteFile(filepath.Join(c.data, "settings.json"), []byte(`{"version":1,"theme":"light"}`), 0o600))
	c.workspace("")
	if key != "" {
		c.add(c.data, key)
	}
	return c
}

// tooManyCodes: Dan mistyped his code too often. He is unlocked, and signs in.
func (c *calls) tooManyCodes() {
	c.device("dan", c.service.Person(c.t, dan).KeyURI)
	c.b.signIn(dan)
	for range 5 {
		c.b.fill("Verification code", "000000").press("Verify")
	}
	c.b.sees("Try again in 30 seconds.")

	c.start()
	c.press("Get back in").press("Call your helpdesk")
	a := c.desk
	a.hears(c.phrase(), "The clock has not been checked yet")
	a.edges("Name or e-mail address").looksUp(dan).sees("There were 5 wrong codes in a row.")
	a.checks("Called back on the number on record")
	a.does("Unlock", "Unlock").sees("Please try again now, with the code that your app shows. Do not tell it to me.").press("Close")
	c.press("Codes")
	c.b.visit("/second").fill("Verification code", c.code()).press("Verify").sees("Hello, Dan")
	a.ends("Too many wrong codes", "Unlock. Audit number")
}

// lostPhone: the phone that got Ela's messages is gone, and so are the backup codes.
// A bypass code that is read out lets her set up this computer, and nothing else.
func (c *calls) lostPhone() {
	c.device("ela", "")
	c.b.press("Sign out").signIn(ela)
	c.start()
	c.press("Get back in").press("Call your helpdesk")
	a := c.desk
	a.hears(c.phrase(), "Kutano is not in this app.")
	a.looksUp(ela)
	a.checks(toldApart...)
	a.does("Make a bypass code", "Make a bypass code")
	code := a.reads()
	a.press("I have read it out")
	c.b.press("Use a code from your helpdesk").fill("Code from your helpdesk", code).press("Verify")
	c.setsUpAgain()
	a.ends("A lost phone, and no backup codes", "Make a bypass code. Audit number")
}

// pressure: somebody says they are Dan, and that a flight leaves. Nothing is done.
func (c *calls) pressure() {
	before := c.service.Person(c.t, dan)
	a := c.desk
	a.looksUp(dan)
	a.press("Is anybody applying pressure? Yes").sees("The caller is applying pressure. Nothing is done in this call.", "I will call you back on the number that we have on record.")
	for _, act := range []string{"Unlock", "Allow two codes", "Make a bypass code"} {
		a.clicks-- // the agent knows by now
		a.press(act).sees(act+": not in this call").clicks--
		a.press("Close")
	}
	a.ends("A caller who applies pressure", "The caller applied pressure: nothing was done")
	u := c.service.User(c.t, dan, before.KeyURI) // his codes still let him in
	if u.ID == "" {
		c.t.Error("Dan cannot get in any more")
	}
}

// stolenPhone: whoever has Dan's phone may have read his codes, so an administrator
// resets, and Dan sets up again at once. The dead entry goes.
func (c *calls) stolenPhone() {
	c.device("dan", "")
	c.b.signIn(dan)
	c.start()
	c.press("Get back in").press("Call your helpdesk")
	a := c.desk
	a.hears(c.phrase(), "The clock has not been checked yet")
	a.looksUp(dan)
	c.replaces = true
	a.checks(toldApart...)
	a.press("Reset two-factor authentication").press("Show me in the checklist")
	a.press("Skip: What the finding advises was done").fill("Why, in a few words", "The phone with the codes is gone").press("Skip it")
	a.press("Skip: A bypass code is not enough").fill("Why, in a few words", "Whoever has the phone may have read along").press("Skip it")
	a.does("Reset two-factor authentication", "Reset two-factor authentication").sees("Please sign in as usual, and set your app up again right away.").press("Close")
	c.b.signIn(dan)
	c.setsUpAgain()
	a.ends("A stolen phone", "Reset two-factor authentication. Audit number")
}

// oldPhone: the clock of Ela's device cannot be set. She types two codes that follow
// one another at Kutano's own page, and tells nobody.
func (c *calls) oldPhone() {
	c.device("ela", "")
	c.b.signIn(ela)
	c.start()
	c.press("Get back in").press("Call your helpdesk")
	a := c.desk
	a.hears(c.phrase(), "The clock has not been checked yet")
	a.looksUp(ela)
	a.checks("Called back on the number on record")
	a.does("Allow two codes", "Allow two codes").sees("choose “My helpdesk asked me to type two codes”").press("Close")
	c.press("I should type two codes")
	first, second := c.two()
	c.b.visit("/second").press("My helpdesk asked me to type two codes").fill("The code shown now", first).fill("The code after it", second).press("Continue").sees("slow, but your codes work again all the same.")
	c.press("Kutano accepted them").sees("Now type the next code")
	c.b.fill("Verification code", c.after(second)).press("Verify").sees("Hello, Ela")
	c.press("Kutano accepted it").sees("You are in: now keep it that way")
	a.ends("An old phone whose clock is wrong", "Allow two codes. Audit number")
}

// slowClock: Dan's clock is slow. He has it checked, as he is told, and his app puts
// its codes right: nobody does anything at the service.
func (c *calls) slowClock() {
	c.device("dan", "")
	names, _ := slowBy(c.t, behind)
	c.must(clock.Open(c.data, nil).Allow(clock.OnDemand, names))
	c.b.press("Sign out").signIn(dan)
	c.start()
	c.press("Get back in").press("Call your helpdesk")
	a := c.desk
	a.hears(c.phrase(), "Please open “Settings”, and under “Clock” press “Check or correct it”, then “Check my clock”.")
	c.press("Settings").press("Check or correct it").press("Check my clock").sees("2 minutes 30 seconds slow. Your codes are corrected").press("Back").press("Codes")
	c.b.fill("Verification code", c.code()).press("Verify").sees("Hello, Dan")
	c.press("Get back in")
	a.press("Ask for the six words again")
	a.hears(c.phrase(), "Nothing that can be seen from here").sees("What was wrong has been put right.")
	a.ends("A slow clock", "Nothing was changed at the service")
}

// agreesWithPage checks that docs/helpdesk.md says how much an agent does in a call.
func (c *calls) agreesWithPage() {
	c.t.Helper()
	page, err := os.ReadFile("../../docs/helpdesk.md")
	c.must(err)
	var all []int
	for _, d := range c.desk.done {
		all = append(all, d.actions)
		if row := fmt.Sprintf("| %s | %d |", d.call, d.actions); !strings.Contains(string(page), row) {
			c.t.Errorf("docs/helpdesk.md has no row %q", row)
		}
	}
	slices.Sort(all)
	if n := len(all); n != 6 {
		c.t.Fatalf("%d calls", n)
	}
	median := fmt.Sprintf("the median is %g.\n", float64(all[2]+all[3])/2)
	if !strings.Contains(string(page), median) {
		c.t.Errorf("docs/helpdesk.md does not say that %s", median)
	}
}
