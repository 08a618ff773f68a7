// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/snapshot"
)

// snapshots are the errors of package snapshot.
var snapshots = []rule{
	{snapshot.ErrTooLarge, TooLarge, func() (string, string, string) {
		return words.T("This file is larger than a backup can be."),
			words.T("Nothing was changed."),
			words.T("Choose another file. Backups and snapshots end in .age.")
	}},
	{snapshot.ErrNotAge, Unsupported, func() (string, string, string) {
		return words.T("This is not a backup of this app."),
			words.T("Nothing was changed."),
			words.T("Choose another file. Backups and snapshots end in .age.")
	}},
	{snapshot.ErrCutShort, Damaged, func() (string, string, string) {
		return words.T("The end of this file is missing."),
			words.T("Nothing was changed, and the file was not touched."),
			words.T("Copy it once more from where it came, or use another snapshot.")
	}},
	{snapshot.ErrUnknownLock, Unsupported, func() (string, string, string) {
		return words.T("This file is locked in a way that this app cannot open."),
			words.T("Nothing was changed."),
			words.T("Open it with the program that made it, or choose another file.")
	}},
	{snapshot.ErrTooCostly, TooLarge, func() (string, string, string) {
		return words.T("Trying a passphrase on this file would take this device far too long."),
			words.T("Nothing was changed."),
			words.T("This app makes no such files. Choose another one, or open it with the age program.")
	}},
	{snapshot.ErrPassphrase, Passphrase, func() (string, string, string) {
		return words.T("That is not the passphrase of this backup."),
			words.T("Nothing was changed."),
			words.T("Type it once more. Capital letters and the keyboard's language matter.")
	}},
	{snapshot.ErrWrongKey, Passphrase, func() (string, string, string) {
		return words.T("This backup was locked with another key."),
			words.T("Nothing was changed."),
			words.T("Look for the sheet whose fingerprint belongs to it, or choose another backup.")
	}},
	{snapshot.ErrDamaged, Damaged, func() (string, string, string) {
		return words.T("This file was changed or is damaged."),
			words.T("Nothing of it was taken in, and your accounts are as they were."),
			words.T("Copy it once more from where it came, or use another snapshot.")
	}},
	{snapshot.ErrNotBackup, Unsupported, func() (string, string, string) {
		return words.T("This file opens, and what it holds is not a backup of this app."),
			words.T("Nothing was changed."),
			words.T("Choose another file. Backups and snapshots end in .age.")
	}},
	{snapshot.ErrNewer, Newer, func() (string, string, string) {
		return words.T("This backup was made by a newer version of this app."),
			words.T("Nothing was changed."),
			words.T("Install the newest version, then open the backup again.")
	}},
	{snapshot.ErrNotKey, Usage, func() (string, string, string) {
		return words.T("This is not a recovery key."),
			words.T("Nothing was changed."),
			words.T("It has 16 words, or is one line that begins with AGE-SECRET-KEY.")
	}},
	{snapshot.ErrKeyChecksum, Passphrase, func() (string, string, string) {
		return words.T("These words do not belong together: more than one is not right."),
			words.T("Nothing was changed."),
			words.T("Compare them with your sheet, one after the other.")
	}},
	{snapshot.ErrRecipient, Usage, func() (string, string, string) {
		return words.T("Nothing can be encrypted with this key."),
			words.T("Nothing was changed."),
			words.T("Give a key that begins with age1, and do not mix the two kinds of keys.")
	}},
	{snapshot.ErrNoSnapshot, NotFound, func() (string, string, string) {
		return words.T("That snapshot is not here."),
			words.T("Nothing was changed."),
			words.T("Look at the list of snapshots.")
	}},
	{snapshot.ErrReadBack, Failed, func() (string, string, string) {
		return words.T("The file did not read back as it was written."),
			words.T("Your accounts are as they were."),
			words.T("Do not rely on this file. The drive may be failing: save it on another one.")
	}},
	{snapshot.ErrCopies, Usage, func() (string, string, string) {
		return words.T("Copies cannot be kept in that folder."),
			words.T("Your accounts and snapshots are as they were."),
			words.T("Choose a folder that exists, outside the data folder.")
	}},
}

// wrongWord is a recovery key with one mistake. Which one it is says whoever
// asked for the key: a word of it is as secret as the key.
var wrongWord = rule{nil, Passphrase, func() (string, string, string) {
	return words.T("One word of this recovery key is not right."),
		words.T("Nothing was changed."),
		words.T("Compare the words with your sheet, one after the other.")
}}
