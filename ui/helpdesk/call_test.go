// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !race

// It is one goroutine at a time, where the race detector takes minutes and has nothing
// to find: the step calm of .ci/test runs it without.

package helpdesk

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

// Dangerous buttons say what is missing, and are not grey without a reason. R57
func TestMissing(t *testing.T) {
	r := newRig(t)
	for _, a := range actsInOrder() {
		if r.r.acts.rows[a].button.Disabled() {
			t.Errorf("%s cannot be pressed", a)
		}
	}
	r.r.who.role.SetSelectedIndex(0)
	r.r.Press(link.ActBypass)
	if r.sheet() != "Make a bypass code: still missing" {
		t.Fatalf("%q", r.sheet())
	}
	r.mustSee("Two proofs, of different kinds, of who the caller is. The call back is not one of them.", "The six words, or a written reason why there are none.", "Your answer: is anybody applying pressure?")
	r.press("Show me in the checklist")
	if r.sheet() != "" || r.w.Canvas().Focused() != r.r.typed.fields[0].entry {
		t.Errorf("%q, the focus is on %v", r.sheet(), r.w.Canvas().Focused())
	}
	r.mustSee("Still missing: Two proofs, of different kinds, of who the caller is.")
	r.tick(helpdesk.Boss)
	r.mustSee("A second proof, of a different kind, of who the caller is. The call back is not one.")
	r.tick(helpdesk.Called) // which is asked for by itself
	r.mustSee("Still missing: A second proof, of a different kind, of who the caller is.")
	r.tick(helpdesk.Called)
	r.tick(helpdesk.Video, helpdesk.Step, helpdesk.Backup, helpdesk.Calm, helpdesk.Alone)
	r.mustSee("Still missing: A call to the number on record, or a written reason why it was not made.")
	r.tick(helpdesk.Called)
	r.hear(right())
	if v := r.r.Call().Verdict(link.ActBypass); v != helpdesk.Free {
		t.Errorf("verdict %d: %+v", v, r.r.Call().Missing(link.ActBypass))
	}
	r.tick(helpdesk.Video, helpdesk.Boss) // taken back
	if v := r.r.Call().Verdict(link.ActBypass); v != helpdesk.Lacking {
		t.Errorf("verdict %d", v)
	}
}

// An item is left out only with a written reason, in which nobody is named.
func TestSkip(t *testing.T) {
	r := newRig(t)
	r.r.who.role.SetSelectedIndex(0)
	r.hear(right())
	r.r.Press(link.ActBypass)
	r.press("Close")
	r.r.Skip(helpdesk.Backup)
	r.press("Skip it")
	if s, _ := r.r.Call().State(helpdesk.Backup); s != helpdesk.Open || r.sheet() == "" {
		t.Fatalf("left out without a reason: %d", s)
	}
	for _, bad := range []string{"no", "see ana@example.com", "the code is 492 039"} {
		r.fill("Why, in a few words", bad)
		r.press("Skip it")
		if s, _ := r.r.Call().State(helpdesk.Backup); s != helpdesk.Open {
			t.Errorf("left out by %q", bad)
		}
	}
	r.fill("Why, in a few words", "The paper burnt with the phone.")
	r.press("Skip it")
	if s, why := r.r.Call().State(helpdesk.Backup); s != helpdesk.Skipped || why != "The paper burnt with the phone." {
		t.Errorf("%d, %q", s, why)
	}
	r.mustSee("Skipped: The paper burnt with the phone.")
	if !strings.Contains(r.r.noteText(), "The paper burnt with the phone.") {
		t.Errorf("the note is %q", r.r.noteText())
	}
	for _, i := range []helpdesk.Item{helpdesk.Calm, helpdesk.Alone, helpdesk.Boss} {
		if r.r.list.rows[i].skip != nil {
			t.Errorf("%s can be left out", i)
		}
	}
}

