// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"math"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
)

// Of says what is known of the clock. Now is the device's own time.
func Of(s clock.Status, h system.Hint, now time.Time) Verdict {
	v := Verdict{}
	v.Mark, v.Spoken = Mark(s.Applied)
	if s.Measured == nil || s.Stale != "" {
		v.unknown(s, h, now)
	} else {
		v.known(s, h, now)
	}
	if s.Newer {
		v.note(words.T("What was noted of the clock is of a newer version of this program. It was left as it is."))
	}
	if s.Damaged {
		v.note(words.T("What was noted of the clock could not be read, so it starts anew."))
	}
	return v
}

func (v *Verdict) note(sentence string) {
	if sentence != "" {
		v.Notes = append(v.Notes, sentence)
	}
}

// unknown is the verdict where nothing was measured, or holds no longer.
func (v *Verdict) unknown(s clock.Status, h system.Hint, now time.Time) {
	switch {
	case Impossible(now):
		v.Tone, v.Cause = Fail, Year
		v.Headline = words.T("Your clock says {year}: codes will be refused.", "year", now.Year())
	case s.Stale == clock.Stepped:
		v.Headline = words.T("The clock was set since it was last checked.")
	case s.Stale == clock.Restarted:
		v.Headline = words.T("This device was started anew since its clock was last checked.")
	case h.Synced == system.Yes && h.MaxError > 0:
		v.Headline = words.T("This device says that it keeps its clock right, to within {size}.", "size", Within(h.MaxError))
	case h.Synced == system.Yes:
		v.Headline = words.T("This device says that it keeps its clock right.")
	default:
		v.Headline = words.T("Nobody has checked this clock yet.")
	}
	if s.Dropped != nil {
		v.Tone = max(v.Tone, Look)
		v.note(dropped(s.Dropped))
	}
	v.note(causeNote(v.Cause, nil))
	switch {
	case h.Automatic == system.No:
		if v.Cause == NoCause {
			v.Cause = Manual
		}
		v.note(causeNote(Manual, nil))
	case h.Synced == system.No:
		v.note(words.T("This device says that nothing keeps its clock right."))
	case h.Synced == system.Yes && s.Stale != "":
		v.note(words.T("This device says that it keeps its clock right."))
	case h.Synced == system.Yes:
		v.note(words.T("Nobody else has checked it yet."))
	}
}

// dropped says that codes are no longer corrected, and why.
func dropped(d *clock.Dropped) string {
	mark, _ := Mark(d.Offset)
	if d.Why == clock.Restarted {
		return words.T("This device was started anew, so the correction of {mark} was dropped. If nobody has set the clock since, you can go on with it.", "mark", mark)
	}
	return words.T("The clock was changed, so the correction of {mark} was dropped.", "mark", mark)
}

// known is the verdict by what was measured.
func (v *Verdict) known(s clock.Status, h system.Hint, now time.Time) {
	m := s.Measured
	v.Picture = draw(m, s.Applied, now)
	left := accepted(m.Offset.Seconds()-s.Applied.Seconds(), s.Uncertainty.Seconds())
	none := m.Offset.Abs() < clock.Worth || m.Offset.Abs() <= m.Uncertainty // as far as is known
	if none && s.Applied == 0 {
		v.right(s, left)
	} else {
		v.Cause = cause(m, h, now)
		v.wrong(s, left)
	}
	v.doubts(s)
}

// right is the verdict on a clock that needs no correction.
func (v *Verdict) right(s clock.Status, left float64) {
	within := Within(add(s.Measured.Offset.Abs(), s.Uncertainty))
	v.Tone = Right
	switch {
	case left < 1 && byTries(s.Measured):
		v.Headline = words.T("A service took your codes: your clock is right to within {size}.", "size", within)
	case left < 1:
		v.Tone = Look
		v.Headline = words.T("Your clock is right to within {size}: codes may be refused now and then.", "size", within)
	case s.Uncertainty > harmless:
		v.Headline = words.T("Your clock is right to within {size}.", "size", within)
	default:
		v.Headline = words.T("Your clock is right.")
		v.note(words.T("It is right to within {size}.", "size", within))
	}
}

// byTries tells whether all that is known is that a service took codes.
func byTries(m *clock.Measurement) bool { return len(m.With) == 1 && m.With[0].Kind == clock.Tries }

// wrong is the verdict on a clock that is off.
func (v *Verdict) wrong(s clock.Status, left float64) {
	size := Size(s.Measured.Offset)
	slow := s.Measured.Offset > 0
	rest := time.Duration(math.MaxInt64)
	if r := s.Measured.Offset.Seconds() - s.Applied.Seconds(); math.Abs(r) < 1e6 {
		rest = add((s.Measured.Offset - s.Applied).Abs(), s.Uncertainty)
	}
	switch {
	case s.Applied != 0 && left >= 1:
		v.Tone, v.Headline = Right, corrected(slow, size)
	case s.Applied != 0:
		v.Tone, v.Headline = Look, stillOff(slow, size)
	case left >= 1 && rest <= harmless:
		v.Tone, v.Headline = Right, harmlessly(slow, size)
	case left >= 1:
		v.Tone, v.Headline = Look, perhapsRefused(slow, size)
	case left > mostly:
		v.Tone, v.Headline = Look, sometimesRefused(slow, size)
	default:
		v.Tone, v.Headline = Fail, refused(slow, size)
	}
	if s.Ask {
		v.Tone = max(v.Tone, Look)
		v.note(ask(s))
	}
	if s.Off {
		v.note(words.T("You have switched the correction off."))
	}
	v.note(causeNote(v.Cause, s.Measured))
	if s.Applied == 0 {
		v.note(odds(left))
	}
}

func corrected(slow bool, size string) string {
	if slow {
		return words.T("Your clock is {size} slow. Your codes are corrected, so they work.", "size", size)
	}
	return words.T("Your clock is {size} fast. Your codes are corrected, so they work.", "size", size)
}

func stillOff(slow bool, size string) string {
	if slow {
		return words.T("Your clock is {size} slow. Your codes are corrected, but may be refused now and then.", "size", size)
	}
	return words.T("Your clock is {size} fast. Your codes are corrected, but may be refused now and then.", "size", size)
}

func harmlessly(slow bool, size string) string {
	if slow {
		return words.T("Your clock is {size} slow: that does no harm.", "size", size)
	}
	return words.T("Your clock is {size} fast: that does no harm.", "size", size)
}

func perhapsRefused(slow bool, size string) string {
	if slow {
		return words.T("Your clock is {size} slow: codes may be refused now and then.", "size", size)
	}
	return words.T("Your clock is {size} fast: codes may be refused now and then.", "size", size)
}

func sometimesRefused(slow bool, size string) string {
	if slow {
		return words.T("Your clock is {size} slow: codes will be refused now and then.", "size", size)
	}
	return words.T("Your clock is {size} fast: codes will be refused now and then.", "size", size)
}

func refused(slow bool, size string) string {
	if slow {
		return words.T("Your clock is {size} slow: codes will be refused.", "size", size)
	}
	return words.T("Your clock is {size} fast: codes will be refused.", "size", size)
}
