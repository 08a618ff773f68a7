// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/codes"
	"github.com/kutano/authenticator/ui/kit"
)

const slow = 47 * time.Second

// take keeps that the device is off, as another program's measurement would.
func (r *rig) take(off time.Duration) {
	r.t.Helper()
	if err := r.true.Take(r.measured(off)); err != nil {
		r.t.Fatal(err)
	}
	r.u.clockChanged()
	r.settle()
}

func (r *rig) banner() string {
	if n := r.u.shell.Banner().Notice(); n != nil {
		return n.Text
	}
	return ""
}

// lookAt presses the banner's button, which leads to the page.
func (r *rig) lookAt(banner string) {
	r.t.Helper()
	if got := r.banner(); got != banner {
		r.t.Fatalf("the banner says %q, want %q", got, banner)
	}
	r.u.shell.Banner().Press()
	r.settle()
	if !r.u.shell.HasOver() || !r.u.truth.Shown() {
		r.t.Fatal("the banner does not lead to the clock's page")
	}
}

// Codes are made for the right time, with a mark; everything else keeps the
// device's.
func TestCodesAreCorrected(t *testing.T) {
	for _, off := range []time.Duration{slow, -slow} {
		r := newRig(t, kutanoURI)
		r.take(off)
		r.pass(time.Second)
		right := r.clock.Now().Add(off)
		r.mustSee(grouped(codeOf(t, kutanoURI, right)))
		mark := map[bool]string{true: "+47 s", false: "−47 s"}[off > 0]
		if m := r.u.codes.Mark; !m.Visible() || m.Text != mark || !strings.Contains(m.AccessibilityLabel(), "47 seconds") {
			t.Errorf("the mark is %q, read as %q", m.Text, m.AccessibilityLabel())
		}
		row := r.u.model.Row(0, r.true.Now())
		if want := 30 - int(right.Unix()%30); row.State != codes.Shown || row.Left != want {
			t.Errorf("%d seconds left, want %d", row.Left, want)
		}
		r.key(fyne.KeyDown)
		r.key(fyne.KeyReturn)
		r.waitFor(func() bool { return r.lent.holds() == codeOf(t, kutanoURI, right) })
		r.settle()
		if used := r.vault.Accounts()[0].LastUsed; !used.Equal(r.clock.Now().Truncate(time.Second)) && !used.Equal(r.clock.Now()) {
			t.Errorf("used at %v, the device says %v", used, r.clock.Now())
		}
		if b := r.banner(); strings.Contains(b, "clock") {
			t.Errorf("the banner says %q", b)
		}
	}
}

// A clock that is set is noticed within a tick: the codes of the wrong time and
// the mark go, and the banner says so until it was looked at.
func TestStepIsNoticedWithinATick(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.take(slow)
	r.pass(time.Second)
	r.clock.set(r.clock.Now().Add(slow)) // somebody sets it right
	r.pass(time.Second)
	r.mustSee(grouped(codeOf(t, kutanoURI, r.clock.Now())))
	if r.u.codes.Mark.Visible() {
		t.Error("the mark stays")
	}
	r.pass(time.Second)
	r.lookAt("The clock was changed, so codes are no longer corrected.")
	if r.true.Status().Dropped != nil || strings.Contains(r.banner(), "clock") {
		t.Errorf("not dismissed: %q", r.banner())
	}
	r.mustSee("The clock was changed, so the correction of +47 s was dropped.")
	r.key(fyne.KeyEscape)
	r.pass(time.Second)
	if r.u.shell.HasOver() || strings.Contains(r.banner(), "clock") {
		t.Errorf("Esc does not close it, or the banner says %q", r.banner())
	}
}

// A wrong clock that is not corrected, and one that the user has to decide on,
// stand in the banner.
func TestClockInTheBanner(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.take(slow)
	if err := r.true.TurnOff(); err != nil {
		t.Fatal(err)
	}
	r.pass(time.Second)
	r.mustSee(grouped(codeOf(t, kutanoURI, r.clock.Now())))
	r.lookAt("Your clock is 47 seconds slow: codes will be refused.")
	r.key(fyne.KeyEscape)
	if err := r.true.TurnOn(); err != nil {
		t.Fatal(err)
	}
	r.pass(time.Second)
	if strings.Contains(r.banner(), "clock") {
		t.Errorf("the banner says %q", r.banner())
	}
	r.take(10 * time.Minute)
	r.pass(time.Second)
	if r.u.codes.Mark.Visible() {
		t.Error("corrected without having been asked")
	}
	r.lookAt("Your clock is 10 minutes slow: codes will be refused. Do you want them corrected?")
	r.press("Correct my codes")
	r.key(fyne.KeyEscape)
	r.mustSee(grouped(codeOf(t, kutanoURI, r.clock.Now().Add(10*time.Minute))))
	if strings.Contains(r.banner(), "clock") || !r.u.codes.Mark.Visible() {
		t.Errorf("the banner says %q", r.banner())
	}
}

