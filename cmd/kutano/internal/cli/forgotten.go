// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/snapshot"
)

func (a *App) passphraseForgotten() *cobra.Command {
	var fd int
	var key keyFlags
	cmd := &cobra.Command{
		Use:   "forgotten",
		Short: words.T("Set a new passphrase with the recovery key"),
		Long: words.T(`Sets a new passphrase with the recovery key in place of the old one: its 16 words
on one line, or the line that begins with AGE-SECRET-KEY. The accounts stay as
they are.`),
		Example: words.T(`  kutano passphrase forgotten
  kutano passphrase forgotten --key-file /media/usb/recovery-key.txt`),
		Args: noArgs,
	}
	newPassphraseFlag(cmd.Flags(), &fd)
	key.register(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.forgotten(cmd.Context(), key, fd) }
	return cmd
}

func (a *App) forgotten(ctx context.Context, from keyFlags, fd int) error {
	o, err := a.options()
	if err != nil {
		return err
	}
	if err := a.forgettable(ctx, o); err != nil {
		return err
	}
	opener, err := a.recoveryKey(ctx, from)
	if err != nil {
		return err
	}
	defer opener.Key.Clear()
	if opener.Key.IsZero() {
		return keyError(snapshot.ErrNotKey)
	}
	pass, err := a.newPassphrase(ctx, newPassphrase{
		fd: fd, flag: "--" + newFlag,
		intro:   words.T("Choose a passphrase that you will remember, or write it down."),
		missing: words.T("This needs the new passphrase."),
	})
	if err != nil {
		return err
	}
	defer pass.Clear()
	err = a.unlocked(ctx, func(ctx context.Context) error { return vault.ResetPassphrase(ctx, o, opener.Key, pass) })
	switch {
	case errors.Is(err, vault.ErrNoEscrow):
		return noEscrow(o.Dir)
	case errors.Is(err, snapshot.ErrWrongKey):
		return tell(explain.Passphrase, words.T("This is not the recovery key that these accounts are under."),
			words.T("Nothing was changed."), words.T("Look for the sheet that was made last."))
	case err != nil:
		return err
	}
	return a.reportGuard(words.T("The new passphrase is set. Your accounts are as they were."), true)
}

// forgettable tells whether there is a passphrase at all, without asking for it.
func (a *App) forgettable(ctx context.Context, o vault.Options) error {
	if !vault.Exists(o.Dir) {
		return tell(explain.NotFound, words.T("There are no accounts in this data folder."), "",
			words.T("To bring them back from a snapshot: kutano snapshot restore FILE"))
	}
	o.Passphrase = nil
	v, err := vault.Open(ctx, o)
	if err != nil {
		return nil // whatever it is: what comes next says it
	}
	guarded := v.Guarded()
	if err := v.Close(); err != nil {
		return err
	}
	if !guarded {
		return fmt.Errorf("reset passphrase: %w", vault.ErrNoGuard)
	}
	return nil
}

// noEscrow says what helps where the recovery key cannot open the lock: the
// snapshots hold the same accounts.
func noEscrow(dir string) error {
	m := explain.Error(vault.ErrNoEscrow)
	list, err := snapshot.OpenFolder(dir).List()
	if err != nil || len(list) == 0 {
		return tell(m.Kind, m.What, m.Safe, words.T("Restore a snapshot into a new data folder: kutano --data NEW-FOLDER snapshot restore FILE"))
	}
	file := filepath.Join(dir, "snapshots", list[0].Name)
	return tell(m.Kind, m.What, m.Safe, words.T(
		"Restore the newest snapshot into a new data folder: kutano --data NEW-FOLDER snapshot restore {file}", "file", clean(file)))
}
