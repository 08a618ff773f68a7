// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package workspace has the screens for the workspace's own profile: the section
// of the settings that says which one is in use, and the sheets that take one in.
//
// A profile comes from elsewhere and is not trusted. All that it says, and what
// its signature is worth, stands on a sheet before it is kept; another signer than
// the one before is asked about, and then the careful answer is the obvious one.
// Nothing here uses the network, and no address is opened.
package workspace

import (
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/kit"
)

// Around is what the screens need of the window they stand in.
type Around struct {
	Keeper profile.Keeper
	Eyes   add.Eyes
	Canvas func() fyne.Canvas
	// Hide takes our own window off the screen before it is looked at, and
	// Show brings it back. Pause is how long the desktop needs to repaint.
	Hide, Show func()
	Pause      time.Duration
	// ChooseFile lets the user choose a file; it calls chosen with false when the
	// user thinks better of it.
	ChooseFile func(chosen func(path string, ok bool), fail func(error))
	// Changed is called after another profile came into use.
	Changed func()
}

// Flow leads through the screens, one sheet after another. It is used on the user
// interface's goroutine.
type Flow struct {
	Around

	pages   kit.Pages
	section *fyne.Container // what the section shows; nil before it is built
	state   state
	hidden  bool
}

// state is what is known of the profile in use.
type state struct {
	profile profile.Profile
	own     bool          // it is a workspace's, not the usual one
	trust   profile.Trust // in its signature
	signer  profile.Key   // the remembered one, nil for none
	fault   error         // why what is kept cannot be used
}

// look reads what is kept.
func look(k profile.Keeper) state {
	var s state
	s.profile, s.own, s.fault = k.Current()
	if s.fault == nil {
		s.trust, s.fault = k.Trust(s.profile)
	}
	if key, err := k.Signer(); err == nil { // the fault says why not
		s.signer = key
	}
	return s
}

// sameAs tells whether nothing is seen to differ.
func (s state) sameAs(o state) bool {
	return s.own == o.own && s.profile.Same(o.profile) && string(s.profile.Signer) == string(o.profile.Signer) &&
		string(s.signer) == string(o.signer) && (s.fault == nil) == (o.fault == nil)
}
