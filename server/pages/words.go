// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/session"
)

// words are what templates call.
func words() template.FuncMap {
	return template.FuncMap{
		"span": span, "when": when, "short": short, "iso": iso, "icon": icon, "method": method, "role": role,
		"via": via, "scope": scope, "plural": plural, "dict": dict, "spell": spell, "event": event,
		"action": deskAction, "check": check, "within": within,
		"css": func() string { return sheet.path }, "js": func() string { return script.path }, "badge": func() string { return badge.path },
	}
}

// span says a length of time, rounded up: "58 seconds", "2 minutes", "3 hours".
func span(d time.Duration) string {
	up := func(unit time.Duration) int { return int((d + unit - 1) / unit) }
	switch {
	case d <= 0:
		return "a moment"
	case d <= 90*time.Second:
		return plural(up(time.Second), "second", "seconds")
	case d <= 90*time.Minute:
		return plural(up(time.Minute), "minute", "minutes")
	case d <= 48*time.Hour:
		return plural(up(time.Hour), "hour", "hours")
	}
	return plural(up(24*time.Hour), "day", "days")
}

// within is the span from now until then, "" if it is over.
func within(now, then time.Time) string {
	if !then.After(now) {
		return ""
	}
	return span(then.Sub(now))
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// when writes a time; the script turns it into the browser's own zone.
func when(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2 January 2006, 15:04") + " UTC"
}

// short is when in a table.
func short(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04:05") }

func iso(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func method(m factor.Method) string {
	switch m {
	case factor.TOTP:
		return "Authenticator app"
	case factor.SMS:
		return "Text message (SMS)"
	case factor.Backup:
		return "Backup code"
	case factor.Bypass:
		return "Code from the helpdesk"
	}
	return "Off"
}

func role(r people.Role) string {
	switch r {
	case people.Auditor:
		return "Auditor"
	case people.Helpdesk:
		return "Helpdesk"
	case people.Admin:
		return "Administrator"
	case people.Owner:
		return "Owner"
	}
	return "User"
}

func via(s string) string {
	switch s {
	case "google":
		return "Google"
	case "apple":
		return "Apple"
	}
	return "a code by e-mail"
}

func scope(s session.Scope) string {
	switch s {
	case session.Read:
		return "See the status of your two-factor authentication, and your sessions"
	case session.EnrolOnly:
		return "Set up and change your two-factor authentication, for ten minutes after you allow it"
	case session.DeskWork:
		return "Help callers in your name, as your role at the helpdesk allows: for an hour, look users up; for ten minutes after you signed in, unlock them, allow two codes, " +
			"give codes for one sign-in, reset, and sign out"
	}
	return string(s)
}

func deskAction(a desk.Action) string {
	switch a {
	case desk.LookUp:
		return "Look up"
	case desk.Unlock:
		return "Unlock"
	case desk.Resync:
		return "Allow two codes in a row"
	case desk.Bypass:
		return "Give a code for one sign-in"
	case desk.Reset:
		return "Reset two-factor authentication"
	case desk.SignOut:
		return "Sign out everywhere"
	case desk.Suspend:
		return "Suspend the account"
	case desk.Restore:
		return "Let the user in again"
	}
	return string(a)
}

func check(c desk.Check) string {
	switch c {
	case desk.CalledBack:
		return "Called back on the number on record"
	case desk.VideoWithID:
		return "Saw face and identity document in a live video call"
	case desk.Manager:
		return "The manager, found in the company’s directory, vouched"
	case desk.KnownChannel:
		return "A number shown to me was answered on a second channel known before"
	case desk.InPerson:
		return "The person stands before me"
	}
	return string(c)
}

// events are what "this wasn't me" can be about.
var events = map[notice.Event]string{
	notice.MethodAdded:      "Two-factor authentication was set up",
	notice.MethodChanged:    "The way of receiving codes was changed",
	notice.MethodRemoved:    "Two-factor authentication was turned off",
	notice.CodesRenewed:     "New backup codes were made",
	notice.CodeUsed:         "A backup code was used",
	notice.SecondFailed:     "A wrong verification code was entered after a right sign-in",
	notice.SecondBlocked:    "Too many wrong verification codes were entered",
	notice.NewDevice:        "Someone signed in from a new device",
	notice.BypassIssued:     "The helpdesk gave out a code for one sign-in",
	notice.ResetDone:        "Two-factor authentication was reset by an administrator",
	notice.ResetAsked:       "A reset of two-factor authentication was asked for",
	notice.Unlocked:         "The helpdesk unlocked the account",
	notice.ResyncOpened:     "The helpdesk allowed two codes in a row",
	notice.IdentityLinked:   "A sign-in at Google or Apple was linked to the account",
	notice.IdentityUnlinked: "A sign-in at Google or Apple was removed from the account",
	notice.SignedOut:        "The account was signed out everywhere by an administrator",
	notice.Suspended:        "The account was suspended by an administrator",
	notice.Restored:         "The account was let in again by an administrator",
	notice.ContactChanged:   "The phone number on record was changed",
	notice.AppLinked:        "An app was linked to the account",
}

func event(e notice.Event) string {
	if s, ok := events[e]; ok {
		return s
	}
	return "Something in the account was changed"
}

// spelling is the alphabet of ICAO Annex 10 for reading a code aloud.
var spelling = strings.Fields("Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November " +
	"Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu")

// letter is one character of a code with the word to read aloud.
type letter struct{ Sign, Word string }

func spell(code string) []letter {
	var all []letter
	for _, r := range code {
		l := letter{Sign: string(r), Word: string(r)}
		if r >= 'A' && r <= 'Z' {
			l.Word = spelling[r-'A']
		}
		all = append(all, l)
	}
	return all
}

// dict lets a template hand several values to another.
func dict(pairs ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		m[name] = pairs[i+1]
	}
	return m
}
