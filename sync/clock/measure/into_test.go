// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

// device is a device that a test turns.
type device struct{ clock.Times }

func (d *device) read() clock.Times { return d.Times }

func (d *device) pass(by time.Duration) { d.Wall, d.Boot = d.Wall.Add(by), d.Boot+by }

func newDevice() *device {
	return &device{clock.Times{Wall: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC), Boot: time.Hour, BootID: "one"}}
}

// result is what a network of so many servers that agree would give.
func (d *device) result(n int, offset time.Duration) Result {
	var all []clock.Estimate
	for i := range n {
		all = append(all, clock.Estimate{Offset: offset, Uncertainty: 20 * ms, Kind: clock.NTP, Name: fmt.Sprint(i), Operator: fmt.Sprint(i)})
	}
	a, _ := clock.Agree(all)
	return Result{Measurement: clock.Measurement{Agreement: a, At: d.Times}}
}

func TestNothingIsAskedBeforeItIsAllowed(t *testing.T) {
	for _, allowed := range []clock.Network{clock.Unasked, clock.Never, "another", clock.OnDemand, clock.Daily} {
		d := newDevice()
		c := clock.Open("", d.read)
		if err := c.Allow(allowed, nil); err != nil {
			t.Fatal(err)
		}
		asked := false
		_, err := into(c, Options{}, func(Options) (Result, error) {
			asked = true
			return d.result(3, 0), nil
		})
		if want := allowed == clock.OnDemand || allowed == clock.Daily; asked != want || errors.Is(err, ErrNotAllowed) == want {
			t.Errorf("%q: asked %v, %v", allowed, asked, err)
		}
	}
	// The same from the outside: where it is not allowed, not even a wrong
	// address matters.
	if _, err := Into(t.Context(), clock.Open("", nil), Options{Service: "://"}); !errors.Is(err, ErrNotAllowed) {
		t.Error(err)
	}
}

func allowed(t *testing.T, d *device, servers ...string) *clock.True {
	t.Helper()
	c := clock.Open(t.TempDir(), d.read)
	if err := c.Allow(clock.Daily, servers); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestIntoTakesAndKeeps(t *testing.T) {
	d := newDevice()
	c := allowed(t, d, "ntp.example.org")
	if err := c.Refuse("x"); err != nil {
		t.Fatal(err)
	}
	_, err := into(c, Options{Own: []string{"other"}}, func(o Options) (Result, error) {
		if !slices.Equal(o.Own, []string{"ntp.example.org"}) || !slices.Equal(o.Refused, []string{"x"}) {
			t.Errorf("own %v, refused %v", o.Own, o.Refused)
		}
		r := d.result(3, 47*time.Second)
		r.Refused = []string{"y"}
		return r, nil
	})
	s := c.Status()
	if err != nil || s.Applied != 47*time.Second || s.Measured == nil || !slices.Equal(s.Refused, []string{"x", "y"}) || c.Due() {
		t.Errorf("%v: %+v", err, s)
	}
}

// Who named servers has not allowed to ask others.
func TestIntoAsksOnlyTheUsersServers(t *testing.T) {
	d := newDevice()
	for _, servers := range [][]string{nil, {"127.0.0.1"}} {
		_, _ = into(allowed(t, d, servers...), Options{}, func(o Options) (Result, error) {
			if none := o.Web != nil && len(second(o, nil)) == 0; none != (servers != nil) {
				t.Errorf("servers %q: web servers asked: %v", servers, !none)
			}
			return d.result(1, 0), nil
		})
	}
}

// A time that one source gives is never applied silently, nor one of days that
// all give.
func TestIntoNeverSilently(t *testing.T) {
	for _, tc := range []struct {
		n      int
		offset time.Duration
	}{{1, 9 * day}, {1, 47 * time.Second}, {2, -47 * time.Second}, {6, 9 * day}} {
		d := newDevice()
		c := allowed(t, d)
		_, err := into(c, Options{}, func(Options) (Result, error) { return d.result(tc.n, tc.offset), nil })
		if s := c.Status(); err != nil || s.Applied != 0 || !s.Ask {
			t.Errorf("%d servers, %v: %v, applied %v, ask %v", tc.n, tc.offset, err, s.Applied, s.Ask)
		}
	}
}

// A poorer result does not take away a correction that still holds.
func TestIntoKeepsTheBetter(t *testing.T) {
	for _, tc := range []struct {
		name   string
		before func(*device)
		n      int
		keep   bool
	}{
		{"an hour later", func(d *device) { d.pass(time.Hour) }, 1, true},
		{"a majority", func(d *device) { d.pass(time.Hour) }, 3, false},
		{"two days later", func(d *device) { d.pass(2 * day) }, 1, false},
		{"the clock was set", func(d *device) { d.Wall = d.Wall.Add(time.Minute) }, 1, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDevice()
			c := allowed(t, d)
			if err := c.Take(d.result(3, 47*time.Second).Measurement); err != nil {
				t.Fatal(err)
			}
			tc.before(d)
			r, err := into(c, Options{}, func(Options) (Result, error) { return d.result(tc.n, 3*time.Hour), nil })
			s := c.Status()
			if kept := s.Measured.Offset == 47*time.Second; err != nil || kept != tc.keep || (s.Applied != 0) != tc.keep || r.Offset != 3*time.Hour {
				t.Errorf("%v: %v, applied %v", err, s.Measured.Offset, s.Applied)
			}
		})
	}
}

func TestIntoFails(t *testing.T) {
	for _, tc := range []struct {
		err error
		due bool
	}{
		{ErrNoAnswer, false},
		{fmt.Errorf("%w: %w", ErrNoAnswer, context.DeadlineExceeded), false},
		{fmt.Errorf("%w: %w", ErrNoAnswer, context.Canceled), true},
	} {
		d := newDevice()
		c := allowed(t, d)
		_, err := into(c, Options{}, func(Options) (Result, error) { return Result{Refused: []string{"y"}}, tc.err })
		if s := c.Status(); !errors.Is(err, tc.err) || s.Measured != nil || !slices.Equal(s.Refused, []string{"y"}) || c.Due() != tc.due {
			t.Errorf("%v: %v, due %v", tc.err, err, c.Due())
		}
	}
}
