// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"slices"
	"strings"
)

// The entries of the set-up guide.
const (
	Setup         = "setup"
	SwitchToApp   = "switch-to-app"
	SwitchToSMS   = "switch-to-sms"
	Disable       = "disable"
	NewCodes      = "new-codes"
	NewPhone      = "new-phone"
	ChangedNumber = "changed-number"
	Review        = "review"
)

// The entries of the recovery guide: what a person says who cannot get in. They are
// the topics that a step of the set-up can lead to by "I'm stuck".
const (
	Refused      = "refused"  // Kutano does not accept the code
	NoText       = "sms"      // the text message does not arrive
	Lost         = "lost"     // the device is lost
	NoCodes      = "nobackup" // there are no backup codes
	KeysLocked   = "locked"   // the keyring or the app is locked
	WrongAccount = "wrong"    // it is another account than the one wanted
	Empty        = "empty"    // the account is not in this app's list
	NewDevice    = "new"      // the device is a new one
)

// Topics returns the recovery guide's entries in its order. The first six are the
// plain answers to "What happens?", see [FirstTopics].
func Topics() []string {
	return []string{Refused, NoText, Lost, NoCodes, KeysLocked, WrongAccount, Empty, NewDevice}
}

// FirstTopics is how many of [Topics] stand on the front page; the others stay
// reachable behind them.
const FirstTopics = 6

// Live is a piece of a step that does something, by whoever shows the step.
type Live string

// The live pieces.
const (
	Link    Live = "link"    // connects with the workspace's service
	Open    Live = "open"    // a button that opens the settings page in the browser
	Scan    Live = "scan"    // finds the QR code and keeps the account
	Code    Live = "code"    // shows the code with its time left
	CheckUp Live = "check"   // why the code was refused, see package recovery/check
	Codes   Live = "codes"   // keeps the backup codes, or a note of where they are
	Enrol   Live = "enrol"   // linked: sets the app up with the service
	Phone   Live = "phone"   // linked: has the service send a text message
	Text    Live = "text"    // linked: the code of the text message
	Clock   Live = "clock"   // the verdict on the device's clock
	Retire  Live = "retire"  // offers to remove the dead account
	Remind  Live = "remind"  // sets a reminder
	Summary Live = "summary" // counts the ways back in
	Checks  Live = "checks"  // looks at how things stand, see package recovery/check
	Two     Live = "two"     // shows a code and the one after it, for the service's own page
	Call    Live = "call"    // the prepared call: contact, check phrase, report
)

// Outcome is how a live piece ended.
type Outcome string

// The outcomes.
const (
	Connected Outcome = "linked"
	Skipped   Outcome = "skipped"
	Added     Outcome = "added"
	Kept      Outcome = "kept" // scan: it is here already; codes: they are in the safe; retire: it stays
	Again     Outcome = "again"
	Rescan    Outcome = "rescan"
	Unsolved  Outcome = "unsolved"
	Noted     Outcome = "noted"
	Later     Outcome = "later"
	Done      Outcome = "done"
	Failed    Outcome = "failed"
	Sent      Outcome = "sent"
	Removed   Outcome = "removed" // retire: it is gone; checks: it can be brought back

	// Of checks: what was found, each with the next thing to do.
	Nothing   Outcome = "nothing" // nothing that helps: go on with the guide's lines
	In        Outcome = "in"      // the person is in
	NotAsked  Outcome = "off"     // the service asks for no code now
	WrongTime Outcome = "clock"   // the clock is to be seen to
	TypeCode  Outcome = "code"    // type the code that this app shows
	OtherLine Outcome = "line"    // look at the name beside the code
	UseBackup Outcome = "backup"  // use a backup code
	Locked    Outcome = "locked"  // open the lock
	Absent    Outcome = "absent"  // the account is not here
	ByMessage Outcome = "texts"   // codes come by text message
)

// outcomes are those of each live piece; one without outcomes stands beside
// choices.
var outcomes = map[Live][]Outcome{
	Link: {Connected, Skipped}, Open: nil, Scan: {Added, Kept}, Code: nil, CheckUp: {Again, Rescan, Unsolved},
	Codes: {Kept, Noted, Later}, Enrol: {Done, Failed}, Phone: {Sent, Failed}, Text: {Done, Failed},
	Clock: nil, Retire: {Removed, Kept}, Remind: nil, Summary: nil,
	Checks: {Nothing, In, NotAsked, WrongTime, TypeCode, OtherLine, Rescan, UseBackup, Locked, Absent, Removed, ByMessage, Unsolved},
	Two:    nil, Call: nil,
}

// Outcomes returns how a live piece can end, or none where the step's choices
// lead on.
func (l Live) Outcomes() []Outcome { return slices.Clone(outcomes[l]) }

// Picture names a drawing of ours.
type Picture string

// The pictures.
const (
	PictureReasons  Picture = "reasons"  // a shield between a letter and a person
	PicturePhone    Picture = "phone"    // a mobile phone
	PictureSettings Picture = "settings" // User Settings with its Security section and the edit icon
	PictureMethods  Picture = "methods"  // the dialog with two buttons
	PictureQR       Picture = "qr"       // the page with a QR code
	PictureScan     Picture = "scan"     // a screen that is looked at
	PictureCode     Picture = "code"     // six boxes for a code, "Verify"
	PictureNumber   Picture = "number"   // a box for a phone number
	PictureMessage  Picture = "message"  // a phone with a message
	PictureOn       Picture = "on"       // two-factor sign-in is on
	PictureOff      Picture = "off"      // the "Disable" button and its question
	PictureCodes    Picture = "codes"    // a list of backup codes
	PictureKeep     Picture = "keep"     // paper, a drive, a safe
	PictureSwitch   Picture = "switch"   // from one method to the other
	PicturePeople   Picture = "people"   // the workspace administrator
	PictureDevices  Picture = "devices"  // an old and a new phone
	PictureClock    Picture = "clock"    // a clock
	PictureList     Picture = "list"     // a short checklist
)

// Pictures returns all names of pictures.
func Pictures() []Picture {
	return []Picture{
		PictureReasons, PicturePhone, PictureSettings, PictureMethods, PictureQR, PictureScan, PictureCode, PictureNumber, PictureMessage,
		PictureOn, PictureOff, PictureCodes, PictureKeep, PictureSwitch, PicturePeople, PictureDevices, PictureClock, PictureList,
	}
}

// Fact is something that decides which choices fit.
type Fact string

// The facts.
const (
	Linked     Fact = "linked"      // the workspace's service is connected
	KeyHere    Fact = "key_here"    // a Kutano account is on this device
	PhoneSize  Fact = "phone_size"  // the screen is a phone's: nothing can be scanned from it
	HasService Fact = "service"     // the profile names a service to connect with
	CodesKnown Fact = "codes_known" // it is known where the backup codes are
	Several    Fact = "several"     // more than one Kutano account is on this device
	ByText     Fact = "by_text"     // codes are known to come by text message
)

// AllFacts returns every fact.
func AllFacts() []Fact {
	return []Fact{Linked, KeyHere, PhoneSize, HasService, CodesKnown, Several, ByText}
}

// Facts are those that hold.
type Facts map[Fact]bool

// If is a condition: facts with blanks between, all of which must hold, each
// with "!" before it for one that must not. The empty one always holds.
type If string

// Holds tells whether the condition is met.
func (i If) Holds(f Facts) bool {
	for _, term := range strings.Fields(string(i)) {
		fact, not := strings.CutPrefix(term, "!")
		if f[Fact(fact)] == not {
			return false
		}
	}
	return true
}
