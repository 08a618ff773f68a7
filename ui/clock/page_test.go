// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/ui/kit"
)

// The page says how things stand, offers what there is to decide and nothing else.
func TestVerdictOnThePage(t *testing.T) {
	const ask, check, again, use = "Correct your codes by", "[Check my clock]", "[Check again]", "✓ Use corrected codes meanwhile"
	for _, c := range []struct {
		name  string
		do    func(b *bench)
		says  []string
		not   []string
		lined bool
	}{
		{"never checked", func(*bench) {}, []string{"Nobody has checked this clock yet.", check, use}, []string{ask, again}, false},
		{"right", func(b *bench) { b.take(0) }, []string{"Your clock is right.", again, use}, []string{ask, check}, true},
		{"slow, corrected", func(b *bench) { b.take(47 * time.Second) }, []string{
			"Your clock is 47 seconds slow. Your codes are corrected, so they work.", again, use,
		}, []string{ask}, true},
		{"fast, corrected", func(b *bench) { b.take(-47 * time.Second) }, []string{
			"Your clock is 47 seconds fast. Your codes are corrected, so they work.",
		}, []string{ask}, true},
		{"slow, not corrected", func(b *bench) {
			b.take(47 * time.Second)
			_ = b.true.TurnOff()
		}, []string{"Your clock is 47 seconds slow: codes will be refused.", "You have switched the correction off.", "Use corrected codes"}, []string{ask, use}, true},
		{"slow by much", func(b *bench) { b.take(10 * time.Minute) }, []string{
			"Your clock is 10 minutes slow: codes will be refused.", ask, "[Correct my codes]", "[Leave them as they are]",
			"more than five minutes",
		}, []string{use}, true},
		{"one source", func(b *bench) {
			_ = b.true.Take(clock.Single(clock.Estimate{Offset: time.Minute, Uncertainty: time.Second, Kind: clock.Codes}, b.dev.read()))
		}, []string{"Your clock is 60 seconds slow", ask, "Only one source says so"}, nil, true},
		{"set since", func(b *bench) {
			b.take(47 * time.Second)
			b.dev.set(time.Minute)
		}, []string{"The clock was set since", "The clock was changed, so the correction of +47 s was dropped.", check}, []string{ask, "Go on with"}, false},
		{"started anew since", func(b *bench) {
			b.take(47 * time.Second)
			b.dev.restart()
		}, []string{"started anew", "[Go on with +47 s]"}, []string{ask}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			c.do(b)
			b.open()
			b.sees(c.says...)
			b.seesNot(c.not...)
			if got := b.s.page.head.lined.Visible(); got != c.lined {
				t.Errorf("the time line is there: %v", got)
			}
			if b.net.calls != 0 {
				t.Error("somebody was asked")
			}
		})
	}
}

// What is dropped is said on the page that its banner leads to, and on no other
// place from then on.
func TestOpeningDismisses(t *testing.T) {
	b := newBench(t)
	b.take(47 * time.Second)
	b.dev.set(-time.Hour)
	b.open()
	if b.true.Status().Dropped != nil || b.changed == 0 {
		t.Error("it is not dismissed, or the window was not told")
	}
	b.dev.pass(time.Second)
	b.s.Tick()
	b.sees("The clock was changed, so the correction of +47 s was dropped.")
	b.s.Close()
	b.open()
	b.seesNot("was dropped")
}

// A clock that is set while the page is open is noticed at the next tick.
func TestStepIsNoticed(t *testing.T) {
	b := newBench(t)
	b.take(47 * time.Second)
	b.open()
	b.dev.set(47 * time.Second)
	b.s.Tick()
	b.sees("The clock was set since it was last checked.")
	if b.s.page.head.lined.Visible() || b.s.Verdict().Mark != "" {
		t.Error("it still shows what held before")
	}
}

// The question is asked once, before anything is measured.
func TestPermissionComesFirst(t *testing.T) {
	for _, c := range []struct {
		button string
		want   clock.Network
		calls  int
	}{
		{"Not now", clock.Unasked, 0},
		{"Allow when I ask", clock.OnDemand, 1},
		{"Allow once a day, too", clock.Daily, 1},
	} {
		t.Run(c.button, func(t *testing.T) {
			b := newBench(t)
			b.net.answer = func() (clock.Measurement, bool) { return agreed(47*time.Second, b.dev.read()), true }
			b.open()
			b.s.Daily()
			b.settle()
			b.press("Check my clock")
			b.sees("May this app ask what time it is?", "several time servers", "web servers", "network address")
			if b.net.calls != 0 {
				t.Fatal("measured before the answer")
			}
			if f := b.w.Canvas().Focused(); f != kit.TopSheet(b.w.Canvas()).First {
				t.Errorf("the focus is on %T", f)
			}
			b.press(c.button)
			if kit.TopSheet(b.w.Canvas()) != nil {
				t.Error("the question stays")
			}
			if got := b.true.Status().Network; got != c.want || b.net.calls != c.calls {
				t.Errorf("allowed %q, asked %d times; want %q, %d", got, b.net.calls, c.want, c.calls)
			}
			if c.calls == 0 {
				return
			}
			b.sees("Your clock is 47 seconds slow. Your codes are corrected, so they work.")
			b.press("Check again")
			if b.net.calls != 2 || kit.TopSheet(b.w.Canvas()) != nil {
				t.Errorf("asked %d times, or for permission again", b.net.calls)
			}
		})
	}
}

