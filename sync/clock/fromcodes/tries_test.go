// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package fromcodes

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/sync/clock"
)

// All by hand. Step is that of [12:00:00, 12:00:30).
func TestFromTries(t *testing.T) {
	const s = time.Second
	step := noon.Unix() / 30
	right := func(after time.Duration) clock.Times { return device{}.at(noon.Add(after)) }
	anew := right(30 * s)
	anew.BootID = "two"
	for _, tt := range []struct {
		name                string
		window              int
		tries               []Try
		offset, uncertainty time.Duration
		err                 error
	}{
		// The service's time is in [11:59:30, 12:01:00), up to 10 s after it was sent.
		{"one", 1, []Try{{step, right(0), true}}, 10 * s, 50 * s, nil},
		{"one, in the middle", 1, []Try{{step, right(10 * s), true}}, 0, 50 * s, nil},
		{"a service that takes only its own", 0, []Try{{step, right(10 * s), true}}, 0, 20 * s, nil},
		// [-40, 60] and [-69, 31].
		{"two", 1, []Try{{step, right(0), true}, {step + 1, right(59 * s), true}}, -4500 * ms, 35500 * ms, nil},
		{"one refusal narrows nothing", 1, []Try{{step, right(0), true}, {step + 1, right(0), false}}, 10 * s, 50 * s, nil},
		{"refusals inside narrow nothing", 1, []Try{
			{step, right(0), true}, {step + 1, right(0), false}, {step + 2, right(31 * s), false},
		}, 10 * s, 50 * s, nil},
		// [-40, 60] less [50, 70] and [48, 68]: both exclude what is from 50 on.
		{"two refusals at one end", 1, []Try{
			{step, right(0), true}, {step + 2, right(10 * s), false}, {step + 2, right(12 * s), false}, {step + 3, right(42 * s), false},
		}, 5 * s, 45 * s, nil},
		// [-40, 60] less [-45, -25] and [-44, -24].
		{"two refusals at the other end", 1, []Try{
			{step, right(0), true}, {step - 1, right(15 * s), false}, {step + 1, right(74 * s), false},
		}, 17500 * ms, 42500 * ms, nil},
		// [-55, 45]; the refusals would exclude [-59, -39] and [-56, -36].
		{"a code refused the second time", 1, []Try{
			{step, right(15 * s), true}, {step, right(59 * s), false}, {step + 1, right(86 * s), false},
		}, -5 * s, 50 * s, nil},
		{"only refused", 1, []Try{{step, right(0), false}, {step + 1, right(30 * s), false}}, 0, 0, ErrTooLittle},
		{"contradictory", 1, []Try{{step, right(0), true}, {step + 9, right(30 * s), true}}, 0, 0, ErrTooLittle},
		{"before the clock was set", 1, []Try{{step, right(0), true}, {step + 1, device{5 * s}.at(noon.Add(30 * s)), false}}, 0, 0, ErrTooLittle},
		{"before the device started", 1, []Try{{step, right(0), true}, {step + 1, anew, false}}, 0, 0, ErrTooLittle},
		{"after the clock was set", 1, []Try{{step, right(0), true}, {step + 1, device{60 * s}.at(noon.Add(40 * s)), true}}, 60 * s, 50 * s, nil},
		{"none", 1, nil, 0, 0, ErrTooLittle},
		{"a window below nothing", -1, []Try{{step, right(0), true}}, 0, 0, errPeriod},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := FromTries(period, tt.window, tt.tries)
			if !errors.Is(err, tt.err) || (e.Offset-tt.offset).Abs() > 10*ms || (e.Uncertainty-tt.uncertainty).Abs() > 10*ms {
				t.Errorf("%v ± %v, %v; want %v ± %v, %v", e.Offset, e.Uncertainty, err, tt.offset, tt.uncertainty, tt.err)
			}
			if err == nil && e.Kind != clock.Tries {
				t.Errorf("%+v", e)
			}
		})
	}
}

// A service that takes its own step and up to a window around, whatever the
// device's clock: the truth is within what comes out.
func TestTriesTruthIsWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		window := rapid.IntRange(0, 2).Draw(t, "window")
		really := rapid.IntRange(0, window).Draw(t, "the service's")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		d := device{upTo(r, 4*time.Minute) - 2*time.Minute}
		truth := noon
		var tries []Try
		used := map[int64]bool{}
		some := false
		for range rapid.IntRange(1, 12).Draw(t, "tries") {
			truth = truth.Add(upTo(r, time.Minute))
			at := d.at(truth)
			step := at.Wall.Unix()/30 + r.Int64N(3) - 1 // corrected somehow
			truth = truth.Add(upTo(r, Delay))
			now := truth.Unix() / 30
			taken := !used[step] && step >= now-int64(really) && step <= now+int64(really)
			used[step] = used[step] || taken
			some = some || taken
			tries = append(tries, Try{step, at, taken})
		}
		e, err := FromTries(period, window, tries)
		if !some {
			if !errors.Is(err, ErrTooLittle) {
				t.Fatalf("nothing was taken: %v ± %v, %v", e.Offset, e.Uncertainty, err)
			}
			return
		}
		if err != nil || d.offset < e.Low() || d.offset > e.High() {
			t.Fatalf("%v is not within %v ± %v, %v", d.offset, e.Offset, e.Uncertainty, err)
		}
	})
}

func TestRefusals(t *testing.T) {
	step := noon.Unix() / 30
	at := func(n int64) clock.Times { return device{}.at(time.Unix(n*30, 0)) }
	try := func(n int64, taken bool) Try { return Try{step + n, at(step + n), taken} }
	set := try(1, false)
	set.At.Wall = set.At.Wall.Add(time.Minute)
	for name, tt := range map[string]struct {
		tries []Try
		want  bool
	}{
		"none":                          {nil, false},
		"one":                           {[]Try{try(0, false)}, false},
		"two":                           {[]Try{try(0, false), try(1, false)}, true},
		"the same twice":                {[]Try{try(0, false), try(0, false)}, false},
		"one taken since":               {[]Try{try(0, false), try(1, false), try(2, true)}, false},
		"two after one was taken":       {[]Try{try(0, true), try(1, false), try(2, false)}, true},
		"one of them had been taken":    {[]Try{try(0, true), try(0, false), try(1, false)}, false},
		"one of them before it was set": {[]Try{try(0, false), set}, false},
	} {
		if got := Refusals(tt.tries); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
