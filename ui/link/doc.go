// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package link has the screens that link the app with a two-factor service, the
// section of the settings that says what is linked, and what tells of things that
// happened there.
//
// Nothing is asked on the network before the user wants to link. From then on the
// status is looked at now and then, unless the user does not want that. What waits
// for a browser can be left at any time, and nothing has changed then. What is
// allowed goes from the service to the keeper of permissions and is never shown.
package link

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
)

// Home is what these screens need of the link. A Home of package remote is one.
type Home interface {
	Linked() (l link.Linked, ok bool, err error)
	Take(ctx context.Context, p link.Permission) (link.Linked, error)
	TakeEnrol(ctx context.Context, p link.Permission) error
	TakeDesk(ctx context.Context, p link.Permission) (link.AtDesk, error)
	Refresh(ctx context.Context) (link.Status, []link.Event, error)
	// Told notes that the user was told what happened elsewhere.
	Told(ctx context.Context, events []link.Event) error
	Unlink(ctx context.Context) error
	// Refuse gives back what was allowed too late; also while the vault is locked.
	Refuse(ctx context.Context, p link.Permission) error
	SetWatched(ctx context.Context, on bool) error
}

// Around is what the screens need of the window they stand in.
type Around struct {
	// Home is where the link is kept; nil until the vault is open, and while it is locked.
	Home func() Home
	// Discover finds the service at an address.
	Discover func(ctx context.Context, address string) (link.Service, error)
	Clock    clock.Clock
	Canvas   func() fyne.Canvas
	// Open shows an address in the system's browser; it may be called from any goroutine.
	Open func(url string) error
	// Address is the service that is offered at first; "" for none.
	Address func() string
	Copy    func(text string) // into the clipboard; never a secret
	// Changed is called after something was linked, ended or looked at. What
	// happened elsewhere is in Linked.Untold then.
	Changed func()
}

// Flow leads through the screens, one sheet after another. It is used on the user
// interface's goroutine.
type Flow struct {
	Around

	pages   pages
	section *section
	scopes  []link.Scope // that are asked for
	done    func(ok bool)
	looking bool          // the status is being asked for
	waiting []func(error) // for what comes of it
	looked  error
}
