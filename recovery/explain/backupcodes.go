// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// safe are the errors of the safe for backup codes as a whole.
var safe = []rule{
	{backupcodes.ErrNoSafe, NotFound, func() (string, string, string) {
		return words.T("There is no safe for backup codes here yet."),
			words.T("Nothing was changed."),
			words.T("Make one with a passphrase of its own, or only note where your codes are.")
	}},
	{backupcodes.ErrExists, Exists, func() (string, string, string) {
		return words.T("There is a safe for backup codes here already."),
			words.T("It was not touched."),
			words.T("Unlock it with its passphrase.")
	}},
	{backupcodes.ErrLocked, Locked, func() (string, string, string) {
		return words.T("Your backup codes are locked under a passphrase of their own."),
			words.T("They are safe, and so are your accounts."),
			words.T("Unlock them with the passphrase of the backup codes.")
	}},
	{backupcodes.ErrPassphrase, Passphrase, func() (string, string, string) {
		return words.T("That is not the passphrase of these backup codes."),
			words.T("Nothing was changed."),
			words.T("Type it once more. It is not the passphrase of your accounts, unless you chose the same; capital letters and the keyboard’s language matter.")
	}},
	{backupcodes.ErrNoPassphrase, Usage, func() (string, string, string) {
		return words.T("Backup codes need a passphrase of their own."),
			words.T("Nothing was changed."),
			words.T("Choose one that you will remember, or write down apart from this device.")
	}},
	{backupcodes.ErrDamaged, Damaged, func() (string, string, string) {
		return words.T("The file of backup codes was changed or cut off, and does not open."),
			words.T("It was not touched. Your accounts and your sign-in are as they were."),
			words.T("Put back a copy of the file if you have one. Otherwise start a new safe, and make new codes in Kutano’s settings.")
	}},
	{backupcodes.ErrNotSafe, Unsupported, func() (string, string, string) {
		return words.T("This is not a file of backup codes from this app."),
			words.T("Nothing was changed."),
			words.T("Choose another file. Exported backup codes end in .age.")
	}},
	{backupcodes.ErrNewer, Newer, func() (string, string, string) {
		return words.T("These backup codes were kept by a newer version of this app."),
			words.T("Nothing was changed."),
			words.T("Install the newest version, then open them again.")
	}},
	{backupcodes.ErrTooCostly, TooLarge, func() (string, string, string) {
		return words.T("Trying a passphrase on this file would take this device far too long."),
			words.T("Nothing was changed."),
			words.T("This app makes no such files. Choose another one, or open it with the age program.")
	}},
	{backupcodes.ErrTooLarge, TooLarge, func() (string, string, string) {
		return words.T("This file is larger than backup codes can be."),
			words.T("Nothing was changed."),
			words.T("Choose another file. Exported backup codes end in .age.")
	}},
	{backupcodes.ErrMissing, KeysGone, func() (string, string, string) {
		return words.T("The file with your backup codes is no longer in the data folder."),
			words.T("Your accounts, your sign-in and the notes of codes kept elsewhere are as they were."),
			words.T("Put backup-codes.age back if you have a copy. Otherwise start a new safe, and make new codes in Kutano’s settings.")
	}},
	{backupcodes.ErrRegister, Damaged, func() (string, string, string) {
		return words.T("The list of your backup codes was lost or damaged."),
			words.T("The codes in the safe are there. A damaged list is kept beside the new one."),
			words.T("Unlock the backup codes once: the list is then made anew. Notes of codes kept elsewhere you may have to make again.")
	}},
	{backupcodes.ErrBusy, Busy, func() (string, string, string) {
		return words.T("Another program is using the backup codes."),
			words.T("Nothing was changed."),
			words.T("Wait until it is done, then try again.")
	}},
	{backupcodes.ErrReadBack, Failed, func() (string, string, string) {
		return words.T("The backup codes did not read back as they were written."),
			words.T("Your accounts and your sign-in are as they were."),
			words.T("Do not rely on this drive: it may be failing. Keep the codes on another one, or on paper.")
	}},
}

// sets are the errors of a set of backup codes.
var sets = []rule{
	{backupcodes.ErrNoSet, NotFound, func() (string, string, string) {
		return words.T("These backup codes are not here."),
			words.T("Nothing was changed."),
			words.T("Look at the list of backup codes.")
	}},
	{backupcodes.ErrNoCode, NotFound, func() (string, string, string) {
		return words.T("There is no backup code with that number."),
			words.T("Nothing was changed."),
			words.T("Count from 1, as the list does.")
	}},
	{backupcodes.ErrPlace, Usage, func() (string, string, string) {
		return words.T("That does not go with where these backup codes are kept."),
			words.T("Nothing was changed."),
			words.T("Codes that are kept elsewhere cannot be shown here, and codes that are kept here are marked one by one.")
	}},
	{backupcodes.ErrUsed, Refused, func() (string, string, string) {
		return words.T("This backup code is marked as used."),
			words.T("Nothing was changed."),
			words.T("Take another one: each code works once.")
	}},
	{backupcodes.ErrNotUsed, Refused, func() (string, string, string) {
		return words.T("No use of a code is noted that could be taken back."),
			words.T("Nothing was changed."),
			words.T("Look at the list of backup codes.")
	}},
	{backupcodes.ErrNoneLeft, Refused, func() (string, string, string) {
		return words.T("By your note no backup code is left."),
			words.T("Nothing was changed."),
			words.T("Make new codes in Kutano’s settings, or correct how many there are.")
	}},
	{backupcodes.ErrNoCodes, Empty, func() (string, string, string) {
		return words.T("No backup codes were found in it."),
			words.T("Nothing was changed."),
			words.T("Give one code on each line, or put commas between them.")
	}},
	{backupcodes.ErrTooMany, TooLarge, func() (string, string, string) {
		return words.T("That is more than fits: a set has at most 64 codes, and there are at most 500 sets."),
			words.T("Nothing was changed."),
			words.T("Check that only codes were pasted.")
	}},
	{backupcodes.ErrTooLong, TooLarge, func() (string, string, string) {
		return words.T("A code is longer than 64 characters, or a name is too long."),
			words.T("Nothing was changed."),
			words.T("Give one code on each line, or put commas between them.")
	}},
	{backupcodes.ErrUnprintable, Refused, func() (string, string, string) {
		return words.T("It has characters in it that cannot be typed."),
			words.T("Nothing was changed."),
			words.T("Copy the codes once more, or type them in.")
	}},
	{backupcodes.ErrNoTitle, Usage, func() (string, string, string) {
		return words.T("These backup codes have no name."),
			words.T("Nothing was changed."),
			words.T("Say what they are for, such as “Kutano”.")
	}},
	{backupcodes.ErrCount, Usage, func() (string, string, string) {
		return words.T("That is not a number of backup codes."),
			words.T("Nothing was changed."),
			words.T("Give a number up to 64, and not more that are left than there were.")
	}},
}
