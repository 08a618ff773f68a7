// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// measured is what three servers say at the device's now.
func (d *device) measured(offset time.Duration, majority bool) Measurement {
	m := Single(server(1, offset, 20*ms), d.Times)
	m.Majority = majority
	return m
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTake(t *testing.T) {
	const s = time.Second
	for _, tc := range []struct {
		offset       time.Duration
		majority     bool
		applied, ask bool
	}{
		{0, true, false, false},
		{1999 * ms, true, false, false},
		{-1999 * ms, false, false, false},
		{2 * s, true, true, false},
		{-2 * s, true, true, false},
		{47 * s, true, true, false},
		{47 * s, false, false, true},
		{300 * s, true, true, false},
		{-300 * s, true, true, false},
		{300*s + 1, true, false, true},
		{-300*s - 1, true, false, true},
		{24 * time.Hour, true, false, true},
		{24 * time.Hour, false, false, true},
	} {
		d := newDevice()
		c := Open("", d.read)
		check(t, c.Take(d.measured(tc.offset, tc.majority)))
		got := c.Status()
		if got.Applied != 0 != tc.applied || got.Applied != 0 && got.Applied != tc.offset || got.Ask != tc.ask {
			t.Errorf("%v, majority %v: applied %v, ask %v", tc.offset, tc.majority, got.Applied, got.Ask)
		}
		if now := c.Now(); !now.Equal(d.Wall.Add(got.Applied)) {
			t.Errorf("%v: codes are made for %v", tc.offset, now)
		}
		err := c.Apply()
		if want := tc.offset.Abs() >= Worth; (err == nil) != want || !want && !errors.Is(err, ErrNothing) {
			t.Errorf("%v: apply: %v", tc.offset, err)
		}
		if err == nil && !c.Now().Equal(d.Wall.Add(tc.offset)) {
			t.Errorf("%v: not applied", tc.offset)
		}
	}
	// What could be the other way round is not applied without asking.
	d := newDevice()
	m := d.measured(3*s, true)
	m.Uncertainty = 3 * s
	c := Open("", d.read)
	check(t, c.Take(m))
	if got := c.Status(); got.Applied != 0 || got.Ask {
		t.Errorf("uncertain: applied %v, ask %v", got.Applied, got.Ask)
	}
	check(t, c.TurnOn())
	if got := c.Status(); got.Applied != 0 || got.Ask {
		t.Errorf("uncertain, on: applied %v, ask %v", got.Applied, got.Ask)
	}
}

// What the user agreed to goes on while measurements say the same, and no longer.
func TestTakeAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		first, then   time.Duration
		majority, ask bool
	}{
		"an hour, still":          {time.Hour, time.Hour + 8*time.Second, true, false},
		"an hour, fewer answered": {time.Hour, time.Hour - 8*time.Second, false, false},
		"an hour, then more":      {time.Hour, time.Hour + 20*time.Second, true, true},
		"an hour, then less":      {time.Hour, time.Hour - 20*time.Second, true, true},
		"the other way":           {time.Hour, -time.Hour, true, true},
		"one source, still":       {47 * time.Second, 48 * time.Second, false, false},
		"one source, another":     {47 * time.Second, 90 * time.Second, false, true},
		"now it is known":         {47 * time.Second, 90 * time.Second, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDevice()
			c := Open(t.TempDir(), d.read)
			check(t, c.Take(d.measured(tc.first, false)))
			check(t, c.Apply())
			d.pass(day) // by which 8.64 s are uncertain
			check(t, c.Take(d.measured(tc.then, tc.majority)))
			want := tc.then
			if tc.ask {
				want = 0
			}
			if s := c.Status(); s.Applied != want || s.Ask != tc.ask {
				t.Errorf("applied %v, ask %v", s.Applied, s.Ask)
			}
		})
	}
	// Not where the clock was set since, nor by what could be the other way round.
	d := newDevice()
	c := Open("", d.read)
	check(t, c.Take(d.measured(time.Hour, true)))
	check(t, c.Apply())
	d.set(5 * time.Second)
	check(t, c.Take(d.measured(time.Hour, true)))
	if s := c.Status(); s.Applied != 0 || !s.Ask {
		t.Errorf("set since: applied %v, ask %v", s.Applied, s.Ask)
	}
	check(t, c.Apply())
	m := d.measured(time.Hour, true)
	m.Uncertainty = time.Hour
	check(t, c.Take(m))
	if s := c.Status(); s.Applied != 0 || s.Ask {
		t.Errorf("uncertain: applied %v, ask %v", s.Applied, s.Ask)
	}
}

