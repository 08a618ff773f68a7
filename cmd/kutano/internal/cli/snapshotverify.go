// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/snapshot"
)

func (a *App) snapshotVerify() *cobra.Command {
	var key keyFlags
	var open bool
	cmd := &cobra.Command{
		Use:   "verify [NAME]",
		Short: words.T("Check that the snapshots are whole"),
		Long: words.T(`Checks each snapshot, or one, as far as that goes without the recovery key: that
it is there as it was written. With the key (--open asks for it) each is opened
and read to its end; nothing of it is shown or kept.

The exit code is 6 if some are damaged, and 1 if none is usable.`),
		Example: words.T(`  kutano snapshot verify
  kutano snapshot verify --open
  kutano snapshot verify latest --key-file /media/usb/recovery-key.txt`),
		Args:              atMostOneName,
		ValidArgsFunction: a.completeSnapshot,
	}
	key.register(cmd.Flags())
	cmd.Flags().BoolVar(&open, "open", false, words.T("open each with the recovery key"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		folder, err := a.snapshots()
		if err != nil {
			return err
		}
		checked, err := checkedOf(folder, args)
		if err != nil {
			return err
		}
		if open || key.given() {
			if err := a.openEach(cmd.Context(), folder, key, checked); err != nil {
				return err
			}
		}
		return a.reportChecked(checked)
	}
	return cmd
}

func atMostOneName(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage(words.T("Name one snapshot."), words.T("kutano snapshot list shows their names; latest is the newest."))
	}
	return nil
}

// completeSnapshot offers the names of the snapshots.
func (a *App) completeSnapshot(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	names := []string{"latest"}
	if folder, err := a.snapshots(); err == nil && len(args) == 0 {
		list, _ := folder.List()
		for _, i := range list {
			names = append(names, i.Name)
		}
		return names, cobra.ShellCompDirectiveDefault
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// checkedOf checks all snapshots without the key, and returns those asked for.
func checkedOf(folder *snapshot.Folder, args []string) ([]snapshot.Checked, error) {
	checked, err := folder.Verify()
	if err != nil {
		return nil, err
	}
	if len(checked) == 0 {
		return nil, noSnapshots()
	}
	if len(args) == 0 {
		return checked, nil
	}
	for _, c := range checked {
		if c.Name == args[0] || args[0] == "latest" {
			return []snapshot.Checked{c}, nil
		}
	}
	return nil, fmt.Errorf("verify: %w", snapshot.ErrNoSnapshot)
}

// openEach reads each snapshot that is whole so far to its end.
func (a *App) openEach(ctx context.Context, folder *snapshot.Folder, from keyFlags, checked []snapshot.Checked) error {
	key, err := a.recoveryKey(ctx, from)
	if err != nil {
		return err
	}
	defer key.Key.Clear()
	for i := range checked {
		c := &checked[i]
		if c.Err != nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		file, err := folder.Read(c.Name)
		if err == nil {
			var d snapshot.Document
			d, err = snapshot.Decrypt(file, key)
			c.Accounts = max(c.Accounts, live(d))
			d.Clear()
		}
		c.Err = err
	}
	return nil
}

// live counts the accounts of a backup that are not removed.
func live(d snapshot.Document) int {
	n := 0
	for _, e := range d.Accounts {
		if e.Removed.IsZero() {
			n++
		}
	}
	return n
}

// reportChecked prints what was found. Another key's snapshot is no damage: it
// was made before the key was.
func (a *App) reportChecked(checked []snapshot.Checked) error {
	shown := make([]shownCheck, 0, len(checked))
	var rows [][]string
	damaged, other := 0, 0
	for _, c := range checked {
		s := shownCheck{shownSnapshot: showSnapshot(c.Info), Status: "ok"}
		mark := "✓"
		switch {
		case errors.Is(c.Err, snapshot.ErrWrongKey):
			other++
			s.Status, s.Reason, mark = "other_key", explain.Reason(c.Err), "?"
		case c.Err != nil:
			damaged++
			s.Status, s.Reason, mark = "damaged", explain.Reason(c.Err), "✗"
		}
		shown = append(shown, s)
		rows = append(rows, []string{mark, c.Name, day(c.Made), s.Reason})
	}
	if a.json {
		a.doc = &document{Snapshots: shown}
	} else if _, err := io.WriteString(a.Out, table(rows)); err != nil {
		return fmt.Errorf("print result: %w", err)
	}
	switch n := len(checked); {
	case damaged == n:
		return tell(explain.Damaged, words.T("No snapshot is usable."), words.T("Your accounts are as they were."),
			words.T("Write a new one: kutano snapshot now. The drive may be failing: keep copies elsewhere, too."))
	case other == n:
		return checked[0].Err
	case damaged > 0:
		return tell(explain.Refused, words.T("{n} of {total} snapshots are damaged.", "n", damaged, "total", n),
			words.T("The others are whole."), words.T("Write a new one: kutano snapshot now. The drive may be failing: keep copies elsewhere, too."))
	}
	return nil
}
