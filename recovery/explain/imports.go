// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// imports are the errors of package foreign: what is wrong with another app's
// export, or with one entry of it.
var imports = []rule{
	file(foreign.ErrUnknown, Unsupported, func() (string, string) {
		return words.T("This file is of no kind that is known here."),
			words.T("Choose the file that the other app exported, or a picture of its QR codes.")
	}),
	file(foreign.ErrNothing, Empty, func() (string, string) {
		return words.T("There are no accounts in this file."),
			words.T("Export once more from the other app, and choose what it shall hold.")
	}),
	file(foreign.ErrNoPassword, Passphrase, func() (string, string) {
		return words.T("This file needs its password."),
			words.T("Give the password that was set when the file was made.")
	}),
	file(foreign.ErrPassword, Passphrase, func() (string, string) {
		return words.T("That password does not open this file, or the file is damaged."),
			words.T("Type it once more. Capital letters and the keyboard's language matter.")
	}),
	file(foreign.ErrCutShort, Damaged, func() (string, string) {
		return words.T("The end of this file is missing."),
			words.T("Copy it once more from where it came, or export again.")
	}),
	file(foreign.ErrDamaged, Damaged, func() (string, string) {
		return words.T("This file is damaged."),
			words.T("Copy it once more from where it came, or export again.")
	}),
	file(foreign.ErrTooLarge, TooLarge, func() (string, string) {
		return words.T("This file is larger than 64 MiB. No export is."),
			words.T("Choose the file that the other app exported.")
	}),
	file(foreign.ErrTooMany, TooLarge, func() (string, string) {
		return words.T("There is more in it than is looked at in one go."),
			words.T("Choose a folder that holds the export alone, or the files themselves.")
	}),
	file(foreign.ErrBomb, TooLarge, func() (string, string) {
		return words.T("This file would unpack to far more than an export can be."),
			words.T("Choose the file that the other app exported.")
	}),
	file(foreign.ErrTooCostly, TooLarge, func() (string, string) {
		return words.T("Opening this file would take more of this device than is allowed here."),
			words.T("Export again from the other app, with its usual settings or without a password.")
	}),
	file(foreign.ErrNewer, Newer, func() (string, string) {
		return words.T("The other app made this in a newer way than is known here."),
			words.T("Install the newest version of this app, or export in another format.")
	}),
	file(foreign.ErrOlder, Unsupported, func() (string, string) {
		return words.T("This was made in an old way that is not read here."),
			words.T("Open it with the newest version of the other app, and export again.")
	}),
	file(foreign.ErrRestricted, Unsupported, func() (string, string) {
		return words.T("Only the account that made this file can open it."),
			words.T("Export again in the other app, this time under a password.")
	}),
	file(foreign.ErrElsewhere, Unsupported, func() (string, string) {
		return words.T("The keys are not in this file but in others that lie beside it."),
			words.T("Choose those, or the whole folder.")
	}),
	file(foreign.ErrEntities, Unsupported, func() (string, string) {
		return words.T("It points to something outside itself, which is not followed."),
			words.T("Choose the file that the other app exported.")
	}),
	file(foreign.ErrProgram, Failed, func() (string, string) {
		return words.T("The program that opens this file is missing here, or it gave up."),
			words.T("Install it and try again, or export without encryption.")
	}),
	refused(foreign.ErrUnsupported, func() string {
		return words.T("This kind of code is not supported here.")
	}),
	refused(foreign.ErrNotOTP, func() string {
		return words.T("It is an account without codes.")
	}),
	{foreign.ErrNoPlace, Refused, func() (string, string, string) {
		return words.T("The other app has no place for this account."),
			words.T("It works here as before."),
			words.T("Choose another format, or set this account up again in the other app.")
	}},
	{foreign.ErrNeverLocked, Usage, func() (string, string, string) {
		return words.T("A file of this kind cannot be under a password."),
			words.T("No file was written."),
			words.T("Choose another format, or have it written without encryption.")
	}},
	{foreign.ErrPassphrase, Usage, func() (string, string, string) {
		return words.T("The other app takes only passwords of unaccented letters, digits and common signs."),
			words.T("No file was written."),
			words.T("Choose such a password.")
	}},
	{foreign.ErrReadBack, Failed, func() (string, string, string) {
		return words.T("What was made for the other app did not read back as it should."),
			words.T("Your accounts are as they were, and no file was written."),
			words.T("Choose another format, and please report it.")
	}},
}

// file makes the rule for what is wrong with a file that is read.
func file(err error, kind Kind, say func() (what, next string)) rule {
	return rule{err, kind, func() (string, string, string) {
		what, next := say()
		return what, words.T("Nothing was changed, and the file was not touched."), next
	}}
}
