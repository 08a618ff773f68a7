// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
)

// accounts are the errors of package vault.
var accounts = []rule{
	{vault.ErrExists, Exists, func() (string, string, string) {
		return words.T("This account is already here, with another key."),
			words.T("The account that is here was not touched."),
			words.T("If you set it up anew, replace the old key.")
	}},
	{vault.ErrUnknown, NotFound, func() (string, string, string) {
		return words.T("That account is not here."),
			words.T("Nothing was changed."),
			words.T("Look at the list of accounts, also at the removed ones.")
	}},
	{vault.ErrBusy, Busy, func() (string, string, string) {
		return words.T("Another program is changing the accounts right now."),
			words.T("Nothing was changed."),
			words.T("Try again in a moment.")
	}},
	{vault.ErrKeysGone, KeysGone, func() (string, string, string) {
		return words.T("The keyring no longer holds the keys. It was probably reset with the login password."),
			words.T("The list of your accounts is still here."),
			words.T("Open the old keyring, or set the accounts up again at each service.")
	}},
	{vault.ErrReadOnly, ReadOnly, func() (string, string, string) {
		return words.T("The data folder cannot be written."),
			words.T("Your accounts are as they were."),
			words.T("Make the folder writable for you, or choose another one.")
	}},
	{vault.ErrTooLarge, TooLarge, func() (string, string, string) {
		return words.T("This account is too long to be kept."),
			words.T("Your accounts are as they were."),
			words.T("Shorten its name or its note.")
	}},
	{vault.ErrTooMany, TooLarge, func() (string, string, string) {
		return words.T("There would be more accounts than a backup can hold."),
			words.T("Your accounts are as they were."),
			words.T("Take in fewer, or erase some first.")
	}},
	{vault.ErrNotHOTP, Usage, func() (string, string, string) {
		return words.T("This account's codes go by the clock, not by a counter."),
			words.T("Nothing was changed."),
			words.T("Ask for its code.")
	}},
	{vault.ErrNewer, Newer, sayNewer},
	{vault.ErrOther, Usage, func() (string, string, string) {
		return words.T("The keys of this data folder are kept in another place than the one asked for."),
			words.T("Your accounts are as they were."),
			words.T("Leave the choice of the store out, or use another data folder.")
	}},
	{vault.ErrMoved, Failed, func() (string, string, string) {
		return words.T("Another program has moved the keys to another place."),
			words.T("All of them are in the new place."),
			words.T("Close this one and start it again.")
	}},
	{vault.ErrLeftover, Failed, func() (string, string, string) {
		return words.T("The keys are moved, and the old place still has a copy."),
			words.T("All of them are in the new place."),
			words.T("Move them back and forth once more to remove the copy.")
	}},
	{vault.ErrNothingToUndo, NotFound, func() (string, string, string) {
		return words.T("There is no import that can be undone."),
			words.T("Your accounts are as they were."),
			words.T("Remove accounts that you do not want one by one. They can be brought back for 30 days.")
	}},
	{vault.ErrAside, Damaged, func() (string, string, string) {
		return words.T("This account's entry cannot be read."),
			words.T("It is kept as it is, and all others work."),
			words.T("Set the account up again at its service, or install the newest version.")
	}},
}

// stores are the errors of package keystore.
var stores = []rule{
	{keystore.ErrNotFound, NotFound, func() (string, string, string) {
		return words.T("The key is not where it was kept."),
			words.T("Nothing was changed."),
			words.T("Try again. If it stays so, set the account up again at its service.")
	}},
	{keystore.ErrLocked, Locked, func() (string, string, string) {
		return words.T("Your keyring is locked."),
			words.T("Your keys are safe in it."),
			words.T("Unlock it and try again.")
	}},
	{keystore.ErrNoService, KeyringUnavailable, func() (string, string, string) {
		return words.T("There is no keyring running here."),
			words.T("Your keys are safe in it."),
			words.T("Log in to your desktop or start the keyring, then try again.")
	}},
	{keystore.ErrDenied, KeyringDenied, func() (string, string, string) {
		return words.T("The keyring did not allow it, or its window was closed."),
			words.T("Your keys are safe in it."),
			words.T("Try again and allow it when the system asks.")
	}},
	{keystore.ErrTooLarge, TooLarge, func() (string, string, string) {
		return words.T("This account is too long for the keyring."),
			words.T("Your accounts are as they were."),
			words.T("Shorten its name or its note.")
	}},
	{keystore.ErrTimeout, Timeout, func() (string, string, string) {
		return words.T("The keyring does not answer."),
			words.T("Your keys are safe in it."),
			words.T("Look for a window that asks for your password. If there is none, log out and in again.")
	}},
	{keystore.ErrNotStored, Failed, func() (string, string, string) {
		return words.T("The keyring did not keep what it was given."),
			words.T("Your accounts are as they were."),
			words.T("Try again. If it stays so, keep your keys in a sealed file instead.")
	}},
	{keystore.ErrPassphrase, Passphrase, func() (string, string, string) {
		return words.T("That is not the passphrase."),
			words.T("Your keys are safe in the sealed file."),
			words.T("Try again. Capital letters and the keyboard's language matter.")
	}},
	{keystore.ErrNoPassphrase, Passphrase, func() (string, string, string) {
		return words.T("The keys are in a sealed file, which needs its passphrase."),
			words.T("Your keys are safe in it."),
			words.T("Give the passphrase.")
	}},
	{keystore.ErrNewer, Newer, sayNewer}, // before ErrDamaged, which it is too
	{keystore.ErrDamaged, Damaged, func() (string, string, string) {
		return words.T("The sealed file with the keys is damaged."),
			words.T("It was not touched."),
			words.T("Put a copy of the file back, from a backup of this computer for instance.")
	}},
	{keystore.ErrInvalid, Failed, sayMistake},
	{keystore.ErrClosed, Failed, sayMistake},
	{keystore.ErrFailed, Failed, func() (string, string, string) {
		return words.T("The place where your keys are kept failed."),
			words.T("Your accounts are as they were."),
			words.T("Try again. If it stays so, log out and in again.")
	}},
}

func sayNewer() (what, safe, next string) {
	return words.T("The data was written by a newer version of this program."),
		words.T("Your accounts are as they were."),
		words.T("Install the newer version.")
}

// sayMistake is for what only a mistake in this program can cause.
func sayMistake() (what, safe, next string) {
	return words.T("This program made a mistake."),
		words.T("Your accounts are as they were."),
		words.T("Start it again. If it happens again, please report it.")
}
