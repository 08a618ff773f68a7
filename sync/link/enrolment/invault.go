// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package enrolment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// InVault keeps keys in a vault.
type InVault struct {
	Vault *vault.Vault
	Now   func() time.Time // for when it was verified
}

// beside names what is kept beside an account of the same name until it counts; n
// is 1, and more where that is taken too.
func beside(name string, n int) string {
	if n == 1 {
		return words.T("{name} (being set up)", "name", name)
	}
	return words.T("{name} (being set up, {n})", "name", name, "n", n)
}

// mostBeside is how many keys of one name that were never finished may be about.
const mostBeside = 9

// Keep is of [Accounts].
func (a InVault) Keep(ctx context.Context, k otpauth.Key) (id, old vault.ID, err error) {
	name := k.Account
	for n := 0; n <= mostBeside; n++ {
		if n > 0 {
			k.Account = beside(name, n)
		}
		status, have, err := a.Vault.Compare(ctx, k)
		if err != nil {
			return "", "", err
		}
		switch status {
		case vault.Same:
			return have.ID, old, nil
		case vault.New:
			added, err := a.Vault.Add(ctx, k)
			return added.ID, old, err
		}
		if n == 0 {
			old = have.ID
		}
	}
	return "", "", fmt.Errorf("keep a key beside another: %w", vault.ErrExists)
}

// Code is of [Accounts].
func (a InVault) Code(ctx context.Context, id vault.ID, at time.Time) (otpauth.Code, error) {
	return a.Vault.Code(ctx, id, at)
}

// Accept is of [Accounts]. The key is put in the place of the old one, which the
// vault keeps among the removed, before its own entry goes: whenever that is cut
// short, the key that counts is there.
func (a InVault) Accept(ctx context.Context, id, old vault.ID, name string) (vault.ID, error) {
	now, err := a.accept(ctx, id, old, name)
	if err != nil {
		return "", err
	}
	return now, a.Vault.MarkVerified(ctx, now, a.Now())
}

func (a InVault) accept(ctx context.Context, id, old vault.ID, name string) (vault.ID, error) {
	was, there := a.live(old)
	if old == "" || old == id || !there {
		return id, a.rename(ctx, id, name)
	}
	k, err := a.Vault.Key(ctx, id)
	if errors.Is(err, vault.ErrUnknown) {
		return old, nil // it was done before
	}
	if err != nil {
		return "", err
	}
	defer k.Secret.Clear()
	k.Issuer, k.Account = was.Issuer, was.Name
	status, _, err := a.Vault.Compare(ctx, k)
	if err == nil && status != vault.Same {
		_, err = a.Vault.Replace(ctx, old, k)
	}
	if err != nil {
		return "", err
	}
	return old, a.Drop(ctx, id, true)
}

func (a InVault) live(id vault.ID) (vault.Account, bool) {
	for _, one := range a.Vault.Accounts() {
		if one.ID == id {
			return one, true
		}
	}
	return vault.Account{}, false
}

// rename gives an account the name that it has at the service, where that is free.
func (a InVault) rename(ctx context.Context, id vault.ID, name string) error {
	now, ok := a.live(id)
	if !ok {
		return vault.ErrUnknown
	}
	if now.Name == name || name == "" {
		return nil
	}
	d := now.Details()
	d.Name = name
	_, err := a.Vault.Update(ctx, id, d)
	if errors.Is(err, vault.ErrExists) {
		return nil // it works by any name
	}
	return err
}

// Drop is of [Accounts].
func (a InVault) Drop(ctx context.Context, id vault.ID, forGood bool) error {
	if _, ok := a.live(id); !ok {
		return nil
	}
	if err := a.Vault.Remove(ctx, id); err != nil || !forGood {
		return err
	}
	return a.Vault.Erase(ctx, id)
}
