// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// withVault opens the vault around a command's work.
func (a *App) withVault(work func(context.Context, *vault.Vault, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) (err error) {
		v, err := a.open(cmd.Context())
		if err != nil {
			return err
		}
		defer func() {
			if e := v.Close(); err == nil {
				err = e
			}
		}()
		return work(cmd.Context(), v, args)
	}
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
		if a.fd >= 0 { // on standard input it stands before what the work reads
			pass, err := a.passphrase(cmd.Context(), true)
			if err != nil {
				return err
			}
			pass.Clear()
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

func (a *App) open(ctx context.Context) (*vault.Vault, error) {
	o := vault.Options{Store: keystore.Kind(a.store), Passphrase: a.passphrase, Now: a.Clock.Now}
	if !a.knownStore() {
		return nil, usage(words.T("Keys are kept in the keyring or in a file."), words.T("Give --store keyring or --store file."))
	}
	dir, err := a.folder()
	if err != nil {
		return nil, err
	}
	o.Dir = dir
	var v *vault.Vault
	err = a.unlocked(ctx, func(ctx context.Context) (err error) {
		v, err = vault.Open(ctx, o)
		return err
	})
	if err == nil {
		a.warnIfOpen(dir)
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

// passphrase gets the sealed file's passphrase: from --passphrase-fd, else from
// a person at a terminal.
func (a *App) passphrase(ctx context.Context, create bool) (secret.Value, error) {
	switch {
	case a.fd >= 0:
		return inBackground(ctx, nil, a.passphraseFromFD)
	case !a.interactive() && create:
		return secret.Value{}, usage(
			words.T("The keys go into a sealed file here, which needs a new passphrase."),
			words.T("Run this in a terminal, or give the passphrase with --passphrase-fd."))
	case !a.interactive():
		return secret.Value{}, tell(explain.Passphrase,
			words.T("The keys are in a sealed file, which needs its passphrase."),
			words.T("Your keys are safe in it."),
			words.T("Run this in a terminal, or give the passphrase with --passphrase-fd."))
	case create:
		return a.newPassphrase(ctx)
	}
	return a.askHidden(ctx, words.T("Passphrase: "))
}

func (a *App) newPassphrase(ctx context.Context) (secret.Value, error) {
	a.say(words.T("Your keys go into a sealed file under a passphrase of yours. Without it nobody can open them, and nobody can tell it to you."))
	first, err := a.askHidden(ctx, words.T("New passphrase: "))
	if err != nil {
		return secret.Value{}, err
	}
	second, err := a.askHidden(ctx, words.T("The same again: "))
	if err != nil {
		first.Clear()
		return secret.Value{}, err
	}
	defer second.Clear()
	if !first.Equal(second) {
		first.Clear()
		return secret.Value{}, usage(words.T("The two are not the same."), words.T("Try again."))
	}
	if first.Len() == 0 {
		return secret.Value{}, usage(words.T("A passphrase cannot be empty."), words.T("Try again."))
	}
	return first, nil
}

// maxPassphrase is far above what anyone types.
const maxPassphrase = 4096 // bytes

// passphraseFromFD reads the first line, byte by byte: the rest of the stream
// may be standard input that the command reads next.
func (a *App) passphraseFromFD() (secret.Value, error) {
	in := a.In
	if a.fd != 0 {
		f := os.NewFile(uintptr(a.fd), "passphrase")
		if f == nil {
			return secret.Value{}, badFD()
		}
		defer f.Close()
		in = f
	}
	line := make([]byte, 0, maxPassphrase) // never grown: no copies stay behind
	var one [1]byte
	for len(line) < maxPassphrase {
		n, err := in.Read(one[:])
		if n == 1 && one[0] == '\n' || errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return secret.Value{}, badFD()
		}
		line = append(line, one[:n]...)
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	if len(line) == 0 {
		return secret.Value{}, usage(words.T("No passphrase came on that file descriptor."), words.T("Write it there, followed by a line end."))
	}
	return secret.New(line), nil
}

func badFD() error {
	return usage(words.T("The file descriptor of --passphrase-fd cannot be read."),
		words.T("For example: kutano list --passphrase-fd 3 3< passphrase-file"))
}
