// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"time"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
)

// LaterStep is the guide's step that asks about a reminder of backup codes that are
// not kept yet.
const LaterStep = "later"

// arrivals is what is known once a walk through the guide has come to a step.
var arrivals = map[string]func(s *State, now time.Time){
	"app-on":     methodNow(readiness.App),
	"other-on":   methodNow(readiness.App),
	"enrolled":   methodNow(readiness.App),
	"sms-on":     methodNow(readiness.SMS),
	"texted":     methodNow(readiness.SMS),
	"off-done":   methodNow(readiness.Off),
	"number-in":  func(s *State, now time.Time) { s.NumberChanged = At(now) }, // R66 R72
	"provider":   func(s *State, now time.Time) { s.NumberChanged = At(now) },
	"number-app": func(s *State, _ time.Time) { s.NumberChanged = 0 },
	"habits":     func(s *State, _ time.Time) { s.NumberChanged = 0 },
	LaterStep: func(s *State, now time.Time) { // R71: the day after is what that step offers first
		if !s.PutOff[Unsaved].Time().After(now) {
			s.RemindOfCodes(false, now)
		}
	},
}

// methodNow notes how the second step is done from now on: Kutano was told, so the
// number that it has is the right one.
func methodNow(m readiness.Method) func(*State, time.Time) {
	return func(s *State, _ time.Time) { s.Method, s.NumberChanged = m, 0 }
}

// Arrival returns the change that notes what is known once a walk from an entry of
// the guide has come to a step; nil where that is nothing.
func Arrival(entry string, step guide.Step, now time.Time) func(*State) {
	if step.Live == guide.Summary {
		return func(s *State) { s.ended(entry, now) }
	}
	note := arrivals[step.ID]
	if note == nil {
		return nil
	}
	return func(s *State) { note(s, now) }
}

// ended notes that a walk has come to the ways back in. R70
func (s *State) ended(entry string, now time.Time) {
	switch entry {
	case guide.Review:
		s.Reviewed = At(now)
	case guide.Setup, guide.SwitchToApp, guide.SwitchToSMS, guide.NewPhone:
		s.SetUp, s.Reviewed = At(now), At(now)
	}
}

// RemindOfCodes sets when backup codes that are not kept are brought to mind: the
// day after, or after a week.
func (s *State) RemindOfCodes(week bool, now time.Time) {
	s.SetUp = At(now)
	if week {
		s.Defer(Unsaved, now)
		return
	}
	delete(s.PutOff, Unsaved)
}
