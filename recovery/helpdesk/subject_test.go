// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/link"
)

// What a desk sees of a user is said in full, once, and in the order of weight. R59
func TestSubject(t *testing.T) {
	at := time.Date(2027, 1, 15, 9, 30, 15, 0, time.UTC)
	usual := link.Status{Enabled: true, Method: link.TOTP, Since: at, Codes: link.Codes{Left: 3, All: 10}}
	with := func(set func(*link.Status)) link.Subject {
		s := usual
		set(&s)
		return link.Subject{Status: s, Sessions: 2}
	}
	for _, c := range []struct {
		name string
		s    link.Subject
		says []string
		not  string
	}{
		{"as usual", with(func(*link.Status) {}), []string{"Signed in at 2 places."}, "wrong code"},
		{"off", link.Subject{Sessions: 1}, []string{"Signed in at one place."}, "Backup"},
		{"waits", with(func(s *link.Status) { s.Failures, s.NotBefore = 6, at }), []string{"There were 6 wrong codes in a row. The next one counts from 09:30:15 on."}, "any more"},
		{"shut", with(func(s *link.Status) { s.Failures, s.NotBefore, s.Blocked = 50, at, true }), []string{"No codes are accepted any more, after too many wrong ones."}, "counts from"},
		{"reset", with(func(s *link.Status) { s.EnrolBy = at }), []string{"It has to be set up again by 2027-01-15 09:30."}, "wrong"},
	} {
		got := Stands(c.s, time.UTC)
		for _, want := range c.says {
			if !slices.Contains(got, want) {
				t.Errorf("%s: %q is not in %q", c.name, want, got)
			}
		}
		if strings.Contains(strings.Join(got, " "), c.not) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	if got := Warnings(link.Subject{}, time.UTC); got != nil {
		t.Errorf("warned for nothing: %q", got)
	}
	if got := Warnings(link.Subject{Suspended: true, Reported: at}, time.UTC); len(got) != 2 || !strings.Contains(got[1], "2027-01-15 09:30") {
		t.Errorf("%q", got)
	}
}

// A number counts only where a call to it proves something. R59
func TestNumber(t *testing.T) {
	for want, s := range map[string]link.Subject{
		"Number on record: ••12.":       {CallBack: "••12", CallBackOK: true},
		"There is no number on record":  {},
		"changed within the last seven": {CallBack: "••12"},
	} {
		if got := Number(s); !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}

func TestCaseLine(t *testing.T) {
	at := time.Date(2027, 1, 15, 9, 30, 0, 0, time.UTC)
	for want, c := range map[string]link.Case{
		"2027-01-15 09:30: Unlock, by hana, carried out. Audit number 7.":                                              {Act: link.ActUnlock, By: "hana", State: "done", Made: at, Audit: 7},
		"2027-01-15 09:30: Reset two-factor authentication, by ada, waits for a second administrator. Audit number 8.": {Act: link.ActReset, By: "ada", State: "waiting", Made: at, Audit: 8},
		"2027-01-15 09:30: thaw, by —, melted. Audit number 9.":                                                        {Act: "thaw", State: "melted", Made: at, Audit: 9},
	} {
		if got := CaseLine(c, time.UTC); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
