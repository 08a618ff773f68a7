// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package timeserver

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/beevik/ntp"

	"github.com/kutano/authenticator/sync/clock"
)

const (
	// farthest is how far from true time a server may be by its own account and
	// by the way of its answer (RFC 5905, appendix A.5.5.2: root distance).
	farthest = 1500 * time.Millisecond
	// coarsest is the coarsest clock that is taken for one.
	coarsest = time.Second
	// margin is for what nobody tells: how the device reads its clock, and how
	// it runs meanwhile.
	margin = time.Millisecond
	// tick is what Windows turns its clock by at once, at most.
	tick = 16 * time.Millisecond
	// set is by how much the device's clock is off its own count when it was set
	// between question and answer. Being interrupted between reading the one and
	// the other looks like less.
	set = 50 * time.Millisecond
	// backwards is how much sooner an answer may come than the server says it
	// took: clocks run unevenly.
	backwards = 10 * time.Millisecond
	// apart is the difference that no two clocks have.
	apart = 200 * 365 * 24 * time.Hour
)

// errSet is why an answer is no use, and the next may be.
var errSet = fmt.Errorf("the device's clock was set meanwhile: %w", ErrUnsure)

// answer is what a server's answer says of the device's clock.
type answer struct {
	offset      time.Duration
	uncertainty time.Duration // 0 for no answer
	delay       time.Duration // there and back, without the time the server took
	then        error         // what came of other questions to it
}

// judge checks an answer and reckons the offset; before and after are the
// device's clocks at the question and at the answer.
func judge(r *ntp.Response, before, after clock.Times) (answer, error) {
	place(r)
	if err := r.Validate(); errors.Is(err, ntp.ErrKissOfDeath) {
		return answer{}, kiss(r.KissCode)
	} else if err != nil {
		return answer{}, fmt.Errorf("%w: %w", ErrUnsure, err)
	}
	if r.RootDelay/2+r.RootDispersion > farthest {
		return answer{}, fmt.Errorf("%w: by up to %v", ErrUnsure, r.RootDelay/2+r.RootDispersion)
	}
	if r.Precision < 0 || r.Precision > coarsest {
		return answer{}, fmt.Errorf("%w: its clock is as coarse as %v", ErrUnsure, r.Precision)
	}
	shift, ok := before.Shift(after)
	if ok && shift.Abs() > set {
		return answer{}, errSet
	}
	got := reckon(before.Wall, r.Timestamps.ServerRecv, r.Timestamps.ServerXmit, after.Wall)
	got.uncertainty += r.RootDelay/2 + r.RootDispersion + r.Precision + shift.Abs() + margin
	if runtime.GOOS == "windows" {
		got.uncertainty += tick
	}
	switch {
	case got.delay < -backwards || got.offset.Abs() > apart:
		return answer{}, fmt.Errorf("%w: the times do not fit together", ErrUnsure)
	case got.uncertainty > farthest:
		return answer{}, fmt.Errorf("%w: by up to %v, the way included", ErrUnsure, got.uncertainty)
	}
	return got, nil
}

// reckon takes the four times of an exchange (RFC 5905, section 8): the question
// left and arrived, the answer left and arrived. No packet arrives before it
// leaves, so the offset lies between what either way would be without delay.
func reckon(t1, t2, t3, t4 time.Time) answer {
	t1, t4 = t1.Round(0), t4.Round(0) // the wall clock is what it is about
	low, high := t3.Sub(t4), t2.Sub(t1)
	delay := high - low
	return answer{offset: low + delay/2, uncertainty: (delay.Abs() + 1) / 2, delay: delay}
}

// kiss says what a code means that comes instead of a time. All but these three
// tell of the server's own state.
func kiss(code string) error {
	switch code {
	case "DENY", "RSTR":
		return fmt.Errorf("%w (%s)", ErrRefused, code)
	case "RATE":
		return fmt.Errorf("%w (%s)", ErrTooOften, code)
	}
	return fmt.Errorf("%w: it gives none (%q)", ErrUnsure, code)
}

// first begins the 136 years, until 2146, that a time of NTP is looked for in.
// Its 32 bits of seconds run over in 2036 and do not say in which round they are;
// the library takes those of 1970 to 2106. The device's clock is no help: it is
// what may be wrong, by decades where a battery ran out. That no server is of
// before this program holds as well on a device that thinks it is 1970 as on one
// that thinks it is 2090. The years between are for tests that turn clocks back.
var first = time.Date(2010, time.January, 1, 0, 0, 0, 0, time.UTC).Unix()

// place puts the times of an answer into the right round of NTP's seconds.
func place(r *ntp.Response) {
	for _, t := range []*time.Time{&r.Time, &r.ReferenceTime, &r.Timestamps.ServerRecv, &r.Timestamps.ServerXmit} {
		*t = time.Unix(first+int64(uint32(t.Unix()-first)), int64(t.Nanosecond())).UTC()
	}
}
