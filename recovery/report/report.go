// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package report writes down what a helpdesk needs to know of this app, and nothing
// that names anybody or opens anything.
//
// What a [Report] holds is a list of its own of what is allowed: numbers, yes and no,
// and names of ours such as "slow-30". [New] takes them out of what the app knows one
// by one; nothing of the vault's types is in a report, so that what is added there
// never gets here by itself. There are no names of accounts, services or people, no
// addresses, no ids, no paths, and of times only days. Nothing tells in which order
// things were added.
//
// A report is shown before it is saved, and is never sent by the app.
package report

import (
	"encoding/hex"
	"fmt"
)

// Version is the version of the format, see docs/formats.md.
const Version = 1

// Name is the name of one of a few values, all of them ours. It is never a text that
// comes from elsewhere.
type Name string

// Sentence is one of those that package standing says of a value, in the language in
// use.
type Sentence string

// Word is a word of the check phrase.
type Word string

// Group is three digits of the check phrase, 000 to 255.
type Group uint8

// MarshalText writes all three digits.
func (g Group) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// String returns all three digits.
func (g Group) String() string { return fmt.Sprintf("%03d", uint8(g)) }

// Number is a version of three numbers, each 0 to 99999.
type Number struct{ Major, Minor, Patch int }

// String returns "1.2.3".
func (n Number) String() string { return fmt.Sprintf("%d.%d.%d", n.Major, n.Minor, n.Patch) }

// MarshalText writes "1.2.3".
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// Commit is the id of the source that the app was built of; zero where it is not known.
type Commit [20]byte

// String returns its hexadecimal digits, "" where it is not known.
func (c Commit) String() string {
	if c == (Commit{}) {
		return ""
	}
	return hex.EncodeToString(c[:])
}

// MarshalText writes its hexadecimal digits.
func (c Commit) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Report is what there is to tell. Its fields' names in JSON never change.
type Report struct {
	Version  int      `json:"version"`
	App      App      `json:"app"`
	System   System   `json:"system"`
	Language Name     `json:"language"` // in use: en, de, es, fr, pt_BR, sw
	Phrase   Phrase   `json:"phrase"`
	Standing Standing `json:"standing"`
	Says     []Line   `json:"says"` // the standing in words
	Store    Store    `json:"store"`
	Accounts Accounts `json:"accounts"`
	Clock    Clock    `json:"clock"`
	Link     Link     `json:"link"`
	Events   []Name   `json:"events"` // what the user has to see to, by its name, in the order of the alphabet
}

// App is what runs.
type App struct {
	Version     Number `json:"version"`
	Development bool   `json:"development"` // no release: its version ends in more than numbers
	Go          Number `json:"go"`
	Commit      Commit `json:"commit"`
	Modified    bool   `json:"modified"` // the source was changed since that commit
}

// System is what it runs on.
type System struct {
	Name    Name   `json:"name"` // as standing.Platform has it
	Version Number `json:"version"`
	Arch    Name   `json:"arch"`
}

// Phrase is the check phrase, empty where it is not known.
type Phrase struct {
	Words  []Word  `json:"words"`
	Digits []Group `json:"digits"`
}

// Standing is how things stand, by the names of package standing.
type Standing struct {
	Platform  Name `json:"platform"`
	Clock     Name `json:"clock"`
	Source    Name `json:"source"`
	Store     Name `json:"store"`
	Enrolment Name `json:"enrolment"`
	Link      Name `json:"link"`
	Codes     Name `json:"codes"`
	Automatic Name `json:"automatic"`
	Last      Name `json:"last"`
	Camera    Name `json:"camera"`
}

// Line is a field of the standing in words.
type Line struct {
	Field Name     `json:"field"`
	Text  Sentence `json:"text"`

	title Sentence // the field's name for people
}

// Store is where the keys are.
type Store struct {
	Backend Name `json:"backend"` // secret-service, keychain, credential-manager, sealed-file, or none
	State   Name `json:"state"`   // as standing.Store has it
	Reason  Name `json:"reason"`  // why it cannot be used, or ""
	Guarded bool `json:"guarded"` // the keys are under a passphrase of the app
}

// Accounts is how many accounts there are, and of which sorts.
type Accounts struct {
	Count    int    `json:"count"`
	Kutano   int    `json:"kutano"`    // of them
	Removed  int    `json:"removed"`   // that can be brought back
	SetAside int    `json:"set_aside"` // entries that cannot be read
	Sorts    []Sort `json:"sorts"`
}

// Sort is what the codes of some accounts are like.
type Sort struct {
	Count     int  `json:"count"`
	Kutano    bool `json:"kutano"`
	Type      Name `json:"type"`      // totp, hotp or steam
	Algorithm Name `json:"algorithm"` // SHA1, SHA256 or SHA512
	Digits    int  `json:"digits"`
	Period    int  `json:"period"`    // seconds; 0 for hotp
	KeyBytes  int  `json:"key_bytes"` // 0 where it is not known
}

// Clock is what is known of the device's clock. Seconds are rounded to tenths, and
// those of an uncertainty up.
type Clock struct {
	Correction float64  `json:"correction_s"` // what is added to make codes
	Off        bool     `json:"off"`          // the user wants no correction
	Stale      Name     `json:"stale"`        // why what was measured holds no longer: stepped, restarted, or ""
	Network    Name     `json:"network"`      // what may be asked: unasked, never, demand, daily
	Synced     Name     `json:"synced"`       // something keeps the clock right, the system says: yes, no, unknown
	Days       int      `json:"days"`         // since it was measured; -1 where that is not known
	Samples    []Sample `json:"samples"`
}

// Sample is what one source said.
type Sample struct {
	Kind        Name    `json:"kind"`     // ntp, nts, web, service, system, codes, tries
	Offset      float64 `json:"offset_s"` // true time less the device's: above 0 the device is slow
	Uncertainty float64 `json:"uncertainty_s"`
	Agrees      bool    `json:"agrees"` // it was believed
	Proven      bool    `json:"proven"` // nobody on the way made it up
}

// Link is how the link with the service stands.
type Link struct {
	State  Name `json:"state"`  // as standing.Link has it
	Reason Name `json:"reason"` // what went wrong last, or ""
	Method Name `json:"method"` // as the service last said: totp, sms, off, or ""
	Days   int  `json:"days"`   // since it was asked; -1 for never
}
