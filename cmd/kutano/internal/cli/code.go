// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// codeFlags are what kutano code is asked for.
type codeFlags struct {
	all, next, watch, copy, peek bool
	at                           string
	atGiven                      bool
}

func (a *App) codeCommand() *cobra.Command {
	var f codeFlags
	cmd := &cobra.Command{
		Use:   "code [QUERY… | --all]",
		Short: words.T("Show codes"),
		Long: words.T(`Prints the code of an account, alone on its line, or a table where several
accounts are asked for.

A QUERY is an account's id, its service, its name, or "service:name"; else words
found anywhere in service, name, tags and note. It must fit one account: where
it fits several, nothing is printed and the exit code is 3. Several queries give
a table, and so does --all; --all with queries takes all accounts that fit.

Most codes go by the clock. Where an account counts instead (HOTP), each code
shown moves its counter, so that no code is given twice; --peek shows the code
and leaves the counter. Without QUERY and --all all codes are shown, and where
there are several no counter moves.

In JSON an account that counts has 0 for valid_from and valid_until and "" for
next, and its counter is the one the code was made with.`),
		Example: words.T(`  kutano code kutano                 492039
  kutano code kutano --copy          copied, cleared after 30 seconds
  kutano code github gitlab          a table
  kutano code --all --watch          live, until Ctrl-C
  kutano code kutano --next          the code that comes after this one
  kutano code kutano --at 1735689600 the code at that time, in Unix seconds`),
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeQuery,
	}
	cmd.Flags().BoolVar(&f.all, "all", false, words.T("all accounts, or all that fit a query"))
	cmd.Flags().StringVar(&f.at, "at", "", words.T("the code at this time: `UNIXTIME` in seconds"))
	cmd.Flags().BoolVar(&f.next, "next", false, words.T("the code after the current one"))
	cmd.Flags().BoolVar(&f.watch, "watch", false, words.T("keep showing the codes with the time left, until Ctrl-C"))
	cmd.Flags().BoolVar(&f.copy, "copy", false, words.T("copy the code instead of printing it; cleared after 30 seconds"))
	cmd.Flags().BoolVar(&f.peek, "peek", false, words.T("leave the counter of an account that counts"))
	cmd.RunE = a.withVault(func(ctx context.Context, v *vault.Vault, args []string) error {
		f.atGiven = cmd.Flags().Changed("at")
		return a.code(ctx, v, args, f)
	})
	return cmd
}

func (a *App) code(ctx context.Context, v *vault.Vault, queries []string, f codeFlags) error {
	at, err := f.given()
	if err != nil {
		return err
	}
	as, err := f.choose(v.Accounts(), queries)
	if err != nil {
		return err
	}
	if !f.atGiven {
		at = a.codeAt(as, f)
	}
	if f.next && len(as) == 1 && as[0].Type == otpauth.HOTP {
		// Before its counter moves for nothing.
		return usage(words.T("This account counts: its next code comes when you ask for it."), words.T("Leave --next out."))
	}
	// A glance at everything must not use codes up.
	glance := len(queries) == 0 && !f.all && len(as) > 1
	f.peek = f.peek || f.watch || glance
	if len(queries) == 0 {
		a.mentionAside(v)
	}
	a.mentionNotices(v)
	switch {
	case f.copy:
		return a.copyCode(ctx, v, as, at, f)
	case f.watch:
		return a.watch(ctx, v, as)
	}
	return a.printCodes(ctx, v, as, at, f)
}

// maxAt is the last second of the year 9999.
const maxAt = 253402300799

// given returns the time that --at gives, the zero time without it.
func (f codeFlags) given() (time.Time, error) {
	if !f.atGiven {
		return time.Time{}, nil
	}
	if f.watch {
		return time.Time{}, usage(words.T("A watch shows the current codes only."), words.T("Leave --at or --watch out."))
	}
	n, err := strconv.ParseInt(f.at, 10, 64)
	if err != nil || n < 0 || n > maxAt {
		return time.Time{}, usage(words.T("That is not a time."),
			words.T("--at takes whole seconds since 1970, from 0 to 253402300799 (the end of the year 9999)."))
	}
	return time.Unix(n, 0), nil
}

// choose returns the accounts asked for, each once.
func (f codeFlags) choose(as []vault.Account, queries []string) ([]vault.Account, error) {
	if len(queries) == 0 {
		return as, nil
	}
	var chosen []vault.Account
	seen := map[vault.ID]bool{}
	for _, q := range queries {
		found := find(as, q)
		switch {
		case len(found) == 0:
			return nil, notFound(q)
		case len(found) > 1 && !f.all:
			return nil, ambiguous(q, found)
		}
		for _, acc := range found {
			if !seen[acc.ID] {
				seen[acc.ID] = true
				chosen = append(chosen, acc)
			}
		}
	}
	return chosen, nil
}

// made is an account with its code and the one after; err says why there is none.
type made struct {
	account vault.Account
	code    otpauth.Code
	next    string // "" for HOTP
	err     error
}

// make computes an account's code, and the next where it is wanted.
func (a *App) make(ctx context.Context, v *vault.Vault, acc vault.Account, at time.Time, peek, next bool) made {
	m := made{account: acc}
	m.err = a.unlocked(ctx, func(ctx context.Context) (err error) {
		if acc.Type == otpauth.HOTP && !peek {
			m.code, err = v.Advance(ctx, acc.ID)
			return err
		}
		m.code, err = v.Code(ctx, acc.ID, at)
		return err
	})
	if m.err != nil || acc.Type == otpauth.HOTP {
		m.account.Counter = max(m.code.Counter, acc.Counter)
		return m
	}
	if next {
		var after otpauth.Code
		if after, m.err = v.Code(ctx, acc.ID, m.code.Until); m.err == nil {
			m.next = after.Value
		}
	}
	return m
}

// makeAll computes several codes. An account that cannot be read does not keep
// the others back; a store that cannot be read ends it.
func (a *App) makeAll(ctx context.Context, v *vault.Vault, as []vault.Account, at time.Time, peek, next bool) ([]made, error) {
	all := make([]made, 0, len(as))
	for _, acc := range as {
		m := a.make(ctx, v, acc, at, peek, next)
		if m.err != nil && !aboutOne(m.err) {
			return nil, m.err
		}
		all = append(all, m)
	}
	return all, nil
}

// aboutOne tells whether an error leaves the codes of other accounts possible:
// where nothing can be written, only those that count cannot move on.
func aboutOne(err error) bool {
	switch explain.Error(err).Kind {
	case explain.KeysGone, explain.ReadOnly, explain.DiskFull:
		return true
	}
	return errors.Is(err, vault.ErrAside)
}
