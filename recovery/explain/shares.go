// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"errors"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/vault/backupcodes/split"
)

// shares are the errors of backup codes that are divided among people.
var shares = []rule{
	{split.ErrCount, Usage, func() (string, string, string) {
		return words.T("Codes cannot be divided like that."),
			words.T("Nothing was changed."),
			words.T("Make 2 to 10 shares, and say how many of them are needed: at least 2.")
	}},
	{split.ErrSize, TooLarge, func() (string, string, string) {
		return words.T("These codes are too many or too long for a share on paper."),
			words.T("Nothing was changed."),
			words.T("Keep fewer codes in the set, or export them to an encrypted file.")
	}},
	{split.ErrNotShare, Unsupported, func() (string, string, string) {
		return words.T("This is not a share of backup codes."),
			words.T("Nothing was changed."),
			words.T("Scan the code on the share’s sheet, or type all its letters.")
	}},
	{split.ErrMistake, Refused, func() (string, string, string) {
		return words.T("There is a mistake in the letters of this share."),
			words.T("Nothing was changed."),
			words.T("Compare them with the sheet, line by line, or scan its code.")
	}},
	{split.ErrNewer, Newer, func() (string, string, string) {
		return words.T("This share was made by a newer version of this app."),
			words.T("Nothing was changed."),
			words.T("Install the newest version, then try again.")
	}},
	{split.ErrForeign, Refused, func() (string, string, string) {
		return words.T("One share belongs to another splitting than the others."),
			words.T("Nothing was changed, and the other shares are good."),
			words.T("Take the shares that show the same number at the foot of their sheets.")
	}},
	{split.ErrTwice, Refused, func() (string, string, string) {
		return words.T("One share is there twice."),
			words.T("Nothing was changed, and the shares are good."),
			words.T("Ask another person for a share.")
	}},
	{split.ErrTooFew, Refused, func() (string, string, string) {
		return words.T("There are too few shares."),
			words.T("Nothing was changed, and the shares are good."),
			words.T("Ask more people for theirs.")
	}},
	{split.ErrWrong, Damaged, func() (string, string, string) {
		return words.T("These shares do not go together: one of them was changed."),
			words.T("Nothing was changed here."),
			words.T("Add another share, if there is one: then it can be told which is wrong.")
	}},
}

// papers are the errors of sheets with backup codes.
var papers = []rule{
	{sheet.ErrNoBackupCodes, Empty, func() (string, string, string) {
		return words.T("There are no backup codes to print."),
			words.T("Nothing was changed."),
			words.T("Take in codes first.")
	}},
	{sheet.ErrLetters, Refused, func() (string, string, string) {
		return words.T("A backup code has letters that cannot be printed from here."),
			words.T("The codes are as they were."),
			words.T("Export them to an encrypted file, or write them down by hand.")
	}},
	{sheet.ErrNotReadBack, Failed, func() (string, string, string) {
		return words.T("The QR code of this share could not be read again."),
			words.T("The codes are as they were."),
			words.T("Divide the codes once more, or keep fewer in the set.")
	}},
}

// shareDetail is the first sentence for those errors that say which share it is, or "".
func shareDetail(err error) string {
	if few := (*split.TooFewError)(nil); errors.As(err, &few) {
		return words.N(few.Need-few.Have, "1 share is missing: {have} of {need} are there.", "{n} shares are missing: {have} of {need} are there.",
			"have", few.Have, "need", few.Need)
	}
	one := (*split.ShareError)(nil)
	switch {
	case !errors.As(err, &one):
		return ""
	case errors.Is(one, split.ErrForeign):
		return words.T("Share {n} belongs to another splitting than the others.", "n", one.At)
	case errors.Is(one, split.ErrTwice):
		return words.T("Share {n} is the same as share {other}.", "n", one.At, "other", one.Other)
	case errors.Is(one, split.ErrWrong):
		return words.T("Share {n} was changed and does not go with the others.", "n", one.At)
	case errors.Is(one, split.ErrMistake):
		return words.T("There is a mistake in the letters of share {n}.", "n", one.At)
	case errors.Is(one, split.ErrNotShare):
		return words.T("Text {n} is not a share of backup codes.", "n", one.At)
	}
	return ""
}