// Who urges, or wants a second change, gets nothing any more in this call.
func TestUrged(t *testing.T) {
	for item, says := range map[helpdesk.Item]string{helpdesk.Calm: helpdesk.SayUrged(), helpdesk.Alone: helpdesk.SayTwo()} {
		r := newCallAt(t, "amir")
		r.hear(right())
		r.meet("ana")
		r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Boss, helpdesk.Video, helpdesk.Calm, helpdesk.Alone)
		r.r.list.rows[item].yes.Tapped(nil)
		r.mustSee(says)
		if !r.r.list.rows[item].no.Disabled() {
			t.Error("it can be taken back")
		}
		for _, a := range actsInOrder() {
			r.r.Press(a)
			if want := helpdesk.ActName(a) + ": not in this call"; r.sheet() != want {
				t.Errorf("%s: %q", a, r.sheet())
			}
			r.mustSee(says)
			r.key(fyne.KeyEscape)
			if r.sheet() != "" {
				t.Error("Esc does not close it")
			}
		}
		if len(r.desk.Done) != 0 {
			t.Errorf("done: %v", r.desk.Done)
		}
	}
}

// The sentence to say stands where the agent looks: under the answer because of which
// nothing is done, and scrolled into view.
func TestRefusalIsSeen(t *testing.T) {
	for _, size := range []fyne.Size{fyne.NewSize(360, 780), fyne.NewSize(1000, 500)} {
		for item, says := range map[helpdesk.Item]string{helpdesk.Calm: helpdesk.SayUrged(), helpdesk.Alone: helpdesk.SayTwo()} {
			r := newRigIn(t, kit.ModeLight, 100, size)
			r.hear(wrong())
			r.r.who.role.SetSelectedIndex(0)
			r.layout()
			it, d := r.r.list.rows[item], fyne.CurrentApp().Driver()
			at := d.AbsolutePositionForObject(it.yes).Y - d.AbsolutePositionForObject(r.r.scroll.Content).Y
			r.r.scroll.ScrollToOffset(fyne.NewPos(0, at+it.yes.Size().Height-size.Height)) // just in view
			it.yes.Tapped(nil)
			r.layout()
			seen := false
			for _, o := range r.objects() {
				l, ok := o.(*widget.Label)
				if !ok || !strings.Contains(l.Text, says) {
					continue
				}
				y := d.AbsolutePositionForObject(l).Y
				seen = seen || y >= 0 && y+l.Size().Height <= size.Height
			}
			if q := d.AbsolutePositionForObject(it.label).Y; !seen || q < 0 {
				t.Errorf("%v, %s: it is out of sight; the question is at %v", size, item, q)
			}
		}
	}
}

// What the finding advises comes before a bypass code, and stands in the list where
// there is such a thing alone.
func TestAdvised(t *testing.T) {
	r := newCallAt(t, "hana")
	label := helpdesk.Label(helpdesk.Advised)
	r.mustNotSee(label)
	r.hear(right())
	r.mustNotSee(label)
	r.r.AskAgain()
	r.hear(wrong())
	r.mustNotSee(label) // until it is asked for
	r.meet("ana")
	r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Called, helpdesk.Boss, helpdesk.Video, helpdesk.Calm, helpdesk.Alone)
	r.r.Press(link.ActBypass)
	if r.sheet() != "Make a bypass code: still missing" {
		t.Fatalf("%q", r.sheet())
	}
	r.press("Show me in the checklist")
	it := r.r.list.rows[helpdesk.Advised]
	if r.w.Canvas().Focused() != it.skip || it.check != nil {
		t.Errorf("the focus is on %v", r.w.Canvas().Focused())
	}
	r.mustSee("Two codes in a row, which the finding advises, or a written reason why they do not help.")
	r.r.Press(link.ActResync)
	r.press("Allow two codes")
	r.mustSee("choose “My helpdesk asked me to type two codes”")
	r.press("Close")
	r.mustSee(label)
	r.r.Press(link.ActBypass)
	r.press("Make a bypass code")
	if r.desk.Done["bypass-code"] != 1 {
		t.Errorf("%v, %q", r.desk.Done, r.sheet())
	}
}