// A clock whose codes are taken all the same alarms nobody.
func TestHarmlessClockInTheBanner(t *testing.T) {
	r := newRig(t, kutanoURI)
	e := clock.Estimate{Offset: 3 * time.Second, Uncertainty: 500 * time.Millisecond, Kind: clock.Codes}
	if err := r.true.Take(clock.Single(e, r.measured(0).At)); err != nil {
		t.Fatal(err)
	}
	r.pass(time.Second)
	if n := r.u.shell.Banner().Notice(); n == nil || n.Tone != kit.Look || n.Text != "Your clock is 3 seconds slow: that does no harm. Correct your codes by 3 seconds?" {
		t.Errorf("the banner says %+v", n)
	}
}

// An impossible year is no trouble once codes are corrected.
func TestCorrectedYear(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.clock.set(noon.AddDate(-10, 0, 0))
	r.pass(time.Second)
	if !strings.Contains(r.banner(), "clock says 2016") {
		t.Fatalf("the banner says %q", r.banner())
	}
	r.take(noon.Sub(r.clock.Now()))
	r.u.shell.Banner().Press()
	r.settle()
	if err := r.true.Apply(); err != nil {
		t.Fatal(err)
	}
	r.u.clockChanged()
	r.pass(time.Second)
	if strings.Contains(r.banner(), "clock") {
		t.Errorf("the banner says %q", r.banner())
	}
	r.key(fyne.KeyEscape)
	r.mustSee(grouped(codeOf(t, kutanoURI, noon)))
}

// Every way leads to the page, and Esc and Back lead back to where it began.
func TestWaysToTheClock(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.take(slow)
	for name, c := range map[string]struct {
		go_   func()
		place string
	}{
		"the mark":     {func() { r.u.codes.Mark.Tapped(nil) }, placeCodes},
		"the settings": {func() { r.u.Go(placeSettings); r.settle(); r.press("Check or correct it") }, placeSettings},
		"get back in": {func() {
			r.u.Go(placeRecovery)
			r.u.recovery.Open("refused")
			r.settle()
			r.press("Check my clock")
		}, placeRecovery},
	} {
		for _, back := range []func(){func() { r.key(fyne.KeyEscape) }, func() { r.press("Back") }, func() { r.u.Go(c.place) }} {
			r.u.Go(placeCodes)
			c.go_()
			r.settle()
			if !r.u.shell.HasOver() || r.u.shell.Selected() != c.place {
				t.Fatalf("%s leads to %s", name, r.u.shell.Selected())
			}
			r.mustSee("Your clock is 47 seconds slow. Your codes are corrected, so they work.", "Fix it on this computer")
			r.typed("a") // no search begins under the page
			back()
			if r.u.shell.HasOver() || r.u.truth.Shown() || r.u.shell.Selected() != c.place || r.u.model.Query() != "" {
				t.Errorf("%s: back leads to %s", name, r.u.shell.Selected())
			}
		}
	}
}

// Asked for while it is there, the page goes on; left by the rail, it takes what
// is typed no longer.
func TestClockPageAskedForTwice(t *testing.T) {
	net := &fakeNetwork{says: slow}
	r := newRigOn(t, net, kutanoURI)
	if err := r.true.Allow(clock.OnDemand, nil); err != nil {
		t.Fatal(err)
	}
	r.u.showClock()
	r.u.showClock()
	r.settle()
	r.press("Check my clock")
	if net.calls != 1 || !r.u.truth.Shown() {
		t.Errorf("measured %d times, shown %v", net.calls, r.u.truth.Shown())
	}
	r.mustSee("Your clock is 47 seconds slow. Your codes are corrected, so they work.")
	r.press("Compare with another device")
	code := r.entry("The code it shows now")
	r.w.Canvas().Focus(code)
	r.u.Go(placeCodes)
	r.typed("4")
	if code.Text != "" || r.u.model.Query() != "4" {
		t.Errorf("typed %q into the field, searched for %q", code.Text, r.u.model.Query())
	}
}

func TestFocusGoesBackToTheMark(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.take(slow)
	r.w.Canvas().Focus(r.u.codes.Mark)
	r.key(fyne.KeyReturn)
	if !r.u.shell.HasOver() {
		t.Fatal("Enter does not open the page")
	}
	r.key(fyne.KeyEscape)
	if r.w.Canvas().Focused() != r.u.codes.Mark {
		t.Errorf("the focus is on %T", r.w.Canvas().Focused())
	}
}

