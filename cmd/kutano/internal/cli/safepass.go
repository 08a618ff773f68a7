// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/backupcodes"
)

func (b *backups) passphraseCommand() *cobra.Command {
	fd := -1
	cmd := &cobra.Command{
		Use:   "passphrase",
		Short: words.T("Change the passphrase of the backup codes"),
		Long: words.T(`Asks for the passphrase of the backup codes and twice for the new one. It is not
the passphrase of your accounts, and should be another. If it fails half-way, the
old one stays.`),
		Example: words.T(`  kutano safe passphrase
  kutano safe passphrase --safe-passphrase-fd 3 --new-passphrase-fd 3 3< both`),
		Args: noArgs,
	}
	newPassphraseFlag(cmd.Flags(), &fd)
	cmd.RunE = b.open(func(ctx context.Context, _ []string) error {
		if !b.safe.Exists() {
			return fmt.Errorf("change passphrase: %w", backupcodes.ErrNoSafe)
		}
		if b.fd < 0 && !b.app.interactive() {
			return b.unlock(ctx) // says what is missing
		}
		old, err := b.passphrase(ctx)
		if err != nil {
			return err
		}
		defer old.Clear()
		if err := b.safe.Unlock(ctx, old); err != nil { // before a new one is thought of
			return err
		}
		pass, err := b.app.newPassphrase(ctx, newPassphrase{
			fd: fd, flag: "--" + newFlag,
			intro:   words.T("Without the passphrase nobody can read your backup codes, and nobody can tell it to you."),
			missing: words.T("This needs the new passphrase."),
		})
		if err != nil {
			return err
		}
		defer pass.Clear()
		if err := b.safe.ChangePassphrase(ctx, old, pass); err != nil {
			return err
		}
		return b.reportSafe(words.T("The passphrase of the backup codes is changed."), "")
	})
	return cmd
}

func (b *backups) reportSafe(sentence, aside string) error {
	if b.app.json {
		b.app.doc = &document{Safe: &shownSafe{Aside: aside}}
		return nil
	}
	return b.app.print(sentence)
}

func (b *backups) startAnewCommand() *cobra.Command {
	var yes bool
	fd := -1
	cmd := &cobra.Command{
		Use:   "start-anew",
		Short: words.T("Start a new safe where the passphrase is forgotten"),
		Long: words.T(`Nobody can open the backup codes without their passphrase: those codes are gone
for you. Your accounts are not, and neither is your sign-in: as long as you have
your device or another way in, make new backup codes in the service's settings.

The old file is put aside in the data folder and never deleted. Should the
passphrase come to mind, kutano safe import reads it. Notes of codes that are
kept elsewhere stay.`),
		Example: words.T(`  kutano safe start-anew`),
		Args:    noArgs,
	}
	cmd.Flags().BoolVar(&yes, "yes", false, words.T("do not ask"))
	newPassphraseFlag(cmd.Flags(), &fd)
	cmd.RunE = b.open(func(ctx context.Context, _ []string) error {
		if !b.safe.Exists() && b.safe.Problem() == nil {
			return tell(explain.NotFound, words.T("There is no safe for backup codes here yet."), words.T("Nothing was changed."), words.T("Begin with kutano safe add."))
		}
		if !yes {
			question := words.T("The codes in the old safe can then be read only with its passphrase. Start a new one?")
			if sure, err := b.app.confirm(ctx, question, "--yes", false); err != nil || !sure {
				return orDeclined(err)
			}
		}
		pass, err := b.app.newPassphrase(ctx, newPassphrase{
			fd: fd, flag: "--" + newFlag,
			intro:   words.T("Without the passphrase nobody can read your backup codes, and nobody can tell it to you."),
			missing: words.T("This needs the new passphrase."),
		})
		if err != nil {
			return err
		}
		defer pass.Clear()
		aside, err := b.safe.StartAnew(ctx, pass)
		if err != nil {
			return err
		}
		if aside == "" {
			return b.reportSafe(words.T("There is a new, empty safe for backup codes."), "")
		}
		return b.reportSafe(words.T("There is a new, empty safe for backup codes. The old file is kept as {name}.", "name", aside), aside)
	})
	return cmd
}
