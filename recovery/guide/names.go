// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"slices"
	"strings"
)

// The entries that the built-in guide has.
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
	Removed   Outcome = "removed"
)

// outcomes are those of each live piece; one without outcomes stands beside
// choices.
var outcomes = map[Live][]Outcome{
	Link: {Connected, Skipped}, Open: nil, Scan: {Added, Kept}, Code: nil, CheckUp: {Again, Rescan, Unsolved},
	Codes: {Kept, Noted, Later}, Enrol: {Done, Failed}, Phone: {Sent, Failed}, Text: {Done, Failed},
	Clock: nil, Retire: {Removed, Kept}, Remind: nil, Summary: nil,
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

// Topics returns the ids of the recovery page's topics that a step can lead to.
func Topics() []string { return []string{"refused", "lost", "nobackup", "sms", "empty", "new"} }

// Fact is something that decides which choices fit.
type Fact string

// The facts.
const (
	Linked     Fact = "linked"      // the workspace's service is connected
	KeyHere    Fact = "key_here"    // a Kutano account is on this device
	PhoneSize  Fact = "phone_size"  // the screen is a phone's: nothing can be scanned from it
	HasService Fact = "service"     // the profile names a service to connect with
	CodesKnown Fact = "codes_known" // it is known where the backup codes are
)

// AllFacts returns every fact.
func AllFacts() []Fact { return []Fact{Linked, KeyHere, PhoneSize, HasService, CodesKnown} }

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
