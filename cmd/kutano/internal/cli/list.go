// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

func (a *App) listCommand() *cobra.Command {
	var removed bool
	cmd := &cobra.Command{
		Use:   "list [QUERY]",
		Short: words.T("List accounts"),
		Long: words.T(`Lists the accounts in your order, or those in which every word of QUERY is
found. Keys and codes are not shown, and a keyring that is locked stays so.

--removed lists what was removed in the last 30 days; kutano restore brings it
back.`),
		Example: words.T(`  kutano list
  kutano list github
  kutano list --json
  kutano list --removed`),
		Args:              atMostOneQuery,
		ValidArgsFunction: a.completeQuery,
	}
	cmd.Flags().BoolVar(&removed, "removed", false, words.T("list the removed accounts"))
	cmd.RunE = a.withVault(func(_ context.Context, v *vault.Vault, args []string) error {
		a.mentionNotices(v)
		as := v.Accounts()
		if removed {
			as = v.Removed()
		}
		if len(args) == 1 {
			if as = find(as, args[0]); len(as) == 0 {
				return notFound(args[0])
			}
		} else {
			a.mentionAside(v)
		}
		return a.list(as, removed)
	})
	return cmd
}

func atMostOneQuery(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return oneQuery(cmd, args)
}

func (a *App) list(as []vault.Account, removed bool) error {
	if a.json {
		a.doc = &document{Accounts: showAccounts(as)}
		return nil
	}
	if len(as) == 0 {
		if removed {
			a.say(words.T("Nothing was removed in the last 30 days."))
			return nil
		}
		a.say(noAccounts())
		return nil
	}
	if _, err := io.WriteString(a.Out, a.listTable(as, removed)); err != nil {
		return fmt.Errorf("print list: %w", err)
	}
	return nil
}

func noAccounts() string {
	return words.T("There are no accounts yet. Add one with kutano scan --screen or kutano add.")
}

func (a *App) listTable(as []vault.Account, removed bool) string {
	var rows [][]string
	if isTerminal(a.Out) {
		rows = append(rows, []string{words.T("SERVICE"), words.T("ACCOUNT"), words.T("CODES"), words.T("NOTES")})
	}
	for _, acc := range as {
		notes := acc.Tags
		if acc.Favourite {
			notes = append([]string{"★"}, notes...)
		}
		if acc.Note != "" {
			notes = append(notes[:len(notes):len(notes)], acc.Note)
		}
		if removed {
			notes = []string{words.T("removed on {date}", "date", acc.Removed.Local().Format("2006-01-02"))}
		}
		rows = append(rows, []string{
			dash(clean(acc.Issuer)), dash(clean(acc.Name)), kindOfCode(acc), clean(strings.Join(notes, ", ")),
		})
	}
	return table(rows)
}

// kindOfCode says what an account's codes look like, where it is not the usual
// six digits every 30 seconds.
func kindOfCode(acc vault.Account) string {
	pace := words.T("{n} s", "n", acc.Period)
	if acc.Type == otpauth.HOTP {
		pace = words.T("counter {n}", "n", acc.Counter)
	}
	size := words.N(acc.Digits, "1 digit", "{n} digits")
	if acc.Type == otpauth.Steam {
		size = "Steam"
	}
	if acc.Algorithm != otpauth.SHA1 {
		return size + " / " + pace + " / " + acc.Algorithm.String()
	}
	return size + " / " + pace
}

// mentionAside says which entries could not be read.
func (a *App) mentionAside(v *vault.Vault) {
	aside := v.Aside()
	if len(aside) == 0 {
		return
	}
	var names []string
	for _, x := range aside {
		if x.Name != "" {
			names = append(names, clean(x.Name))
		}
	}
	a.say(words.N(len(aside), "1 entry cannot be read. It is kept as it is.", "{n} entries cannot be read. They are kept as they are."))
	if len(names) > 0 {
		a.say("  " + strings.Join(names, ", "))
	}
}
