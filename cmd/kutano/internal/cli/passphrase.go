// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/secret"
)

func (a *App) passphraseCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:   "passphrase",
		Short: words.T("Lock your keys under a passphrase"),
		Long: words.T(`Puts your keys under a passphrase of yours, beside the protection that the keyring
gives them, changes it or takes it away. Keys in a sealed file always have one.

With a passphrase every command asks for it, or takes it from --passphrase-fd. A
wrong one several times over makes the next try wait; nothing is ever erased.

Nobody can tell you a passphrase that you forgot. A recovery key can set a new
one: see kutano snapshot key.`),
		Example: words.T(`  kutano passphrase set
  kutano passphrase change
  kutano passphrase forgotten`),
	}, a.passphraseSet(), a.passphraseChange(), a.passphraseRemove(), a.passphraseForgotten())
}

// fdFlag adds a flag for a descriptor that a secret comes on.
func fdFlag(f *pflag.FlagSet, p *int, name, usage string) { f.IntVar(p, name, -1, usage) }

const newFlag = "new-passphrase-fd"

func newPassphraseFlag(f *pflag.FlagSet, p *int) {
	fdFlag(f, p, newFlag, words.T("read the new passphrase from file descriptor `N`"))
}

func (a *App) passphraseSet() *cobra.Command {
	var fd int
	cmd := &cobra.Command{
		Use:   "set",
		Short: words.T("Set a passphrase"),
		Long: words.T(`Puts the keys in the keyring under a passphrase, which is asked twice. From then
on they are of no use to anyone who has the keyring and not the passphrase.`),
		Example: words.T(`  kutano passphrase set
  kutano passphrase set --new-passphrase-fd 3 3< passphrase-file`),
		Args: noArgs,
	}
	newPassphraseFlag(cmd.Flags(), &fd)
	cmd.RunE = a.withTyped(func(ctx context.Context, v *vault.Vault) error {
		if v.Guarded() && !a.made {
			return usage(words.T("A passphrase is set already."), words.T("Change it with kutano passphrase change."))
		}
		return a.setPassphrase(ctx, v, fd)
	})
	return cmd
}

func (a *App) passphraseChange() *cobra.Command {
	var fd int
	cmd := &cobra.Command{
		Use:   "change",
		Short: words.T("Change the passphrase"),
		Long: words.T(`Asks for the passphrase and twice for the new one. If it fails half-way, the old
one stays.`),
		Example: words.T(`  kutano passphrase change
  kutano passphrase change --passphrase-fd 3 --new-passphrase-fd 4 3< old 4< new`),
		Args: noArgs,
	}
	newPassphraseFlag(cmd.Flags(), &fd)
	cmd.RunE = a.withTyped(func(ctx context.Context, v *vault.Vault) error {
		if !v.Guarded() {
			return fmt.Errorf("change passphrase: %w", vault.ErrNoGuard)
		}
		return a.setPassphrase(ctx, v, fd)
	})
	return cmd
}

// withTyped opens the vault and keeps the passphrase it was opened with.
func (a *App) withTyped(work func(context.Context, *vault.Vault) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		a.remember()
		return a.withVault(func(ctx context.Context, v *vault.Vault, _ []string) error {
			return work(ctx, v)
		})(cmd, args)
	}
}

func (a *App) setPassphrase(ctx context.Context, v *vault.Vault, fd int) error {
	fresh := !v.Guarded() || a.made
	if !a.made { // else it was asked for as the folder was founded
		pass, err := a.newPassphrase(ctx, newPassphrase{
			fd: fd, flag: "--" + newFlag,
			intro:   words.T("Without the passphrase nobody can open your keys, and nobody can tell it to you."),
			missing: words.T("This needs the new passphrase."),
		})
		if err != nil {
			return err
		}
		defer pass.Clear()
		err = a.unlocked(ctx, func(ctx context.Context) error { return v.SetPassphrase(ctx, a.typed, pass) })
		if err != nil {
			return err
		}
	}
	sentence := words.T("The passphrase is changed.")
	if fresh {
		sentence = words.T("The passphrase is set.")
	}
	if _, _, ok := v.Recovery(); !ok && !a.json {
		a.say(words.T("Should you forget it, only a recovery key helps. Make one now: kutano snapshot key"))
	}
	return a.reportGuard(sentence, true)
}

// reportGuard ends a command about the passphrase.
func (a *App) reportGuard(sentence string, set bool) error {
	if a.json {
		a.doc = &document{Passphrase: &shownGuard{Set: set}}
		return nil
	}
	return a.print(sentence)
}

// print writes a sentence of the result.
func (a *App) print(sentence string) error {
	if _, err := fmt.Fprintln(a.Out, sentence); err != nil {
		return fmt.Errorf("print result: %w", err)
	}
	return nil
}

func (a *App) passphraseRemove() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "remove",
		Short: words.T("Take the passphrase away"),
		Long: words.T(`Asks for the passphrase and takes it away. The keys are then protected by the
keyring alone. A sealed file cannot do without a passphrase.`),
		Example: words.T(`  kutano passphrase remove
  kutano passphrase remove --passphrase-fd 3 3< passphrase-file`),
		Args: noArgs,
	}
	cmd.RunE = a.withTyped(func(ctx context.Context, v *vault.Vault) error {
		err := a.unlocked(ctx, func(ctx context.Context) error { return v.RemovePassphrase(ctx, a.typed) })
		if err != nil {
			return err
		}
		return a.reportGuard(words.T("The passphrase is taken away. Your keyring protects the keys."), false)
	})
	return cmd
}

func clearAll(secrets ...secret.Value) {
	for _, s := range secrets {
		s.Clear()
	}
}
