// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desktest"
	"github.com/kutano/authenticator/ui/kit"
)

// ready is a call in which nothing is missing.
func ready(t *testing.T, agent, user string) *rig {
	t.Helper()
	r := newCallAt(t, agent)
	r.hear(right())
	r.meet(user)
	r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Called, helpdesk.Boss, helpdesk.Video, helpdesk.Calm, helpdesk.Alone)
	return r
}

func TestWorkAtDesk(t *testing.T) {
	r := newRig(t)
	r.linked = true
	r.r.Refresh()
	r.tick(helpdesk.Calm)
	r.allows = false
	r.press("Help callers at the service…")
	r.mustSee("Help callers at the service…")
	r.allows = true
	r.press("Help callers at the service…")
	r.mustSee("You are helping callers of app.kutano.example as hana@example.com. You can make changes until 10:41, and look users up until 11:31.")
	if s, _ := r.r.Call().State(helpdesk.Calm); s != helpdesk.Done {
		t.Error("the call did not stay")
	}
	r.w.Canvas().Focus(r.r.who.query)
	r.keys("nobody")
	r.press("Find")
	r.mustSee("No user matches.")
	r.r.who.query.SetText("a@")
	r.press("Find")
	r.mustSee("Find")
	if len(r.r.who.found) < 2 {
		t.Fatalf("found %v", r.r.who.found)
	}
	r.r.who.query.SetText("ben")
	r.press("Find") // the only one is looked up
	r.mustSee("ben@example.com", "Two-factor authentication is on, with an authenticator app.", "a call to it proves nothing")
	r.tick(helpdesk.Called)
	if s, _ := r.r.Call().State(helpdesk.Called); s == helpdesk.Done || r.r.list.rows[helpdesk.Called].check.Checked {
		t.Error("a call to a new number counts")
	}
	r.press("Close")
	r.press("Somebody else")
	r.mustNotSee("ben@example.com")
	r.meet("ana")
	r.mustSee("Number on record: •••• 1234.")
	r.press("Stop helping callers")
	if !r.home.given {
		t.Error("the permission is kept")
	}
}

// What is done carries the checks, and its number comes into the note, which names nobody.
func TestDo(t *testing.T) {
	r := ready(t, "hana", "ana")
	r.r.Press(link.ActUnlock)
	r.mustSee("Unlock?", "For ana@example.com", helpdesk.ActDoes(link.ActUnlock))
	if r.desk.Done["unlock"] != 0 {
		t.Fatal("done before it was asked")
	}
	r.press("Unlock")
	r.mustSee("It was done. Audit number 1742.", "Please try again now")
	c := r.desk.Users[0].Cases[0]
	if !slices.Equal(c.Checks, []link.Check{link.CalledBack, link.Manager, link.VideoID}) || strings.Contains(c.Reason, "ana") {
		t.Errorf("the record is %+v", c)
	}
	r.press("Close")
	note := r.r.noteText()
	if !strings.Contains(note, "Unlock. Audit number 1742") || strings.Contains(strings.ToLower(note), "ana@") || strings.Contains(note, "1234") {
		t.Errorf("the note is %q", note)
	}
	r.mustSee("What was done before", "Done in this call. Audit number 1742.")
}

// A ticket and the agent's own words go into the record; names do not.
func TestPapers(t *testing.T) {
	r := ready(t, "hana", "ana")
	r.r.Press(link.ActSignOut)
	r.fill("Number of the ticket", "T-77")
	r.fill("Names and numbers stay out", "for ana@example.com")
	r.press("Sign out everywhere")
	if r.desk.Done["sign-out"] != 0 {
		t.Fatal("a name went into the record")
	}
	r.fill("Names and numbers stay out", "The phone was stolen yesterday.")
	r.press("Sign out everywhere")
	c := r.desk.Users[0].Cases[0]
	if c.Ticket != "T-77" || !strings.Contains(c.Reason, "The phone was stolen yesterday.") {
		t.Errorf("%+v", c)
	}
}

