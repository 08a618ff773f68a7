// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !race

// It is one goroutine at a time, where the race detector takes minutes and has nothing
// to find: the step calm of .ci/test runs it without.

package helpdesk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

// notSent has the next request for a bypass code fail before it is sent, and so many
// looks after it.
func (r *rig) notSent(looks int) {
	r.desk.Fail = func(call string, after bool) error {
		if after {
			return nil
		}
		if call == string(link.ActBypass) && r.desk.Calls[call] == 1 {
			return link.ErrUnreachable
		}
		if call == "look" && r.desk.Calls[string(link.ActBypass)] > 0 && looks > 0 {
			looks--
			return link.ErrUnreachable
		}
		return nil
	}
}

// Between a request and the next try the sheet can be closed, and the checks be
// changed. What is sent is what the call allows then, and what was confirmed. R57
func TestChecksChangeBeforeItIsTriedAgain(t *testing.T) {
	const bypass, again = "Make a bypass code", "Try again"
	urge := func(r *rig) { r.r.list.rows[helpdesk.Calm].yes.Tapped(nil) }
	wish := func(r *rig) { r.r.list.rows[helpdesk.Alone].yes.Tapped(nil) }
	take := func(r *rig) { r.tick(helpdesk.Video) }
	change := func(r *rig) { r.tick(helpdesk.Video, helpdesk.Met) }
	for name, c := range map[string]struct {
		change func(*rig)
		title  string
		says   string
	}{
		"urged":          {urge, bypass + ": not in this call", "The caller is applying pressure."},
		"another change": {wish, bypass + ": not in this call", "Another change is wanted, too"},
		"unticked":       {take, bypass + ": still missing", "of who the caller is."},
		"ticked":         {change, bypass + "?", "For ana@example.com"},
	} {
		t.Run("not known, "+name, func(t *testing.T) {
			r := ready(t, "hana", "ana")
			r.notSent(1)
			r.r.Press(link.ActBypass)
			r.press(bypass)
			r.mustSee("It is not known whether it was done.")
			r.press("Close")
			c.change(r)
			r.r.Press(link.ActBypass)
			r.press("Check whether it was done")
			r.mustSee("It was not done.")
			r.press(again)
			if r.sheet() != c.title || r.desk.Done["bypass-code"] != 0 || r.r.pending != nil || r.r.code != nil {
				t.Errorf("%q, %v", r.sheet(), r.desk.Done)
			}
			r.mustSee(c.says)
		})
		t.Run("on the way, "+name, func(t *testing.T) {
			r := ready(t, "hana", "ana")
			r.notSent(0)
			r.r.Press(link.ActBypass)
			r.hit(bypass)
			r.hit("Close")
			c.change(r)
			r.settle()
			r.press(again)
			if r.sheet() != c.title || r.desk.Done["bypass-code"] != 0 {
				t.Errorf("%q, %v", r.sheet(), r.desk.Done)
			}
		})
		t.Run("signed in again, "+name, func(t *testing.T) {
			r := ready(t, "hana", "ana")
			r.home.refuse = link.ErrProveAgain
			r.r.Press(link.ActBypass)
			r.hit(bypass)
			r.hit("Close")
			c.change(r)
			r.settle()
			r.press("Sign in again in my browser")
			if r.sheet() != c.title || r.desk.Done["bypass-code"] != 0 {
				t.Errorf("%q, %v", r.sheet(), r.desk.Done)
			}
		})
		t.Run("once more, "+name, func(t *testing.T) {
			r := ready(t, "hana", "ana")
			r.r.Press(link.ActBypass)
			r.press(bypass)
			r.now = r.now.Add(time.Minute)
			r.r.Tick(r.now)
			c.change(r)
			r.press("Make another code")
			if r.sheet() != c.title || r.desk.Done["bypass-code"] != 1 {
				t.Errorf("%q, %v", r.sheet(), r.desk.Done)
			}
			if name == "ticked" {
				r.press(bypass)
				r.mustSee("BCDF GHJK")
			}
		})
	}
	r := ready(t, "hana", "ana") // what is confirmed anew goes with the checks of now
	r.notSent(1)
	r.r.Press(link.ActBypass)
	r.press(bypass)
	r.press("Close")
	change(r)
	r.r.Press(link.ActBypass)
	r.press("Check whether it was done")
	r.press(again)
	r.press(bypass)
	if got := r.desk.Users[0].Cases[0].Checks; !slices.Contains(got, link.InPerson) || slices.Contains(got, link.VideoID) || r.r.code == nil {
		t.Errorf("%v", got)
	}
}

// A code that comes after the caller has applied pressure is not shown.
func TestCodeAfterPressure(t *testing.T) {
	r := ready(t, "hana", "ana")
	r.r.Press(link.ActBypass)
	r.hit("Make a bypass code")
	r.hit("Close")
	r.r.list.rows[helpdesk.Calm].yes.Tapped(nil)
	r.settle()
	if strings.Contains(r.every(), "BCDF") || r.r.code != nil {
		t.Error("it is shown")
	}
	r.mustSee("It was done. Audit number 1742.", "The code is not shown, because nothing more is done in this call.", helpdesk.SayUrged())
	if !strings.Contains(r.r.noteText(), "Make a bypass code. Audit number 1742") {
		t.Errorf("the note is %q", r.r.noteText())
	}
}

