// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"context"
	"time"

	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/vault/statefile"
)

const (
	fileName    = "upkeep.json"
	fileVersion = 1
)

// Unix is a time in whole seconds since 1970; 0 for never.
type Unix int64

// At returns the time as it is kept.
func At(t time.Time) Unix {
	if t.IsZero() {
		return 0
	}
	return Unix(t.Unix())
}

// Time returns it as a time; never is the zero time.
func (u Unix) Time() time.Time {
	if u == 0 {
		return time.Time{}
	}
	return time.Unix(int64(u), 0)
}

// State is what the user said and did, as upkeep.json has it. Nothing in it is
// secret.
type State struct {
	Method        readiness.Method `json:"method,omitempty"`         // as the assistant, the user or the linked service says
	SetUp         Unix             `json:"set_up,omitempty"`         // when the assistant last ended, or backup codes were put off
	Began         Unix             `json:"began,omitempty"`          // when a Kutano account was first seen here
	Reviewed      Unix             `json:"reviewed,omitempty"`       // when the last review ended
	NumberChanged Unix             `json:"number_changed,omitempty"` // and Kutano was not told yet
	OtherDevice   readiness.Answer `json:"other_device,omitempty"`
	// PutOff tells until when a reminder stays away, Told when the system last
	// showed a notification of it.
	PutOff map[Kind]Unix `json:"put_off,omitempty"`
	Told   map[Kind]Unix `json:"told,omitempty"`
}

// File is upkeep.json in a data folder.
type File struct{ file *statefile.File[State] }

// Open returns the file of a data folder; it reads nothing yet.
func Open(dir string) *File {
	return &File{file: statefile.New[State](dir, fileName, fileVersion)}
}

// Load returns the state. One that cannot be read is as if nothing had been
// said: the worst that follows is a reminder too many.
func (f *File) Load() State {
	s, _, err := f.file.Load()
	if err != nil {
		return State{}
	}
	return s
}

// Change changes the state and returns what it is then. Errors wrap those of
// package statefile, or the system's.
func (f *File) Change(ctx context.Context, change func(*State)) (State, error) {
	return f.file.Change(ctx, func(s *State) error {
		change(s)
		return nil
	})
}

// Defer puts a reminder off.
func (s *State) Defer(k Kind, now time.Time) {
	if s.PutOff == nil {
		s.PutOff = map[Kind]Unix{}
	}
	s.PutOff[k] = At(now.Add(Later))
}

// Notify returns the reminder that the system should show a notification of now,
// and notes that it does: one at a time, and the same one again after [Later] at
// the earliest.
func (s *State) Notify(due []Reminder, now time.Time) (Reminder, bool) {
	if len(due) == 0 {
		return Reminder{}, false
	}
	r := due[0]
	if told := s.Told[r.Kind]; told != 0 && now.Sub(told.Time()).Abs() < Later {
		return Reminder{}, false
	}
	if s.Told == nil {
		s.Told = map[Kind]Unix{}
	}
	s.Told[r.Kind] = At(now)
	return r, true
}
