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
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

const safeFlag = "safe-passphrase-fd"

// backups is one run of kutano safe.
type backups struct {
	app  *App
	fd   int // of the safe's passphrase
	safe *backupcodes.Safe
}

func (a *App) safeCommand() *cobra.Command {
	b := &backups{app: a}
	cmd := &cobra.Command{
		Use:   "safe",
		Short: words.T("Keep backup codes, or note where they are"),
		Long: words.T(`Backup codes let you in when the phone is lost: each works once, in place of a
code. This keeps them in a file of their own under a passphrase of their own, or
only notes where they are and how many are left, for which no passphrase is
needed. They are never in a snapshot or an export of accounts.

Without a command it lists them. Codes are shown one at a time.`),
		Example: words.T(`  kutano safe note Kutano --where "in the safe at home" --count 10
  kutano safe add Kutano
  kutano safe show kutano
  kutano safe use kutano`),
	}
	fdFlag(cmd.PersistentFlags(), &b.fd, safeFlag, words.T("read the passphrase of the backup codes from file descriptor `N`"))
	group(
		cmd, b.listCommand(), b.noteCommand(), b.addCommand(), b.replaceCommand(), b.editCommand(), b.showCommand(), b.useCommand(), b.removeCommand(),
		b.restoreCommand(), b.printCommand(), b.exportCommand(), b.importCommand(), b.splitCommand(), b.joinCommand(), b.passphraseCommand(),
		b.startAnewCommand(),
	)
	cmd.RunE = b.open(func(ctx context.Context, _ []string) error { return b.list(ctx, false) })
	return cmd
}

// open reads the register around a command's work. The codes stay locked.
func (b *backups) open(work func(context.Context, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		dir, err := b.app.folder()
		if err != nil {
			return err
		}
		if b.safe, err = backupcodes.Open(dir, b.app.noteTime); err != nil {
			return err
		}
		defer b.safe.Lock()
		if problem := b.safe.Problem(); problem != nil && cmd.Name() != "start-anew" {
			b.app.warn(explain.Error(problem))
		}
		return work(cmd.Context(), args)
	}
}

// unlock opens the codes, with the descriptor's passphrase or a person's.
func (b *backups) unlock(ctx context.Context) error {
	switch {
	case !b.safe.Locked():
		return nil
	case !b.safe.Exists():
		return fmt.Errorf("unlock backup codes: %w", backupcodes.ErrNoSafe)
	case b.fd < 0 && !b.app.interactive():
		return tell(explain.Passphrase, words.T("The backup codes are under a passphrase of their own, which is needed here."),
			words.T("They are safe under it."), words.T("Run this in a terminal, or give the passphrase with {flag}.", "flag", "--"+safeFlag))
	}
	for left := tries; ; left-- {
		pass, err := b.passphrase(ctx)
		if err != nil {
			return err
		}
		err = b.safe.Unlock(ctx, pass)
		pass.Clear()
		if b.fd >= 0 || left == 1 || !errors.Is(err, backupcodes.ErrPassphrase) {
			return err
		}
		b.app.say(explain.Reason(err))
	}
}

func (b *backups) passphrase(ctx context.Context) (secret.Value, error) {
	if b.fd >= 0 {
		return b.app.lineFrom(ctx, b.fd, "--"+safeFlag)
	}
	return b.app.askHidden(ctx, words.T("Passphrase of the backup codes: "))
}

// ready unlocks the safe, or makes it where there is none.
func (b *backups) ready(ctx context.Context) error {
	if b.safe.Exists() {
		return b.unlock(ctx)
	}
	pass, err := b.app.newPassphrase(ctx, newPassphrase{
		fd: b.fd, flag: "--" + safeFlag,
		intro: words.T("Backup codes get a passphrase of their own, other than that of your accounts. Without it nobody can read them, and nobody can tell it to you."),

		missing: words.T("Backup codes need a new passphrase of their own."),
	})
	if err != nil {
		return err
	}
	defer pass.Clear()
	return b.safe.Create(ctx, pass)
}

func (b *backups) listCommand() *cobra.Command {
	var removed bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: words.T("List backup codes and notes"),
		Long: words.T(`Lists what is known of backup codes: what they are for, where they are, how many
are left. No passphrase is needed for that. With the passphrase the list is made
anew from the codes, should it have been lost.`),
		Example: words.T(`  kutano safe list
  kutano safe list --removed --json`),
		Args: noArgs,
	}
	cmd.Flags().BoolVar(&removed, "removed", false, words.T("list those that were removed in the last 30 days"))
	cmd.RunE = b.open(func(ctx context.Context, _ []string) error { return b.list(ctx, removed) })
	return cmd
}

func (b *backups) list(ctx context.Context, removed bool) error {
	if b.fd >= 0 && b.safe.Exists() { // brings the list up to date
		if err := b.unlock(ctx); err != nil {
			return err
		}
	}
	sets := b.safe.Sets()
	if removed {
		sets = b.safe.Removed()
	}
	a := b.app
	if a.json {
		a.doc = &document{BackupCodes: showSets(sets)}
		return nil
	}
	if len(sets) == 0 {
		if removed {
			a.say(words.T("Nothing was removed in the last 30 days."))
		} else {
			a.say(words.T("Nothing is known of backup codes yet. Note where they are with kutano safe note, or keep them with kutano safe add."))
		}
		return nil
	}
	var rows [][]string
	if isTerminal(a.Out) {
		rows = append(rows, []string{words.T("BACKUP CODES"), words.T("LEFT"), words.T("WHERE"), words.T("ADDED"), words.T("NOTES")})
	}
	for _, s := range sets {
		rows = append(rows, []string{clean(s.Title), leftOf(s), whereIs(s), s.Made.Local().Format("2006-01-02"), setNotes(s)})
	}
	if _, err := io.WriteString(a.Out, table(rows)); err != nil {
		return fmt.Errorf("print list: %w", err)
	}
	return nil
}

func leftOf(s backupcodes.Set) string {
	if !s.Known() {
		return "?"
	}
	return words.T("{left} of {first}", "left", s.Left, "first", s.First)
}

func whereIs(s backupcodes.Set) string {
	switch {
	case s.Place == backupcodes.Here:
		return words.T("here, sealed")
	case s.Where == "":
		return words.T("elsewhere")
	}
	return clean(s.Where)
}

func setNotes(s backupcodes.Set) string {
	switch {
	case !s.Removed.IsZero():
		return words.T("removed on {date}", "date", s.Removed.Local().Format("2006-01-02"))
	case s.Known() && s.Left == 0:
		return words.T("none is left: make new ones")
	case s.Low():
		return words.T("few are left: make new ones")
	case s.Renew():
		return words.T("one was used: make new ones")
	}
	return ""
}

// report ends a command about one set.
func (b *backups) report(sentence string, s backupcodes.Set) error {
	if b.app.json {
		b.app.doc = &document{BackupCodes: showSets([]backupcodes.Set{s})}
		return nil
	}
	return b.app.print(sentence)
}
