// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"time"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

// Outcome is what became of codes that were handed over, as the guide names it:
// guide.Kept, guide.Noted or guide.Later.
type Outcome = guide.Outcome

// way is how codes are kept.
type way uint8

// The ways.
const (
	asked  way = iota // it is not known yet
	note              // they are somewhere, which is noted
	paper             // a page of paper
	file              // an encrypted file
	here              // the safe
	shares            // pieces among people
)

// draft is codes on their way to where they will be kept.
type draft struct {
	way     way
	title   string
	account string
	where   string
	text    secret.Value // as it was entered
	reading int          // which of the readings was chosen, from 1; 0 is none yet
	codes   []secret.Value
	made    time.Time // when they were entered; zero is now
	twice   int
	count   int          // of codes that are only noted; 0 is unknown
	pass    secret.Value // of an encrypted file that is being written
	// replaces is the set in whose place these come, "" for none. From is the
	// set that the codes were taken out of, to be kept elsewhere.
	replaces, from backupcodes.ID
	begun, refused backupcodes.ID // the set that was to be renewed from the start; the one whose place these are not to take
	// last is the set that codes for lastOf, an account or "", would renew; "" for none.
	last     backupcodes.ID
	lastOf   string
	people   []string // who gets a share
	need     int      // of the shares bring the codes back
	holders  []holder
	replaced string        // its title, where that was not asked
	first    int           // how many codes the set had, of which these are left; 0 for all
	moves    bool          // they are the codes of the note that they replace
	handed   bool          // they came from the assistant
	done     func(Outcome) // told once what became of it; may be nil
}

// end tells what became of it, once.
func (d *draft) end(o Outcome) {
	if done := d.done; done != nil {
		d.done = nil
		done(o)
	}
}

// setCodes takes codes over.
func (d *draft) setCodes(codes []secret.Value) {
	d.clearCodes()
	d.codes, d.count = codes, len(codes)
}

func (d *draft) clearCodes() {
	for _, c := range d.codes {
		c.Clear()
	}
	d.codes = nil
}

func (d *draft) clear() {
	d.pass.Clear()
	d.clearHolders()
	d.text.Clear()
	d.clearCodes()
}

func (d *draft) clearHolders() {
	for _, h := range d.holders {
		h.share.Clear()
	}
	d.holders = nil
}

// copied returns codes of their own, for a piece of work that the draft must not
// be cleared under.
func copied(codes []secret.Value) []secret.Value {
	all := make([]secret.Value, len(codes))
	for i, c := range codes {
		all[i] = c.Clone()
	}
	return all
}

func cleared(codes []secret.Value) {
	for _, c := range codes {
		c.Clear()
	}
}
