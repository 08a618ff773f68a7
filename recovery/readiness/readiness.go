// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package readiness counts the ways back into a Kutano account: what still works
// when this device is lost, or what is on it. // R58 R67 R68
//
// Only what works without the others counts. Nobody is told that they are safe
// because of something that is lost together with the device.
package readiness

import (
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// Kind names a way back in.
type Kind string

// The ways back in, the quickest first.
const (
	Codes    Kind = "codes"    // backup codes that are not lost with the device
	Device   Kind = "device"   // another device makes the same codes, or receives them
	Recovery Kind = "recovery" // the recovery key and a copy of a snapshot elsewhere
	Helpdesk Kind = "helpdesk" // the workspace's administrator
)

// Method is how Kutano's second step is done, as far as is known.
type Method string

// The methods. The zero one is not known.
const (
	Unknown Method = ""
	Off     Method = "off"
	App     Method = "app"
	SMS     Method = "sms"
)

// Answer is what the user said.
type Answer string

// The answers. The zero one is none.
const (
	Yes Answer = "yes"
	No  Answer = "no"
)

// Facts are what is known.
type Facts struct {
	Method  Method
	KeyHere bool // this device makes the codes

	// Backup codes of the account: how many are noted or kept at all, how many of
	// them are left, where, and whether any were used since they were made.
	// CodesLeft less than 0 is not known.
	CodesKnown bool
	CodesHere  bool // on this device and nowhere else
	CodesLeft  int

	OtherDevice Answer // another device has the key, too, or gets the messages

	RecoveryKey bool      // there is one
	CopyAt      time.Time // of the newest snapshot that is elsewhere, too; zero for none

	Contact bool // the workspace says whom to call
}

// Count takes in what is known of the sets of backup codes of the account. Of
// several the best one counts, since any code of it lets one in.
func (f *Facts) Count(sets []backupcodes.Set) {
	for _, s := range sets {
		here, left := s.Place == backupcodes.Here && s.Where == "", -1
		if s.Known() {
			left = s.Left
		}
		better := f.CodesLeft == 0 || f.CodesHere && !here
		if !f.CodesKnown || better && left != 0 {
			f.CodesKnown, f.CodesHere, f.CodesLeft = true, here, left
		}
	}
}

// Way is one way back in.
type Way struct {
	Kind Kind
	Have bool
	Name string // in a few words
	Why  string // one sentence: what it is good for, or what is missing
}

// Card says how many independent ways there are.
type Card struct {
	Count    int   // of the ways that are there, the helpdesk among them
	Ways     []Way // all of them, in the order of [Kind]
	Headline string
	Missing  string // what to do next, in one sentence; "" where nothing is missing
	Next     Kind   // the way that Missing is about; "" for none
	Good     bool   // at least two, one of them without anybody's help
}

// Of counts.
func Of(f Facts) Card {
	c := Card{Ways: []Way{codes(f), device(f), recoveryKey(f), helpdesk(f)}}
	own := 0
	for _, w := range c.Ways {
		if w.Have {
			c.Count++
			if w.Kind != Helpdesk {
				own++
			}
		}
	}
	c.Good = own >= 1 && c.Count >= 2
	c.Headline = headline(f, c.Count)
	if f.Method == Off {
		return c
	}
	for _, w := range c.Ways {
		if !w.Have && worth(f, w.Kind, own) {
			c.Missing, c.Next = advice(f, w.Kind), w.Kind
			break
		}
	}
	return c
}

func headline(f Facts, n int) string {
	switch {
	case f.Method == Off:
		return words.T("Two-factor sign-in is off, so nothing can lock you out of it.")
	case n == 0:
		return words.T("If this device is lost, there is no way back in yet.")
	}
	return words.N(n, "If this device is lost, you have 1 way back in.", "If this device is lost, you have {n} ways back in.")
}

// worth tells whether a missing way should be asked for: backup codes always, and
// others while there are fewer than two. For who has the key here that is a
// recovery key, and for all others a device or somebody to call.
func worth(f Facts, k Kind, own int) bool {
	switch k {
	case Codes:
		return true
	case Device:
		return own < 2 && !f.KeyHere && (f.Method != SMS || f.OtherDevice != No)
	case Recovery:
		return own < 2 && f.KeyHere
	}
	return own < 2
}

func codes(f Facts) Way {
	w := Way{Kind: Codes, Name: words.T("Backup codes")}
	switch {
	case !f.CodesKnown:
		w.Why = words.T("Not saved, as far as this app knows.")
	case f.CodesLeft == 0:
		w.Why = words.T("All of them are used.")
	case f.CodesHere && f.KeyHere:
		w.Why = words.T("Only on this device, and lost together with it.")
	case f.CodesLeft < 0:
		w.Have, w.Why = true, words.T("Each lets you in once.")
	default:
		w.Have, w.Why = true, words.N(f.CodesLeft, "1 is left. It lets you in once.", "{n} are left. Each lets you in once.")
	}
	return w
}

func device(f Facts) Way {
	w := Way{Kind: Device, Name: words.T("Another device"), Have: f.OtherDevice == Yes}
	switch {
	case w.Have && f.Method == SMS:
		w.Why = words.T("Your phone receives the codes, and this is not your phone.")
	case w.Have:
		w.Why = words.T("It makes the same codes as this one.")
	case f.OtherDevice == No:
		w.Why = words.T("No other device makes your codes.")
	default:
		w.Why = words.T("Does another device make your codes, too? You have not said.")
	}
	return w
}

func recoveryKey(f Facts) Way {
	w := Way{Kind: Recovery, Name: words.T("Recovery key and a copy elsewhere")}
	switch {
	case !f.KeyHere:
		w.Why = words.T("Not needed: your codes are not made on this device.")
	case f.RecoveryKey && !f.CopyAt.IsZero():
		w.Have, w.Why = true, words.T("They bring your accounts back on a new device.")
	case f.RecoveryKey:
		w.Why = words.T("The recovery key is there. A copy of your snapshots in another place is missing.")
	default:
		w.Why = words.T("There is no recovery key yet.")
	}
	return w
}

func helpdesk(f Facts) Way {
	w := Way{Kind: Helpdesk, Name: words.T("Your workspace administrator"), Have: f.Contact}
	w.Why = words.T("They can reset your two-factor sign-in. This takes longest.")
	if !w.Have {
		w.Why = words.T("They can reset your two-factor sign-in. Write down how to reach them.")
	}
	return w
}

// advice says what to do about a way that is missing.
func advice(f Facts, k Kind) string {
	switch k {
	case Codes:
		switch {
		case f.CodesKnown && f.CodesHere && f.CodesLeft != 0:
			return words.T("Print your backup codes, or keep them in another place than this device.")
		case f.CodesKnown:
			return words.T("Make new backup codes in Kutano’s settings, and keep them in another place than this device.")
		}
		return words.T("Save your backup codes in another place than this device, and note here where they are.")
	case Device:
		if f.OtherDevice == "" {
			return words.T("Does another device make your codes, too? You have not said.")
		}
		return words.T("Add your account to a second device, such as your phone.")
	case Recovery:
		if f.RecoveryKey {
			return words.T("Have your snapshots copied to a second place, such as a USB stick.")
		}
		return words.T("Make a recovery key and print it.")
	}
	return words.T("Ask your workspace administrator how to reach them when you cannot sign in, and write it down.")
}
