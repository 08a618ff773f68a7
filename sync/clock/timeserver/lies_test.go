// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package timeserver_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/lietest"
	"github.com/kutano/authenticator/sync/clock/timeserver"
)

func TestLies(t *testing.T) {
	for name, test := range map[string]struct {
		lies  []lietest.Lie
		want  error // nil for an estimate of the first offset
		asked int
	}{
		"truth":                {nil, nil, 1},
		"an hour ahead":        {[]lietest.Lie{{Offset: time.Hour}}, nil, 1},
		"second to be added":   {[]lietest.Lie{{Leap: 1}}, nil, 1},
		"second to be dropped": {[]lietest.Lie{{Leap: 2}}, nil, 1},
		"twice":                {[]lietest.Lie{{Twice: true}}, nil, 1},
		"just sure enough":     {[]lietest.Lie{{RootDispersion: 600 * time.Millisecond, RootDelay: 1600 * time.Millisecond}}, nil, 1},
		"clock of 1 s":         {[]lietest.Lie{{Precision: -1}}, nil, 1},

		"DENY":                {[]lietest.Lie{{Kiss: "DENY"}}, timeserver.ErrRefused, 1},
		"RSTR":                {[]lietest.Lie{{Kiss: "RSTR"}}, timeserver.ErrRefused, 1},
		"RATE":                {[]lietest.Lie{{Kiss: "RATE"}}, timeserver.ErrTooOften, 1},
		"INIT":                {[]lietest.Lie{{Kiss: "INIT"}}, timeserver.ErrUnsure, 1},
		"kiss of no letters":  {[]lietest.Lie{{Kiss: "\x00\x01\x02\x03"}}, timeserver.ErrUnsure, 1},
		"not synchronised":    {[]lietest.Lie{{Stratum: 16}}, timeserver.ErrUnsure, 1},
		"leap says unsure":    {[]lietest.Lie{{Leap: 3}}, timeserver.ErrUnsure, 1},
		"dispersion":          {[]lietest.Lie{{RootDispersion: 1600 * time.Millisecond}}, timeserver.ErrUnsure, 1},
		"root delay":          {[]lietest.Lie{{RootDelay: 3100 * time.Millisecond}}, timeserver.ErrUnsure, 1},
		"coarse clock":        {[]lietest.Lie{{Precision: 2}}, timeserver.ErrUnsure, 1},
		"set two days ago":    {[]lietest.Lie{{Change: stampAt(16, -48*time.Hour)}}, timeserver.ErrUnsure, 1},
		"set in the future":   {[]lietest.Lie{{Change: stampAt(16, 48*time.Hour)}}, timeserver.ErrUnsure, 1},
		"took longer than it": {[]lietest.Lie{{Change: stampAt(40, time.Minute)}}, timeserver.ErrUnsure, 1},

		"wrong origin":        {[]lietest.Lie{{WrongOrigin: true}}, timeserver.ErrForged, 3},
		"DENY of no origin":   {[]lietest.Lie{{WrongOrigin: true, Kiss: "DENY"}}, timeserver.ErrForged, 3},
		"RATE of no origin":   {[]lietest.Lie{{WrongOrigin: true, Kiss: "RATE"}}, timeserver.ErrForged, 3},
		"cut":                 {[]lietest.Lie{{Cut: 1}}, timeserver.ErrForged, 3},
		"nothing":             {[]lietest.Lie{{Cut: 48}}, timeserver.ErrForged, 3},
		"garbage":             {[]lietest.Lie{{Change: lietest.Garbage}}, timeserver.ErrForged, 3},
		"the question":        {[]lietest.Lie{{Change: func(b []byte) []byte { b[0] = 0x23; return b }}}, timeserver.ErrForged, 3},
		"no time":             {[]lietest.Lie{{Change: func(b []byte) []byte { clear(b[40:]); return b }}}, timeserver.ErrForged, 3},
		"sent before it came": {[]lietest.Lie{{Change: stampAt(40, -time.Minute)}}, timeserver.ErrForged, 3},

		"forged, then true":          {[]lietest.Lie{{WrongOrigin: true}, {Cut: 9}, {}}, nil, 3},
		"forged, then kissed":        {[]lietest.Lie{{WrongOrigin: true}, {Kiss: "DENY"}}, timeserver.ErrRefused, 2},
		"slow, then asked too often": {[]lietest.Lie{{Late: 150 * time.Millisecond, Change: stampAt(40, 0)}, {Kiss: "RATE"}}, nil, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := lietest.Start(t, test.lies...)
			e, err := patient().Ask(t.Context(), timeserver.Server{Host: s.Addr})
			if !errors.Is(err, test.want) {
				t.Fatalf("got %+v and %v, want %v", e, err, test.want)
			}
			if s.Asked() != test.asked {
				t.Errorf("asked %d times, want %d", s.Asked(), test.asked)
			}
			if test.want != nil {
				return
			}
			var want time.Duration
			if len(test.lies) > 0 {
				want = test.lies[0].Offset
			}
			if (e.Offset - want).Abs() > e.Uncertainty {
				t.Errorf("got %v ± %v, want %v", e.Offset, e.Uncertainty, want)
			}
		})
	}
}

