// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// nameAndNumber wants a set's name, and perhaps which of its codes.
func nameAndNumber(cmd *cobra.Command, args []string) error {
	if len(args) == 2 {
		if n, err := strconv.Atoi(args[1]); err != nil || n < 1 {
			return usage(words.T("That is not the number of a code."), words.T("Count from 1. Put a name of several words in quotes."))
		}
		args = args[:1]
	}
	return oneName(cmd, args)
}

// pick returns the place of a code in its set: the one that was named, or the
// first that was not used.
func (b *backups) pick(set backupcodes.Set, args []string) (int, backupcodes.Code, error) {
	list, err := b.safe.Codes(set.ID)
	if err != nil {
		return 0, backupcodes.Code{}, err
	}
	if len(args) == 2 {
		n, _ := strconv.Atoi(args[1]) // it was looked at
		if n > len(list) {
			return 0, backupcodes.Code{}, fmt.Errorf("show backup code: %w", backupcodes.ErrNoCode)
		}
		return n - 1, list[n-1], nil
	}
	for i, c := range list {
		if c.Used.IsZero() {
			return i, c, nil
		}
	}
	return 0, backupcodes.Code{}, tell(explain.NotFound, words.T("All backup codes of {name} are marked as used.", "name", clean(set.Title)),
		words.T("They are still there: give the number of one to see it."), words.T("Make new codes in Kutano’s settings."))
}

func (b *backups) showCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "show NAME [NUMBER]",
		Short: words.T("Show one backup code"),
		Long: words.T(`Shows one code after asking: the first that was not used, or the one with that
number. At a terminal it then asks whether you used it. It is never shown with
--json unless --yes is there, too.`),
		Example: words.T(`  kutano safe show kutano
  kutano safe show kutano 3
  kutano safe show kutano --yes --safe-passphrase-fd 3 3< passphrase-file`),
		Args:              nameAndNumber,
		ValidArgsFunction: b.completeSet,
	}
	cmd.Flags().BoolVar(&yes, "yes", false, words.T("do not ask"))
	cmd.RunE = b.open(func(ctx context.Context, args []string) error { return b.show(ctx, args, yes) })
	return cmd
}

func (b *backups) show(ctx context.Context, args []string, yes bool) error {
	set, err := b.mayShow(ctx, args[0], yes)
	if err != nil {
		return err
	}
	if err := b.unlock(ctx); err != nil {
		return err
	}
	i, c, err := b.pick(set, args)
	if err != nil {
		return err
	}
	value, err := b.safe.Reveal(set.ID, i)
	if err != nil {
		return err
	}
	defer value.Clear()
	if b.app.json {
		b.app.doc = &document{BackupCode: &shownBackupCode{i + 1, value.Reveal(), unix(c.Used)}}
		return nil
	}
	if !c.Used.IsZero() {
		b.app.say(words.T("This one is marked as used on {date}.", "date", day(c.Used)))
	}
	if err := b.app.print(value.Reveal()); err != nil || yes || !c.Used.IsZero() {
		return err
	}
	b.app.say(words.T("Code {n} of {total}. It works once.", "n", i+1, "total", set.First))
	sure, err := b.app.confirm(ctx, words.T("Did you use it?"), "--yes", false)
	if err != nil || !sure {
		return err
	}
	return b.used(ctx, set, i)
}

// mayShow finds the set and asks before a code of it is shown.
func (b *backups) mayShow(ctx context.Context, query string, yes bool) (backupcodes.Set, error) {
	if b.app.json && !yes {
		return backupcodes.Set{}, usage(words.T("With --json a backup code is shown only where --yes is there, too."), words.T("Add {flag} if you mean it.", "flag", "--yes"))
	}
	set, err := b.find(ctx, query)
	if err != nil {
		return set, err
	}
	if set.Place != backupcodes.Here {
		return set, elsewhere(set)
	}
	if yes {
		return set, nil
	}
	sure, err := b.app.confirm(ctx, words.T("Show a backup code of {name} on the screen?", "name", clean(set.Title)), "--yes", true)
	if err != nil || !sure {
		return set, orDeclined(err)
	}
	return set, nil
}

