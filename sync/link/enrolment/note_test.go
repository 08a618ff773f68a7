// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package enrolment

import (
	"errors"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/link"
)

// What a status says of a noted enrolment, in every case that there is.
func TestVerdict(t *testing.T) {
	at := func(seconds int) time.Time {
		return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(seconds) * time.Second)
	}
	fresh := Note{ID: "ours", Method: link.TOTP, Before: at(-9999)}
	tried := fresh
	tried.Tried = at(0)
	on := func(m link.Method, since time.Time) link.Status {
		return link.Status{Enabled: true, Method: m, Since: since}
	}
	pending := func(s link.Status, id string) link.Status {
		s.Pending = &link.Pending{ID: id}
		return s
	}
	for name, tc := range map[string]struct {
		note Note
		s    link.Status
		want State
	}{
		"pending":                          {fresh, pending(on(link.SMS, at(-9999)), "ours"), Waiting},
		"pending, a code was sent":         {tried, pending(on(link.SMS, at(-9999)), "ours"), Waiting},
		"gone":                             {fresh, on(link.SMS, at(-9999)), Over},
		"gone, a code was sent":            {tried, on(link.SMS, at(-9999)), Over},
		"gone, nothing was on before":      {Note{ID: "ours", Method: link.TOTP}, link.Status{}, Over},
		"accepted":                         {tried, on(link.TOTP, at(1)), DoneCodesLost},
		"accepted, by a slower clock":      {tried, on(link.TOTP, at(-4)), DoneCodesLost},
		"accepted, another begun since":    {tried, pending(on(link.TOTP, at(1)), "theirs"), DoneCodesLost},
		"set up elsewhere, none sent":      {fresh, on(link.TOTP, at(1)), Elsewhere},
		"set up elsewhere, before":         {tried, on(link.TOTP, at(-60)), Elsewhere},
		"set up elsewhere, long after":     {tried, on(link.TOTP, at(300)), Elsewhere},
		"the other method, elsewhere":      {tried, on(link.SMS, at(1)), Elsewhere},
		"turned off elsewhere":             {tried, link.Status{}, Elsewhere},
		"begun elsewhere":                  {fresh, pending(on(link.SMS, at(-9999)), "theirs"), Elsewhere},
		"begun elsewhere, a code was sent": {tried, pending(on(link.SMS, at(-9999)), "theirs"), Elsewhere},
	} {
		if got := tc.note.verdict(tc.s); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

func FuzzNote(f *testing.F) {
	f.Add(`{"id":"e1","method":"totp","service":"https://app.kutano.example","user":"5f","account":"aaaaaaaaaaaa","expires":"2026-03-02T09:10:00Z"}`)
	f.Add(`{"id":"e1","method":"voice"}`)
	f.Fuzz(func(t *testing.T, text string) {
		n, err := decodeNote([]byte(text))
		if err != nil && !errors.Is(err, link.ErrUnreadable) || err == nil && (n.ID == "" || n.Service == "" || n.User == "") {
			t.Errorf("%+v, %v", n, err)
		}
	})
}
