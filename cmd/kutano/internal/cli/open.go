// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
)

// withVault opens the vault around a command's work.
func (a *App) withVault(work func(context.Context, *vault.Vault, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) (err error) {
		v, err := a.open(cmd.Context())
		if err != nil {
			return err
		}
		defer func() { err = a.closeVault(v, err) }()
		return work(cmd.Context(), v, args)
	}
}

// closeVault closes the vault after work that ended in err, and warns of what
// came of its snapshots.
func (a *App) closeVault(v *vault.Vault, err error) error {
	if e := v.Close(); err == nil {
		err = e
	}
	if e := v.SnapshotErr(); e != nil { // written by the end of Close
		a.warnOfSnapshot(e)
	}
	if e := v.CopyErr(); e != nil {
		a.warnOfCopy(e)
	}
	return err
}

// withVaultUnless opens the vault around a command's work, but for a dry run in
// a folder where nothing is kept yet: opening would found one there, under a
// passphrase it may be. The work then gets none.
func (a *App) withVaultUnless(dryRun *bool, work func(context.Context, *vault.Vault, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		dir, err := a.folder()
		if err != nil || !*dryRun || !a.knownStore() || vault.Exists(dir) {
			return a.withVault(work)(cmd, args)
		}
		if err := a.readGiven(cmd.Context()); err != nil {
			return err
		}
		return work(cmd.Context(), nil, args)
	}
}

// knownStore tells whether --store is something that there is.
func (a *App) knownStore() bool {
	switch keystore.Kind(a.store) {
	case "", keystore.Keyring, keystore.File:
		return true
	}
	return false
}

// options are the vault's, with what the global flags say.
func (a *App) options() (vault.Options, error) {
	o := vault.Options{
		Store: keystore.Kind(a.store), Passphrase: a.passphrase, State: vault.StateDir(), Now: a.Clock.Now,
	}
	if !a.knownStore() {
		return o, usage(words.T("Keys are kept in the keyring or in a file."), words.T("Give --store keyring or --store file."))
	}
	dir, err := a.folder()
	o.Dir = dir
	return o, err
}

func (a *App) open(ctx context.Context) (*vault.Vault, error) {
	o, err := a.options()
	if err != nil {
		return nil, err
	}
	var v *vault.Vault
	err = a.unlocked(ctx, func(ctx context.Context) (err error) {
		v, err = vault.Open(ctx, o)
		return err
	})
	if err == nil {
		a.warnIfOpen(o.Dir)
	}
	return v, err
}

// warnIfOpen tells where every user of the computer can put files in the place
// of ours. Only whose folder it is may change that: it may be /tmp.
func (a *App) warnIfOpen(dir string) {
	info, err := os.Stat(dir)
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o002 != 0 {
		a.say(words.T("Everyone on this computer can change files in your data folder. To keep others out: chmod go-w {folder}", "folder", clean(dir)))
	}
}

func (a *App) folder() (string, error) {
	if a.data != "" {
		return a.data, nil
	}
	if dir := os.Getenv("KUTANO_DATA"); dir != "" {
		return dir, nil
	}
	return vault.DefaultDir()
}

// unlocked does what needs the keyring. Where that is locked and a person sits
// at the terminal it is done again with the system's own window for the
// password; the window is never raised by a script.
func (a *App) unlocked(ctx context.Context, do func(context.Context) error) error {
	err := do(ctx)
	if !errors.Is(err, keystore.ErrLocked) || !a.interactive() {
		return err
	}
	a.say(words.T("Your keyring is locked. Its window asks for your password."))
	return do(keystore.Prompting(ctx))
}
