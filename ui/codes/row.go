// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"time"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// State tells what a row has to show.
type State uint8

// The states of a row.
const (
	Waiting State = iota // the code is on its way
	Shown                // the code is there
	Hidden               // the code is there, and dots stand for it
	Counter              // a counter's account without a code yet: the user asks for one
	Failed               // Row.Err says why there is no code
)

// Row is everything that one row shows.
type Row struct {
	ID        vault.ID
	Title     string // the service
	Name      string // the account there; "" when the title is already it
	Tile      string // what the tile's letter and colour are made of
	State     State
	Code      string // grouped for reading, dots when hidden, "" while waiting
	Next      string // the next code, grouped, in the last 10 s only
	Left      int    // seconds left, rounded up; 0 for a counter
	Period    int    // seconds in a step; 0 for a counter
	Err       error
	Type      otpauth.Type
	Favourite bool

	value, nextValue string // what is copied
	from, until      time.Time
}

// derive is the one place that decides what a row shows.
func derive(a *vault.Account, e *entry, s Settings, now time.Time) Row {
	r := Row{
		ID: a.ID, Title: a.Title(), Tile: a.Title(), Type: a.Type,
		Period: a.Period, Favourite: a.Favourite, Err: e.err,
	}
	if a.Issuer != "" {
		r.Name = a.Name
	}
	if a.Type == otpauth.HOTP {
		return deriveCounter(r, e, s, now)
	}
	if !e.cur.valid(now) {
		if e.err != nil {
			r.State = Failed
		}
		return r
	}
	r.Err = nil
	r.State, r.Code, r.value = Shown, e.cur.text, e.cur.Value
	r.from, r.until = e.cur.From, e.cur.Until
	left := e.cur.Until.Sub(now)
	r.Left = int((left + time.Second - 1) / time.Second)
	if e.next.From.Equal(e.cur.Until) && e.next.Value != "" {
		r.nextValue = e.next.Value
		if left <= nextFor {
			r.Next = e.next.text
		}
	}
	if s.hides(e, now) {
		r.State, r.Code, r.Next = Hidden, dots(len(e.cur.Value)), ""
	}
	return r
}

func deriveCounter(r Row, e *entry, s Settings, now time.Time) Row {
	r.Period = 0
	switch {
	case e.pending:
		return r
	case e.err != nil:
		r.State = Failed
	case !e.kept:
		r.State = Counter
	default:
		r.State, r.Code, r.value = Shown, e.cur.text, e.cur.Value
		if s.hides(e, now) {
			r.State, r.Code = Hidden, dots(len(e.cur.Value))
		}
	}
	return r
}

// hides reports whether dots stand for a code.
func (s Settings) hides(e *entry, now time.Time) bool {
	return s.Veil || s.Hide && !now.Before(e.revealed)
}

// hiddenCodes holds the dots for every code length, so that a hidden list is
// drawn without making strings.
var hiddenCodes = func() (d [otpauth.MaxDigits + 1]string) {
	for n := range d {
		d[n] = kit.HiddenCode(n)
	}
	return d
}()

func dots(n int) string { return hiddenCodes[min(n, otpauth.MaxDigits)] }

// Plain returns the code as it is read, also where the list hides it: for a
// page that the user asked to see it on.
func (r Row) Plain() string { return kit.GroupCode(r.value) }

// Dots returns dots in the groups of the code.
func (r Row) Dots() string { return dots(len(r.value)) }

// Copying is the answer to "copy this account's code".
type Copying struct {
	Text string        // what goes to the clipboard; "" when it has to wait
	Wait time.Duration // how long until the code to copy begins
}

// Copy decides what copying a row does now: the code, or, when the user chose
// so and the code ends in a moment, to wait for the next one (R54). ok is
// false while there is nothing to copy.
func (r Row) Copy(s Settings, now time.Time) (c Copying, ok bool) {
	if r.value == "" {
		return Copying{}, false
	}
	if s.WaitForNext && r.Period > 0 && r.until.Sub(now) < min(hurry, time.Duration(r.Period)*time.Second/3) {
		return Copying{Wait: r.until.Sub(now)}, true
	}
	return Copying{Text: r.value}, true
}