// A lost answer is told truthfully, and nothing is done twice.
func TestLost(t *testing.T) {
	r := ready(t, "hana", "ana")
	cut := true
	r.desk.Fail = func(call string, after bool) error {
		if cut && (call == "unlock" && after || call == "look" && r.desk.Calls["unlock"] > 0) {
			return link.ErrUnreachable
		}
		return nil
	}
	r.r.Press(link.ActUnlock)
	r.press("Unlock")
	r.mustSee("It is not known whether it was done.")
	if !strings.Contains(r.r.noteText(), "not known whether it was done") {
		t.Errorf("the note is %q", r.r.noteText())
	}
	r.press("Close")
	r.r.Press(link.ActUnlock) // not a second one
	r.press("Check whether it was done")
	r.mustSee("It is not known whether it was done.")
	cut = false
	r.press("Check whether it was done")
	r.mustSee("The service’s answer was lost, but it was done, at 10:31. Audit number 1742.")
	if r.desk.Done["unlock"] != 1 {
		t.Errorf("done %d times", r.desk.Done["unlock"])
	}
	note := r.r.noteText()
	if strings.Contains(note, "not known") || strings.Count(note, "1742") != 1 {
		t.Errorf("the note is %q", note)
	}

	r = ready(t, "hana", "ana")
	r.desk.Fail = func(call string, after bool) error {
		if call == "unlock" && !after && r.desk.Calls["unlock"] == 1 {
			return link.ErrUnreachable
		}
		return nil
	}
	r.r.Press(link.ActUnlock)
	r.press("Unlock")
	r.mustSee("It was not done.")
	r.press("Try again")
	r.mustSee("It was done. Audit number 1742.")
	r.press("Close")
	r.r.Press(link.ActUnlock)
	r.press("Unlock")
	r.mustSee("It was already done at 10:31, and was not done again.")
	if r.desk.Done["unlock"] != 1 || strings.Count(r.r.noteText(), "1742") != 1 {
		t.Errorf("done %d times; the note is %q", r.desk.Done["unlock"], r.r.noteText())
	}
	r.now = r.now.Add(time.Minute)
	r.r.Tick(r.now)
	r.press("Do it once more")
	if r.desk.Done["unlock"] != 2 {
		t.Errorf("done %d times", r.desk.Done["unlock"])
	}
}

// The permission ends in the middle: it is asked anew, and the call stays.
func TestPermissionEnds(t *testing.T) {
	r := ready(t, "hana", "ana")
	r.home.refuse = link.ErrProveAgain
	r.r.Press(link.ActUnlock)
	r.press("Unlock")
	if r.sheet() != "Your permission has run out" {
		t.Fatalf("%q", r.sheet())
	}
	r.mustSee("Your call and its checks stay as they are.")
	r.press("Sign in again in my browser")
	r.mustSee("It was done. Audit number 1742.")
	if s, _ := r.r.Call().State(helpdesk.Video); s != helpdesk.Done || r.allowed != 1 {
		t.Errorf("%d, asked %d times", s, r.allowed)
	}
	r.press("Close")
	r.now = r.now.Add(11 * time.Minute)
	r.r.Refresh()
	r.mustSee("Allow changes again…")
	r.now = r.now.Add(time.Hour)
	r.r.Refresh()
	r.mustSee("Help callers at the service…", "ana@example.com")
}

// The answer is lost and the permission ends: after signing in again it is known.
func TestLostAndOver(t *testing.T) {
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
	r.r.Press(link.ActUnlock)
	r.press("Unlock")
	r.press("Check whether it was done")
	r.mustSee("It is not known whether it was done.")
	r.press("Sign in again in my browser")
	r.mustSee("The service’s answer was lost, but it was done, at 10:31. Audit number 1742.")
	if r.desk.Done["unlock"] != 1 || r.allowed != 1 {
		t.Errorf("done %d times, asked %d times", r.desk.Done["unlock"], r.allowed)
	}
}