// stampAt sets one of the times of an answer to so much after its question came,
// in whole seconds and hence in one of the same 136 years.
func stampAt(at int, after time.Duration) func([]byte) []byte {
	return func(b []byte) []byte {
		copy(b[at:at+8], b[32:40])
		seconds := uint32(b[at])<<24 | uint32(b[at+1])<<16 | uint32(b[at+2])<<8 | uint32(b[at+3])
		seconds += uint32(int64(after / time.Second))
		b[at], b[at+1], b[at+2], b[at+3] = byte(seconds>>24), byte(seconds>>16), byte(seconds>>8), byte(seconds)
		return b
	}
}

// quick gives up soon, for servers that say nothing.
func quick() *timeserver.Asker { return &timeserver.Asker{Timeout: 50 * time.Millisecond} }

func TestSilence(t *testing.T) {
	s := lietest.Start(t, lietest.Lie{Silent: true})
	_, err := quick().Ask(t.Context(), timeserver.Server{Host: s.Addr})
	if !errors.Is(err, timeserver.ErrNoAnswer) || s.Asked() != 3 {
		t.Errorf("asked %d times: %v", s.Asked(), err)
	}
	one := quick()
	one.Tries = 1
	if _, err := one.Ask(t.Context(), timeserver.Server{Host: s.Addr}); err == nil || s.Asked() != 4 {
		t.Errorf("asked %d times: %v", s.Asked(), err)
	}
	if _, err := quick().AskProven(t.Context(), timeserver.Server{Host: s.Addr}); !errors.Is(err, timeserver.ErrNoAnswer) {
		t.Error(err)
	}
}

// A wrong packet among silence tells more than silence.
func TestForgedThenSilence(t *testing.T) {
	t.Parallel()
	s := lietest.Start(t, lietest.Lie{Silent: true}, lietest.Lie{WrongOrigin: true}, lietest.Lie{Silent: true})
	a := &timeserver.Asker{Timeout: time.Second}
	if _, err := a.Ask(t.Context(), timeserver.Server{Host: s.Addr}); !errors.Is(err, timeserver.ErrForged) {
		t.Error(err)
	}
}

func TestNobodyThere(t *testing.T) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := conn.LocalAddr().String()
	_ = conn.Close()
	for _, s := range []timeserver.Server{
		{Host: closed, KeyExchange: closed},
		{Host: "not..a.name", KeyExchange: "not..a.name"},
		{Host: "127.0.0.1:notaport", KeyExchange: "127.0.0.1:notaport"},
		{},
	} {
		if _, err := patient().Ask(t.Context(), s); !errors.Is(err, timeserver.ErrNoAnswer) {
			t.Errorf("ask %+v: %v", s, err)
		}
		if _, err := patient().AskProven(t.Context(), s); !errors.Is(err, timeserver.ErrNoAnswer) {
			t.Errorf("ask %+v for proof: %v", s, err)
		}
	}
}