// Who said no is asked again when they press the button, and never by itself.
func TestNeverIsKept(t *testing.T) {
	b := newBench(t)
	_ = b.true.Allow(clock.Never, nil)
	b.open()
	b.s.Daily()
	b.settle()
	b.press("Check my clock")
	b.press("Not now")
	if b.net.calls != 0 || b.true.Status().Network != clock.Never {
		t.Errorf("asked %d times, allowed %q", b.net.calls, b.true.Status().Network)
	}
}

func TestFailuresSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		err  error
		says string
	}{
		{ErrFew, "Too few servers answered"},
		{ErrNoAnswer, "Another device’s code needs no network at all."},
		{ErrDate, "Set the date about right first"},
		{ErrStepped, "The clock was changed while it was being checked."},
		{errors.New("something else"), "The clock could not be checked."},
	} {
		b := newBench(t)
		_ = b.true.Allow(clock.OnDemand, nil)
		b.net.err = c.err
		b.open()
		b.press("Check my clock")
		b.sees(c.says, "Nothing was changed.", "[Check my clock]", "[Use another device]")
		b.press("Use another device")
		if !b.s.page.compare.fold.Open() || b.w.Canvas().Focused() != b.s.page.compare.code {
			t.Errorf("%v: the way without a network is not opened", c.err)
		}
	}
}

func TestMeasuringCanBeCancelled(t *testing.T) {
	b := newBench(t)
	_ = b.true.Allow(clock.OnDemand, nil)
	b.net.hang, b.net.progress = make(chan struct{}), []bool{true, false, true}
	b.open()
	b.pressed("Check my clock")
	<-b.net.hang
	b.app.Flush()
	b.sees("Asking what time it is… 2 answers so far.", "[Cancel]")
	b.seesNot("[Check my clock]")
	b.press("Cancel")
	b.sees("[Check my clock]")
	b.seesNot("could not be checked", "Asking what time")
	if b.w.Canvas().Focused() != b.s.page.head.check.start {
		t.Error("the focus is lost")
	}
	b.net.hang = nil
	b.press("Check my clock")
	if b.net.calls != 2 {
		t.Errorf("measured %d times", b.net.calls)
	}
}

// The daily measurement is quiet, waits after a failure, and is made only where
// it was allowed.
func TestDaily(t *testing.T) {
	b := newBench(t)
	_ = b.true.Allow(clock.Daily, nil)
	b.net.err = ErrNoAnswer
	daily := func(want int, when string) {
		t.Helper()
		b.s.Daily()
		b.settle()
		if b.net.calls != want {
			t.Errorf("%s: measured %d times, want %d", when, b.net.calls, want)
		}
	}
	daily(1, "at first")
	daily(1, "right after a failure")
	if kit.TopSheet(b.w.Canvas()) != nil {
		t.Error("the failure is shown")
	}
	b.dev.pass(90 * time.Minute)
	b.net.err = nil
	b.net.answer = func() (clock.Measurement, bool) { return agreed(47*time.Second, b.dev.read()), true }
	daily(2, "after an hour")
	if b.true.Status().Applied != 47*time.Second || b.changed == 0 {
		t.Error("what was measured is not put to use, or the window was not told")
	}
	b.dev.pass(time.Hour)
	daily(2, "an hour later")
	b.dev.pass(30 * time.Hour)
	daily(3, "a day later")
}

// The decision is one press, and can be taken back.
func TestDeciding(t *testing.T) {
	b := newBench(t)
	b.take(10 * time.Minute)
	b.open()
	b.press("Leave them as they are")
	if s := b.true.Status(); s.Ask || !s.Off || s.Applied != 0 {
		t.Errorf("left: %+v", s)
	}
	b.seesNot("Correct your codes by")
	use := b.s.page.mend.use
	use.Tapped(nil)
	if s := b.true.Status(); s.Applied != 10*time.Minute || s.Off {
		t.Errorf("ticked: applied %v, off %v", s.Applied, s.Off)
	}
	b.sees("✓ Use corrected codes meanwhile", "Your codes are corrected")
	use.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if s := b.true.Status(); s.Applied != 0 || !s.Off {
		t.Errorf("unticked: applied %v, off %v", s.Applied, s.Off)
	}
	b.take(-10 * time.Minute)
	if b.true.Status().Ask {
		t.Error("asks a user who wants no correction")
	}
}