func TestOffAndOn(t *testing.T) {
	d := newDevice()
	c := Open(t.TempDir(), d.read)
	check(t, c.Take(d.measured(47*time.Second, true)))
	check(t, c.TurnOff())
	if s := c.Status(); s.Applied != 0 || !s.Off || !c.Now().Equal(d.Wall) {
		t.Errorf("off: %+v", s)
	}
	check(t, c.Take(d.measured(48*time.Second, true)))
	if s := c.Status(); s.Applied != 0 || !s.Off || s.Ask {
		t.Errorf("off, and measured again: %+v", s)
	}
	check(t, c.TurnOn())
	if s := c.Status(); s.Applied != 48*time.Second || s.Off {
		t.Errorf("on: %+v", s)
	}
	// Switching on applies nothing that would have to be asked.
	check(t, c.TurnOff())
	check(t, c.Take(d.measured(time.Hour, true)))
	check(t, c.TurnOn())
	if s := c.Status(); s.Applied != 0 || !s.Ask {
		t.Errorf("on, an hour: %+v", s)
	}
	check(t, c.Apply())
	if s := c.Status(); s.Applied != time.Hour || s.Ask {
		t.Errorf("applied: %+v", s)
	}
	check(t, c.TurnOn())
	if s := c.Status(); s.Applied != time.Hour || s.Ask {
		t.Errorf("on again: %+v", s)
	}
}

func TestDropped(t *testing.T) {
	const slow = 47 * time.Second
	for name, tc := range map[string]struct {
		change func(*device)
		why    Why
	}{
		"time goes by":      {func(d *device) { d.pass(26 * time.Hour) }, ""},
		"set right":         {func(d *device) { d.pass(time.Minute); d.set(slow) }, Stepped},
		"set back":          {func(d *device) { d.pass(time.Minute); d.set(-2010 * ms) }, Stepped},
		"set forward":       {func(d *device) { d.pass(10 * time.Second); d.set(2002 * ms) }, Stepped},
		"set a little":      {func(d *device) { d.pass(10 * time.Second); d.set(1999 * ms) }, ""},
		"set after a month": {func(d *device) { d.pass(30 * day); d.set(slow) }, Stepped},
		"steadied":          {func(d *device) { d.pass(30 * time.Hour); d.slew(9 * time.Second) }, ""},
		"turned slowly":     {func(d *device) { d.pass(30 * time.Hour); d.slew(slow) }, Stepped},
		"started anew":      {func(d *device) { d.restart(time.Minute) }, Restarted},
		"no start is known": {func(d *device) { d.BootID = "" }, Restarted},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			d := newDevice()
			c := Open(dir, d.read)
			check(t, c.Take(d.measured(slow, true)))
			tc.change(d)
			// Now must not make one more code by it.
			want := d.Wall
			if tc.why == "" {
				want = want.Add(slow)
			}
			if !c.Now().Equal(want) {
				t.Error("Now goes by what holds no longer")
			}
			// Who looks learns of it, though Now was first, and once.
			changed, err := c.Look()
			if err != nil || changed != (tc.why != "") {
				t.Errorf("look: %v, %v", changed, err)
			}
			if changed, _ := c.Look(); changed {
				t.Error("the second look finds something new")
			}
			s := c.Status()
			if s.Stale != tc.why || (s.Dropped != nil) != (tc.why != "") || s.Dropped != nil && *s.Dropped != (Dropped{tc.why, slow}) {
				t.Errorf("stale %q, dropped %+v", s.Stale, s.Dropped)
			}
			// Another process knows it, too, even if the clock is set as it was.
			again := Open(dir, d.read).Status()
			if again.Stale != tc.why || (again.Applied != 0) != (tc.why == "") {
				t.Errorf("another process: %+v", again)
			}
			check(t, c.Dismiss())
			if c.Status().Dropped != nil {
				t.Error("not dismissed")
			}
		})
	}
}

// After a start the user can say that the clock is as it was; after it was set
// nobody can.
func TestApplyAfterwards(t *testing.T) {
	d := newDevice()
	c := Open(t.TempDir(), d.read)
	check(t, c.Take(d.measured(47*time.Second, true)))
	d.restart(time.Hour)
	check(t, c.Apply())
	s := c.Status()
	if s.Applied != 47*time.Second || s.Stale != "" || s.Dropped != nil || s.Uncertainty < uncertain {
		t.Errorf("after a start: %+v", s)
	}
	d.pass(60 * day)
	d.restart(time.Hour)
	check(t, c.Apply())
	if s := c.Status(); s.Uncertainty < 8*time.Minute {
		t.Errorf("after two months and a start: ± %v", s.Uncertainty)
	}
	d.set(time.Minute)
	if err := c.Apply(); !errors.Is(err, ErrNothing) {
		t.Errorf("after it was set: %v", err)
	}
	if !c.Now().Equal(d.Wall) {
		t.Error("after it was set, codes are corrected")
	}
}

func TestUncertaintyGrows(t *testing.T) {
	d := newDevice()
	c := Open("", d.read)
	check(t, c.Take(d.measured(47*time.Second, true)))
	d.pass(10_000 * time.Second)
	if s := c.Status(); s.Uncertainty != 20*ms+time.Second || s.Age != 10_000*time.Second || s.Old() {
		t.Errorf("after 10,000 s: ± %v, age %v", s.Uncertainty, s.Age)
	}
	d.set(-time.Second) // too little to drop it, and known
	if s := c.Status(); s.Uncertainty != 20*ms+2*time.Second {
		t.Errorf("after it was set by a second: ± %v", s.Uncertainty)
	}
	d.pass(28 * time.Hour)
	if !c.Status().Old() {
		t.Error("it is not old after more than a day")
	}
}

