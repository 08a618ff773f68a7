// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package settings keeps what the user chose about the app, in settings.json
// in the data folder, and has the page that changes it.
//
// Nothing in it is secret, and nothing in it can keep the app from starting: a
// file that cannot be read is put aside and the defaults serve. Fields that
// this version does not know are kept as they are.
package settings

import (
	"encoding/json"

	"github.com/kutano/authenticator/ui/kit"
)

// The limits of ClearSeconds, and what WaitForNext waits for.
const (
	MinClear     = 10
	MaxClear     = 120
	DefaultClear = 30
)

// The limits of LockIdleMinutes: a day at most.
const (
	MaxLockIdle     = 24 * 60
	DefaultLockIdle = 5
)

// Settings are the user's choices.
type Settings struct {
	Theme        kit.Mode // light, dark, or as the system says
	TextSize     int      // percent: 100, 125 or 150
	HideCodes    bool     // codes are dots until asked for
	ClearSeconds int      // until a copied code leaves the clipboard: 10 to 120; 0 is never
	WaitForNext  bool     // with under 5 seconds left, copy the next code once it is valid
	Language     string   // a code of package words; "" is as the system says
	CloseToTray  bool     // closing the window leaves the app in the tray
	NoAnimations bool     // the seconds are a number instead of a ring
	NoReminders  bool     // no notifications of the system; the banner says it all the same
	Helpdesk     bool     // the helpdesk's room is a place of the window

	// When the app locks by itself, if there is a passphrase.
	LockIdleMinutes int  // without anything typed or moved: up to MaxLockIdle; 0 is never
	LockMinimised   bool // when the window is minimised or hidden
	LockSuspend     bool // when the computer sleeps
	LockScreen      bool // when the screen is locked

	HideUnfocused bool // codes are dots while another window is in front
	AllowCapture  bool // screenshots show the window, where the system can keep them from it
}

// Defaults returns the settings of a new user.
func Defaults() Settings {
	return Settings{
		Theme: kit.ModeSystem, TextSize: 100, ClearSeconds: DefaultClear,
		LockIdleMinutes: DefaultLockIdle, LockSuspend: true, LockScreen: true,
	}
}

// valid returns the settings with everything out of range set right.
func (s Settings) valid() Settings {
	switch s.Theme {
	case kit.ModeSystem, kit.ModeLight, kit.ModeDark:
	default:
		s.Theme = kit.ModeSystem
	}
	switch s.TextSize {
	case 100, 125, 150:
	default:
		s.TextSize = 100
	}
	switch {
	case s.ClearSeconds == 0:
	case s.ClearSeconds < 0:
		s.ClearSeconds = DefaultClear
	default:
		s.ClearSeconds = min(max(s.ClearSeconds, MinClear), MaxClear)
	}
	if s.LockIdleMinutes < 0 {
		s.LockIdleMinutes = DefaultLockIdle
	}
	s.LockIdleMinutes = min(s.LockIdleMinutes, MaxLockIdle)
	return s
}

// fields names each setting in the file. The names are the file's format and
// never change.
func (s *Settings) fields() map[string]any {
	return map[string]any{
		"theme":         &s.Theme,
		"text_size":     &s.TextSize,
		"hide_codes":    &s.HideCodes,
		"clear_seconds": &s.ClearSeconds,
		"wait_for_next": &s.WaitForNext,
		"language":      &s.Language,
		"close_to_tray": &s.CloseToTray,
		"no_animations": &s.NoAnimations,
		"no_reminders":  &s.NoReminders,
		"helpdesk":      &s.Helpdesk,

		"lock_idle_minutes": &s.LockIdleMinutes,
		"lock_minimised":    &s.LockMinimised,
		"lock_suspend":      &s.LockSuspend,
		"lock_screen":       &s.LockScreen,
		"hide_unfocused":    &s.HideUnfocused,
		"allow_capture":     &s.AllowCapture,
	}
}

// read takes the fields that are there and of the right kind; the others stay
// as they are.
func (s *Settings) read(raw map[string]json.RawMessage) {
	for name, field := range s.fields() {
		if value, ok := raw[name]; ok {
			// A field of the wrong kind is as good as none.
			_ = json.Unmarshal(value, field)
		}
	}
}
