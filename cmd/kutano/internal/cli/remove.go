// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
)

func (a *App) removeCommand() *cobra.Command {
	var yes, erase bool
	cmd := &cobra.Command{
		Use:   "remove QUERY",
		Short: words.T("Remove an account"),
		Long: words.T(`Takes an account off the list, after asking. Its key is kept for 30 days, in
which kutano restore brings it back; --erase forgets it at once and for good, also
for an account that was removed before.

The service goes on asking for codes: switch its second step off there first.`),
		Example: words.T(`  kutano remove github
  kutano remove github --yes
  kutano remove github --erase`),
		Args:              oneQuery,
		ValidArgsFunction: a.completeQuery,
	}
	cmd.Flags().BoolVar(&yes, "yes", false, words.T("do not ask"))
	cmd.Flags().BoolVar(&erase, "erase", false, words.T("forget the key at once and for good"))
	cmd.RunE = a.withVault(func(ctx context.Context, v *vault.Vault, args []string) error {
		return a.remove(ctx, v, args[0], yes, erase)
	})
	return cmd
}

func (a *App) remove(ctx context.Context, v *vault.Vault, query string, yes, erase bool) error {
	acc, live, err := removable(v, query, erase)
	if err != nil {
		return err
	}
	name := title(acc.Issuer, acc.Name)
	question := words.T("Remove {account}? Its key is kept for 30 days.", "account", name)
	if erase {
		question = words.T("Erase {account}? Its key is gone for good, and without it you may not get in at the service.", "account", name)
	}
	if !yes {
		if sure, err := a.confirm(ctx, question, "--yes", false); err != nil || !sure {
			return orDeclined(err)
		}
	}
	err = a.unlocked(ctx, func(ctx context.Context) error {
		if live {
			if err := v.Remove(ctx, acc.ID); err != nil {
				return err
			}
			live = false // not again, when the keyring asks for a second try
		}
		if _, still := v.Account(acc.ID); erase && still {
			return v.Erase(ctx, acc.ID)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if erase {
		return a.report(words.T("Erased {account}.", "account", name), acc)
	}
	return a.report(words.T("Removed {account}. For 30 days kutano restore brings it back.", "account", name), acc)
}

// removable finds the account: a live one, or for erasing also a removed one.
func removable(v *vault.Vault, query string, erase bool) (acc vault.Account, live bool, err error) {
	acc, err = one(v.Accounts(), query)
	if err == nil || !erase || len(find(v.Accounts(), query)) > 0 {
		return acc, err == nil, err
	}
	acc, err = one(v.Removed(), query)
	return acc, false, err
}

func orDeclined(err error) error {
	if err != nil {
		return err
	}
	return declined()
}

func (a *App) restoreCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "restore QUERY",
		Short: words.T("Bring a removed account back"),
		Long: words.T(`Brings back an account that was removed, or a key that was replaced, in the last
30 days. Where another account has its names by now, that one is removed in its
stead. Of several keys of one account the one that went last comes back; kutano
list --removed shows them, and --json their ids.`),
		Example: words.T(`  kutano restore github`),
		Args:    oneQuery,
		RunE: a.withVault(func(ctx context.Context, v *vault.Vault, args []string) error {
			acc, err := latest(v.Removed(), args[0])
			if err != nil {
				return err
			}
			if err := a.unlocked(ctx, func(ctx context.Context) error { return v.Restore(ctx, acc.ID) }); err != nil {
				return err
			}
			return a.report(words.T("{account} is back.", "account", title(acc.Issuer, acc.Name)), acc)
		}),
	}
}

// latest returns the account that was removed last among those of one name:
// an account whose key was replaced twice has two older keys.
func latest(removed []vault.Account, query string) (vault.Account, error) {
	found := find(removed, query)
	for _, acc := range found {
		if nameOf(acc.Issuer, acc.Name) != nameOf(found[0].Issuer, found[0].Name) {
			return vault.Account{}, ambiguous(query, found)
		}
	}
	if len(found) == 0 {
		return vault.Account{}, notFound(query)
	}
	return found[0], nil // the newest comes first
}
