// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Vault is what these screens need of the accounts. [*vault.Vault] is one.
type Vault interface {
	Accounts() []vault.Account
	Reorder(ctx context.Context, ids []vault.ID) error
	Preview(ctx context.Context, d snapshot.Document) ([]vault.Found, error)
	TakeIn(ctx context.Context, found []vault.Found, t vault.Take) (vault.Taken, error)
	LastIntake() (vault.Intake, bool)
	UndoIntake(ctx context.Context) (vault.Undone, error)
	Settle(ctx context.Context) error
}

// Around is what the screens need of the window they stand in.
type Around struct {
	Vault  func() Vault // nil until the vault is open
	Eyes   add.Eyes
	Clock  clock.Clock
	Canvas func() fyne.Canvas
	// Load reads files and folders; it is [exchange.Load] but in tests.
	Load func(ctx context.Context, paths []string) ([]*foreign.Source, []exchange.File, error)
	// Shred overwrites a file and deletes it.
	Shred func(path string) error
	// Hide takes our own window off the screen before it is looked at, and
	// Show brings it back. Pause is how long the desktop needs to repaint.
	Hide, Show func()
	Pause      time.Duration
	// ChooseFile and ChooseFolder let the user choose; they call chosen with
	// false when the user thinks better of it.
	ChooseFile   func(chosen func(path string, ok bool), fail func(error))
	ChooseFolder func(chosen func(dir string, ok bool), fail func(error))
	Copy         func(text string) // into the clipboard; never a secret
	Reload       func()            // shows the accounts anew
	Forget       func(id vault.ID) // an account's codes are of an old key
	Codes        func()            // shows the codes
	Setup        func()            // shows how two-factor sign-in is set up at Kutano
	Add          func()            // shows the ways to add one account
	// Restore brings back a backup of this app's own.
	Restore func(name string, file []byte)
}
