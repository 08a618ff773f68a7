// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock/verdict"
)

// TimeLine is the small picture of a clock: the steps that codes belong to, the
// ones that a service takes now, where the right time stands and where this
// device's. Times stand in the time zone of the picture's Start.
type TimeLine struct {
	widget.BaseWidget
	p verdict.Picture
}

// NewTimeLine returns a time line of a picture.
func NewTimeLine(p verdict.Picture) *TimeLine {
	t := &TimeLine{p: p}
	t.ExtendBaseWidget(t)
	return t
}

// Set shows another picture.
func (t *TimeLine) Set(p verdict.Picture) {
	t.p = p
	t.Refresh()
}

// CreateRenderer is called by Fyne.
func (t *TimeLine) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	return newTimeLineRenderer(t)
}

// AccessibilityLabel says what the picture shows.
func (t *TimeLine) AccessibilityLabel() string {
	p := t.p
	says := words.T("The right time is {time}.", "time", timeAt(p, p.Service)) + " " +
		words.T("This device says {time}.", "time", timeAt(p, p.Device))
	if corrected(p) {
		says += " " + words.T("Your codes are made for {time}.", "time", timeAt(p, p.Codes))
	}
	if from, to, ok := taken(p); ok {
		says += " " + words.T("Codes from {from} to {to} are accepted now.",
			"from", timeAt(p, float64(from)), "to", timeAt(p, float64(to)))
	}
	return says
}

// AccessibilityRole tells a screen reader that it is read like a text.
func (t *TimeLine) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// moment returns the time that stands so many steps from the picture's start, to
// the second. It may be further away than a [time.Duration] reaches.
func moment(p verdict.Picture, steps float64) time.Time {
	seconds := math.Floor(steps*p.Period.Seconds() + 1e-3) // what is 14:01:20 is not read as 14:01:19
	return time.Unix(p.Start.Unix()+int64(seconds), 0).In(p.Start.Location())
}

// timeAt returns that time as a clock shows it, with its day where that is not
// the day of the picture.
func timeAt(p verdict.Picture, steps float64) string {
	at := moment(p, steps)
	if y, d := at.Year(), at.YearDay(); y != p.Start.Year() || d != p.Start.YearDay() {
		return at.Format("2006-01-02 15:04:05")
	}
	return at.Format(time.TimeOnly)
}

// corrected tells whether codes are made for another time than the device's.
func corrected(p verdict.Picture) bool { return math.Abs(p.Codes-p.Device) > 1e-6 }

// taken returns where the steps begin and end that a service takes; false
// without any.
func taken(p verdict.Picture) (from, to int, ok bool) {
	for i, yes := range p.Accepted {
		if !yes {
			continue
		}
		if !ok {
			from, ok = i, true
		}
		to = i + 1
	}
	return from, to, ok
}

// pinned are the words at a time line's two pins: above at the right time, and
// below at the device's.
func pinned(p verdict.Picture) (above, below string) {
	switch {
	case !corrected(p):
		return words.T("Right time"), words.T("This device")
	case math.Abs(p.Codes-p.Service) <= math.Abs(p.Codes-p.Device):
		return words.T("Right time and your codes"), words.T("This device")
	}
	return words.T("Right time"), words.T("This device; your codes are corrected")
}

// apart is how far a time that stands outside of the picture is from the right
// one.
func apart(p verdict.Picture, at float64) string {
	d := math.Abs(at-p.Service) * float64(p.Period)
	return verdict.Size(time.Duration(math.Min(d, math.MaxInt64/2)))
}
