// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"slices"
	"testing"
	"time"
)

// R48 R63 R66 R71: what happened elsewhere is known from two looks at the status.
func TestCompare(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 9, 0, 0, 0, time.UTC) }
	app := Status{Enabled: true, Method: TOTP, Since: day(1), Codes: Codes{Left: 10, All: 10, Made: day(1)}}
	sms := Status{Enabled: true, Method: SMS, PhoneHint: "●● 05", Since: day(2), Codes: Codes{Left: 10, All: 10, Made: day(2)}}
	change := func(s Status, f func(*Status)) Status { f(&s); return s }
	left := func(s Status, n int) Status { return change(s, func(s *Status) { s.Codes.Left = n }) }
	newer := change(app, func(s *Status) { s.Codes = Codes{Left: 10, All: 10, Made: day(5)} })
	reset := Status{EnrolBy: day(20)}
	for name, tc := range map[string]struct {
		before, now Status
		want        []Event
	}{
		"nothing":                     {app, app, nil},
		"used, with its app":          {app, change(app, func(s *Status) { s.LastUsed = day(3) }), nil},
		"switched to SMS":             {app, sms, []Event{SwitchedToSMS, CodesNew}},
		"switched to the app":         {sms, app, []Event{SwitchedToApp, CodesNew}},
		"another app":                 {app, change(app, func(s *Status) { s.Since, s.Codes.Made = day(5), day(5) }), []Event{SwitchedToApp, CodesNew}},
		"another number":              {sms, change(sms, func(s *Status) { s.Since, s.PhoneHint, s.Codes.Made = day(5), "●● 06", day(5) }), []Event{NumberChanged, CodesNew}},
		"number alone":                {sms, change(sms, func(s *Status) { s.PhoneHint = "●● 06" }), []Event{NumberChanged}},
		"turned off":                  {app, Status{}, []Event{TurnedOff}},
		"turned on":                   {Status{}, app, []Event{TurnedOn}},
		"off and on again":            {app, change(app, func(s *Status) { s.Since = day(4) }), []Event{SwitchedToApp}},
		"reset":                       {app, reset, []Event{Reset}},
		"reset before anything":       {Status{}, reset, []Event{Reset}},
		"reset, seen before":          {reset, reset, nil},
		"set up again after a reset":  {reset, app, []Event{TurnedOn}},
		"new codes":                   {app, newer, []Event{CodesNew}},
		"first codes":                 {change(app, func(s *Status) { s.Codes = Codes{} }), app, nil},
		"code used":                   {app, left(app, 9), []Event{CodeUsed}},
		"code used, and few left":     {left(app, 4), left(app, 3), []Event{CodeUsed, CodesLow}},
		"few left, seen before":       {left(app, 3), left(app, 3), nil},
		"one less of few":             {left(app, 3), left(app, 2), []Event{CodeUsed}},
		"last code used":              {left(app, 1), left(app, 0), []Event{CodeUsed}},
		"new ones, and few already":   {left(app, 10), left(newer, 2), []Event{CodesNew, CodesLow}},
		"no codes at all":             {app, change(app, func(s *Status) { s.Codes = Codes{Made: day(1)} }), []Event{CodeUsed}},
		"blocked":                     {app, change(app, func(s *Status) { s.Blocked, s.Failures = true, 50 }), []Event{AccountShut}},
		"blocked and switched to SMS": {app, change(sms, func(s *Status) { s.Blocked = true }), []Event{AccountShut, SwitchedToSMS, CodesNew}},
		"unblocked":                   {change(app, func(s *Status) { s.Blocked = true }), app, nil},
	} {
		if got := Compare(tc.before, tc.now); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}
