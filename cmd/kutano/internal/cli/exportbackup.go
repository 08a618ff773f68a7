// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/snapshot"
)

// exportBackup writes a backup of our own.
func (a *App) exportBackup(ctx context.Context, v *vault.Vault, file string, c chosen, f exporting) error {
	if f.dryRun {
		a.warnOfLost(c.lost)
		return a.reportBackup(c.d, file, 0, snapshot.Lock{}, fits)
	}
	lock, err := a.exportLock(ctx, v, f)
	if err != nil {
		return err
	}
	defer lock.Passphrase.Clear()
	backup, err := snapshot.Encrypt(c.d, lock)
	if err != nil {
		return err
	}
	if err := proved(c.d, backup, lock); err != nil {
		return err
	}
	if err := a.writeBackup(ctx, file, backup, f.force); err != nil {
		return err
	}
	a.warnOfLost(c.lost)
	return a.reportBackup(c.d, file, len(backup), lock, written)
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
		return alreadyThere()
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

func (a *App) reportBackup(d snapshot.Document, file string, size int, lock snapshot.Lock, s status) error {
	if a.json {
		a.doc = &document{Accounts: showBackup(d, file, s)}
		if s == written {
			kind := "key"
			if lock.Passphrase.Len() > 0 {
				kind = "passphrase"
			}
			a.doc.Backup = &shownFile{File: file, Size: size, Lock: kind}
		}
		return nil
	}
	if s == fits {
		return a.print(words.N(live(d), "1 account would be in it.", "{n} accounts would be in it."))
	}
	sentence := words.N(live(d), "The backup is written and whole, with 1 account.", "The backup is written and whole, with {n} accounts.")
	if file == toOut {
		a.say(sentence)
		return nil
	}
	return a.print(sentence)
}

// showBackup lists the accounts of a backup that are not removed.
func showBackup(d snapshot.Document, file string, is status) []shownEntry {
	list := make([]shownEntry, 0, len(d.Accounts))
	for _, e := range d.Accounts {
		k, err := otpauth.Parse(e.URI.Reveal())
		if err != nil || !e.Removed.IsZero() {
			continue
		}
		s := shownEntry{shown: showKey(k), Source: file, Status: string(is)}
		s.ID = vault.ID(e.ID)
		k.Secret.Clear()
		list = append(list, s)
	}
	return list
}