// The usual limits leave room for the rest of a measurement of 1.5 s.
func TestUsualLimits(t *testing.T) {
	t.Parallel()
	s := lietest.Start(t, lietest.Lie{Silent: true})
	start := time.Now()
	_, err := (&timeserver.Asker{}).Ask(t.Context(), timeserver.Server{Host: s.Addr})
	if took := time.Since(start); err == nil || took < 1150*time.Millisecond || took > 3*time.Second {
		t.Errorf("it took %v: %v", took, err)
	} else {
		t.Logf("it took %v", took)
	}
}

func TestContext(t *testing.T) {
	s := lietest.Start(t, lietest.Lie{Silent: true})
	l, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	a := &timeserver.Asker{Timeout: time.Minute}
	server := timeserver.Server{Host: s.Addr, KeyExchange: l.Addr().String()}
	for name, ask := range map[string]func(context.Context, timeserver.Server) (clock.Estimate, error){"NTP": a.Ask, "NTS": a.AskProven} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		start := time.Now()
		_, err := ask(ctx, server)
		cancel()
		if took := time.Since(start); !errors.Is(err, timeserver.ErrNoAnswer) || took > 20*time.Second {
			t.Errorf("%s: it took %v: %v", name, took, err)
		}
	}
}

// hand is a device's clock that a test turns by hand.
type hand struct{ clock.Times }

func (h *hand) read() clock.Times { return h.Times }

func (h *hand) turn(d time.Duration) {
	h.Wall = h.Wall.Add(d)
	h.Boot += d
}

func byHand(wall time.Time) *hand {
	return &hand{clock.Times{Wall: wall, Boot: time.Hour, BootID: "this"}}
}

func TestLeftAlone(t *testing.T) {
	s := lietest.Start(t, lietest.Lie{Kiss: "RATE"}, lietest.Lie{Kiss: "RATE"}, lietest.Lie{})
	h := byHand(time.Now())
	a := patient()
	a.Read = h.read
	for i, step := range []struct {
		wait  time.Duration
		want  error
		asked int
	}{
		{0, timeserver.ErrTooOften, 1},
		{63 * time.Second, timeserver.ErrTooOften, 1},
		{2 * time.Second, timeserver.ErrTooOften, 2}, // asked again, and it is still too often
		{127 * time.Second, timeserver.ErrTooOften, 2},
		{2 * time.Second, nil, 3},
		{0, nil, 4},
	} {
		h.turn(step.wait)
		_, err := a.Ask(t.Context(), timeserver.Server{Host: s.Addr})
		if !errors.Is(err, step.want) || s.Asked() != step.asked {
			t.Errorf("step %d: asked %d times, want %d; got %v, want %v", i, s.Asked(), step.asked, err, step.want)
		}
	}
}

func TestNeverAgain(t *testing.T) {
	s := lietest.Start(t, lietest.Lie{Kiss: "DENY"}, lietest.Lie{})
	h := byHand(time.Now())
	a := patient()
	a.Read = h.read
	for range 3 {
		if _, err := a.Ask(t.Context(), timeserver.Server{Host: s.Addr}); !errors.Is(err, timeserver.ErrRefused) {
			t.Error(err)
		}
		h.turn(1000 * time.Hour)
	}
	if s.Asked() != 1 {
		t.Errorf("asked %d times", s.Asked())
	}
}

