// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
)

// guards are the errors of the app's passphrase and of the recovery key.
var guards = []rule{
	{keystore.ErrSealed, Locked, func() (string, string, string) {
		return words.T("Your accounts are locked under your passphrase."),
			words.T("Your keys are safe."),
			words.T("Unlock them with the passphrase, then try again.")
	}},
	{keystore.ErrUnreadable, Damaged, func() (string, string, string) {
		return words.T("This account's key was changed and cannot be opened."),
			words.T("All other accounts work."),
			words.T("Restore it from a snapshot, or set the account up again at its service.")
	}},
	{vault.ErrNoGuard, Usage, func() (string, string, string) {
		return words.T("No passphrase is set."),
			words.T("Nothing was changed."),
			words.T("Set a passphrase first.")
	}},
	{vault.ErrNeedsGuard, Usage, func() (string, string, string) {
		return words.T("A sealed file cannot do without a passphrase."),
			words.T("Nothing was changed."),
			words.T("Change the passphrase, or move your keys to the keyring first.")
	}},
	{vault.ErrUnfinished, Failed, func() (string, string, string) {
		return words.T("The passphrase is set, but not all keys could be put under it yet."),
			words.T("None is lost, and the new passphrase opens them all."),
			words.T("The next start goes on with it. Until then some can be read without the passphrase.")
	}},
	{vault.ErrNoEscrow, Failed, func() (string, string, string) {
		return words.T("This recovery key cannot set a new passphrase here."),
			words.T("Your accounts are as they were."),
			words.T("Use it to restore a snapshot instead.")
	}},
	{vault.ErrNoRecovery, NotFound, func() (string, string, string) {
		return words.T("There is no recovery key yet."),
			words.T("Nothing was changed."),
			words.T("Make a recovery key first.")
	}},
	{vault.ErrForeignKey, Damaged, func() (string, string, string) {
		return words.T("The recovery key noted in the data folder is not the one that was made here."),
			words.T("Nothing was written for it."),
			words.T("Make a new recovery key, and find out who changed the folder.")
	}},
	{vault.ErrUntested, Failed, func() (string, string, string) {
		return words.T("The first snapshot did not open with the recovery key."),
			words.T("Your accounts are as they were, and the key was not put to use."),
			words.T("Make another recovery key.")
	}},
}

// waiting is what is told while no passphrase is looked at.
func waiting(w *vault.WaitError) Message {
	return Message{
		Kind: Locked, Exit: Locked.Exit(),
		What: words.T("The passphrase was wrong several times."),
		Safe: words.T("Nothing is lost."),
		Next: words.N(max(w.Seconds(), 1), "Wait 1 second, then try again.", "Wait {n} seconds, then try again."),
	}
}
