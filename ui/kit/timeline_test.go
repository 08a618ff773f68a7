// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"github.com/kutano/authenticator/sync/clock/verdict"
)

// around is a picture whose right time is 20 s into the middle step, on a device
// that is so far off; corrected codes are made for the right time.
func around(off time.Duration, corrected bool) verdict.Picture {
	p := verdict.Picture{
		Start: time.Date(2026, 1, 9, 14, 0, 0, 0, time.UTC), Period: 30 * time.Second,
		Accepted: []bool{false, true, true, true, false}, Service: 2 + 20.0/30,
	}
	p.Device = p.Service + off.Seconds()/30
	p.Codes = p.Device
	if corrected {
		p.Codes = p.Service
	}
	return p
}

func TestTimeLineIsSaid(t *testing.T) {
	test.NewTempApp(t)
	const right = "The right time is 14:01:20. "
	const codes = " Codes from 14:00:30 to 14:02:00 are accepted now."
	for _, c := range []struct {
		name      string
		off       time.Duration
		corrected bool
		want      string
	}{
		{"slow", -47 * time.Second, false, right + "This device says 14:00:33." + codes},
		{"fast", 47 * time.Second, false, right + "This device says 14:02:07." + codes},
		{"corrected", -47 * time.Second, true, right + "This device says 14:00:33. Your codes are made for 14:01:20." + codes},
		{"rounded", -time.Second / 3, false, "The right time is 14:01:20. This device says 14:01:19." + codes},
		{"another day", -24 * time.Hour, false, right + "This device says 2026-01-08 14:01:20." + codes},
	} {
		if got := NewTimeLine(around(c.off, c.corrected)).AccessibilityLabel(); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
	}
}

// A time outside of the picture has an arrow at its edge, with its distance from
// the right time.
func TestTimeLineOutside(t *testing.T) {
	test.NewTempApp(t)
	for _, c := range []struct {
		off     time.Duration
		outside int
		word    string
	}{
		{0, 0, "This device"},
		{-79 * time.Second, 0, "This device"},
		{-81 * time.Second, -1, "This device: 81 seconds earlier"},
		{-150 * time.Second, -1, "This device: 2 minutes 30 seconds earlier"},
		{75 * time.Second, 1, "This device: 75 seconds later"},
		{time.Hour, 1, "This device: 1 hour later"},
		{-47 * time.Hour, -1, "This device: 1 day 23 hours earlier"},
		{-72 * time.Hour, -1, "This device: 3 days earlier"},
		{3652 * 24 * time.Hour, 1, "This device: 10 years later"},
	} {
		r := test.TempWidgetRenderer(t, NewTimeLine(around(c.off, false))).(*timeLineRenderer)
		if r.below.outside != c.outside || r.below.word.Text != c.word {
			t.Errorf("%v: %d %q, want %d %q", c.off, r.below.outside, r.below.word.Text, c.outside, c.word)
		}
		if r.below.stem.Hidden != (c.outside != 0) || r.below.arrow[0].Hidden == (c.outside != 0) {
			t.Errorf("%v: the stem and the arrow are both there, or neither", c.off)
		}
	}
}

// Nothing stands out of the picture or on top of another time, at any width and
// size of text.
func TestTimeLineFits(t *testing.T) {
	for _, percent := range []int{100, 125, 150} {
		app := test.NewTempApp(t)
		app.Settings().SetTheme(NewTheme(ModeLight, percent))
		for _, width := range []float32{timeLineLeast, 296, 360, 688} {
			for _, off := range []time.Duration{-79 * time.Second, -47 * time.Second, 0, 70 * time.Second, -time.Hour, time.Hour} {
				l := NewTimeLine(around(off, false))
				l.Resize(fyne.NewSize(width, l.MinSize().Height))
				r := test.TempWidgetRenderer(t, l).(*timeLineRenderer)
				fits(t, r, l.Size())
			}
		}
	}
}

func fits(t *testing.T, r *timeLineRenderer, size fyne.Size) {
	t.Helper()
	end := -Space8
	for _, o := range r.Objects() {
		at, m := o.Position(), o.Size()
		text, isText := o.(*canvas.Text)
		if !isText || !text.Visible() {
			continue
		}
		if at.X < -0.5 || at.Y < -0.5 || at.X+m.Width > size.Width+0.5 || at.Y+m.Height > size.Height+0.5 {
			t.Errorf("at %v wide: %q stands out: %v %v", size, text.Text, at, m)
		}
	}
	for _, text := range r.times {
		if text.Hidden {
			continue
		}
		if text.Position().X < end+Space4 {
			t.Errorf("at %v wide: %q stands on the one before", size, text.Text)
		}
		end = text.Position().X + text.Size().Width
	}
}

// What is accepted is told by a sign as well as by the colour.
func TestTimeLineSigns(t *testing.T) {
	test.NewTempApp(t)
	r := test.TempWidgetRenderer(t, NewTimeLine(around(0, false))).(*timeLineRenderer)
	for i, sign := range r.signs {
		want := "close-"
		if i >= 1 && i <= 3 {
			want = "check-"
		}
		if !strings.HasPrefix(sign.Resource.Name(), want) {
			t.Errorf("step %d has the sign %s", i, sign.Resource.Name())
		}
	}
}
