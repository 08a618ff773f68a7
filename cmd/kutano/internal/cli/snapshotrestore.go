// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/snapshot"
)

func (a *App) snapshotRestore() *cobra.Command {
	u := unlocker{app: a}
	c := comeback{app: a}
	cmd := &cobra.Command{
		Use:   "restore [NAME|FILE]",
		Short: words.T("Bring accounts back from a snapshot"),
		Long: words.T(`Opens a snapshot with the recovery key, shows what is in it beside what is here,
and brings back what is missing, after asking. NAME is one of those that kutano
snapshot list shows; latest, which is also taken where none is named, is the
newest. FILE is a snapshot or a backup anywhere.

Accounts that are here stay as they are. Where a key differs, the one here stays,
or gives way to the backup's with --take-differing. With --replace the accounts
become those of the backup: what it does not have is removed, after asking once
more. What gives way or is removed can be brought back for 30 days.

It works in an empty data folder, too, and after the keyring was reset.`),
		Example: words.T(`  kutano snapshot restore
  kutano snapshot restore latest --dry-run
  kutano snapshot restore /media/usb/backup.age --key-file /media/usb/key.txt`),
		Args:              atMostOneName,
		ValidArgsFunction: a.completeSnapshot,
	}
	flags := cmd.Flags()
	u.register(flags)
	flags.BoolVar(&c.dryRun, "dry-run", false, words.T("show what would be brought back, and change nothing"))
	flags.BoolVar(&c.yes, "yes", false, words.T("do not ask"))
	flags.BoolVar(&c.replace, "replace", false, words.T("remove accounts that the backup does not have"))
	flags.BoolVar(&c.differing, "take-differing", false, words.T("take the backup's key where it differs"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		name := "latest"
		if len(args) == 1 {
			name = args[0]
		}
		return a.restoreBackup(cmd, name, &u, &c)
	}
	return cmd
}

// restoreBackup opens the backup before the vault: a wrong key founds none.
func (a *App) restoreBackup(cmd *cobra.Command, name string, u *unlocker, c *comeback) error {
	ctx := cmd.Context()
	if err := a.readGiven(ctx); err != nil {
		return err
	}
	file, err := a.backupNamed(ctx, name)
	if err != nil {
		return err
	}
	defer u.clear()
	d, err := u.open(ctx, name, file)
	if err != nil {
		return err
	}
	c.add(name, d)
	defer c.backup.Clear()
	return a.withVaultUnless(&c.dryRun, func(ctx context.Context, v *vault.Vault, _ []string) error {
		c.vault = v
		err := c.run(ctx)
		if err != nil && explain.Error(err).Exit != explain.Refused.Exit() {
			return err
		}
		if e := c.trust(ctx, u.have.Key); e != nil {
			m := explain.Error(e)
			m.What = words.T("The accounts are back, but new snapshots are not made for your key:") + " " + m.What
			a.warn(m)
		}
		return err
	})(cmd, nil)
}

// maxBackup is the largest file that is read as a backup, as the app's own are.
const maxBackup = 64 << 20 // bytes

// backupNamed returns the snapshot of that name, or a file.
func (a *App) backupNamed(ctx context.Context, name string) ([]byte, error) {
	folder, err := a.snapshots()
	if err != nil {
		return nil, err
	}
	file, err := folder.Read(name)
	switch {
	case !errors.Is(err, snapshot.ErrNoSnapshot):
		return file, err
	case name == "latest":
		return nil, noSnapshots()
	}
	file, err = readFile(ctx, name, maxBackup)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, tell(explain.NotFound, words.T("There is no such snapshot, and no such file."), "",
			words.T("kutano snapshot list shows the snapshots."))
	}
	if err != nil {
		return nil, fmt.Errorf("read backup: %w", err)
	}
	return file, nil
}
