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

func (a *App) importCommand() *cobra.Command {
	u := unlocker{app: a}
	c := comeback{app: a, imports: true}
	cmd := &cobra.Command{
		Use:   "import FILE…",
		Short: words.T("Add accounts from backups"),
		Long: words.T(`Reads encrypted backups (kutano export) and snapshots, shows what is in them
beside what is here, and adds what is new, after asking. What opens the first
file, a passphrase or the recovery key, is tried on the others, too.

An account that is here with another key is left as it is, or gets the backup's
with --replace; the key it had can be brought back for 30 days.`),
		Example: words.T(`  kutano import accounts.age
  kutano import accounts.age --dry-run
  kutano import accounts.age --file-passphrase-fd 3 --yes 3< passphrase-file`),
		Args: someFiles,
	}
	flags := cmd.Flags()
	u.register(flags)
	flags.BoolVar(&c.dryRun, "dry-run", false, words.T("show what would be added, and keep nothing"))
	flags.BoolVar(&c.yes, "yes", false, words.T("do not ask"))
	flags.BoolVar(&c.differing, "replace", false, words.T("replace accounts that are here with another key"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := a.readGiven(cmd.Context()); err != nil {
			return err
		}
		defer u.clear()
		defer func() { c.backup.Clear() }()
		for _, name := range args {
			d, err := openFile(cmd.Context(), &u, name)
			if err != nil {
				return err
			}
			c.add(filepath.Base(name), d)
		}
		return a.withVaultUnless(&c.dryRun, func(ctx context.Context, v *vault.Vault, _ []string) error {
			c.vault = v
			return c.run(ctx)
		})(cmd, nil)
	}
	return cmd
}

func someFiles(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return nil
	}
	return usage(words.T("Name the files to read."), words.T("For example: kutano import accounts.age"))
}

// openFile reads a backup. One that cannot be read ends it, before anything is
// taken in; of several, the message says which.
func openFile(ctx context.Context, u *unlocker, name string) (snapshot.Document, error) {
	file, err := readFile(ctx, name, maxBackup)
	if err != nil {
		return snapshot.Document{}, fmt.Errorf("read backup: %w", err)
	}
	d, err := u.open(ctx, name, file)
	switch m := explain.Error(err); {
	case err == nil:
		return d, nil
	case errors.Is(err, snapshot.ErrNotAge), errors.Is(err, snapshot.ErrNotBackup):
		return d, tell(m.Kind, words.T("{file} is no Kutano backup.", "file", clean(filepath.Base(name))), words.T("Nothing was changed."),
			words.T("kutano import reads what kutano export and the snapshots write. For QR codes there is kutano scan, for key addresses kutano add."))
	case m.Kind == explain.Cancelled || m.Kind == explain.Usage:
		return d, err
	default:
		return d, tell(m.Kind, clean(filepath.Base(name))+": "+m.What, m.Safe, m.Next)
	}
}
