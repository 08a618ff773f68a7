// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package upkeep reminds of what keeps a Kutano account easy to get into: a
// review now and then, new backup codes after one was used or when few are left,
// and the phone number when that or its carrier changes. // R70 R71 R72
//
// A reminder never says anything about an account, so that it can stand in a
// notification that others may see.
package upkeep

import (
	"cmp"
	"slices"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// Kind names a reminder. The names stand in a file and never change.
type Kind string

// The reminders, the most urgent first.
const (
	NoCodes  Kind = "no_codes"  // none are left
	Unsaved  Kind = "unsaved"   // there are backup codes, and nobody said where they are
	FewCodes Kind = "few_codes" // three or fewer are left
	NewCodes Kind = "new_codes" // one was used since they were made
	Number   Kind = "number"    // the number or its carrier changed, and Kutano was not told
	Review   Kind = "review"    // the last one is months ago
)

// Usual figures of a workspace that says nothing else.
const (
	ReviewMonths = 6
	// Later is how long a reminder that was put off stays away.
	Later = 7 * 24 * time.Hour
	// Grace is how long after the set-up nobody is reminded of codes that are not
	// saved: the assistant has just asked.
	Grace = 24 * time.Hour
)

// Codes is what is known of one set of backup codes of a Kutano account.
type Codes struct {
	Left  int  // less than 0 where that is not known
	Renew bool // new ones are advised: one was used since they were made, or few are left
}

// Facts are what reminders are decided on.
type Facts struct {
	Now time.Time
	State
	Kutano bool // there is a Kutano account here, or the user is linked with one
	Codes  []Codes
	// Unkept is when backup codes were made of which nobody said that they are kept;
	// zero for none.
	Unkept time.Time
	Months int // between reviews; 0 is [ReviewMonths], less than 0 never
}

// Reminder is something to see to.
type Reminder struct {
	Kind   Kind
	Text   string // one sentence for the banner
	Action string // what its button says
	// Title and Body are for the system's notification: nothing in them says
	// which account it is about, or that there is one.
	Title, Body string
}

// Due returns what to see to now, the most urgent first, without what was put
// off.
func Due(f Facts) []Reminder {
	if !f.Kutano || f.Method == readiness.Off { // switched off, it locks nobody out
		return nil
	}
	var due []Reminder
	for _, k := range []Kind{NoCodes, Unsaved, FewCodes, NewCodes, Number, Review} {
		if holds(f, k) && !f.putOff(k) {
			due = append(due, reminder(k, f))
		}
	}
	return due
}

func holds(f Facts, k Kind) bool {
	switch k {
	case NoCodes:
		return len(f.Codes) > 0 && !slices.ContainsFunc(f.Codes, func(c Codes) bool { return c.Left != 0 })
	case Unsaved:
		since := f.Unkept
		if len(f.Codes) == 0 && f.SetUp != 0 {
			since = f.SetUp.Time()
		}
		return !since.IsZero() && f.Now.Sub(since) >= Grace
	case FewCodes:
		return slices.ContainsFunc(f.Codes, few)
	case NewCodes:
		return slices.ContainsFunc(f.Codes, func(c Codes) bool { return c.Renew && (c.Left > backupcodes.Low || c.Left < 0) })
	case Number:
		return f.NumberChanged != 0
	}
	since := max(f.Reviewed, f.SetUp, f.Began)
	months := cmp.Or(f.Months, ReviewMonths)
	return since != 0 && months > 0 && !f.Now.Before(since.Time().AddDate(0, months, 0))
}

func few(c Codes) bool { return c.Left > 0 && c.Left <= backupcodes.Low && c.Renew }

func (f Facts) putOff(k Kind) bool {
	until := f.PutOff[k]
	// One that was put off for longer than can be was put off by a clock that was wrong.
	return until != 0 && f.Now.Before(until.Time()) && until.Time().Sub(f.Now) <= Later
}

// Something is what the system's notification says where there is anything to see to.
func Something() (title, body string) {
	return words.T("Kutano Authenticator"), words.T("There is something to see to. Open the app when you have a minute.")
}

func reminder(k Kind, f Facts) Reminder {
	r := Reminder{Kind: k, Action: words.T("Have a look")}
	r.Title, r.Body = Something()
	switch k {
	case NoCodes:
		r.Text, r.Action = words.T("All your backup codes are used. Make new ones in Kutano’s settings."), words.T("Show me how")
	case Unsaved:
		r.Text = words.T("Where are your backup codes? Without them, only your administrator can let you back in.")
	case FewCodes:
		r.Text = words.N(f.Codes[slices.IndexFunc(f.Codes, few)].Left, "1 backup code is left. Make new ones in Kutano’s settings.", "{n} backup codes are left. Make new ones in Kutano’s settings.")
		r.Action = words.T("Show me how")
	case NewCodes:
		r.Text, r.Action = words.T("You used a backup code. Make new ones in Kutano’s settings, so that none is missing when you need it."), words.T("Show me how")
	case Number:
		r.Text, r.Action = words.T("Does Kutano know your new phone number? Change it before the old one stops."), words.T("Show me how")
	case Review:
		r.Text, r.Action = words.T("Half a minute to check that you would get back in."), words.T("Check now")
		r.Body = words.T("It is time for the regular check. It takes half a minute.")
	}
	return r
}
