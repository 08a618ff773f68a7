// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/backupcodes"
)

func (b *backups) noteCommand() *cobra.Command {
	var where, account string
	count, left := 0, -1
	cmd := &cobra.Command{
		Use:   "note NAME",
		Short: words.T("Note where backup codes are"),
		Long: words.T(`Notes that there are backup codes and where: on paper in a drawer, in a password
manager, with somebody. No code is entered and no passphrase needed. kutano safe
use counts them down, so that you are told in time to make new ones.`),
		Example: words.T(`  kutano safe note Kutano --where "in the safe at home" --count 10
  kutano safe note GitHub --where "password manager" --count 16 --left 12`),
		Args: oneName,
	}
	flags := cmd.Flags()
	flags.StringVar(&where, "where", "", words.T("the `PLACE` where they are"))
	flags.IntVar(&count, "count", 0, words.T("how many `CODES` there were at first"))
	flags.IntVar(&left, "left", -1, words.T("how many `CODES` are left, where some were used"))
	flags.StringVar(&account, "account", "", words.T("the account that they are for, as a `QUERY`"))
	_ = cmd.RegisterFlagCompletionFunc("account", b.app.completeQuery)
	cmd.RunE = b.open(func(ctx context.Context, args []string) error {
		if left > count {
			return usage(words.T("More codes cannot be left than there were."), words.T("Give --count, and not more with --left."))
		}
		n := backupcodes.New{Title: args[0], Where: where, Count: count}
		if left >= 0 {
			n.First, n.Count = count, left
		}
		if account != "" {
			acc, err := b.account(ctx, account, "")
			if err != nil {
				return err
			}
			n.Account = string(acc.id)
		}
		set, err := b.safe.Note(ctx, n)
		if err != nil {
			return err
		}
		return b.report(words.T("Noted: {name}.", "name", clean(set.Title)), set)
	})
	return cmd
}

func (b *backups) editCommand() *cobra.Command {
	var name, where, account string
	count, left := 0, 0
	cmd := &cobra.Command{
		Use:   "edit NAME",
		Short: words.T("Change what is noted of backup codes"),
		Long: words.T(`Changes what backup codes are called, where they are, which account they are for,
and for codes that are kept elsewhere how many there are. For codes that are kept
here it needs their passphrase.`),
		Example: words.T(`  kutano safe edit kutano --where "at my sister's"
  kutano safe edit kutano --count 10 --left 7`),
		Args:              oneName,
		ValidArgsFunction: b.completeSet,
	}
	flags := cmd.Flags()
	flags.StringVar(&name, "name", "", words.T("the new `NAME`"))
	flags.StringVar(&where, "where", "", words.T("the `PLACE` where they are"))
	flags.StringVar(&account, "account", "", words.T("the account that they are for, as a `QUERY`"))
	flags.IntVar(&count, "count", 0, words.T("how many `CODES` there were at first"))
	flags.IntVar(&left, "left", 0, words.T("how many `CODES` are left, where some were used"))
	_ = cmd.RegisterFlagCompletionFunc("account", b.app.completeQuery)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		is := cmd.Flags().Changed
		return b.open(func(ctx context.Context, args []string) error {
			set, err := b.named(ctx, args[0])
			if err != nil {
				return err
			}
			if is("name") {
				set.Title = name
			}
			if is("where") {
				set.Where = where
			}
			if is("account") && account != "" {
				acc, err := b.account(ctx, account, "")
				if err != nil {
					return err
				}
				set.Account = string(acc.id)
			}
			changed, err := b.safe.Edit(ctx, set.ID, set.Title, set.Where, set.Account)
			if err == nil && (is("count") || is("left")) {
				first, rest := counts(set, is("count"), count, is("left"), left)
				changed, err = b.safe.Count(ctx, set.ID, first, rest)
			}
			if err != nil {
				return err
			}
			return b.report(words.T("Changed {name}.", "name", clean(changed.Title)), changed)
		})(cmd, args)
	}
	return cmd
}

// counts are how many codes there were and are, where one of the two is given.
func counts(s backupcodes.Set, hasFirst bool, first int, hasLeft bool, left int) (int, int) {
	if !hasFirst {
		first = max(s.First, left)
	}
	if !hasLeft {
		left = min(s.Left, first)
		if !s.Known() {
			left = first
		}
	}
	return first, left
}

// named returns a set, unlocked where its codes are here.
func (b *backups) named(ctx context.Context, query string) (backupcodes.Set, error) {
	set, err := b.find(ctx, query)
	if err == nil && set.Place == backupcodes.Here {
		if err = b.unlock(ctx); err == nil {
			set, err = b.safe.Set(set.ID) // the register may have been behind
		}
	}
	return set, err
}

func (b *backups) removeCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "remove NAME",
		Short: words.T("Remove backup codes or a note"),
		Long: words.T(`Takes backup codes, or a note of them, off the list, after asking. For 30 days
kutano safe restore brings them back. At the service nothing changes.`),
		Example: words.T(`  kutano safe remove github
  kutano safe remove github --yes`),
		Args:              oneName,
		ValidArgsFunction: b.completeSet,
	}
	cmd.Flags().BoolVar(&yes, "yes", false, words.T("do not ask"))
	cmd.RunE = b.open(func(ctx context.Context, args []string) error {
		set, err := b.find(ctx, args[0])
		if err != nil {
			return err
		}
		if !yes {
			question := words.T("Remove the backup codes {name}? They are kept for 30 days.", "name", clean(set.Title))
			if sure, err := b.app.confirm(ctx, question, "--yes", false); err != nil || !sure {
				return orDeclined(err)
			}
		}
		if set, err = b.named(ctx, string(set.ID)); err != nil {
			return err
		}
		if err := b.safe.Remove(ctx, set.ID); err != nil {
			return err
		}
		return b.report(words.T("Removed {name}. For 30 days kutano safe restore brings it back.", "name", clean(set.Title)), set)
	})
	return cmd
}

func (b *backups) restoreCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "restore NAME",
		Short:   words.T("Bring removed backup codes back"),
		Long:    words.T(`Brings backup codes or a note back that were removed in the last 30 days.`),
		Example: words.T(`  kutano safe restore github`),
		Args:    oneName,
		RunE: b.open(func(ctx context.Context, args []string) error {
			set, err := oneSet(b.safe.Removed(), args[0])
			if err == nil && set.Place == backupcodes.Here {
				err = b.unlock(ctx)
			}
			if err != nil {
				return err
			}
			if set, err = b.safe.Restore(ctx, set.ID); err != nil {
				return err
			}
			return b.report(words.T("{name} is back.", "name", clean(set.Title)), set)
		}),
	}
}
