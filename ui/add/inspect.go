// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package add

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// Accounts is what adding needs of the vault. [*vault.Vault] is one.
type Accounts interface {
	Accounts() []vault.Account
	Compare(ctx context.Context, k otpauth.Key) (vault.Status, vault.Account, error)
	AddAll(ctx context.Context, ks []otpauth.Key) ([]vault.Account, error)
	Replace(ctx context.Context, id vault.ID, k otpauth.Key) (vault.Account, error)
	Reorder(ctx context.Context, ids []vault.ID) error
}

// Status is what keeping a candidate would mean.
type Status uint8

// The statuses of a candidate.
const (
	New     Status = iota // not in the vault
	Same                  // kept already, with the same key
	Differs               // an account of this name is kept, with another key
	Refused               // cannot be read: Err says why
)

// Candidate is an account that was found and is not kept yet.
type Candidate struct {
	Name     string // issuer and account, as far as they can be told
	Key      otpauth.Key
	Status   Status
	Existing vault.Account // for Same and Differs
	Err      error         // for Refused
	Ticked   bool          // the user wants it
}

// Finding is what a source held.
type Finding struct {
	Candidates []Candidate
	Texts      int               // QR codes and texts that were looked at
	Missing    []otpauth.Missing // parts of a transfer that are still to be scanned
	Foreign    bool              // it is a file of another app, and was not looked into
}

// Inspect reads accounts from texts and compares each with the vault. New
// accounts come ticked; one that would replace another does not. err is an
// error of the vault; a text that cannot be read is a candidate with its
// reason, and a text that names no account is none.
func Inspect(ctx context.Context, texts []string, accounts Accounts) (Finding, error) {
	f := Finding{Texts: len(texts), Missing: otpauth.Incomplete(texts)}
	seen := map[string][]otpauth.Key{}
	for _, found := range otpauth.Find(strings.Join(texts, "\n")) {
		if found.Err != nil {
			f.Candidates = append(f.Candidates, Candidate{Name: found.Name, Status: Refused, Err: found.Err})
			continue
		}
		k, fresh := distinct(seen, found.Key)
		if !fresh {
			continue
		}
		c, err := compare(ctx, k, accounts)
		if err != nil {
			return Finding{}, fmt.Errorf("compare with the accounts kept: %w", err)
		}
		f.Candidates = append(f.Candidates, c)
	}
	return f, nil
}

// distinct drops a key that came before under the same names, and gives
// another key under names that came before a number.
func distinct(seen map[string][]otpauth.Key, k otpauth.Key) (otpauth.Key, bool) {
	name := label(k)
	for _, old := range seen[name] {
		if old.Same(k) {
			return k, false
		}
	}
	seen[name] = append(seen[name], k)
	if n := len(seen[name]); n > 1 {
		k.Account = strings.TrimSpace(fmt.Sprintf("%s (%d)", k.Account, n))
	}
	return k, true
}

func compare(ctx context.Context, k otpauth.Key, accounts Accounts) (Candidate, error) {
	c := Candidate{Name: label(k), Key: k}
	status, existing, err := accounts.Compare(ctx, k)
	if err != nil {
		return c, err
	}
	c.Existing = existing
	switch status {
	case vault.Same:
		c.Status = Same
	case vault.Differs:
		c.Status = Differs
	default:
		c.Status, c.Ticked = New, true
	}
	return c, nil
}

func label(k otpauth.Key) string {
	switch {
	case k.Issuer == "":
		return k.Account
	case k.Account == "":
		return k.Issuer
	}
	return k.Issuer + " · " + k.Account
}

// Tick sets whether the user wants candidate i. One that is kept already or
// cannot be read stays as it is.
func (f *Finding) Tick(i int, on bool) {
	if i < 0 || i >= len(f.Candidates) {
		return
	}
	if c := &f.Candidates[i]; c.Status == New || c.Status == Differs {
		c.Ticked = on
	}
}

// Wanted returns how many accounts will be added and how many replaced.
func (f *Finding) Wanted() (added, replaced int) {
	for i := range f.Candidates {
		switch c := &f.Candidates[i]; {
		case !c.Ticked:
		case c.Status == New:
			added++
		case c.Status == Differs:
			replaced++
		}
	}
	return added, replaced
}

// Nothing reports whether no account was found, not even one that cannot be
// read.
func (f *Finding) Nothing() bool { return len(f.Candidates) == 0 }

// Kept is what came of Keep.
type Kept struct {
	Added    []vault.Account
	Replaced []vault.Account
}

// First returns the account whose code the user most likely needs now: a
// Kutano account if there is one.
func (k Kept) First() (vault.Account, bool) {
	all := append(append([]vault.Account(nil), k.Added...), k.Replaced...)
	for _, a := range all {
		if a.Kutano {
			return a, true
		}
	}
	if len(all) == 0 {
		return vault.Account{}, false
	}
	return all[0], true
}

// Keep puts the ticked candidates into the vault: new ones together, then the
// replacements the user agreed to. What was kept before an error came is in
// the result. A first Kutano account goes to the top of the list.
func Keep(ctx context.Context, f Finding, accounts Accounts) (Kept, error) {
	var out Kept
	had := hasKutano(accounts.Accounts())
	var fresh []otpauth.Key
	for i := range f.Candidates {
		if c := &f.Candidates[i]; c.Ticked && c.Status == New {
			fresh = append(fresh, c.Key)
		}
	}
	var err error
	if len(fresh) > 0 {
		if out.Added, err = accounts.AddAll(ctx, fresh); err != nil {
			return out, fmt.Errorf("add accounts: %w", err)
		}
	}
	for i := range f.Candidates {
		c := &f.Candidates[i]
		if !c.Ticked || c.Status != Differs {
			continue
		}
		a, err := accounts.Replace(ctx, c.Existing.ID, c.Key)
		if err != nil {
			return out, fmt.Errorf("replace an account: %w", err)
		}
		out.Replaced = append(out.Replaced, a)
	}
	if !had {
		err = kutanoFirst(ctx, out.Added, accounts)
	}
	// The accounts are kept: their place in the list is not worth an error.
	if errors.Is(err, context.Canceled) {
		return out, err
	}
	return out, nil
}

func hasKutano(as []vault.Account) bool {
	for i := range as {
		if as[i].Kutano {
			return true
		}
	}
	return false
}

func kutanoFirst(ctx context.Context, added []vault.Account, accounts Accounts) error {
	var order []vault.ID
	for i := range added {
		if added[i].Kutano {
			order = append(order, added[i].ID)
		}
	}
	if len(order) == 0 {
		return nil
	}
	first := len(order)
	for _, a := range accounts.Accounts() {
		if !contains(order[:first], a.ID) {
			order = append(order, a.ID)
		}
	}
	return accounts.Reorder(ctx, order)
}

func contains(ids []vault.ID, id vault.ID) bool {
	for _, x := range ids {
		if x == id {
			return true
		}
	}
	return false
}
