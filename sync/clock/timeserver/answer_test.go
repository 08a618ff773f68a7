// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package timeserver

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/beevik/ntp"
	"pgregory.net/rapid"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/lietest"
)

// exchange is a simulated question and answer: what really happened.
type exchange struct {
	offset              time.Duration // of the device, the truth
	out, took, back     time.Duration
	rootDelay, rootDisp time.Duration
	serverOff           time.Duration // of the server, within what it says of itself
	precision, ran      time.Duration // how the server reads its clock, and the device runs
}

// answer is what the device makes of it.
func (x exchange) answer() (answer, error) {
	truth := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	server := func(after time.Duration) time.Time {
		return truth.Add(after + x.serverOff).Truncate(max(x.precision, 1))
	}
	t1 := clock.Times{Wall: truth.Add(-x.offset), Boot: time.Hour, BootID: "this"}
	total := x.out + x.took + x.back
	t4 := clock.Times{Wall: t1.Wall.Add(total + x.ran), Boot: t1.Boot + total + x.ran, BootID: "this"}
	r := &ntp.Response{
		Version: 4, Stratum: 2, RootDelay: x.rootDelay, RootDispersion: x.rootDisp, Precision: x.precision,
		ReferenceTime: server(-time.Minute), Time: server(x.out + x.took),
		Timestamps: ntp.ProtocolTimestamps{ServerRecv: server(x.out), ServerXmit: server(x.out + x.took)},
	}
	return judge(r, t1, t4)
}

// Ten thousand exchanges over networks with long tails: the truth lies within
// what is stated, and what is stated is not beyond reason.
func TestSimulated(t *testing.T) {
	const runs = 10_000
	r := rand.New(rand.NewPCG(47, 30))
	upTo := func(d time.Duration) time.Duration { return time.Duration(r.Int64N(int64(d) + 1)) }
	tail := func(d time.Duration) time.Duration {
		return min(time.Duration(-math.Log(1-r.Float64())*float64(d)), 400*time.Millisecond)
	}
	wrong := 0
	for range runs {
		x := exchange{
			offset: upTo(48*time.Hour) - 24*time.Hour, out: tail(60 * time.Millisecond), took: tail(time.Millisecond), back: tail(60 * time.Millisecond),
			rootDelay: tail(20 * time.Millisecond), rootDisp: tail(10 * time.Millisecond), precision: time.Duration(1) << r.IntN(24),
		}
		switch r.IntN(10) { // a queue on one side only
		case 0:
			x.out += upTo(300 * time.Millisecond)
		case 1:
			x.back += upTo(300 * time.Millisecond)
		}
		widest := x.rootDelay/2 + x.rootDisp
		x.serverOff = upTo(2*widest) - widest
		x.ran = (x.out + x.took + x.back) * time.Duration(r.Int64N(201)-100) / 1_000_000
		got, err := x.answer()
		if err != nil {
			t.Fatalf("%+v: %v", x, err)
		}
		if (got.offset - x.offset).Abs() > got.uncertainty {
			wrong++
		}
		if most := (x.out+x.back)/2 + widest + 2*x.precision + 2*time.Millisecond; got.uncertainty > most {
			t.Fatalf("%+v: uncertainty %v, more than %v", x, got.uncertainty, most)
		}
	}
	if wrong > runs/1000 {
		t.Errorf("%d of %d are wrong", wrong, runs)
	}
	t.Logf("%d of %d are wrong", wrong, runs)
}

// Without a margin for reading clocks the bound is exact: it holds where all the
// delay is on one side.
func TestReckonIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offset := time.Duration(rapid.Int64Range(-int64(100*365*24*time.Hour), int64(100*365*24*time.Hour)).Draw(t, "offset"))
		out := time.Duration(rapid.Int64Range(0, int64(time.Second)).Draw(t, "out"))
		took := time.Duration(rapid.Int64Range(0, int64(time.Second)).Draw(t, "took"))
		back := time.Duration(rapid.Int64Range(0, int64(time.Second)).Draw(t, "back"))
		t1 := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		t2 := t1.Add(offset + out)
		got := reckon(t1, t2, t2.Add(took), t1.Add(out+took+back))
		if (got.offset-offset).Abs() > got.uncertainty || got.delay != out+back || got.uncertainty > (out+back+1)/2 {
			t.Fatalf("got %+v", got)
		}
	})
}

func TestNoSuchDifference(t *testing.T) {
	r := &ntp.Response{Version: 4, Stratum: 1}
	for _, p := range []*time.Time{&r.Time, &r.ReferenceTime, &r.Timestamps.ServerRecv, &r.Timestamps.ServerXmit} {
		*p = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	for _, year := range []int{1, 1700, 2400, 9999} {
		at := clock.Times{Wall: time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)}
		if got, err := judge(r, at, at); err == nil {
			t.Errorf("year %d: got %+v", year, got)
		}
	}
}

// An address that the device has no way to does not matter while another is
// there.
func TestNoWay(t *testing.T) {
	s := lietest.Start(t)
	a := Asker{Timeout: time.Second}
	if _, err := a.query(t.Context(), []string{"[fe80::1%nosuch]:123", s.Addr}, nil); err != nil {
		t.Error(err)
	}
	if _, err := a.query(t.Context(), []string{"[fe80::1%nosuch]:123"}, nil); err == nil {
		t.Error("got an answer over a network that is not there")
	}
}
