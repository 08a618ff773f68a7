// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"
	"io"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Vault is what these screens need of the accounts. [*vault.Vault] is one.
type Vault interface {
	Accounts() []vault.Account
	Document(ctx context.Context) (snapshot.Document, error)
	Preview(ctx context.Context, d snapshot.Document) ([]vault.Found, error)
	TakeIn(ctx context.Context, found []vault.Found, t vault.Take) (vault.Taken, error)
	SetRecovery(ctx context.Context, key snapshot.Key) error
	TrustAgain(ctx context.Context, key snapshot.Key) (bool, error)
	Recovery() (fingerprint string, since time.Time, ok bool)
	Snapshots() *snapshot.Folder
	Snapshot(ctx context.Context) (snapshot.Info, error)
	SnapshotErr() error
	Notices() []vault.Notice
	Dismiss(ctx context.Context, kind vault.NoticeKind) error
}

// Paper puts a recovery key on paper.
type Paper interface {
	// PDF draws the sheet with the key's words and its QR code.
	PDF(key snapshot.Key, made time.Time) ([]byte, error)
	// CanPrint reports whether there is a way to a printer. It may take a while.
	CanPrint(ctx context.Context) bool
	// Print hands the sheet to the system's printer.
	Print(ctx context.Context, pdf []byte) error
}

// Picked is a file that the user chose. Open is called once.
type Picked struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Around is what the screens need of the window they stand in.
type Around struct {
	Vault  func() Vault // nil until the vault is open
	Paper  Paper
	Eyes   add.Eyes
	Clock  clock.Clock
	Canvas func() fyne.Canvas
	Dir    string // the data folder
	// Hide takes our own window off the screen before it is looked at, and
	// Show brings it back. Pause is how long the desktop needs to repaint.
	Hide, Show func()
	Pause      time.Duration
	// ChoosePicture, ChooseFile and ChooseFolder let the user choose; they call
	// chosen with false when the user thinks better of it.
	ChoosePicture func(chosen func(add.Picture, bool), fail func(error))
	ChooseFile    func(chosen func(Picked, bool), fail func(error))
	ChooseFolder  func(chosen func(dir string, ok bool), fail func(error))
	// Reload shows the accounts anew, and Forget that an account's codes are of
	// an old key.
	Reload func()
	Forget func(id vault.ID)
	Codes  func() // shows the codes
	// Bring shows how accounts come from other apps, and TakeOut how they go there;
	// nil where that cannot be.
	Bring, TakeOut func()
	// Places draws two different places from 0 to n-1 that are asked for as a
	// proof; nil draws at random.
	Places func(n int) [2]int
}
