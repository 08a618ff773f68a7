// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package helpdesk is the room of whoever answers the calls of people who cannot get
// in: what the caller's six words say, the script of the call as a checklist, and what
// can be done, in the order of danger.
//
// Without a service it leads through the call, says where to do things, and makes the
// note for the ticket. At the desk of a linked service it finds the user and does what
// the script allows, once, and tells the truth where an answer was lost.
//
// Nothing of a call is kept: when it ends everything about the caller is forgotten. A
// bypass code is on the screen for a minute at most and then nowhere; it is never put
// into the clipboard.
package helpdesk

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/practice"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

// Home is where the permission to work at a desk is kept. A Home of package remote is
// one.
type Home interface {
	// AtDesk tells who works at which desk, without asking anybody; ok is false for nobody.
	AtDesk() (at link.AtDesk, ok bool, err error)
	Desk(ctx context.Context) (link.Desk, error)
	GiveBackDesk(ctx context.Context) error
}

// Training is a practice that runs.
type Training interface {
	Address() string // of the page on which the phone rings
	Ended() <-chan struct{}
	End() (practice.Score, error)
}

// Around is what the room needs of the window it stands in.
type Around struct {
	Canvas func() fyne.Canvas
	Clock  clock.Clock
	// Home is where the permission is kept; nil where there is no service to work for,
	// until the vault is open, and while it is locked.
	Home func() Home
	// Allow asks the agent in the browser to allow the work at the desk; done is told
	// whether that came about. It is nil where no service can be reached.
	Allow func(done func(ok bool))
	// Open shows an address in the system's browser.
	Open func(url string) error
	// Copy puts the note into the clipboard. It never gets a code.
	Copy         func(text string)
	ChooseFolder func(chosen func(dir string, ok bool), fail func(error))
	Fill         func() guide.Fill // of the workspace, for the runbook
	// Train starts a practice; nil where there is none.
	Train func(ctx context.Context, scenario string) (Training, error)
	Toast func() *kit.Toast
	// Behind tells that another window is in front: no code is shown then; nil for never.
	Behind func() bool
	Sweep  func() // overwrites what was cleared; may be nil
	// Wait pauses before a lost answer is looked up; nil for the real time.
	Wait func(ctx context.Context, d time.Duration) error
	// Back leads to where the room was opened from; nil where it is a place of its own.
	Back func()
}