// While the agent signs in again the call ends, or goes on about somebody else: what
// was decided on in it is not done.
func TestSignsInAgainTooLate(t *testing.T) {
	for name, leave := range map[string]func(*rig){
		"ended": func(r *rig) { r.r.forget() },
		"ended, and anew": func(r *rig) {
			r.r.forget()
			r.hear(right())
			r.meet("ana")
			r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Called, helpdesk.Boss, helpdesk.Video, helpdesk.Calm, helpdesk.Alone)
		},
		"somebody else": func(r *rig) {
			r.press("Somebody else")
			r.meet("olga")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := ready(t, "hana", "ana")
			r.home.refuse = link.ErrProveAgain
			r.r.Press(link.ActUnlock)
			r.press("Unlock")
			var done func(bool)
			r.r.Allow = func(d func(bool)) { done = d }
			r.press("Sign in again in my browser")
			r.atDesk("hana")
			leave(r)
			done(true)
			r.settle()
			if len(r.desk.Done) != 0 || r.sheet() != "" {
				t.Errorf("%v, %q", r.desk.Done, r.sheet())
			}
		})
	}
}

// What comes while the window is locked is on no sheet, whoever else may show some
// there; when the room is seen again it is said.
func TestLateOnLockedWindow(t *testing.T) {
	for name, c := range map[string]struct {
		fail func(r *rig, call string, after bool) error
		says []string
		note string
	}{
		"done":     {nil, []string{"The code is hidden", "Make another code"}, "Make a bypass code. Audit number 1742"},
		"not done": {func(*rig, string, bool) error { return link.ErrBusy }, []string{"It was not done."}, "Nothing was changed"},
		"not known": {func(r *rig, call string, after bool) error {
			if call == "bypass-code" && after || call == "look" && r.desk.Calls["bypass-code"] > 0 {
				return link.ErrUnreachable
			}
			return nil
		}, []string{"It is not known whether it was done.", "Check whether it was done"}, "it is not known whether it was done"},
		"over": {func(*rig, string, bool) error { return link.ErrProveAgain }, []string{"Your permission has run out"}, "Nothing was changed"},
	} {
		t.Run(name, func(t *testing.T) {
			r := ready(t, "hana", "ana")
			if c.fail != nil {
				r.desk.Fail = func(call string, after bool) error { return c.fail(r, call, after) }
			}
			r.r.Press(link.ActBypass)
			r.hit("Make a bypass code")
			r.shut = true
			r.r.Lock()
			r.settle()
			if r.sheet() != "" || strings.Contains(r.every(), "BCDF") {
				t.Fatalf("on the locked window: %q", r.sheet())
			}
			if !strings.Contains(r.r.noteText(), c.note) {
				t.Errorf("the note is %q", r.r.noteText())
			}
			r.r.Show() // it is locked still
			if r.sheet() != "" {
				t.Errorf("on the locked window: %q", r.sheet())
			}
			r.shut, r.desk.Fail = false, nil
			r.r.Show()
			r.settle()
			r.mustSee(c.says...)
			r.key(fyne.KeyEscape)
			r.r.Show()
			if r.sheet() != "" {
				t.Error("it is said twice")
			}
		})
	}
}

// The service does the same only once a minute: until then the button waits, and says
// why.
func TestOnceAMinute(t *testing.T) {
	const waits = "The service does the same only once a minute. You can do it again in "
	r := ready(t, "hana", "ana")
	r.desk.Minute = true
	pass := func(d time.Duration) {
		r.now, r.desk.Now = r.now.Add(d), r.desk.Now.Add(d)
		r.r.Tick(r.now)
		r.settle()
	}
	another := func() *kit.Button { return r.button("Make another code") }
	r.r.Press(link.ActBypass)
	r.press("Make a bypass code")
	pass(20 * time.Second)
	r.r.Veil()
	r.mustSee(waits + "40 seconds.")
	if !another().Disabled() {
		t.Error("a code can be asked for that the service does not make")
	}
	pass(39 * time.Second)
	r.mustSee(waits + "1 second.")
	pass(time.Second)
	r.mustNotSee(waits)
	r.press("Make another code")
	r.mustSee("BCDF GHJK")
	r.press("I have read it out")

	// Somebody did it a moment ago, and the room does not know when.
	pass(20 * time.Second)
	r.r.rest = rest{}
	r.r.Press(link.ActBypass)
	r.press("Make a bypass code")
	r.mustSee("It was already done at 10:32")
	r.press("Make another code")
	r.mustSee("It was done a moment ago, and was not done again.", waits+"60 seconds.")
	if !another().Disabled() || r.desk.Done["bypass-code"] != 2 {
		t.Errorf("%v", r.desk.Done)
	}
	pass(time.Minute)
	r.press("Make another code")
	r.mustSee("BCDF GHJK")
	if r.desk.Done["bypass-code"] != 3 {
		t.Errorf("%v", r.desk.Done)
	}
}