// What is decided and cannot be written down is said, and holds all the same.
func TestDecidedOnAFullDisk(t *testing.T) {
	b := newBench(t)
	file := filepath.Join(t.TempDir(), "no folder")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b.true = clock.Open(filepath.Join(file, "data"), b.dev.read)
	b.s.True = b.true
	_ = b.true.Take(agreed(10*time.Minute, b.dev.read()))
	b.open()
	b.press("Correct my codes")
	b.sees("The settings could not be saved")
	if b.true.Status().Applied != 10*time.Minute {
		t.Error("not corrected")
	}
}

func TestCorrectAndGoOn(t *testing.T) {
	b := newBench(t)
	b.take(10 * time.Minute)
	b.open()
	b.press("Correct my codes")
	if b.true.Status().Applied != 10*time.Minute {
		t.Fatal("not corrected")
	}
	b.dev.restart()
	b.s.Tick()
	b.press("Go on with +10 min")
	if b.true.Status().Applied != 10*time.Minute {
		t.Error("not corrected any more")
	}
	b.seesNot("Go on with", "was dropped")
}

func TestFixIt(t *testing.T) {
	b := newBench(t)
	b.open()
	if b.s.page.mend.fold.Open() {
		t.Error("the steps are open although nothing is wrong")
	}
	b.s.Close()
	b.take(47 * time.Second)
	b.failOpen = errors.New("there is no such page")
	b.open()
	b.sees("Open the settings.", "Switch it on.")
	b.press("Open the settings")
	b.sees("The settings could not be opened from here.")
	b.failOpen = nil
	b.press("Open the settings")
	b.seesNot("could not be opened")
	if b.settings != 2 {
		t.Errorf("opened %d times", b.settings)
	}
}

func TestPageWithoutANetworkOrSettings(t *testing.T) {
	b := newBench(t)
	b.s.Measure, b.s.Settings = nil, nil
	b.open()
	b.seesNot("Check my clock", "Open the settings")
	b.sees("[Use another device]")
	b.s.Check()
	b.press("Back")
	if b.left != 1 || b.net.calls != 0 {
		t.Errorf("left %d times, asked %d", b.left, b.net.calls)
	}
}

// Every button, field and tick can be reached by Tab, from the top to the bottom.
func TestFocusOrder(t *testing.T) {
	b := newBench(t)
	b.take(10 * time.Minute)
	b.open()
	b.s.page.compare.fold.SetOpen(true)
	b.s.page.sources.fold.SetOpen(true)
	c := b.w.Canvas()
	c.Unfocus()
	p := b.s.page
	for i, want := range []fyne.Focusable{
		p.back, p.head.correct, p.head.leave, p.head.check.start, p.mend.fold.Head, p.mend.settings, p.mend.use,
		p.compare.fold.Head, p.compare.which, p.compare.code, p.compare.submit, p.compare.flip, p.taken.fold.Head,
		p.sources.fold.Head, p.sources.network, p.sources.servers, p.sources.save,
	} {
		c.FocusNext()
		if got := c.Focused(); got != want {
			t.Fatalf("Tab %d leads to %T %+v", i+1, got, got)
		}
	}
}

func TestSectionSaysTheVerdict(t *testing.T) {
	b := newBench(t)
	shown := 0
	b.w.SetContent(b.s.Section(func() { shown++ }))
	b.sees("Nobody has checked this clock yet.")
	b.take(47 * time.Second)
	b.s.Refresh()
	b.sees("Your clock is 47 seconds slow. Your codes are corrected, so they work.")
	b.press("Check or correct it")
	if shown != 1 {
		t.Error("the button leads nowhere")
	}
}

func TestTones(t *testing.T) {
	for in, want := range map[verdict.Tone]kit.Tone{verdict.Unknown: kit.Calm, verdict.Right: kit.Good, verdict.Look: kit.Look, verdict.Fail: kit.Fail} {
		if got := toneOf(in); got != want {
			t.Errorf("tone %d is shown as %d", in, got)
		}
	}
}

var _ Measure = func(context.Context, func(string, bool)) error { return nil }

// A page that is opened while the daily measurement is under way says so, and
// has its button again afterwards.
func TestOpenedDuringTheDailyMeasurement(t *testing.T) {
	b := newBench(t)
	_ = b.true.Allow(clock.Daily, nil)
	begun, end := make(chan struct{}), make(chan struct{})
	b.s.Measure = func(context.Context, func(string, bool)) error {
		close(begun)
		<-end
		return b.true.Take(agreed(47*time.Second, b.dev.read()))
	}
	b.s.Daily()
	<-begun
	b.w.SetContent(b.s.Open())
	b.sees("Asking what time it is…", "[Cancel]")
	b.seesNot("[Check my clock]")
	close(end)
	b.settle()
	b.sees("[Check again]")
	b.seesNot("Asking what time it is…", "[Cancel]")
}
