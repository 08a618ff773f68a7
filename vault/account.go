// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"time"

	"github.com/kutano/authenticator/vault/otpauth"
)

// ID names an account for its whole life: twelve of a–z and 2–7, drawn at random.
// It tells nothing about the account.
type ID string

// Account is what is known of an account without its key.
type Account struct {
	ID        ID
	Issuer    string
	Name      string // the account at the issuer, usually an e-mail address
	Type      otpauth.Type
	Algorithm otpauth.Algorithm
	Digits    int
	Period    int    // seconds; 0 for HOTP
	Counter   uint64 // next HOTP counter; 0 otherwise

	Tags      []string
	Note      string
	Icon      string
	Favourite bool
	Kutano    bool      // a Kutano account, see recognition in the package doc
	LastUsed  time.Time // a code was copied or shown on request; zero if never
	Verified  time.Time // the service accepted a code; zero if never told
	Removed   time.Time // when it was removed; zero for a live account

	page   int    // where its key is; -1 when no page has it
	of     ID     // of a removed account: the live one whose key it was before; see Restore
	folded string // what a search compares, for names beyond ASCII
}

// Title returns the issuer, or the account's name where there is no issuer.
func (a Account) Title() string {
	if a.Issuer != "" {
		return a.Issuer
	}
	return a.Name
}

// Label returns "issuer:name", as in a key URI, or the one of the two there is.
func (a Account) Label() string {
	switch {
	case a.Issuer == "":
		return a.Name
	case a.Name == "":
		return a.Issuer
	}
	return a.Issuer + ":" + a.Name
}

// Details is what a person can change about an account. Key parameters and the
// key itself change only by replacing the account.
type Details struct {
	Issuer, Name string
	Tags         []string
	Note, Icon   string
	Favourite    bool
}

// Details returns the changeable part of the account.
func (a Account) Details() Details {
	return Details{a.Issuer, a.Name, a.Tags, a.Note, a.Icon, a.Favourite}
}

// Aside is an entry or a whole page that cannot be read. It is kept as it is.
type Aside struct {
	Page   int    // the page it stands in
	Name   string // the account's label as far as it can be told, else ""
	Reason string // lower case, without secrets
}

// isKutano is asked for each account at each start: containsFold allocates nothing.
func isKutano(issuer string) bool { return containsFold(issuer, "kutano") }
