// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/snapshot"
)

func (a *App) snapshotCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:   "snapshot",
		Short: words.T("Keep and restore safety copies of your accounts"),
		Long: words.T(`After each change all accounts are written into a snapshot, a file that only your
recovery key opens: 16 words on a sheet of paper, or a file kept elsewhere. The
key itself is not on this computer. So when a keyring is reset, a passphrase
forgotten or a disk broken, nothing is lost.

Begin with kutano snapshot key. The newest ten snapshots are kept, one of each of
the last twelve months, and those from before a loss.

A snapshot opens with the age program, too: age -d -i KEY-FILE SNAPSHOT`),
		Example: words.T(`  kutano snapshot key
  kutano snapshot list
  kutano snapshot restore latest`),
	}, a.snapshotKey(), a.snapshotList(), a.snapshotVerify(), a.snapshotRestore(), a.snapshotNow(), a.snapshotCopies(), a.snapshotDismiss())
}

// snapshots is the folder of snapshots. No key and no passphrase is needed to
// look into it, and the keyring may be gone.
func (a *App) snapshots() (*snapshot.Folder, error) {
	dir, err := a.folder()
	if err != nil {
		return nil, err
	}
	return snapshot.OpenFolder(dir), nil
}

func noSnapshots() error {
	return tell(explain.NotFound, words.T("There are no snapshots yet."), "",
		words.T("They are made after each change once there is a recovery key: kutano snapshot key"))
}

func (a *App) snapshotList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: words.T("List the snapshots"),
		Long: words.T(`Lists the snapshots, the newest first: when each was made, how many accounts are
in it, its size, and the fingerprint of the recovery key that opens it. No key and
no passphrase is needed for that.`),
		Example: words.T(`  kutano snapshot list
  kutano snapshot list --json`),
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			folder, err := a.snapshots()
			if err != nil {
				return err
			}
			list, err := folder.List()
			if err != nil {
				return err
			}
			return a.listSnapshots(list)
		},
	}
}

func (a *App) listSnapshots(list []snapshot.Info) error {
	if a.json {
		shown := make([]shownSnapshot, 0, len(list))
		for _, i := range list {
			shown = append(shown, showSnapshot(i))
		}
		a.doc = &document{Snapshots: shown}
		return nil
	}
	if len(list) == 0 {
		m := explain.Error(noSnapshots())
		a.say(m.What)
		a.say(m.Next)
		return nil
	}
	var rows [][]string
	if isTerminal(a.Out) {
		rows = append(rows, []string{words.T("SNAPSHOT"), words.T("MADE"), words.T("ACCOUNTS"), words.T("SIZE"), words.T("RECOVERY KEY"), words.T("NOTES")})
	}
	for _, i := range list {
		rows = append(rows, []string{
			i.Name, day(i.Made), fmt.Sprint(i.Accounts), kibibytes(i.Size), dash(i.Key), snapshotNotes(i, newestEra(list)),
		})
	}
	if _, err := io.WriteString(a.Out, table(rows)); err != nil {
		return fmt.Errorf("print list: %w", err)
	}
	return nil
}

func newestEra(list []snapshot.Info) int {
	era := 0
	for _, i := range list {
		era = max(era, i.Era)
	}
	return era
}

func snapshotNotes(i snapshot.Info, era int) string {
	switch {
	case i.Key == "" && i.Digest == "":
		return words.T("not on the list")
	case i.Era < era:
		return words.T("from before a loss")
	case i.Lost > 0:
		return words.N(i.Lost, "without 1 account whose key was gone", "without {n} accounts whose keys were gone")
	}
	return ""
}

func kibibytes(size int64) string { return fmt.Sprintf("%d KiB", (size+1023)/1024) }

func (a *App) snapshotNow() *cobra.Command {
	return &cobra.Command{
		Use:   "now",
		Short: words.T("Write a snapshot now"),
		Long: words.T(`Writes a snapshot though nothing changed, and copies it where copies are due. It
needs a recovery key.`),
		Example: words.T(`  kutano snapshot now`),
		Args:    noArgs,
		RunE: a.withVault(func(ctx context.Context, v *vault.Vault, _ []string) error {
			var info snapshot.Info
			err := a.unlocked(ctx, func(ctx context.Context) (err error) {
				info, err = v.Snapshot(ctx)
				return err
			})
			switch {
			case info.Name == "" && err != nil:
				return err
			case err != nil: // it is written; what lets the recovery key open the lock is not
				m := explain.Error(err)
				m.What = words.T("The snapshot is written, but something beside it was not:") + " " + m.What
				a.warn(m)
			}
			if a.json {
				a.doc = &document{Snapshots: []shownSnapshot{showSnapshot(info)}}
				return nil
			}
			return a.print(words.T("Written: {name}", "name", info.Name))
		}),
	}
}

func (a *App) snapshotDismiss() *cobra.Command {
	return &cobra.Command{
		Use:   "dismiss",
		Short: words.T("End the notice of an older copy"),
		Long: words.T(`Where the data folder or the keys were replaced by an older copy, kutano list and
kutano code say so until this ends it. It changes no account.`),
		Example: words.T(`  kutano snapshot dismiss`),
		Args:    noArgs,
		RunE: a.withVault(func(ctx context.Context, v *vault.Vault, _ []string) error {
			notices := v.Notices()
			shown := make([]shownNotice, 0, len(notices))
			for _, n := range notices {
				if err := v.Dismiss(ctx, n.Kind); err != nil {
					return err
				}
				shown = append(shown, shownNotice{string(n.Kind), n.At})
			}
			if a.json {
				a.doc = &document{Notices: shown}
				return nil
			}
			return a.print(words.N(len(shown), "1 notice is ended.", "{n} notices are ended."))
		}),
	}
}
