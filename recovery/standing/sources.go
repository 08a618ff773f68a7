// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"slices"
	"time"

	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/keystore"
)

// Sources are what a standing is drawn from, as the app and the command line have
// it. What is not known stays zero.
type Sources struct {
	GOOS    string // as package runtime has it
	Version string // of the app: "0.1.0"
	// Profile is the workspace's: it says which accounts are Kutano's.
	Profile profile.Profile

	// Accounts are those in the vault, Removed those that can be brought back.
	Accounts, Removed []vault.Account
	Kind              keystore.Kind // where the keys are, or would be
	// StoreErr is what opening the store gave, or using the key of a Kutano account;
	// nil where that went well.
	StoreErr error

	Now   time.Time // by the device's own clock
	Clock clock.Status
	Hint  system.Hint

	Linked *link.Linked // nil for nothing
	// LinkErr is what reading the link or asking the service last gave.
	LinkErr error

	Sets []backupcodes.Set // all that are noted or kept, Kutano's and others
	// SafeErr is what is wrong with the safe for backup codes: what opening it gave,
	// or its Problem.
	SafeErr error

	Upkeep upkeep.State
	Last   Last // of this sitting; an account that was proved before counts as Accepted
	Camera Camera
}

// Of says how things stand. It is pure: the same sources give the same standing.
func Of(s Sources) Standing {
	st := Standing{
		Platform: platform(s.GOOS), Clock: s.clock(), Source: s.source(), Store: s.store(), Enrolment: s.enrolment(),
		Link: s.link(), Codes: s.codes(), Automatic: s.automatic(), Last: s.last(), Camera: s.Camera,
	}
	st.Major, st.Minor = version(s.Version)
	return st
}

// Ours tells whether an account is Kutano's.
func (s Sources) Ours(a vault.Account) bool { return a.Kutano || s.Profile.Recognises(a.Issuer) }

// ours are Kutano's accounts in this app.
func (s Sources) ours() []vault.Account {
	return slices.DeleteFunc(slices.Clone(s.Accounts), func(a vault.Account) bool { return !s.Ours(a) })
}

// proved is when a code of a Kutano account was last accepted; zero for never.
func (s Sources) proved() time.Time {
	var last time.Time
	for _, a := range s.ours() {
		if a.Verified.After(last) {
			last = a.Verified
		}
	}
	return last
}

// seen is how the account last stood at the linked service. What was seen before
// the link ended may long be otherwise, and counts no more.
func (s Sources) seen() (link.Status, bool) {
	if s.Linked == nil || s.Linked.Ended || s.Linked.SeenAt.IsZero() {
		return link.Status{}, false
	}
	return s.Linked.Seen, true
}

// platform knows the names of package runtime.
func platform(goos string) Platform {
	switch goos {
	case "linux":
		return Linux
	case "windows":
		return Windows
	case "darwin":
		return MacOS
	case "android":
		return Android
	case "ios":
		return IOS
	case "js", "wasip1":
		return Web
	}
	return OtherPlatform
}

func (s Sources) automatic() Automatic {
	switch s.Hint.Automatic {
	case system.Yes:
		return AutomaticOn
	case system.No:
		return AutomaticOff
	}
	return AutomaticUnknown
}

// last is what the user told in this sitting, else that a code was accepted before.
func (s Sources) last() Last {
	if s.Last == NoneTried && !s.proved().IsZero() {
		return Accepted
	}
	return s.Last
}
