// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package sheet makes what is kept on paper: one page with a recovery key as 16
// words and as a QR code and what to do with it; pages with all accounts, a QR
// code each; pages with backup codes to be crossed off; and one page with a share
// of them.
//
// The pages are made in memory and sent to a printer from there; nothing is
// written to a disk by this package. What it returns is as secret as the keys
// themselves: whoever asked for it clears it. Only [Pages] is for what is no secret,
// such as a helpdesk's runbook.
package sheet

import (
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

// wordCount is how many words a recovery key has.
const wordCount = 16

// ErrIncomplete is returned for a sheet that would not bring anything back:
// without all 16 words or without the identity.
var ErrIncomplete = errors.New("the recovery key is not complete")

// Sheet is what stands on the paper.
type Sheet struct {
	Words       []string     // the 16 words in their order
	Identity    secret.Value // the same key for programs: AGE-SECRET-KEY-PQ-1…
	Fingerprint string       // tells one key from another; not secret
	Made        time.Time    // when the key was made, in the time zone to be shown
	Device      string       // the device's name; may be empty
}

// PDF returns the sheet as a PDF document of one A4 page in the language in
// use. All of it stands where US Letter paper has room too, whether it is
// printed smaller or cut off. The same sheet in the same language gives the
// same bytes.
//
// Errors wrap [ErrIncomplete]; they name no word. The document's title and
// other properties hold nothing secret. Copies that the PDF library makes of
// words and identity cannot be cleared.
func PDF(s Sheet) ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	return draw(s, say(s))
}

func (s Sheet) check() error {
	if len(s.Words) != wordCount {
		return fmt.Errorf("recovery sheet: %d words: %w", len(s.Words), ErrIncomplete)
	}
	for i, w := range s.Words {
		if w == "" {
			return fmt.Errorf("recovery sheet: word %d is empty: %w", i+1, ErrIncomplete)
		}
	}
	if s.Identity.Len() == 0 {
		return fmt.Errorf("recovery sheet: no identity: %w", ErrIncomplete)
	}
	return nil
}