// elsewhere says where codes are that are not here.
func elsewhere(set backupcodes.Set) error {
	what := words.T("The backup codes {name} are not kept here.", "name", clean(set.Title))
	if set.Where != "" {
		what = words.T("The backup codes {name} are not kept here, but: {where}.", "name", clean(set.Title), "where", clean(set.Where))
	}
	return tell(explain.NotFound, what, "", words.T("When you have used one, note it: kutano safe use {name}", "name", string(set.ID)))
}

func (b *backups) used(ctx context.Context, set backupcodes.Set, i int) error {
	set, err := b.safe.Use(ctx, set.ID, i)
	if err != nil {
		return err
	}
	return b.afterUse(set)
}

// afterUse says what is left, and that new codes are advised. R63, R71.
func (b *backups) afterUse(set backupcodes.Set) error {
	if !b.app.json {
		b.app.say(words.T("Make new backup codes soon: in Kutano under User Settings, Security. Then: kutano safe replace {id}", "id", string(set.ID)))
	}
	if !set.Known() {
		return b.report(words.T("Noted: one backup code of {name} was used.", "name", clean(set.Title)), set)
	}
	return b.report(words.N(set.Left, "Noted. 1 backup code of {name} is left.", "Noted. {n} backup codes of {name} are left.", "name", clean(set.Title)), set)
}

func (b *backups) useCommand() *cobra.Command {
	var undo bool
	cmd := &cobra.Command{
		Use:   "use NAME [NUMBER]",
		Short: words.T("Note that a backup code was used"),
		Long: words.T(`Marks a code as used: the first that was not, or the one with that number. Where
the codes are kept elsewhere it counts one down. --undo takes that back.`),
		Example: words.T(`  kutano safe use kutano
  kutano safe use kutano 3 --undo`),
		Args:              nameAndNumber,
		ValidArgsFunction: b.completeSet,
	}
	cmd.Flags().BoolVar(&undo, "undo", false, words.T("take it back"))
	cmd.RunE = b.open(func(ctx context.Context, args []string) error {
		set, err := b.named(ctx, args[0])
		if err != nil {
			return err
		}
		if set.Place == backupcodes.Elsewhere {
			return b.useNoted(ctx, set, len(args) == 2, undo)
		}
		if undo {
			return b.unuse(ctx, set, args)
		}
		i, _, err := b.pick(set, args)
		if err != nil {
			return err
		}
		return b.used(ctx, set, i)
	})
	return cmd
}

func (b *backups) useNoted(ctx context.Context, set backupcodes.Set, numbered, undo bool) (err error) {
	switch {
	case numbered:
		return fmt.Errorf("note use of backup code: %w", backupcodes.ErrPlace)
	case undo:
		if set, err = b.safe.UnuseNoted(ctx, set.ID); err != nil {
			return err
		}
		return b.report(words.T("Taken back."), set)
	}
	if set, err = b.safe.UseNoted(ctx, set.ID); err != nil {
		return err
	}
	return b.afterUse(set)
}

// unuse takes the use of a code back: of the one that was named, or the one used last.
func (b *backups) unuse(ctx context.Context, set backupcodes.Set, args []string) error {
	list, err := b.safe.Codes(set.ID)
	if err != nil {
		return err
	}
	last := 0
	for i, c := range list {
		if c.Used.After(list[last].Used) || c.Used.Equal(list[last].Used) {
			last = i
		}
	}
	if len(args) == 2 {
		if last, _, err = b.pick(set, args); err != nil {
			return err
		}
	}
	if set, err = b.safe.Unuse(ctx, set.ID, last); err != nil {
		return err
	}
	return b.report(words.T("Code {n} counts as unused again.", "n", last+1), set)
}