// What is not known is looked up before anything else is done, and stays in the note.
func TestNotKnownComesFirst(t *testing.T) {
	r := ready(t, "hana", "ana")
	r.desk.Fail = func(call string, after bool) error {
		if call == "unlock" && after || call == "look" && r.desk.Calls["unlock"] > 0 {
			return link.ErrUnreachable
		}
		return nil
	}
	r.r.Press(link.ActUnlock)
	r.press("Unlock")
	r.press("Close")
	r.r.Press(link.ActBypass)
	if r.sheet() != helpdesk.ActName(link.ActUnlock) {
		t.Errorf("%q", r.sheet())
	}
	r.mustSee("It is not known whether it was done.")
	if r.desk.Calls["bypass"] != 0 || !strings.Contains(r.r.noteText(), "Unlock: it is not known whether it was done.") {
		t.Errorf("%v, %q", r.desk.Calls, r.r.noteText())
	}
}

// every is what all widgets hold, also those that cannot be seen.
func (r *rig) every() string { return strings.Join(textsOf(r.walk(true)), "\n") }

// A bypass code is on the screen once, and then in no widget, however it goes.
func TestBypassCode(t *testing.T) {
	spelled := "Bravo"
	for name, leave := range map[string]func(*rig){
		"read out": func(r *rig) { r.press("I have read it out") },
		"a minute": func(r *rig) { r.now = r.now.Add(time.Minute); r.r.Tick(r.now) },
		"the clock is turned": func(r *rig) {
			r.now = r.now.Add(-time.Hour)
			r.r.Tick(r.now)
		},
		"behind": func(r *rig) { r.r.Veil() },
		"locked": func(r *rig) { r.shut = true; r.r.Lock() },
		"closed": func(r *rig) { r.r.Close() },
		"ended":  func(r *rig) { r.r.forget() },
	} {
		t.Run(name, func(t *testing.T) {
			r := ready(t, "hana", "ana")
			r.r.Press(link.ActBypass)
			if s := r.w.Canvas().Focused(); s == nil {
				t.Error("nothing has the focus")
			}
			r.press("Make a bypass code")
			r.mustSee("BCDF GHJK", "B  Bravo", "C  Charlie", "Hides in 60 seconds", "Audit number 1742", "10:46")
			labels := slices.Clone(r.r.code.labels)
			r.now = r.now.Add(5 * time.Second)
			r.r.Tick(r.now)
			r.mustSee("Hides in 55 seconds")
			swept := r.swept
			leave(r)
			r.settle()
			if got := r.every(); strings.Contains(got, "BCDF") || strings.Contains(got, spelled) {
				t.Errorf("it is still there: %q", got)
			}
			for _, l := range labels {
				if l.Text != "" {
					t.Errorf("a label holds %q", l.Text)
				}
			}
			if r.r.code != nil || r.swept == swept {
				t.Error("it is kept, or memory was not swept")
			}
			if slices.ContainsFunc(r.copied, func(s string) bool { return strings.Contains(s, desktest.Code) }) || len(r.copied) > 0 {
				t.Errorf("copied %q", r.copied)
			}
			if strings.Contains(r.r.noteText(), "BCDF") {
				t.Error("it is in the note")
			}
		})
	}
}

// A code that was not heard is made anew, and that is wanted, not by chance.
func TestAnotherCode(t *testing.T) {
	r := ready(t, "hana", "ana")
	r.r.Press(link.ActBypass)
	r.press("Make a bypass code")
	r.r.Veil()
	r.mustSee("The code is hidden")
	r.press("Close")
	r.r.Press(link.ActBypass)
	r.press("Make a bypass code")
	r.mustSee("was not done again", "The code is not shown again.")
	r.mustNotSee("BCDF")
	r.now = r.now.Add(time.Minute)
	r.r.Tick(r.now)
	r.press("Make another code")
	r.mustSee("BCDF GHJK")
	if r.desk.Done["bypass-code"] != 2 {
		t.Errorf("made %d", r.desk.Done["bypass-code"])
	}
	r.press("I have read it out")
	r.r.Press(link.ActReset)
	r.mustSee("Only an administrator can reset.")
}

