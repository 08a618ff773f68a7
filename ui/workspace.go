// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"cmp"
	"context"
	"slices"

	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/ui/workspace"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

func (u *UI) aroundWorkspace() workspace.Around {
	return workspace.Around{
		Keeper: profile.In(u.Dir), Eyes: u.Eyes, Canvas: u.window.Canvas, Pause: u.Pause,
		Hide: u.window.Hide,
		Show: func() {
			u.window.Show()
			u.window.RequestFocus()
		},
		ChooseFile: u.choosePath, Changed: u.profileChanged,
	}
}

// profileChanged puts another profile of the workspace to use.
func (u *UI) profileChanged() {
	u.profile = u.workspace.Profile()
	if u.vault == nil || u.locked {
		return // the accounts are looked at when they open
	}
	u.careAccounts()
	u.careChanged()
	if u.setup != nil {
		u.setup.Refresh()
	}
}

// reviewMonths is how often a workspace wants things looked over, as package upkeep
// takes it: there 0 is the usual, and less than 0 never.
func reviewMonths(p profile.Profile) int { return cmp.Or(p.ReviewMonths, -1) }

// recognising is the vault, of whose accounts those that the workspace's profile
// recognises are Kutano accounts, too.
type recognising struct {
	Vault
	by profile.Profile
}

// recognised is the vault while it is open and not locked; nil otherwise.
func (u *UI) recognised() Vault {
	if u.vault == nil || u.locked {
		return nil
	}
	return recognising{u.vault, u.profile}
}

// Accounts returns all accounts.
func (r recognising) Accounts() []vault.Account { return r.mark(r.Vault.Accounts()) }

// AddAll adds accounts.
func (r recognising) AddAll(ctx context.Context, ks []otpauth.Key) ([]vault.Account, error) {
	as, err := r.Vault.AddAll(ctx, ks)
	return r.mark(as), err
}

// Replace gives an account another key.
func (r recognising) Replace(ctx context.Context, id vault.ID, k otpauth.Key) (vault.Account, error) {
	a, err := r.Vault.Replace(ctx, id, k)
	return r.mark([]vault.Account{a})[0], err
}

// mark returns copies: the vault's own are shared.
func (r recognising) mark(as []vault.Account) []vault.Account {
	as = slices.Clone(as)
	for i := range as {
		as[i].Kutano = as[i].Kutano || r.by.Recognises(as[i].Issuer)
	}
	return as
}
