// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// device is a device whose clocks a test turns.
type device struct{ Times }

func newDevice() *device {
	return &device{Times{Wall: time.Date(2026, 11, 25, 18, 0, 0, 0, time.UTC), Boot: 5 * time.Hour, BootID: "one"}}
}

func (d *device) read() Times { return d.Times }

// pass lets time go by, asleep or not: the clocks do not know.
func (d *device) pass(t time.Duration) {
	d.Wall, d.Boot = d.Wall.Add(t), d.Boot+t
}

func (d *device) set(by time.Duration) { d.Wall = d.Wall.Add(by) }

// slew turns the clocks by running them faster, which the clock of Boot does,
// too.
func (d *device) slew(by time.Duration) {
	d.Wall, d.Boot, d.Slewed = d.Wall.Add(by), d.Boot+by, d.Slewed+by
}

// restart switches the device off for a while.
func (d *device) restart(off time.Duration) {
	d.Wall, d.Boot, d.Slewed, d.BootID = d.Wall.Add(off), time.Second, 0, d.BootID+"+"
}

func TestShift(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*device)
		shift  time.Duration
		ok     bool
		why    Why
	}{
		"nothing":                   {func(*device) {}, 0, true, ""},
		"an hour, or a sleep":       {func(d *device) { d.pass(time.Hour) }, 0, true, ""},
		"set a little":              {func(d *device) { d.pass(time.Minute); d.set(1900 * ms) }, 1900 * ms, true, ""},
		"set forward":               {func(d *device) { d.pass(time.Minute); d.set(2100 * ms) }, 2100 * ms, true, Stepped},
		"set back":                  {func(d *device) { d.pass(time.Minute); d.set(-2100 * ms) }, -2100 * ms, true, Stepped},
		"set back before the start": {func(d *device) { d.set(-24 * time.Hour) }, -24 * time.Hour, true, Stepped},
		"run faster":                {func(d *device) { d.pass(time.Hour); d.slew(5 * time.Second) }, 5 * time.Second, true, Stepped},
		"run a little slower":       {func(d *device) { d.pass(time.Hour); d.slew(-time.Second) }, -time.Second, true, ""},
		"what a system does for a crystal": {
			func(d *device) { d.pass(100 * time.Hour); d.slew(15 * time.Second) }, 15 * time.Second, true, "",
		},
		"started anew": {func(d *device) { d.restart(time.Minute) }, 0, false, Restarted},
		"no telling":   {func(d *device) { d.BootID = "" }, 0, false, Restarted},
	} {
		d := newDevice()
		then := d.Times
		tc.change(d)
		shift, ok := then.Shift(d.Times)
		if shift != tc.shift || ok != tc.ok {
			t.Errorf("%s: shift %v, %v", name, shift, ok)
		}
		if _, _, why := then.since(d.Times, unlimited); why != tc.why {
			t.Errorf("%s: %q, want %q", name, why, tc.why)
		}
	}
	// Before it was known that a start has a name.
	unknown := Times{Wall: newDevice().Wall}
	if _, ok := unknown.Shift(unknown); ok {
		t.Error("a start without a name is known")
	}
}

// Shifts add up, in whatever order things happen.
func TestShiftsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDevice()
		start, want := d.Times, time.Duration(0)
		for range rapid.IntRange(0, 8).Draw(t, "events") {
			by := time.Duration(rapid.Int64Range(-int64(time.Hour), int64(time.Hour)).Draw(t, "by"))
			switch rapid.IntRange(0, 2).Draw(t, "event") {
			case 0:
				d.pass(by.Abs())
			case 1:
				d.set(by)
				want += by
			case 2:
				d.pass(2 * by.Abs())
				d.slew(by)
				want += by
			}
		}
		if got, ok := start.Shift(d.Times); !ok || got != want {
			t.Fatalf("shift %v, %v; want %v", got, ok, want)
		}
	})
}

// The real clocks of the system say that nobody sets them while this runs.
func TestNow(t *testing.T) {
	a := Now()
	time.Sleep(20 * ms)
	b := Now()
	shift, ok := a.Shift(b)
	if !ok || shift.Abs() > time.Second || b.Boot <= a.Boot {
		t.Errorf("from %+v to %+v: shift %v, %v", a, b, shift, ok)
	}
}

func TestOwnID(t *testing.T) {
	if a := ownID(); a == "" || a != ownID() {
		t.Errorf("%q", a)
	}
}