// A code that comes while another window is in front waits until it is asked for.
func TestCodeBehind(t *testing.T) {
	r := ready(t, "hana", "ana")
	r.behind = true
	r.r.Press(link.ActBypass)
	r.press("Make a bypass code")
	r.mustSee("The code is there")
	if strings.Contains(r.every(), "BCDF") {
		t.Error("it is shown behind another window")
	}
	r.behind = false
	r.press("Show the code")
	r.mustSee("BCDF GHJK")
	r.press("I have read it out")
	if strings.Contains(r.every(), "BCDF") {
		t.Error("it is still there")
	}
}

// An administrator resets a user once a bypass code does not do.
func TestReset(t *testing.T) {
	r := ready(t, "amir", "ana")
	r.r.Press(link.ActReset)
	r.mustSee("A bypass code first, or a written reason why it is not enough.")
	r.press("Show me in the checklist")
	r.r.Skip(helpdesk.Least)
	r.fill("Why, in a few words", "The page for codes does not open.")
	r.press("Skip it")
	r.r.Press(link.ActReset)
	if s := r.w.Canvas().Focused(); s == kit.TopSheet(r.w.Canvas()).Main {
		t.Error("a hasty Enter resets")
	}
	r.press("Reset two-factor authentication")
	r.mustSee("It was done. Audit number 1742.", "set your app up again right away")
	r.press("Close")
	r.mustSee("It has to be set up again by 2026-03-05 10:31.")
	if r.desk.Done["reset"] != 1 {
		t.Errorf("%v", r.desk.Done)
	}
}

// Proofs are for one account.
func TestProofsOfAnother(t *testing.T) {
	r := ready(t, "hana", "ana")
	r.press("Somebody else")
	r.meet("ben")
	if s, _ := r.r.Call().State(helpdesk.Video); s == helpdesk.Done || r.r.list.rows[helpdesk.Video].check.Checked {
		t.Error("proofs of another count")
	}
	r.tick(helpdesk.Video)
	r.meet("ana")
	if !strings.Contains(r.toast.Text(), "Make them again.") {
		t.Errorf("%q", r.toast.Text())
	}
}

// After two codes were opened the user is watched until it worked.
func TestResync(t *testing.T) {
	r := ready(t, "hana", "ana")
	r.r.Press(link.ActResync)
	r.press("Allow two codes")
	r.mustSee("choose “My helpdesk asked me to type two codes”")
	r.press("Close")
	r.mustSee("the caller can type two codes in a row")
	looks := r.desk.Calls["look"]
	r.now = r.now.Add(10 * time.Second)
	r.r.Tick(r.now)
	r.settle()
	if r.desk.Calls["look"] != looks {
		t.Error("looked too soon")
	}
	r.now = r.now.Add(20 * time.Second)
	r.desk.Users[0].Status.LastUsed = r.now
	r.r.Tick(r.now)
	r.settle()
	r.mustSee("It worked: a code was accepted at 10:31.")
	if !strings.Contains(r.toast.Text(), "It worked") || r.desk.Calls["look"] != looks+1 {
		t.Errorf("%q after %d looks", r.toast.Text(), r.desk.Calls["look"]-looks)
	}
	r.now = r.now.Add(time.Minute)
	r.r.Tick(r.now)
	r.settle()
	if r.desk.Calls["look"] != looks+1 {
		t.Error("it is looked on although it worked")
	}
}

// What comes after the lock, or for another call, is not shown.
func TestLate(t *testing.T) {
	r := newCallAt(t, "hana")
	r.r.who.query.SetText("ben")
	r.hit("Find")
	r.r.forget()
	r.settle()
	r.mustNotSee("ben@example.com")

	r = ready(t, "hana", "ana")
	r.r.Press(link.ActBypass)
	r.hit("Make a bypass code")
	r.press("Close") // it goes on
	if r.r.code == nil {
		t.Error("it is not shown")
	}
	r.r.wipe()

	r = ready(t, "hana", "ana")
	r.r.Press(link.ActBypass)
	r.hit("Make a bypass code")
	r.shut = true
	r.r.Lock()
	r.settle()
	if strings.Contains(r.every(), "BCDF") || r.r.code != nil {
		t.Error("it is shown on a locked window")
	}
	if !strings.Contains(r.r.noteText(), "1742") {
		t.Errorf("it is not noted: %q", r.r.noteText())
	}
}
