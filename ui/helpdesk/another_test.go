// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"strings"
	"testing"

	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
)

// The answer is lost, the permission ends, and another agent signs in: what the first
// one did is not theirs, so it stays not known, and is not sent again.
func TestAnotherAgentSignsIn(t *testing.T) {
	r := ready(t, "hana", "ana")
	r.desk.Fail = func(call string, after bool) error {
		switch {
		case call == "unlock" && after:
			return link.ErrUnreachable
		case call == "look" && r.desk.Calls["unlock"] > 0 && r.allowed == 0:
			return link.ErrEnded
		}
		return nil
	}
	r.agent = "amir"
	r.r.Press(link.ActUnlock)
	r.press("Unlock")
	r.press("Check whether it was done")
	r.press("Sign in again in my browser")
	for range 2 {
		if r.sheet() != "Another agent has signed in" {
			t.Fatalf("%q", r.sheet())
		}
		r.mustNotSee("Try again", "It was not done.")
		if !strings.Contains(r.r.noteText(), "not known whether it was done") || r.desk.Calls["unlock"] != 1 {
			t.Errorf("sent %d times; the note is %q", r.desk.Calls["unlock"], r.r.noteText())
		}
		r.press("Close")
		r.r.Press(link.ActUnlock) // nor by pressing it again
		r.press("Check whether it was done")
	}
	r.agent = "hana"
	r.press("Sign in again in my browser")
	r.mustSee("The service’s answer was lost, but it was done, at 10:31. Audit number 1742.")
	if r.desk.Done["unlock"] != 1 || r.r.pending != nil {
		t.Errorf("done %d times", r.desk.Done["unlock"])
	}

	r = ready(t, "hana", "ana") // nothing was sent yet
	r.agent, r.home.refuse = "amir", link.ErrProveAgain
	r.r.Press(link.ActUnlock)
	r.press("Unlock")
	r.press("Sign in again in my browser")
	if r.sheet() != "Another agent has signed in" || len(r.desk.Done) != 0 {
		t.Errorf("%q, %v", r.sheet(), r.desk.Done)
	}
	r.press("Close")
	r.press("End the call")
	r.press("End the call") // the next one is the other's
	r.hear(right())
	r.meet("ana")
	r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Boss, helpdesk.Calm, helpdesk.Alone)
	r.r.Press(link.ActUnlock)
	r.press("Unlock")
	if r.desk.Done["unlock"] != 1 {
		t.Errorf("%v", r.desk.Done)
	}
}

// Another takes the permission over outside of this call: by the command line, or by
// stopping and allowing it anew.
func TestPermissionOfAnother(t *testing.T) {
	r := ready(t, "hana", "ana")
	r.r.Press(link.ActUnlock)
	r.press("Unlock")
	r.press("Close")
	r.atDesk("amir")
	r.r.Press(link.ActSignOut)
	r.press("Sign out everywhere")
	if r.sheet() != "Another agent has signed in" || r.desk.Calls["sign-out"] != 0 {
		t.Errorf("%q, %v", r.sheet(), r.desk.Calls)
	}
	r.press("Close")
	r.press("Stop helping callers")
	r.agent = "amir"
	r.press("Help callers at the service…")
	if r.sheet() != "Another agent has signed in" {
		t.Errorf("%q", r.sheet())
	}
}

// A note is about one user: once something was done, the call ends before another is
// helped.
func TestSomebodyElse(t *testing.T) {
	const first = "End this call before you help somebody else."
	r := ready(t, "hana", "ana")
	r.r.Press(link.ActUnlock)
	r.press("Unlock")
	r.press("Close")
	r.press("Somebody else")
	r.mustSee(first, "Look again")
	r.press("Cancel")
	r.meet("ben")
	r.mustSee(first)
	if s, _ := r.r.Call().Subject(); s.Who.ID != "ana" || !strings.Contains(r.r.noteText(), "1742") {
		t.Errorf("%+v, %q", s.Who, r.r.noteText())
	}
	r.press("End the call")
	r.mustNotSee("Look again", "Done in this call.")
	r.meet("ben")
	r.mustSee("ben@example.com")

	r = newRig(t) // without a service
	r.r.who.role.SetSelectedIndex(0)
	r.hear(right())
	r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Boss, helpdesk.Calm, helpdesk.Alone)
	r.r.Press(link.ActUnlock)
	r.press("I have done it there")
	if note := r.r.noteText(); !strings.Contains(note, "- Unlock. Audit number not known\n") {
		t.Errorf("the note is %q", note)
	}
	r.atDesk("hana") // somebody who is looked up may be another
	r.meet("ana")
	r.mustSee(first)
	r.press("Cancel")
	r.home.ok = false
	r.r.who.role.SetSelectedIndex(1)
	r.mustSee(first)
	if r.r.who.role.SelectedIndex() != 0 {
		t.Error("another role is shown than the call has")
	}
	r.press("End the call")
	if r.r.who.role.SelectedIndex() >= 0 || len(r.r.Call().Deeds()) != 0 {
		t.Error("the call goes on")
	}
	r.r.who.role.SetSelectedIndex(1)
	r.mustNotSee(first)
}

// Before a bypass code the number on record is called back, or it is written down why
// not; where it does not count the note says that. R57
func TestCallBack(t *testing.T) {
	r := newCallAt(t, "hana")
	r.hear(right())
	r.meet("ana")
	r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Calm, helpdesk.Alone)
	skip := r.r.list.rows[helpdesk.Called].leave
	r.r.Press(link.ActUnlock)
	r.press("Close")
	if skip.Visible() {
		t.Error("one proof of several is to be left out")
	}
	r.tick(helpdesk.Boss, helpdesk.Video)
	r.r.Press(link.ActBypass)
	if r.sheet() != "Make a bypass code: still missing" {
		t.Fatalf("%q", r.sheet())
	}
	r.mustSee("A call to the number on record, or a written reason why it was not made.")
	r.press("Show me in the checklist")
	if r.w.Canvas().Focused() != r.r.list.rows[helpdesk.Called].check || !skip.Visible() {
		t.Errorf("the focus is on %v", r.w.Canvas().Focused())
	}
	r.r.Skip(helpdesk.Called)
	r.fill("Why, in a few words", "No line out of here today.")
	r.press("Skip it")
	if v := r.r.Call().Verdict(link.ActBypass); v != helpdesk.Free || !strings.Contains(r.r.noteText(), "Skipped: Called back on the number on record (No line out of here today.)") {
		t.Errorf("verdict %d; the note is %q", v, r.r.noteText())
	}

	r = newCallAt(t, "hana")
	r.hear(right())
	r.meet("ben")
	r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Boss, helpdesk.Video, helpdesk.Calm, helpdesk.Alone)
	if v := r.r.Call().Verdict(link.ActBypass); v != helpdesk.Free || !strings.Contains(r.r.noteText(), "- Calling back was not possible: the number on record was changed") {
		t.Errorf("verdict %d; the note is %q", v, r.r.noteText())
	}
}
