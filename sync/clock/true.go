// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// True is the clock that codes are made with: the device's own, corrected by
// what was measured. Only codes are corrected, never the device's clock.
//
// What was measured holds until the device's clock is set, which every look at
// it notices, or the device is started anew. Its methods may be called from any
// goroutine.
type True struct {
	read func() Times

	mu    sync.Mutex
	file  file
	kept  kept
	news  bool      // something was dropped that Look has not told yet
	retry time.Time // no daily measurement before; zero for none
}

// Open returns the clock of a data folder, which need not be there. A file that
// cannot be read is put aside and nothing is corrected. The folder may be "" for
// none; read may be nil for the device's clocks, see [Now].
func Open(dir string, read func() Times) *True {
	if read == nil {
		read = Now
	}
	t := &True{read: read, file: newFile(dir)}
	t.kept = t.file.load()
	return t
}

// Now returns the time to make codes for. Where the device's clock was set, the
// correction is dropped first.
func (t *True) Now() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept.Applied == 0 {
		return t.read().Wall
	}
	now := t.read()
	t.check(now)
	return now.Wall.Add(t.kept.Applied)
}

// Look takes over what another process has measured and notices where the clock
// was set. It tells whether there is something new to show; the error is that of
// writing it down.
func (t *True) Look() (changed bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	changed = t.takeOver()
	if t.check(t.read()); t.news {
		t.news = false
		return true, t.save()
	}
	return changed, nil
}

// takeOver takes over what another process has written, so that a change does
// not undo it.
func (t *True) takeOver() bool {
	if !t.file.changed() {
		return false
	}
	t.kept = t.file.load()
	return true
}

// check drops what holds no longer.
func (t *True) check(now Times) {
	k := &t.kept
	if k.Measured == nil || k.Stale != "" {
		return
	}
	limit := unlimited
	if k.Applied != 0 {
		limit = unseen
	}
	_, _, k.Stale = k.Measured.At.since(now, limit)
	if k.Stale == "" {
		return
	}
	if k.Applied != 0 {
		k.Dropped = &Dropped{k.Stale, k.Applied}
	}
	k.Applied, k.Ask, t.news = 0, false, true
}

// Status returns what there is to say.
func (t *True) Status() Status {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.read()
	t.check(now)
	s := t.kept.Status
	s.Damaged, s.Newer = t.file.damaged, t.file.newer
	if s.Measured == nil {
		return s
	}
	s.Uncertainty = s.Measured.Uncertainty
	if s.Stale == "" {
		age, shift, _ := s.Measured.At.since(now, unlimited)
		s.Age, s.Uncertainty = age, s.Uncertainty+age/drift+shift.Abs()
	}
	return s
}

// Take keeps a measurement and corrects codes by it where that needs no asking:
// by two seconds to five minutes that a majority gave, or by what codes are
// corrected by already, unless the user wants no correction. Where it does need
// asking, Status says so; what may as well be nothing is not asked about. The
// error is that of writing it down; it holds all the same until the program ends.
func (t *True) Take(m Measurement) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.takeOver()
	t.check(t.read())
	k := &t.kept
	agreed := k.agreed(&m)
	k.Measured, k.Stale, k.Dropped = &m, "", nil
	k.Applied, k.Ask = 0, false
	switch {
	case !m.worth() || k.Off:
	case m.plain() || agreed:
		k.Applied = m.Offset
	default:
		k.Ask = m.known()
	}
	k.Next = m.At.Wall.Add(t.spread(day)).Unix()
	t.check(t.read())
	return t.save()
}

// agreed tells whether a measurement only says again what codes are corrected by,
// as far as either is known: then nobody is to be asked anew.
func (k *kept) agreed(m *Measurement) bool {
	if k.Applied == 0 || !m.known() {
		return false
	}
	age, shift, why := k.Measured.At.since(m.At, unseen)
	return why == "" && (m.Offset-k.Applied).Abs() <= k.Measured.Uncertainty+m.Uncertainty+age/drift+shift.Abs()
}

