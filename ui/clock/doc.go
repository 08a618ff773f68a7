// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package clock is the page about the device's clock: whether it is right, said
// in a sentence and drawn on a line, how it is set right, and whether codes are
// corrected meanwhile.
//
// [Screen] also holds what the rest of the window says of the clock. It asks
// nothing on the network by itself: measuring is a function that is handed in,
// and it is never called before the user has allowed it.
package clock

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/vault"
)

// What a measurement can fail with. Whoever hands in Measure says it by these.
var (
	ErrNoAnswer = errors.New("nobody answered")
	// ErrFew: too few answered to take the place of what is known.
	ErrFew = errors.New("too few answered")
	// ErrDate: the device's date is so far off that no secure connection stands.
	ErrDate = errors.New("the date is too far off for secure connections")
	// ErrStepped: the device's clock was set while it was measured.
	ErrStepped = errors.New("the clock was set meanwhile")
)

// Vault is what the page needs of the accounts. [*vault.Vault] is one.
type Vault interface {
	Accounts() []vault.Account
	Steps(ctx context.Context, id vault.ID, code string, at time.Time, reach time.Duration) ([]int64, error)
}

// Measure asks on the network what time it is, gives the answer to [clock.True]
// and tells of each source that was asked whether it answered. Progress may be
// called from any goroutine, and be nil.
type Measure func(ctx context.Context, progress func(name string, ok bool)) error

// Around is what the page needs of the window it stands in.
type Around struct {
	True   *clock.True
	Read   func() clock.Times // the device's clocks; nil is [clock.Now]
	Canvas func() fyne.Canvas
	Vault  func() Vault // nil until the vault is open
	// Measure is nil where nothing can be measured.
	Measure Measure
	// Look asks the system what it thinks of its clock; nil where it is not asked.
	Look func(context.Context) system.Hint
	// Steps are the steps by which a person sets this system's clock right, and
	// Settings opens the page where that is done; nil where there is none.
	Steps    []string
	Settings func(context.Context) error
	// Changed is called after something about the clock has changed.
	Changed func()
	// Back leaves the page.
	Back func()
}