// An answer counts, and so does what came after it.
func TestAnswerThenTooOften(t *testing.T) {
	s := lietest.Start(t, lietest.Lie{Late: 150 * time.Millisecond, Change: stampAt(40, 0)}, lietest.Lie{Kiss: "RATE"})
	a := patient()
	if _, err := a.Ask(t.Context(), timeserver.Server{Host: s.Addr}); err != nil {
		t.Error(err)
	}
	if _, err := a.Ask(t.Context(), timeserver.Server{Host: s.Addr}); !errors.Is(err, timeserver.ErrTooOften) || s.Asked() != 2 {
		t.Errorf("asked %d times: %v", s.Asked(), err)
	}
}

// Whether the device is right or decades off, the time is the server's.
func TestYears(t *testing.T) {
	devices := []time.Time{
		{}, // right
		time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2016, 11, 25, 12, 0, 0, 0, time.UTC),
		time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC), time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	for _, now := range []string{
		"2016-11-25T12:00:00Z", "2026-11-25T12:00:00Z", "2036-02-07T06:28:14Z", "2036-02-07T06:28:17Z", "2038-01-19T03:14:08Z",
		"2106-02-07T06:28:14Z", "2106-02-07T06:28:17Z", "2106-12-31T23:59:59Z", "2145-12-31T23:59:59Z",
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		s := lietest.Start(t, lietest.Lie{At: at})
		for _, device := range append(devices, at.AddDate(-10, 0, 0)) {
			if device.IsZero() {
				device = at
			}
			a := patient()
			a.Read = byHand(device).read
			e, err := a.Ask(t.Context(), timeserver.Server{Host: s.Addr})
			if err != nil || (e.Offset-at.Sub(device)).Abs() > time.Microsecond {
				t.Errorf("it is %s, the device says %v: offset %v, want %v; %v", now, device, e.Offset, at.Sub(device), err)
			}
		}
	}
}

// A clock that is set between question and answer makes the answer worthless.
func TestClockSetMeanwhile(t *testing.T) {
	for _, step := range []time.Duration{time.Second, -time.Second, time.Hour} {
		s := lietest.Start(t)
		reads := 0
		a := patient()
		a.Read = func() clock.Times {
			now := clock.Now()
			if reads++; reads > 1 {
				now.Wall = now.Wall.Round(0).Add(step)
			}
			return now
		}
		e, err := a.Ask(t.Context(), timeserver.Server{Host: s.Addr})
		if err != nil || (e.Offset+step).Abs() > e.Uncertainty || s.Asked() != 2 {
			t.Errorf("set by %v: got %+v and %v after %d questions", step, e, err, s.Asked())
		}
	}
	s := lietest.Start(t)
	var wall time.Duration
	a := patient()
	a.Read = func() clock.Times {
		now := clock.Now()
		wall += time.Minute
		now.Wall = now.Wall.Round(0).Add(wall)
		return now
	}
	if _, err := a.Ask(t.Context(), timeserver.Server{Host: s.Addr}); !errors.Is(err, timeserver.ErrUnsure) || s.Asked() != 3 {
		t.Errorf("set all the time: %v after %d questions", err, s.Asked())
	}
}

func TestName(t *testing.T) {
	for _, test := range []struct {
		server timeserver.Server
		want   string
	}{
		{timeserver.Server{Host: "time.example"}, "time.example"},
		{timeserver.Server{Host: "time.example:123"}, "time.example"},
		{timeserver.Server{Host: "time.example:124"}, "time.example:124"},
		{timeserver.Server{Host: "[::1]:123"}, "::1"},
		{timeserver.Server{Host: "::1"}, "::1"},
		{timeserver.Server{Host: "[::1]"}, "::1"},
		{timeserver.Server{Host: "[::1]:124"}, "[::1]:124"},
		{timeserver.Server{Host: "time.example", KeyExchange: "keys.example"}, "time.example"},
		{timeserver.Server{KeyExchange: "keys.example:4460"}, "keys.example"},
		{timeserver.Server{KeyExchange: "keys.example:4461"}, "keys.example:4461"},
	} {
		if got := test.server.Name(); got != test.want {
			t.Errorf("%+v is called %q, want %q", test.server, got, test.want)
		}
	}
}
