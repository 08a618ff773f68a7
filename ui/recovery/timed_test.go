// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/kit"
)

// network has the clock measured by the place, as the user allows it; reply ends a
// measurement: the clock is off, or there was trouble.
func (r *rig) network(n clock.Network) (asked *int, reply func(off time.Duration, trouble *kit.Message)) {
	asked = new(int)
	var waits func(*kit.Message)
	r.says.Clock.Network = n
	r.around.Measure = func(done func(*kit.Message)) { *asked++; waits = done }
	r.open()
	return asked, func(off time.Duration, trouble *kit.Message) {
		r.t.Helper()
		if trouble == nil {
			r.clockIs(off)
			r.says.Clock.Network = n
		}
		waits(trouble)
		r.settle()
	}
}

// offline is what is said where nobody answers.
var offline = &kit.Message{What: "Nobody answered.", Safe: "Nothing was changed."}

// Where the user wants the clock checked every day, the checks measure it by themselves
// when they start, and say when that was, and what is asked. R53 R56
func TestMeasuredDaily(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	asked, reply := r.network(clock.Daily)
	r.p.Open(guide.Refused)
	r.settle()
	if *asked != 1 {
		t.Fatalf("it is asked %d times", *asked)
	}
	r.mustSee("Asking what time it is…", "You let the clock be checked every day, so time servers are asked what time it is.", "Nothing in your account is changed.")
	r.mustNotSee("Nothing is sent anywhere")
	r.pass(2 * lookEvery)
	reply(47*time.Second, nil)
	r.mustSee("Your clock is 47 seconds slow", "(Checked at "+r.clock.Now().Local().Format("2006-01-02 15:04")+".)")
	r.mustNotSee("Asking what time it is…")
	// To and fro asks nobody again; later it does.
	r.press("Show me how")
	r.p.Back()
	r.settle()
	if *asked != 1 {
		t.Error("to and fro asks again")
	}
	r.mustSee("Nobody is asked over the network unless you press a button for it.")
	r.press("Check again")
	reply(0, nil)
	if r.mustSee("Your clock is right."); *asked != 2 {
		t.Errorf("it is asked %d times", *asked)
	}
	r.p.Back()
	r.pass(int(freshFor/time.Second) + 1)
	r.says.Clock.Age = freshFor
	r.p.Refresh()
	r.settle()
	r.p.Open(guide.Empty)
	r.settle()
	if *asked != 3 {
		t.Error("it is not asked later")
	}
}

// Where nobody answers that is said, nothing is changed, and the rest goes on.
func TestMeasuredOffline(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	asked, reply := r.network(clock.Daily)
	r.p.Open(guide.Refused)
	r.settle()
	reply(0, offline)
	r.mustSee("Nobody answered.", "Nothing was changed.", "Nobody has checked this clock yet.", "One code can be mistyped or come too late.")
	r.mustNotSee("Asking what time it is…")
	r.pass(2 * lookEvery)
	if *asked != 1 {
		t.Errorf("it is asked %d times by itself", *asked)
	}
	r.press("Check my clock")
	reply(0, nil)
	r.mustSee("Your clock is right.")
	r.mustNotSee("Nobody answered.")
	// What comes after the window was locked is not drawn.
	r.press("Check again")
	r.p.Lock()
	reply(0, offline)
	if r.p.now.at || len(r.p.body.Objects) != 0 {
		t.Errorf("it shows %q", r.texts())
	}
}

// Where the user has it measured on demand, nobody is asked by itself, and one press
// measures at once, be it the obvious next thing or not. R53
func TestMeasuredOnDemand(t *testing.T) {
	for topic, main := range map[string]bool{guide.Refused: true, guide.Empty: false} {
		r := newRig(t)
		r.add("ana@example.com", keyA)
		asked, reply := r.network(clock.OnDemand)
		r.p.Open(topic)
		r.settle()
		r.pass(2 * lookEvery)
		if *asked != 0 {
			t.Fatal("it asks by itself")
		}
		r.mustSee("Nobody is asked over the network unless you press a button for it.")
		if got := r.p.Main.Text == "Check my clock"; got != main {
			t.Errorf("%s: the next thing is %q", topic, r.p.Main.Text)
		}
		if c := r.p.piece.(*checksPiece); !main {
			r.w.Canvas().Focus(c.timer)
		}
		r.press("Check my clock")
		r.mustSee("Asking what time it is…")
		reply(0, nil)
		r.mustSee("Your clock is right. (Checked at ")
		if *asked != 1 || len(r.went) != 0 {
			t.Errorf("asked %d times, and it leads to %q", *asked, r.went)
		}
		if c := r.p.piece.(*checksPiece); !main && r.w.Canvas().Focused() != c.timer {
			t.Errorf("the keyboard is on %T", r.w.Canvas().Focused())
		}
	}
}

// Where the user wants nobody asked, or was not asked yet, nobody is, and the page of
// the clock is left.
func TestMeasuredNever(t *testing.T) {
	for _, n := range []clock.Network{clock.Never, clock.Unasked} {
		r := newRig(t)
		r.add("ana@example.com", keyA)
		asked, _ := r.network(n)
		r.p.Open(guide.Refused)
		r.settle()
		r.mustSee("Nothing is sent anywhere.")
		r.press("Check my clock")
		if *asked != 0 || len(r.went) != 1 || r.went[0] != "clock" {
			t.Errorf("asked %d times, and it leads to %q", *asked, r.went)
		}
	}
	// Of messages the clock is no matter.
	r := newRig(t)
	r.add("ana@example.com", keyA)
	asked, _ := r.network(clock.Daily)
	r.p.Open(guide.NoText)
	r.settle()
	if r.mustSee("Nothing is sent anywhere."); *asked != 0 {
		t.Error("the clock is measured for a message")
	}
}

// A refusal does not outlive its cause: a code that was refused while the clock was
// wrong says nothing of the key once codes are corrected. R56
func TestRefusedUnderAWrongClock(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	r.clockIs(47 * time.Second)
	refuse := func() {
		r.p.Open(guide.Refused)
		r.settle()
		r.press("Go through the steps")
		r.press("The clock is right now")
		r.tick()
		r.press("It was refused")
		r.p.OpenCall()
		r.settle()
	}
	last := func() standing.Last {
		st, _ := r.p.standing()
		return st.Last
	}
	refuse()
	before := r.sixWords()
	if last() != standing.RefusedWrong {
		t.Fatalf("the words say %s", last())
	}
	r.says.Clock.Applied = 47 * time.Second
	r.pass(lookEvery)
	if last() != standing.NoneTried || r.p.tried.Refused != 0 || r.sixWords() == before {
		t.Errorf("the words say %s", last())
	}
	r.clockIs(0)
	refuse()
	r.pass(2 * lookEvery)
	if last() != standing.RefusedWrong {
		t.Errorf("while the clock was right: the words say %s", last())
	}
}