func TestOtherProcesses(t *testing.T) {
	dir := t.TempDir()
	d := newDevice()
	app, cli := Open(dir, d.read), Open(dir, d.read)
	check(t, app.Allow(Daily, []string{"time.example"}))
	if changed, err := cli.Look(); !changed || err != nil {
		t.Errorf("look: %v, %v", changed, err)
	}
	check(t, cli.Take(d.measured(47*time.Second, true)))
	if app.Status().Applied != 0 {
		t.Error("taken over without a look")
	}
	if changed, err := app.Look(); !changed || err != nil || app.Status().Applied != 47*time.Second {
		t.Errorf("look: %v, %v, %+v", changed, err, app.Status())
	}
	// A change does not undo what another has changed meanwhile.
	check(t, cli.TurnOff())
	check(t, app.Refuse("closed.example", "closed.example"))
	s := Open(dir, d.read).Status()
	if !s.Off || s.Applied != 0 || s.Network != Daily || !slices.Equal(s.Servers, []string{"time.example"}) || !slices.Equal(s.Refused, []string{"closed.example"}) {
		t.Errorf("together: %+v", s)
	}
}

func TestDue(t *testing.T) {
	d := newDevice()
	c := Open(t.TempDir(), d.read)
	for _, n := range []Network{Unasked, Never, OnDemand} {
		if check(t, c.Allow(n, nil)); c.Due() {
			t.Errorf("due where %q is allowed", n)
		}
	}
	check(t, c.Allow(Daily, nil))
	if !c.Due() {
		t.Error("not due though nothing was measured")
	}
	c.Failed()
	if c.Due() {
		t.Error("due right after it failed")
	}
	d.pass(49 * time.Minute)
	if c.Due() {
		t.Error("due too early after it failed")
	}
	d.pass(21 * time.Minute)
	if !c.Due() {
		t.Error("not due an hour after it failed")
	}
	check(t, c.Take(d.measured(0, true)))
	if d.pass(19 * time.Hour); c.Due() {
		t.Error("due before a day")
	}
	if d.pass(10 * time.Hour); !c.Due() {
		t.Error("not due after a day")
	}
	check(t, c.Take(d.measured(0, true)))
	if d.set(time.Minute); !c.Due() {
		t.Error("not due though the clock was set")
	}
	for offset, want := range map[time.Duration]bool{0: false, 47 * time.Second: true} {
		check(t, c.Take(d.measured(offset, true)))
		d.BootID += "2"
		if c.Due() != want {
			t.Errorf("started anew, %v off before: due is %v", offset, c.Due())
		}
	}
	// What was put down on a day that never comes is no reason to wait.
	check(t, c.Take(d.measured(0, true)))
	d.Wall = d.Wall.AddDate(-3, 0, 0)
	c.kept.Measured.At.Wall, c.kept.Stale = d.Wall, ""
	if !c.Due() {
		t.Error("not due for three years")
	}
}

// Not all ask at the same time of day.
func TestSpread(t *testing.T) {
	low, high := 2*day, time.Duration(0)
	for range 1000 {
		s := (&True{}).spread(day)
		low, high = min(low, s), max(high, s)
	}
	if low < 20*time.Hour || high > 28*time.Hour || high-low < 6*time.Hour {
		t.Errorf("from %v to %v", low, high)
	}
}

// Whatever happens: codes are only ever corrected by the last measurement, while
// the clock was not set since, and never by what has to be asked.
func TestNeverByWhatNobodySaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDevice()
		c := Open("", d.read)
		var last time.Duration // what may be applied
		asked := false         // it has to be
		anew := false          // the device was started anew, and only the user knows what was set
		for range rapid.IntRange(1, 20).Draw(t, "events") {
			by := time.Duration(rapid.Int64Range(-int64(10*time.Minute), int64(10*time.Minute)).Draw(t, "by"))
			switch rapid.IntRange(0, 6).Draw(t, "event") {
			case 0:
				d.pass(by.Abs())
			case 1:
				if d.set(by); by.Abs() > 3*time.Second && !anew {
					last = 0
				}
			case 2:
				majority := rapid.Bool().Draw(t, "majority")
				before := c.Status()
				again := before.Applied != 0 && (by-before.Applied).Abs() <= before.Uncertainty+20*ms
				_ = c.Take(d.measured(by, majority))
				last, asked, anew = by, (!majority || by.Abs() > Most) && !again, false
			case 3:
				if c.Apply() == nil {
					asked, anew = false, false
				}
			case 4:
				_ = c.TurnOff()
			case 5:
				_ = c.TurnOn()
			case 6:
				d.restart(by.Abs())
				asked, anew = true, last != 0
			}
			if rapid.Bool().Draw(t, "now first") {
				_ = c.Now()
			}
			_, _ = c.Look()
			applied := c.Now().Sub(d.Wall)
			if applied != 0 && (applied != last || asked || applied.Abs() < Worth) {
				t.Fatalf("codes are corrected by %v; measured was %v, to be asked: %v", applied, last, asked)
			}
		}
	})
}