// Locked, nothing of the clock's page is left and nothing shows a code; what the
// clock did meanwhile is seen afterwards.
func TestLockOnTheClockPage(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.u.started = true
	r.take(slow)
	r.u.ticker.Start()
	r.pass(time.Second)
	right := r.clock.Now().Add(slow)
	r.u.showClock()
	r.settle()
	r.press("Compare with another device")
	r.entry("The code it shows now").SetText("123")
	r.lock()
	r.mustBeSealed(kutanoURI)
	said := r.everything()
	for _, code := range []string{"123", codeOf(t, kutanoURI, right), grouped(codeOf(t, kutanoURI, right))} {
		if strings.Contains(said, code) {
			t.Errorf("the locked window holds %q", code)
		}
	}
	if r.u.shell.HasOver() || r.u.truth.Shown() {
		t.Error("the page is still there")
	}
	r.clock.set(r.clock.Now().Add(slow))
	r.unlock(fourWords)
	r.mustSee(grouped(codeOf(t, kutanoURI, r.clock.Now())))
	if r.u.codes.Mark.Visible() || !strings.Contains(r.banner(), "no longer corrected") {
		t.Errorf("the mark is there, or the banner says %q", r.banner())
	}
}

// Nobody is asked before the user allowed it; then once a day, by one timer that
// looks each hour, and quietly.
func TestDailyMeasurement(t *testing.T) {
	net := &fakeNetwork{says: slow}
	r := newRigOn(t, net, kutanoURI)
	r.u.daily(firstDaily)
	hours := func(n int) {
		for range n {
			r.pass(time.Hour)
			r.later.fire()
			r.settle()
		}
	}
	hours(30)
	if net.calls != 0 {
		t.Fatalf("asked %d times without having been allowed to", net.calls)
	}
	if err := r.true.Allow(clock.OnDemand, nil); err != nil {
		t.Fatal(err)
	}
	hours(30)
	if net.calls != 0 {
		t.Fatalf("asked %d times by itself", net.calls)
	}
	if err := r.true.Allow(clock.Daily, nil); err != nil {
		t.Fatal(err)
	}
	hours(1)
	if net.calls != 1 || !r.u.codes.Mark.Visible() {
		t.Fatalf("asked %d times, mark %v", net.calls, r.u.codes.Mark.Visible())
	}
	hours(10 * 24)
	if net.calls < 8 || net.calls > 13 {
		t.Errorf("asked %d times in ten days", net.calls)
	}
	net.err = errors.New("no network")
	before := net.calls
	hours(48)
	if net.calls == before || kit.TopSheet(r.w.Canvas()) != nil {
		t.Errorf("asked %d times, or the failure is shown", net.calls-before)
	}
	r.u.Stop()
	if r.later.tick != nil {
		t.Error("the timer goes on after the end")
	}
}

// Locked, no timer of ours runs; unlocked, it is there again.
func TestDailyTimerEndsAtTheLock(t *testing.T) {
	r := newRigOn(t, &fakeNetwork{says: slow}, kutanoURI)
	r.u.started = true
	r.u.daily(firstDaily)
	if r.u.stopDaily == nil {
		t.Fatal("there is no timer")
	}
	if r.lock(); r.u.stopDaily != nil {
		t.Error("the timer runs on")
	}
	if r.unlock(fourWords); r.u.stopDaily == nil {
		t.Error("the timer does not come back")
	}
}

// A measurement that says nearly the same leaves a copy that waits for the next
// code, and one that says something else drops it: its code is of another time.
func TestMeasuredWhileACopyWaits(t *testing.T) {
	for again, waits := range map[time.Duration]bool{slow + 5*time.Millisecond: true, 2 * slow: false} {
		r := newRig(t, kutanoURI)
		s := r.u.Settings.Get()
		s.WaitForNext = true
		r.u.applySettings(s)
		r.take(slow)
		for r.true.Now().Unix()%30 != 27 {
			r.pass(time.Second)
		}
		r.key(fyne.KeyDown)
		r.key(fyne.KeyReturn)
		if !r.u.codes.Waiting() {
			t.Fatal("nothing waits for the next code")
		}
		r.take(again)
		if r.u.codes.Waiting() != waits {
			t.Errorf("%v measured again: waits %v", again, !waits)
		}
		for range 4 {
			r.pass(time.Second)
		}
		copied := func() bool { return r.lent.holds() == codeOf(t, kutanoURI, r.true.Now()) }
		if waits {
			r.waitFor(copied)
		} else if copied() {
			t.Errorf("%v measured again: copied", again)
		}
	}
}

// Copied codes can be told to have worked, on the page.
func TestCopiedCodesAreListed(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.key(fyne.KeyDown)
	r.key(fyne.KeyReturn)
	r.u.showClock()
	r.settle()
	r.press("Were your codes taken?")
	r.mustSee("Kutano · ana@example.com")
	r.press("It worked")
	r.mustSee("No difference can be seen")
	if m := r.true.Status().Measured; m == nil || m.With[0].Kind != clock.Tries {
		t.Errorf("measured %+v", m)
	}
}
