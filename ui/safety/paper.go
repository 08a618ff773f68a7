// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"
	"os"
	"time"

	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/vault/snapshot"
)

// SystemPaper is the paper of a real device.
type SystemPaper struct{}

// PDF draws the sheet, with the device's name on it.
func (SystemPaper) PDF(key snapshot.Key, made time.Time) ([]byte, error) {
	device, err := os.Hostname()
	if err != nil {
		device = "" // the sheet leaves it out
	}
	identity := key.Identity()
	return sheet.PDF(sheet.Sheet{
		Words: key.Words(), Identity: identity, Fingerprint: snapshot.Fingerprint(key.Recipient()),
		Made: made.Local(), Device: device,
	})
}

// CanPrint asks the printing system.
func (SystemPaper) CanPrint(ctx context.Context) bool { return sheet.CanPrint(ctx) }

// Print prints.
func (SystemPaper) Print(ctx context.Context, pdf []byte) error { return sheet.Print(ctx, pdf) }
