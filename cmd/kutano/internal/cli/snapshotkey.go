// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/snapshot"
)

// makeKey are the flags of kutano snapshot key.
type makeKey struct {
	pdf, file string
	yes, show bool
	written   []string // files of this run, removed if the key does not come into use
}

func (a *App) snapshotKey() *cobra.Command {
	var f makeKey
	cmd := &cobra.Command{
		Use:   "key",
		Short: words.T("Make the recovery key"),
		Long: words.T(`Makes the recovery key, for which snapshots are written from then on. It shows the
16 words once, on the terminal, to be written down on paper; or writes a sheet to
print (--pdf), or a key file for another drive (--key-file), readable for you
alone. Then it asks for two of the words, so that you know you have them, writes
the first snapshot and opens it with the key to see that it works.

The key does not stay on this computer. Keep it apart from it: whoever has the key
and a snapshot has your accounts, and without the key a snapshot is of no use.

A new recovery key takes the place of an earlier one; snapshots made for that one
still need that one.`),
		Example: words.T(`  kutano snapshot key
  kutano snapshot key --pdf sheet.pdf
  kutano snapshot key --key-file /media/usb/recovery-key.txt --yes
  kutano snapshot key --show`),
		Args: noArgs,
	}
	flags := cmd.Flags()
	flags.StringVar(&f.pdf, "pdf", "", words.T("write a sheet to print as a new `FILE`"))
	flags.StringVar(&f.file, "key-file", "", words.T("write the key as a new `FILE`"))
	flags.BoolVar(&f.yes, "yes", false, words.T("do not ask; needs --key-file or --pdf"))
	flags.BoolVar(&f.show, "show", false, words.T("only say which recovery key is in use"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := a.canShow(&f); err != nil {
			return err
		}
		return a.withVault(func(ctx context.Context, v *vault.Vault, _ []string) error {
			if f.show {
				return a.sayRecovery(v)
			}
			return a.newKey(ctx, v, &f)
		})(cmd, args)
	}
	return cmd
}

// canShow refuses to begin where the key could not be given to anybody.
func (a *App) canShow(f *makeKey) error {
	intoFile := f.pdf != "" || f.file != ""
	switch {
	case f.show && intoFile:
		return usage(words.T("The key itself is not on this computer and cannot be written again."), words.T("Leave --show out to make a new one."))
	case f.show || intoFile && (f.yes || a.interactive()):
		return nil
	case !intoFile && (!a.interactive() || !isTerminal(a.Out) || a.json || f.yes):
		return usage(words.T("The recovery key is shown on a terminal only."),
			words.T("Run this in a terminal, or have it written: kutano snapshot key --key-file FILE --yes"))
	case intoFile:
		return usage(words.T("This needs a yes, and there is no terminal to ask at."), words.T("Add {flag} if you mean it.", "flag", "--yes"))
	}
	return nil
}

func (a *App) sayRecovery(v *vault.Vault) error {
	key, since, ok := v.Recovery()
	if !ok {
		return fmt.Errorf("show recovery key: %w", vault.ErrNoRecovery)
	}
	if a.json {
		a.doc = &document{Recovery: &shownRoot{Key: key, Since: unix(since)}}
		return nil
	}
	return a.print(words.T("Recovery key {fingerprint}, in use since {date}.", "fingerprint", key, "date", day(since)))
}

func (a *App) newKey(ctx context.Context, v *vault.Vault, f *makeKey) error {
	if err := a.mayReplaceKey(ctx, v, f.yes); err != nil {
		return err
	}
	key := snapshot.NewKey()
	defer key.Clear()
	err := a.handOver(ctx, key, f)
	if err == nil {
		err = a.unlocked(ctx, func(ctx context.Context) error { return v.SetRecovery(ctx, key) })
	}
	if err != nil {
		for _, path := range f.written { // they open nothing
			err = errors.Join(err, os.Remove(path))
		}
		return err
	}
	if !a.json {
		if err := a.print(words.T("The recovery key is in use. The first snapshot is written and opens with it.")); err != nil {
			return err
		}
	}
	return a.sayRecovery(v)
}

// mayReplaceKey asks before a key takes the place of another.
func (a *App) mayReplaceKey(ctx context.Context, v *vault.Vault, yes bool) error {
	_, since, ok := v.Recovery()
	if !ok || yes {
		return nil
	}
	question := words.T("There is a recovery key since {date}. Make a new one? Keep the old sheet: older snapshots still need it.", "date", day(since))
	if sure, err := a.confirm(ctx, question, "--yes", false); err != nil || !sure {
		return orDeclined(err)
	}
	return nil
}

// handOver gives the key to the person, and has two words typed back.
func (a *App) handOver(ctx context.Context, key snapshot.Key, f *makeKey) error {
	if f.file != "" {
		text := key.File(a.Clock.Now())
		defer text.Clear()
		if err := f.write(f.file, text.Bytes()); err != nil {
			return err
		}
		back, err := readKeyFile(ctx, f.file)
		if err != nil {
			return err
		}
		defer back.Clear()
		if !back.Equal(text) {
			return snapshot.ErrReadBack
		}
		if !a.json {
			a.say(words.T("The key file is written. Keep it on another drive, apart from this computer."))
		}
	}
	if f.pdf != "" {
		if err := a.writeSheet(key, f); err != nil {
			return err
		}
	}
	if f.yes {
		return nil
	}
	if f.file == "" && f.pdf == "" {
		if err := a.showWords(ctx, key.Words()); err != nil {
			return err
		}
	}
	return a.proveWords(ctx, key.Words())
}

// write writes a file that is not there yet.
func (f *makeKey) write(path string, data []byte) error {
	if err := atomicfile.Create(path, data); err != nil {
		return fmt.Errorf("write recovery key: %w", err)
	}
	f.written = append(f.written, path)
	return nil
}

func (a *App) writeSheet(key snapshot.Key, f *makeKey) error {
	device, _ := os.Hostname()
	identity := key.Identity().Clone()
	defer identity.Clear()
	page, err := sheet.PDF(sheet.Sheet{
		Words: key.Words(), Identity: identity, Fingerprint: snapshot.Fingerprint(key.Recipient()),
		Made: a.Clock.Now(), Device: device,
	})
	defer clear(page)
	if err != nil {
		return err
	}
	if err := f.write(f.pdf, page); err != nil {
		return err
	}
	if !a.json {
		a.say(words.T("The sheet is written. Print it, then delete the file."))
	}
	return nil
}

// errUnproved ends it where the words typed back were not the key's.
func errUnproved() error {
	return tell(explain.Passphrase, words.T("These are not the words."), words.T("Nothing was changed; this key was thrown away."),
		words.T("Run kutano snapshot key again and write the new words down."))
}
