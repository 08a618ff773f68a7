// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/snapshot"
)

// toOut is the file name that means standard output.
const toOut = "-"

// exporting are the flags of kutano export.
type exporting struct {
	recipients []string
	recovery   bool
	force      bool
	fd         int
}

func (a *App) exportCommand() *cobra.Command {
	var f exporting
	cmd := &cobra.Command{
		Use:   "export FILE",
		Short: words.T("Write an encrypted backup of all accounts"),
		Long: words.T(`Writes all accounts with their keys into an encrypted file, readable for you
alone, and reads it back to see that it is whole. It is under a passphrase, which
is asked twice; or for the age recipients that are given, or for your recovery
key. FILE - is standard output, where that is no terminal.

kutano import reads it again, and so does the age program: age -d FILE`),
		Example: words.T(`  kutano export /media/usb/accounts.age
  kutano export accounts.age --recovery-key
  kutano export accounts.age --recipient age1…
  kutano export - --new-passphrase-fd 3 3< passphrase-file > accounts.age`),
		Args: oneFile,
	}
	flags := cmd.Flags()
	newPassphraseFlag(flags, &f.fd)
	flags.StringArrayVar(&f.recipients, "recipient", nil, words.T("encrypt to an age `RECIPIENT`; repeat it for several"))
	flags.BoolVar(&f.recovery, "recovery-key", false, words.T("encrypt to your recovery key"))
	flags.BoolVar(&f.force, "force", false, words.T("write over a file that is there"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := a.canExport(args[0], f); err != nil {
			return err
		}
		return a.withVault(func(ctx context.Context, v *vault.Vault, args []string) error {
			return a.export(ctx, v, args[0], f)
		})(cmd, args)
	}
	return cmd
}

func oneFile(_ *cobra.Command, args []string) error {
	if len(args) == 1 && args[0] != "" {
		return nil
	}
	return usage(words.T("Name the file to write."), words.T("For example: kutano export accounts.age"))
}

// canExport refuses what cannot end well before a passphrase is asked for.
func (a *App) canExport(file string, f exporting) error {
	switch {
	case f.fd >= 0 && f.toKeys():
		return usage(words.T("A backup is either under a passphrase or for keys."), words.T("Leave one of the two out."))
	case file == toOut && a.json:
		return usage(words.T("Standard output cannot hold the backup and the JSON object."), words.T("Name a file, or leave --json out."))
	case file == toOut && isTerminal(a.Out):
		return usage(words.T("A backup is not for a terminal."), words.T("Name a file, or send the output into one."))
	}
	return nil
}

func (f exporting) toKeys() bool { return f.recovery || len(f.recipients) > 0 }

func (a *App) export(ctx context.Context, v *vault.Vault, file string, f exporting) error {
	var d snapshot.Document
	err := a.unlocked(ctx, func(ctx context.Context) (err error) {
		d, err = v.Document(ctx)
		return err
	})
	defer d.Clear()
	if err != nil {
		return err
	}
	if len(d.Accounts)+len(d.Aside) == 0 {
		return tell(explain.NotFound, words.T("There is nothing to write: no account has a key here."), "", noAccounts())
	}
	lock, err := a.exportLock(ctx, v, f)
	if err != nil {
		return err
	}
	defer lock.Passphrase.Clear()
	backup, err := snapshot.Encrypt(d, lock)
	if err != nil {
		return err
	}
	if err := proved(d, backup, lock); err != nil {
		return err
	}
	if err := a.writeBackup(ctx, file, backup, f.force); err != nil {
		return err
	}
	if lost := len(v.Accounts()) - live(d); lost > 0 {
		a.warn(explain.Message{
			Kind: explain.KeysGone,
			What: words.N(lost, "1 account is not in it: its key is gone.", "{n} accounts are not in it: their keys are gone."),
			Next: words.T("Bring the accounts back from a snapshot: kutano snapshot restore latest"),
		})
	}
	return a.reportExport(d, file, len(backup), lock)
}

func (a *App) exportLock(ctx context.Context, v *vault.Vault, f exporting) (snapshot.Lock, error) {
	if !f.toKeys() {
		pass, err := a.newPassphrase(ctx, newPassphrase{
			fd: f.fd, flag: "--" + newFlag,
			intro:   words.T("The backup is under a passphrase of its own. Without it nobody can open the file, and nobody can tell it to you."),
			missing: words.T("This needs a passphrase for the backup."),
		})
		return snapshot.Lock{Passphrase: pass}, err
	}
	lock := snapshot.Lock{Recipients: f.recipients}
	if f.recovery {
		err := a.unlocked(ctx, func(ctx context.Context) error {
			r, err := v.RecoveryRecipient(ctx)
			lock.Recipients = append(f.recipients[:len(f.recipients):len(f.recipients)], r)
			return err
		})
		if err != nil {
			return lock, err
		}
	}
	return lock, nil
}

// proved opens the backup again before it is written, as far as that goes: what
// is for a key cannot be opened here.
func proved(d snapshot.Document, backup []byte, lock snapshot.Lock) error {
	if lock.Passphrase.Len() == 0 {
		need, err := snapshot.Needs(backup)
		if err == nil && need != snapshot.NeedKey {
			err = snapshot.ErrReadBack
		}
		return err
	}
	back, err := snapshot.Decrypt(backup, snapshot.Opener{Passphrase: lock.Passphrase})
	if err != nil {
		return fmt.Errorf("%w: %w", snapshot.ErrReadBack, err)
	}
	defer back.Clear()
	want, got := snapshot.Encode(d), snapshot.Encode(back)
	defer clearAll(want, got)
	if !want.Equal(got) {
		return snapshot.ErrReadBack
	}
	return nil
}

// writeBackup writes the file and compares what is there then.
func (a *App) writeBackup(ctx context.Context, file string, backup []byte, force bool) error {
	if file == toOut {
		if _, err := a.Out.Write(backup); err != nil {
			return fmt.Errorf("write backup: %w", err)
		}
		return nil
	}
	write := atomicfile.Create
	if force {
		write = atomicfile.Write
	}
	err := write(file, backup)
	if errors.Is(err, fs.ErrExist) {
		return tell(explain.Failed, words.T("There is already a file of that name."), words.T("It was not touched."),
			words.T("Choose another name, or write over it with --force."))
	}
	if err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	back, err := readFile(ctx, file, int64(len(backup)))
	if err != nil {
		return fmt.Errorf("read backup back: %w", err)
	}
	if !bytes.Equal(back, backup) {
		return snapshot.ErrReadBack
	}
	return nil
}

func (a *App) reportExport(d snapshot.Document, file string, size int, lock snapshot.Lock) error {
	if a.json {
		kind := "key"
		if lock.Passphrase.Len() > 0 {
			kind = "passphrase"
		}
		a.doc = &document{Accounts: showBackup(d, file), Backup: &shownFile{File: file, Size: size, Lock: kind}}
		return nil
	}
	sentence := words.N(live(d), "The backup is written and whole, with 1 account.", "The backup is written and whole, with {n} accounts.")
	if file == toOut {
		a.say(sentence)
		return nil
	}
	return a.print(sentence)
}

// showBackup lists the accounts of a backup that are not removed.
func showBackup(d snapshot.Document, file string) []shownEntry {
	list := make([]shownEntry, 0, len(d.Accounts))
	for _, e := range d.Accounts {
		k, err := otpauth.Parse(e.URI.Reveal())
		if err != nil || !e.Removed.IsZero() {
			continue
		}
		s := shownEntry{shown: showKey(k), Source: file, Status: "written"}
		s.ID = vault.ID(e.ID)
		k.Secret.Clear()
		list = append(list, s)
	}
	return list
}