// Without a service the room says where things are done, and notes the number.
func TestWithoutService(t *testing.T) {
	r := newRig(t)
	r.mustNotSee("Help callers at the service…")
	r.hear(right())
	r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Called, helpdesk.Calm, helpdesk.Alone)
	if v := r.r.Call().Verdict(link.ActUnlock); v != helpdesk.Lacking {
		t.Errorf("nobody said whose account it is: %d", v)
	}
	r.r.who.role.SetSelectedIndex(0)
	r.tick(helpdesk.Called)
	r.r.Press(link.ActUnlock)
	r.mustSee(helpdesk.Elsewhere(link.ActUnlock), "open “Administration”", "press “Unlock”")
	r.keys("x")
	r.press("I have done it there")
	r.mustSee("That is not an audit number.")
	r.fill("Audit number", " 1742 ")
	r.press("I have done it there")
	if note := r.r.noteText(); !strings.Contains(note, "Unlock. Audit number 1742") {
		t.Errorf("the note is %q", note)
	}
	r.press("Note for the ticket")
	r.mustSee("Unlock. Audit number 1742")
	if len(r.copied) != 0 {
		t.Error("copied before it was seen")
	}
	r.press("Copy")
	if len(r.copied) != 1 || r.copied[0] != r.r.noteText() {
		t.Errorf("copied %q", r.copied)
	}

	r.r.forget()
	for i, says := range map[int]string{1: helpdesk.SayTwoAdmins(), 2: helpdesk.SayTwoAdmins(), 3: "That is your own account."} {
		r.r.who.role.SetSelectedIndex(i)
		r.r.Press(link.ActBypass)
		r.mustSee(says)
		r.press("Close")
	}
}

// Rules of roles: oneself, an owner alone, an administrator. R58
func TestRoles(t *testing.T) {
	for _, c := range []struct {
		agent, user string
		act         link.DeskAct
		title, says string
	}{
		{"hana", "hana", link.ActUnlock, "Unlock: not in this call", "Nobody can help themselves past the second step"},
		{"hana", "olga", link.ActUnlock, "Unlock: not in this call", "Only another administrator"},
		{"hana", "ana", link.ActReset, "Reset two-factor authentication: not in this call", "Only an administrator can reset."},
		{"olga", "olga", link.ActReset, "Reset two-factor authentication: not in this call", "Nobody can help themselves"},
		{"amir", "ada", link.ActBypass, "Make a bypass code: not in this call", "There are no bypass codes for administrators"},
		{"amir", "ada", link.ActReset, "Reset two-factor authentication?", "you can only ask for it"},
	} {
		r := newCallAt(t, c.agent)
		r.hear(right())
		r.meet(c.user)
		r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Called, helpdesk.Boss, helpdesk.Video, helpdesk.Calm, helpdesk.Alone)
		r.r.Press(c.act)
		if r.sheet() != c.title {
			t.Errorf("%+v: %q", c, r.sheet())
		}
		r.mustSee(c.says)
		if c.user == "ada" && c.act == link.ActReset {
			r.press("Ask for the reset")
			r.mustSee("a second administrator can approve it")
			if !strings.Contains(r.r.noteText(), "waiting for a second administrator") {
				t.Errorf("the note is %q", r.r.noteText())
			}
		}
	}
}

// The keyboard goes from the words to the checks and on to what can be done.
func TestTabOrder(t *testing.T) {
	r := newRig(t)
	r.hear(wrong())
	c := r.w.Canvas()
	c.Focus(r.r.typed.fields[0].entry)
	place := map[fyne.Focusable]int{}
	for i := range 60 {
		if _, was := place[c.Focused()]; !was {
			place[c.Focused()] = i
		}
		c.FocusNext()
	}
	order := []fyne.Focusable{
		r.r.typed.fields[0].entry, r.r.typed.fields[5].entry, r.r.typed.again, r.r.who.role, r.r.list.rows[helpdesk.Step].check,
		r.r.list.rows[helpdesk.Called].check, r.r.list.rows[helpdesk.Calm].no, r.r.acts.rows[link.ActSignOut].button, r.r.acts.rows[link.ActReset].button, r.r.end,
	}
	for i, f := range order {
		if _, ok := place[f]; !ok || i > 0 && place[f] < place[order[i-1]] {
			t.Errorf("%d stands at %d, the one before at %d", i, place[f], place[order[max(0, i-1)]])
		}
	}
	if no := r.r.list.rows[helpdesk.Calm].no; no.AccessibilityLabel() != "Is anybody applying pressure? No" {
		t.Errorf("%q", no.AccessibilityLabel())
	}
}
