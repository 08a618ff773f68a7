// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"context"
	"io"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/safety"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// LockAfter is after how long without use the codes are locked, unless the user
// chose otherwise.
const LockAfter = 2 * time.Minute

// showFor is how long a code stays on the screen.
const showFor = 30 * time.Second

// EntryNewCodes is where the guide tells how new codes are made.
const EntryNewCodes = "new-codes"

// Vault is what these screens need of the accounts. [*vault.Vault] is one.
type Vault interface {
	// Accounts returns those whose key is on this device.
	Accounts() []vault.Account
}

// Paper puts codes on paper.
type Paper interface {
	// Codes draws pages with a set of codes.
	Codes(l sheet.CodeList) ([]byte, error)
	// Share draws a page with one share of a set.
	Share(ctx context.Context, s sheet.SharePaper) ([]byte, error)
	// CanPrint reports whether there is a way to a printer. It may take a while.
	CanPrint(ctx context.Context) bool
	// Print hands a document to the system's printer.
	Print(ctx context.Context, pdf []byte) error
}

// SystemPaper is the paper of a real device.
type SystemPaper struct{}

// Codes draws pages with a set of codes.
func (SystemPaper) Codes(l sheet.CodeList) ([]byte, error) { return sheet.Codes(l) }

// Share draws a page with one share.
func (SystemPaper) Share(ctx context.Context, s sheet.SharePaper) ([]byte, error) {
	return sheet.Share(ctx, s)
}

// CanPrint asks the printing system.
func (SystemPaper) CanPrint(ctx context.Context) bool { return sheet.CanPrint(ctx) }

// Print prints.
func (SystemPaper) Print(ctx context.Context, pdf []byte) error { return sheet.Print(ctx, pdf) }

// Around is what the screens need of the window they stand in.
type Around struct {
	// Safe is the safe, nil until it is open.
	Safe func() *backupcodes.Safe
	// Vault is the accounts, nil while they are not open. A set says then that
	// nothing is known of its account.
	Vault  func() Vault
	Paper  Paper
	Eyes   add.Eyes
	Clock  clock.Clock // the device's own
	Canvas func() fyne.Canvas
	Toast  func() *kit.Toast
	Dir    string // the data folder
	// Copy puts a code into the clipboard, which is cleared after Clear; 0 is
	// never.
	Copy  func(text string)
	Clear func() time.Duration
	// Veiled reports whether no code may be on the screen now, because another
	// window is in front.
	Veiled func() bool
	// Hide takes our own window off the screen before it is looked at, and
	// Show brings it back. Pause is how long the desktop needs to repaint.
	Hide, Show func()
	Pause      time.Duration
	// ChoosePicture, ChooseFile and ChooseFolder let the user choose; they call
	// chosen with false when the user thinks better of it.
	ChoosePicture func(chosen func(add.Picture, bool), fail func(error))
	ChooseFile    func(chosen func(safety.Picked, bool), fail func(error))
	ChooseFolder  func(chosen func(dir string, ok bool), fail func(error))
	Guide         func(entry string) // opens the assistant at an entry
	GetIn         func()             // shows how to get back in
	Changed       func()             // something about the sets has changed; may be nil
	Sweep         func()             // overwrites unused memory after codes were cleared; may be nil
	// LockAfter is after how long without use the codes are locked; nil is
	// [LockAfter].
	LockAfter func() time.Duration
}

// lockAfter is never nothing: codes that stay open for ever are not meant.
func (a *Around) lockAfter() time.Duration {
	if a.LockAfter != nil {
		if d := a.LockAfter(); d > 0 {
			return d
		}
	}
	return LockAfter
}

// The most bytes that are read: far more than a list of codes, and than an
// exported file, ever is.
const (
	maxText = 64 << 10
	maxFile = 16 << 20
)

// readAll reads a file that the user chose, of at most so many bytes.
func readAll(p safety.Picked, most int) ([]byte, error) {
	r, err := p.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err == nil && len(data) > most {
		clear(data)
		return nil, backupcodes.ErrTooLarge
	}
	return data, err
}
