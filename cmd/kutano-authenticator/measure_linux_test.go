// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/lietest"
	"github.com/kutano/authenticator/sync/clock/measure"
	clockpage "github.com/kutano/authenticator/ui/clock"
)

func TestSaid(t *testing.T) {
	some := measure.Result{Measurement: clock.Measurement{Agreement: clock.Agreement{With: []clock.Estimate{{}}}}}
	other := errors.New("something else")
	for _, c := range []struct {
		r    measure.Result
		in   error
		want error
	}{
		{some, nil, nil},
		{some, fs.ErrPermission, nil}, // measured, and not written down
		{some, fmt.Errorf("x: %w", measure.ErrStepped), clockpage.ErrStepped},
		{measure.Result{}, fmt.Errorf("x: %w", measure.ErrNoAnswer), clockpage.ErrNoAnswer},
		{measure.Result{}, fmt.Errorf("x: %w", measure.ErrCertificateTime), clockpage.ErrDate},
		{measure.Result{}, measure.ErrNotAllowed, measure.ErrNotAllowed},
		{measure.Result{}, other, other},
	} {
		if got := said(c.r, c.in); !errors.Is(got, c.want) || c.want == nil && got != nil {
			t.Errorf("%v is said as %v, want %v", c.in, got, c.want)
		}
	}
}

// slowBy starts three time servers of two operators that say that this device is
// slow.
func slowBy(t testing.TB, off time.Duration) (names []string, servers []*lietest.Server) {
	t.Helper()
	for _, host := range []string{"127.0.0.1", "127.0.0.2", "127.0.0.2"} {
		s := lietest.StartAt(t, host+":0", lietest.Lie{Offset: off})
		servers, names = append(servers, s), append(names, s.Addr)
	}
	return names, servers
}

// What the window is handed asks nobody without leave, and then measures by real
// packets.
func TestMeasuring(t *testing.T) {
	names, servers := slowBy(t, 47*time.Second)
	right := clock.Open(t.TempDir(), nil)
	if err := right.Allow(clock.Never, names); err != nil {
		t.Fatal(err)
	}
	ask := measuring(right, linkedService(t.TempDir()))
	if err := ask(t.Context(), nil); !errors.Is(err, measure.ErrNotAllowed) || servers[0].Asked() != 0 {
		t.Fatalf("without leave: %v, asked %d times", err, servers[0].Asked())
	}
	if err := right.Allow(clock.OnDemand, names); err != nil {
		t.Fatal(err)
	}
	answered := 0
	if err := ask(t.Context(), func(name string, ok bool) {
		if _, _, err := net.SplitHostPort(name); err != nil || !ok {
			t.Errorf("%q answered: %v", name, ok)
		}
		answered++
	}); err != nil {
		t.Fatal(err)
	}
	if s := right.Status(); answered != 3 || (s.Applied-47*time.Second).Abs() > time.Second {
		t.Errorf("%d answers, corrected by %v", answered, s.Applied)
	}
	if err := right.Allow(clock.OnDemand, names[:1]); err != nil {
		t.Fatal(err)
	}
	if err := ask(t.Context(), nil); !errors.Is(err, clockpage.ErrFew) || !right.Status().Measured.Majority {
		t.Errorf("one server alone: %v", err)
	}
}
