// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
)

type editFlags struct {
	issuer, name, note string
	tags               []string
	favourite          bool
	position           int
}

func (a *App) editCommand() *cobra.Command {
	var f editFlags
	cmd := &cobra.Command{
		Use:   "edit QUERY",
		Short: words.T("Change an account's names, note, tags or place"),
		Long: words.T(`Changes what is given and leaves the rest. The key stays the same; to change
it, add the new one and have the old one replaced.

--tag is given once for each tag and sets them all; --tag "" takes them away.
--position 1 puts the account first.`),
		Example: words.T(`  kutano edit github --name ana@example.com
  kutano edit github --note "work laptop" --tag work --tag code
  kutano edit github --favourite
  kutano edit kutano --position 1`),
		Args:              oneQuery,
		ValidArgsFunction: a.completeQuery,
	}
	flags := cmd.Flags()
	flags.StringVar(&f.issuer, "issuer", "", words.T("the service's `NAME`"))
	flags.StringVar(&f.name, "name", "", words.T("the account's `NAME` at the service"))
	flags.StringVar(&f.note, "note", "", words.T("a note of your own"))
	flags.StringArrayVar(&f.tags, "tag", nil, words.T("a `TAG`; repeat it for several"))
	flags.BoolVar(&f.favourite, "favourite", false, words.T("mark as a favourite; --favourite=false takes it back"))
	flags.IntVar(&f.position, "position", 0, words.T("move to place `N` in the list"))
	nameAliases(flags)
	cmd.RunE = a.withVault(func(ctx context.Context, v *vault.Vault, args []string) error {
		return a.edit(ctx, v, args[0], f, flags)
	})
	return cmd
}

// nameAliases lets --account stand for --name and --favorite for --favourite.
func nameAliases(flags *pflag.FlagSet) {
	flags.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		switch name {
		case "account":
			name = "name"
		case "favorite":
			name = "favourite"
		}
		return pflag.NormalizedName(name)
	})
}

func (a *App) edit(ctx context.Context, v *vault.Vault, query string, f editFlags, flags *pflag.FlagSet) error {
	if f.position < 0 || flags.Changed("position") && f.position == 0 {
		return usage(words.T("Places are counted from 1."), words.T("--position 1 is the first."))
	}
	acc, err := one(v.Accounts(), query)
	if err != nil {
		return err
	}
	details, changed := f.apply(acc.Details(), flags)
	if !changed && f.position == 0 {
		return usage(words.T("Nothing to change was given."), words.T("Add --help to see what can be changed."))
	}
	err = a.unlocked(ctx, func(ctx context.Context) (err error) {
		if changed {
			acc, err = v.Update(ctx, acc.ID, details)
		}
		if err == nil && f.position > 0 {
			err = v.Reorder(ctx, moved(v.Accounts(), acc.ID, f.position))
		}
		return err
	})
	if err != nil {
		return err
	}
	return a.report(words.T("Changed {account}.", "account", title(acc.Issuer, acc.Name)), acc)
}

func (f editFlags) apply(d vault.Details, flags *pflag.FlagSet) (vault.Details, bool) {
	changed := false
	set := func(name string, do func()) {
		if flags.Changed(name) {
			changed = true
			do()
		}
	}
	set("issuer", func() { d.Issuer = f.issuer })
	set("name", func() { d.Name = f.name })
	set("note", func() { d.Note = f.note })
	set("favourite", func() { d.Favourite = f.favourite })
	set("tag", func() { d.Tags = slices.DeleteFunc(slices.Clone(f.tags), func(t string) bool { return t == "" }) })
	return d, changed
}

// moved returns all ids with one of them in the place counted from 1.
func moved(as []vault.Account, id vault.ID, position int) []vault.ID {
	ids := make([]vault.ID, 0, len(as))
	for _, acc := range as {
		if acc.ID != id {
			ids = append(ids, acc.ID)
		}
	}
	return slices.Insert(ids, min(position-1, len(ids)), id)
}

// report ends a command that changed accounts.
func (a *App) report(sentence string, as ...vault.Account) error {
	if a.json {
		a.doc = &document{Accounts: showAccounts(as)}
		return nil
	}
	if _, err := fmt.Fprintln(a.Out, sentence); err != nil {
		return fmt.Errorf("print result: %w", err)
	}
	return nil
}
