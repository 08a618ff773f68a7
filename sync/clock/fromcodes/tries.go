// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package fromcodes

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

// ErrTooLittle tells that the tries say nothing of the clock: no code was taken
// since it was last set, or what was taken does not fit together.
var ErrTooLittle = errors.New("what was taken does not tell the time")

// Try is a code that was typed at a service.
type Try struct {
	Step  int64       // the time step whose code it was
	At    clock.Times // this device's clocks when it was sent
	Taken bool        // the service took it
}

// FromTries returns the offset that fits what a service took and refused; it
// holds at the last try. Tries are in the order in which they were made; those
// from before the device's clock was set, or before its start, do not count.
//
// The window is how many steps before and after its own the service takes at
// most: 1 by RFC 6238, section 5.2. A code that was taken within ten seconds
// then places the offset within ±50 s. A refused one says only that the
// service's time was not in its step, and that only if it was not mistyped or
// used before: refusals alone give nothing (ErrTooLittle), and they narrow
// what was taken only where the codes of two steps say so.
func FromTries(period time.Duration, window int, tries []Try) (clock.Estimate, error) {
	if period < time.Second || period%time.Second != 0 || window < 0 {
		return clock.Estimate{}, errPeriod
	}
	tries = since(tries)
	var fit span
	var taken []int64
	for _, t := range tries {
		if !t.Taken {
			continue
		}
		m, _ := between(t.At, tries[len(tries)-1].At)
		s := m.of(t.taken(period, window))
		if len(taken) == 0 {
			fit = s
		}
		var ok bool
		if fit, ok = fit.and(s); !ok {
			return clock.Estimate{}, ErrTooLittle
		}
		taken = append(taken, t.Step)
	}
	if len(taken) == 0 {
		return clock.Estimate{}, ErrTooLittle
	}
	return narrow(fit, refused(period, tries, taken)).estimate(clock.Tries), nil
}

// Refusals tells that codes of two steps or more were refused since one was
// taken and since the clock was set: it may be wrong, and is worth measuring.
func Refusals(tries []Try) bool {
	var steps []int64
	used := int64(-1) // a code that was taken is refused the second time
	for _, t := range since(tries) {
		switch {
		case t.Taken:
			steps, used = nil, t.Step
		case t.Step != used && !slices.Contains(steps, t.Step):
			steps = append(steps, t.Step)
		}
	}
	return len(steps) > 1
}

// since returns the tries that tell of the clock as it is.
func since(tries []Try) []Try {
	i := len(tries)
	for ; i > 0; i-- {
		if _, ok := between(tries[i-1].At, tries[len(tries)-1].At); !ok {
			break
		}
	}
	return tries[i:]
}

// taken returns the offsets at which the code is taken: it gets there up to
// Delay later.
func (t Try) taken(period time.Duration, window int) span {
	begin, around := begins(t.Step, period).Sub(t.At.Wall.Round(0)), time.Duration(window)*period
	return span{begin - around - Delay, begin + period + around, []int64{t.Step}}
}

// refused returns the offsets at which every service would have taken what was
// refused, one stretch a step.
func refused(period time.Duration, tries []Try, taken []int64) (all []span) {
	seen := slices.Clone(taken) // a code counts once: then it is refused
	for _, t := range tries {
		if t.Taken || slices.Contains(seen, t.Step) {
			continue
		}
		seen = append(seen, t.Step)
		begin := begins(t.Step, period).Sub(t.At.Wall.Round(0))
		m, _ := between(t.At, tries[len(tries)-1].At)
		m.widen = -m.widen // only what is excluded for sure
		all = append(all, m.of(span{begin, begin + period - Delay, nil}))
	}
	return all
}

// narrow cuts off one end what two refusals exclude there.
func narrow(fit span, refused []span) span {
	var low, high []time.Duration
	for _, r := range refused {
		switch {
		case r.low <= fit.low && fit.low < r.high && r.high < fit.high:
			low = append(low, r.high)
		case r.high >= fit.high && fit.high > r.low && r.low > fit.low:
			high = append(high, r.low)
		}
	}
	slices.SortFunc(low, func(a, b time.Duration) int { return cmp.Compare(b, a) })
	slices.Sort(high)
	cut := fit
	if len(low) > 1 {
		cut.low = low[1]
	}
	if len(high) > 1 {
		cut.high = high[1]
	}
	if cut.low > cut.high {
		return fit
	}
	return cut
}
