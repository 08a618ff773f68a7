// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package profile reads what a workspace says about itself: how its accounts are
// recognised, where its settings page is, whom to ask, and its own notes on the
// guide's steps.
//
// A profile comes from elsewhere, by file, QR code or paste, and is not trusted:
// [Parse] takes at most 16 KiB, no field that it does not know, plain texts
// without characters that could hide or turn others, and addresses of https
// alone. A profile names no key and holds no secret. It can be signed; whose key
// that is only a person can know, so the first signer is remembered and another
// one is asked about, see [Keeper].
package profile

import (
	"slices"
	"strings"
	"sync"

	"github.com/kutano/authenticator/assets"
	"github.com/kutano/authenticator/recovery/guide"
)

// Version is the version of the format.
const Version = 1

// The limits of a profile.
const (
	MaxBytes   = 16 << 10 // of the file
	maxName    = 80       // characters
	maxContact = 200
	maxNote    = 400
	maxNotes   = 24
	maxIssuers = 8
	minIssuer  = 3 // a shorter one would be found in every other name
	maxAddress = 512
	maxMonths  = 24
)

// Profile is what a workspace says about itself. All texts are plain.
type Profile struct {
	Name    string   // of the workspace; "" for none
	Issuers []string // what the issuer of its accounts contains, in any case
	// Settings is the address of the page that leads to the security settings,
	// Help that of the published guide, Service that of a two-factor service to
	// connect with; each may be "".
	Settings, Help, Service string
	Contact                 string // whom to ask: a person, a telephone number, an address; may be ""
	ReviewMonths            int    // how often to look things over; 0 for never
	Notes                   []Note

	// Signer is the public key that the profile is signed with, and the signature
	// is right; nil for an unsigned one.
	Signer    Key
	signature []byte
}

// Note is what the workspace says at a step of the guide.
type Note struct {
	Step string `toml:"step"` // the step's id; one that the guide does not have is passed over
	Text string `toml:"text"`
}

// Default returns the usual profile.
var Default = sync.OnceValue(func() Profile {
	p, err := Parse(assets.Profile())
	if err != nil {
		panic(err) // it is built in, and a test reads it
	}
	return p
})

// Recognises tells whether an account of this issuer is the workspace's.
func (p Profile) Recognises(issuer string) bool {
	issuer = strings.ToLower(issuer)
	return slices.ContainsFunc(p.Issuers, func(s string) bool { return strings.Contains(issuer, strings.ToLower(s)) })
}

// Signed tells whether the profile is signed.
func (p Profile) Signed() bool { return len(p.Signer) > 0 }

// Fill returns what the profile puts into the guide.
func (p Profile) Fill() guide.Fill {
	f := guide.Fill{Workspace: p.Name, Contact: p.Contact, Settings: p.Settings, Help: p.Help, Notes: map[string][]string{}}
	for _, n := range p.Notes {
		f.Notes[n.Step] = append(f.Notes[n.Step], n.Text)
	}
	return f
}

// Same tells whether two profiles say the same, whoever signed them.
func (p Profile) Same(o Profile) bool { return string(p.canonical()) == string(o.canonical()) }
