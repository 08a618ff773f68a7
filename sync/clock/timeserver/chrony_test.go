// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package timeserver_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/chronytest"
	"github.com/kutano/authenticator/sync/clock/lietest"
	"github.com/kutano/authenticator/sync/clock/timeserver"
)

// patient is an asker for a busy machine. Tests of how long it takes use others.
func patient() *timeserver.Asker { return &timeserver.Asker{Timeout: 5 * time.Second} }

// turned is a device whose clock is off: behind by so much.
func turned(slow time.Duration) func() clock.Times {
	return func() clock.Times {
		now := clock.Now()
		now.Wall = now.Wall.Round(0).Add(-slow)
		return now
	}
}

// checkOffset fails unless the truth lies within the uncertainty, and the
// estimate no farther off than a loopback's may be. A busy machine can be slow to
// run the test on time; the estimate then says so, and another is taken.
func checkOffset(t *testing.T, want time.Duration, ask func() (clock.Estimate, error)) clock.Estimate {
	t.Helper()
	var e clock.Estimate
	for range 10 {
		var err error
		if e, err = ask(); err != nil {
			t.Fatal(err)
		}
		if off := (e.Offset - want).Abs(); off > e.Uncertainty {
			t.Fatalf("offset %v ± %v, want %v: off by %v", e.Offset, e.Uncertainty, want, off)
		}
		if e.Uncertainty <= 5*time.Millisecond {
			t.Logf("off by %v, uncertainty %v", e.Offset-want, e.Uncertainty)
			return e
		}
	}
	t.Fatalf("the uncertainty on loopback is %v", e.Uncertainty)
	return e
}

var offsets = []time.Duration{
	0, 47 * time.Second, -47 * time.Second, time.Hour, -time.Hour, 24 * time.Hour, -24 * time.Hour, -3650 * 24 * time.Hour,
	80 * 365 * 24 * time.Hour, // past the library's 2106
}

func TestChrony(t *testing.T) {
	var servers []chronytest.Server
	for _, o := range offsets {
		servers = append(servers, chronytest.Server{Offset: o})
	}
	for i, r := range chronytest.StartAll(t, servers...) {
		for _, slow := range []time.Duration{0, 3650 * 24 * time.Hour, -time.Hour} {
			t.Run(fmt.Sprintf("%v on a device that is %v slow", offsets[i], slow), func(t *testing.T) {
				a := patient()
				a.Read = turned(slow)
				e := checkOffset(t, offsets[i]+slow, func() (clock.Estimate, error) {
					return a.Ask(t.Context(), timeserver.Server{Host: r.Addr, Operator: "us", Smeared: i%2 == 0})
				})
				want := clock.Estimate{
					Offset: e.Offset, Uncertainty: e.Uncertainty, Kind: clock.NTP, Name: r.Addr, Operator: "us", Smeared: i%2 == 0,
				}
				if e != want {
					t.Errorf("got %+v, want %+v", e, want)
				}
			})
		}
	}
}

func TestChronyProven(t *testing.T) {
	servers := []chronytest.Server{{NTS: true}, {NTS: true, Offset: 47 * time.Second}, {NTS: true, Offset: -24 * time.Hour, NTPServer: "localhost"}}
	for i, r := range chronytest.StartAll(t, servers...) {
		for _, slow := range []time.Duration{0, time.Hour} {
			t.Run(fmt.Sprintf("%v on a device that is %v slow", servers[i].Offset, slow), func(t *testing.T) {
				a := patient()
				a.Read, a.Roots = turned(slow), r.Authority.Roots
				e := checkOffset(t, servers[i].Offset+slow, func() (clock.Estimate, error) {
					// Only the key exchange counts; the other is not there.
					return a.AskProven(t.Context(), timeserver.Server{Host: "127.0.0.1:9", KeyExchange: r.KeyExchange})
				})
				if e.Kind != clock.NTS || !e.Proven || e.Name != "127.0.0.1:9" {
					t.Errorf("got %+v", e)
				}
			})
		}
	}
}

// Whoever makes up that a server wants to be left alone does not keep it from
// proving the time.
func TestMadeUpRefusal(t *testing.T) {
	r := chronytest.Start(t, chronytest.Server{NTS: true})
	for _, code := range []string{"DENY", "RATE"} {
		a := patient()
		a.Roots = r.Authority.Roots
		s := timeserver.Server{Host: lietest.Start(t, lietest.Lie{Kiss: code}).Addr, KeyExchange: r.KeyExchange}
		if _, err := a.Ask(t.Context(), s); !errors.Is(err, timeserver.ErrRefused) && !errors.Is(err, timeserver.ErrTooOften) {
			t.Fatal(err)
		}
		if _, err := a.AskProven(t.Context(), s); err != nil {
			t.Errorf("after %s: %v", code, err)
		}
	}
}

func TestChronyIPv6(t *testing.T) {
	lietest.NeedIPv6(t, "[::1]")
	r := chronytest.Start(t, chronytest.Server{IPv6: true, NTS: true, Offset: time.Hour})
	a := patient()
	a.Roots = r.Authority.Roots
	s := timeserver.Server{Host: r.Addr, KeyExchange: r.KeyExchange}
	checkOffset(t, time.Hour, func() (clock.Estimate, error) { return a.Ask(t.Context(), s) })
	checkOffset(t, time.Hour, func() (clock.Estimate, error) { return a.AskProven(t.Context(), s) })
}

// On a device whose year is wrong no certificate is valid.
func TestCertificateTime(t *testing.T) {
	r := chronytest.Start(t, chronytest.Server{NTS: true})
	for _, slow := range []time.Duration{3650 * 24 * time.Hour, -3650 * 24 * time.Hour} {
		a := patient()
		a.Read, a.Roots = turned(slow), r.Authority.Roots
		_, err := a.AskProven(t.Context(), timeserver.Server{KeyExchange: r.KeyExchange})
		if !errors.Is(err, timeserver.ErrCertificateTime) || errors.Is(err, timeserver.ErrForged) {
			t.Errorf("a device that is %v slow: %v", slow, err)
		}
	}
}

// A server that nobody vouches for is not believed, whatever it says.
func TestUnknownAuthority(t *testing.T) {
	r := chronytest.Start(t, chronytest.Server{NTS: true})
	other := chronytest.NewAuthority(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	a := patient()
	a.Roots = other.Roots
	if _, err := a.AskProven(t.Context(), timeserver.Server{KeyExchange: r.KeyExchange}); !errors.Is(err, timeserver.ErrForged) {
		t.Error(err)
	}
}

// Five servers at once, from any goroutine, and the majority is right.
func TestTogether(t *testing.T) {
	right := 47 * time.Second
	all := chronytest.StartAll(t, chronytest.Server{Offset: right}, chronytest.Server{Offset: right}, chronytest.Server{Offset: right},
		chronytest.Server{Offset: time.Hour}, chronytest.Server{Offset: -time.Hour})
	a := patient()
	es := make([]clock.Estimate, len(all))
	errs := make([]error, len(all))
	var wait sync.WaitGroup
	for i, r := range all {
		wait.Go(func() {
			es[i], errs[i] = a.Ask(context.Background(), timeserver.Server{Host: r.Addr, Operator: string(rune('a' + i))})
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	got, ok := clock.Agree(es)
	if !ok || !got.Majority || (got.Offset-right).Abs() > got.Uncertainty || len(got.Against) != 2 {
		t.Errorf("got %+v", got)
	}
}
