// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// oneSet returns the only set that a query means: by id or title, else by a part
// of the title. Errors do not repeat it: it may be a code in the wrong place.
func oneSet(sets []backupcodes.Set, query string) (backupcodes.Set, error) {
	query = strings.TrimSpace(query)
	var exact, part []backupcodes.Set
	for _, s := range sets {
		switch {
		case strings.EqualFold(s.Title, query) || string(s.ID) == query:
			exact = append(exact, s)
		case strings.Contains(strings.ToLower(s.Title), strings.ToLower(query)):
			part = append(part, s)
		}
	}
	if len(exact) == 0 {
		exact = part
	}
	switch len(exact) {
	case 0:
		return backupcodes.Set{}, tell(explain.NotFound, words.T("No backup codes fit that name."), "",
			words.T("kutano safe list shows all."))
	case 1:
		return exact[0], nil
	}
	var names []string
	for _, s := range exact[:min(len(exact), maxCandidates)] {
		names = append(names, fmt.Sprintf("%s (%s)", clean(s.Title), s.ID))
	}
	return backupcodes.Set{}, tell(explain.Ambiguous, words.T("Several backup codes fit that name."), "",
		words.T("Say which, by name or id: {names}", "names", strings.Join(names, ", ")))
}

// find returns the only set that a query means. Where the list was lost the codes
// are unlocked for it.
func (b *backups) find(ctx context.Context, query string) (backupcodes.Set, error) {
	set, err := oneSet(b.safe.Sets(), query)
	if err != nil && errors.Is(b.safe.Problem(), backupcodes.ErrRegister) && b.safe.Exists() && (b.fd >= 0 || b.app.interactive()) {
		if err := b.unlock(ctx); err != nil {
			return backupcodes.Set{}, err
		}
		set, err = oneSet(b.safe.Sets(), query)
	}
	return set, err
}

// oneName wants the words that name one set.
func oneName(_ *cobra.Command, args []string) error {
	if len(args) == 1 && strings.TrimSpace(args[0]) != "" {
		return nil
	}
	return usage(words.T("Name the backup codes."), words.T("Give their name, or their id from kutano safe list --json. Put several words in quotes."))
}

// completeSet offers the titles of sets: the register needs no passphrase.
func (b *backups) completeSet(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	dir, err := b.app.folder()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	s, err := backupcodes.Open(dir, b.app.noteTime)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, set := range s.Sets() {
		if strings.HasPrefix(strings.ToLower(set.Title), strings.ToLower(typed)) {
			names = append(names, clean(set.Title))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// keyed is an account whose key is on this device, as far as that can be told.
type keyed struct {
	id     vault.ID
	name   string // "" for none
	unsure bool   // the accounts are locked
}

// account finds the account that codes are for: the one that is named, or one
// whose service the title names.
func (b *backups) account(ctx context.Context, query, name string) (keyed, error) {
	dir, err := b.app.folder()
	if err != nil {
		return keyed{}, err
	}
	if !vault.Exists(dir) {
		if query != "" {
			return keyed{}, notFound(query)
		}
		return keyed{}, nil
	}
	from := b.app
	if query == "" && from.fd < 0 { // accounts are not unlocked for this
		quiet := *from
		quiet.In, quiet.Err = nil, io.Discard
		from = &quiet
	}
	v, err := from.open(ctx)
	if err != nil && query == "" {
		return keyed{unsure: true}, nil
	}
	if err != nil {
		return keyed{}, err
	}
	defer func() { _ = v.Close() }()
	if query != "" {
		acc, err := one(v.Accounts(), query)
		return keyed{id: acc.ID, name: title(acc.Issuer, acc.Name)}, err
	}
	for _, acc := range v.Accounts() {
		if acc.Issuer != "" && strings.Contains(strings.ToLower(name), strings.ToLower(acc.Issuer)) {
			return keyed{id: acc.ID, name: title(acc.Issuer, acc.Name)}, nil
		}
	}
	return keyed{}, nil
}