// ErrNothing is returned where there is nothing to correct codes by: nothing was
// measured since the clock was last set, or it is right.
var ErrNothing = errors.New("nothing to correct by")

// uncertain is what a start of the device adds to an uncertainty: its clock of
// seconds, and how it ran meanwhile.
const uncertain = 10 * time.Second

// Apply corrects codes by what was measured, as the user wants. That may be what
// was measured before the device was started anew, if nothing newer is there: it
// is then taken to hold on.
func (t *True) Apply() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.takeOver()
	now := t.read()
	t.check(now)
	k := &t.kept
	if k.Measured == nil || k.Stale == Stepped || !k.Measured.worth() {
		return ErrNothing
	}
	if k.Stale == Restarted {
		m := *k.Measured
		ago := min(max(now.Wall.Sub(m.At.Wall), 0), longest)
		m.At, m.Uncertainty = now, min(m.Uncertainty+ago/drift+uncertain, longest)
		k.Measured, k.Stale, k.Dropped = &m, "", nil
	}
	k.Applied, k.Off, k.Ask = k.Measured.Offset, false, false
	return t.save()
}

// TurnOff takes the correction away until Apply.
func (t *True) TurnOff() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.takeOver()
	t.kept.Applied, t.kept.Off, t.kept.Ask = 0, true, false
	return t.save()
}

// TurnOn lets codes be corrected again, by the rules of Take.
func (t *True) TurnOn() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.takeOver()
	k := &t.kept
	k.Off = false
	t.check(t.read())
	if k.Measured != nil && k.Stale == "" && k.Measured.worth() && k.Applied == 0 {
		if k.Ask = k.Measured.known(); k.Measured.plain() {
			k.Applied, k.Ask = k.Measured.Offset, false
		}
	}
	return t.save()
}

// Dismiss forgets that a correction was dropped.
func (t *True) Dismiss() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.takeOver()
	t.kept.Dropped = nil
	return t.save()
}

// Allow keeps what the user allows to be asked on the network, and which time
// servers; none are the usual ones. Servers that asked not to be asked again are
// then asked once more: anyone on the way can have made that up.
func (t *True) Allow(n Network, servers []string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.takeOver()
	t.kept.Network, t.kept.Servers, t.kept.Refused = n, servers, nil
	return t.save()
}

// Refuse keeps the names of time servers that asked not to be asked again.
func (t *True) Refuse(names ...string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.takeOver()
	for _, name := range names {
		if !slices.Contains(t.kept.Refused, name) {
			t.kept.Refused = append(slices.Clip(t.kept.Refused), name)
		}
	}
	return t.save()
}

const (
	day  = 24 * time.Hour
	soon = time.Hour
)

// Due tells whether the daily measurement is to be made: the user allowed it, and
// it is a day since the last, the device's clock was set since, or it was started
// anew and was wrong before.
func (t *True) Due() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.read()
	t.check(now)
	k := &t.kept
	if k.Network != Daily || now.Wall.Before(t.retry) && now.Wall.After(t.retry.Add(-2*soon)) {
		return false
	}
	next := time.Unix(k.Next, 0)
	again := k.Stale == Stepped || k.Stale == Restarted && k.Measured.worth()
	return k.Measured == nil || again || !now.Wall.Before(next) || next.Sub(now.Wall) > 2*day
}

// Asked tells that the daily measurement was made, although what it gave is not
// kept.
func (t *True) Asked() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.takeOver()
	t.kept.Next = t.read().Wall.Add(t.spread(day)).Unix()
	return t.save()
}

// Failed tells that a measurement came to nothing, so that the next daily one
// waits for about an hour.
func (t *True) Failed() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.retry = t.read().Wall.Add(t.spread(soon))
}

// spread returns about d, so that not all devices ask at the same time.
func (t *True) spread(d time.Duration) time.Duration {
	return d - d/6 + rand.N(d/3) //nolint:gosec // it is no secret
}

// save writes down what is kept; t.mu is held.
func (t *True) save() error { return t.file.save(&t.kept) }
