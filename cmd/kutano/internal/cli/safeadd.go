// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

// adding are the flags of kutano safe add and replace.
type adding struct {
	file, where, account string
	whole, apart         bool
	dryRun, here, yes    bool
	pdf, to              string
	fd                   int // of the passphrase for to
}

func (f *adding) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.file, "file", "", words.T("read the codes from a `FILE`; - is standard input"))
	flags.StringVar(&f.where, "where", "", words.T("the `PLACE` where they, or another copy of them, are"))
	flags.StringVar(&f.account, "account", "", words.T("the account that they are for, as a `QUERY`"))
	flags.BoolVar(&f.whole, "blanks-inside", false, words.T("single blanks belong to the codes: 1234 5678 is one"))
	flags.BoolVar(&f.apart, "blanks-between", false, words.T("blanks stand between codes"))
	flags.BoolVar(&f.dryRun, "dry-run", false, words.T("show how the text is read, and keep nothing"))
	flags.BoolVar(&f.here, "here", false, words.T("keep them here though the account's key is on this device, too"))
	flags.BoolVar(&f.yes, "yes", false, words.T("do not ask whether they were read as you mean it"))
	flags.StringVar(&f.pdf, "pdf", "", words.T("do not keep them: write a sheet to print as a new `FILE`, and note that"))
	flags.StringVar(&f.to, "to", "", words.T("do not keep them: write an encrypted new `FILE`, and note that"))
	newPassphraseFlag(flags, &f.fd)
}

func (f *adding) validate() error {
	switch {
	case f.whole && f.apart:
		return usage(words.T("Blanks are either inside the codes or between them."), words.T("Leave one of the two out."))
	case f.pdf != "" && f.to != "", f.here && (f.pdf != "" || f.to != ""):
		return usage(words.T("Codes go to one place at a time."), words.T("Give one of --here, --pdf and --to."))
	}
	return nil
}

func (b *backups) addCommand() *cobra.Command {
	f := adding{fd: -1}
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: words.T("Take backup codes in"),
		Long: words.T(`Takes the codes of a service in, from a file, from standard input, or typed
without being shown: one on each line, or with commas, semicolons or blanks
between them. What they look like does not matter. They are kept under the safe's
passphrase, which is made at first use.

Backup codes are for the day on which a device is lost. Where the account's key is
on this device they are better kept elsewhere: on paper (--pdf), in an encrypted
file on another drive (--to), or where you have them, with only a note here
(kutano safe note). --here keeps them here all the same.`),
		Example: words.T(`  kutano safe add Kutano
  kutano safe add Kutano --file codes.txt --dry-run
  kutano safe add Kutano --pdf codes.pdf < codes.txt
  kutano safe add Kutano --to /media/usb/kutano-codes.age < codes.txt`),
		Args: oneName,
	}
	f.register(cmd.Flags())
	_ = cmd.RegisterFlagCompletionFunc("account", b.app.completeQuery)
	cmd.RunE = b.open(func(ctx context.Context, args []string) error {
		return b.add(ctx, &f, backupcodes.New{Title: args[0], Where: f.where}, func(ctx context.Context, n backupcodes.New) (backupcodes.Set, error) {
			if len(n.Codes) == 0 {
				return b.safe.Note(ctx, n)
			}
			return b.safe.Keep(ctx, n)
		})
	})
	return cmd
}

func (b *backups) replaceCommand() *cobra.Command {
	f := adding{fd: -1}
	cmd := &cobra.Command{
		Use:   "replace NAME",
		Short: words.T("Put new backup codes in the place of old ones"),
		Long: words.T(`Takes new codes in, as kutano safe add does, and removes the old ones in the same
step: once a service has given out new codes, the old ones work no longer. For 30
days kutano safe restore brings the old ones back.`),
		Example: words.T(`  kutano safe replace kutano
  kutano safe replace kutano --pdf new-codes.pdf < codes.txt`),
		Args:              oneName,
		ValidArgsFunction: b.completeSet,
	}
	f.register(cmd.Flags())
	_ = cmd.RegisterFlagCompletionFunc("account", b.app.completeQuery)
	cmd.RunE = b.open(func(ctx context.Context, args []string) error {
		old, err := b.find(ctx, args[0])
		if err != nil {
			return err
		}
		return b.add(ctx, &f, backupcodes.New{Title: old.Title, Account: old.Account, Where: f.where}, func(ctx context.Context, n backupcodes.New) (backupcodes.Set, error) {
			if old.Place == backupcodes.Here {
				if err := b.unlock(ctx); err != nil {
					return backupcodes.Set{}, err
				}
			}
			return b.safe.Replace(ctx, old.ID, n)
		})
	})
	return cmd
}

// taker keeps what was read.
type taker func(context.Context, backupcodes.New) (backupcodes.Set, error)

func (b *backups) add(ctx context.Context, f *adding, n backupcodes.New, take taker) error {
	if err := f.validate(); err != nil {
		return err
	}
	readings, err := b.read(ctx, f)
	if err != nil {
		return err
	}
	defer func() {
		for _, r := range readings {
			r.Clear()
		}
	}()
	if f.dryRun {
		return b.showReadings(readings)
	}
	meant := readings[0]
	if !f.yes && b.app.interactive() {
		if meant, err = b.agree(ctx, readings); err != nil {
			return err
		}
	}
	n.Codes = meant.Codes
	if meant.Twice > 0 && !b.app.json {
		b.app.say(words.N(meant.Twice, "1 code stood there twice and counts once.", "{n} codes stood there more than once and count once."))
	}
	acc, err := b.account(ctx, f.account, n.Title)
	if err != nil {
		return err
	}
	if n.Account == "" {
		n.Account = string(acc.id)
	}
	switch {
	case f.pdf != "":
		return b.onPaper(ctx, f.pdf, n, take)
	case f.to != "":
		return b.intoFile(ctx, f, n, take)
	}
	return b.here(ctx, f, n, acc, take)
}

// here keeps codes in the safe, after better places were offered where the key
// is here, too. R65.
func (b *backups) here(ctx context.Context, f *adding, n backupcodes.New, acc keyed, take taker) error {
	if err := b.mayKeepHere(ctx, f, acc); err != nil {
		return err
	}
	if err := b.ready(ctx); err != nil {
		return err
	}
	if same, count := b.safe.Holding(n.Codes); count > 0 && !b.app.json {
		b.app.say(words.N(count, "1 of these codes is kept already, in {name}.", "{n} of these codes are kept already, in {name}.", "name", clean(same.Title)))
	}
	set, err := take(ctx, n)
	if err != nil {
		return err
	}
	return b.report(words.N(set.First, "1 backup code is kept here, sealed: {name}.", "{n} backup codes are kept here, sealed: {name}.", "name", clean(set.Title)), set)
}

func (b *backups) mayKeepHere(ctx context.Context, f *adding, acc keyed) error {
	if f.here || acc.name == "" && !acc.unsure {
		return nil
	}
	why := words.T("The key for {account} is on this device. Backup codes are for the day on which the device is lost: keep them elsewhere.", "account", acc.name)
	if acc.unsure {
		why = words.T("Your accounts are locked, so it is not known whether the key for these codes is on this device. If it is, keep the codes elsewhere: they are for the day on which the device is lost.")
	}
	if !b.app.interactive() {
		return tell(explain.Usage, why, words.T("Nothing was kept."),
			words.T("Print them with --pdf FILE, put them into an encrypted file with --to FILE, or only note where they are with kutano safe note. --here keeps them here all the same."))
	}
	b.app.say(why)
	b.app.say(words.T("  on paper:                                 --pdf FILE"))
	b.app.say(words.T("  in an encrypted file on another drive:    --to FILE"))
	b.app.say(words.T("  where you have them, with a note here:    kutano safe note"))
	if sure, err := b.app.confirm(ctx, words.T("Keep them here all the same?"), "--here", false); err != nil || !sure {
		return orDeclined(err)
	}
	return nil
}

// onPaper writes a sheet and notes that the codes are there.
func (b *backups) onPaper(ctx context.Context, file string, n backupcodes.New, take taker) error {
	if err := b.writeCodes(file, sheet.CodeList{Title: n.Title, Codes: n.Codes, Made: b.app.Clock.Now()}); err != nil {
		return err
	}
	if !b.app.json {
		b.app.say(words.T("The sheet is written. Print it, then delete the file."))
	}
	if n.Where == "" {
		n.Where = words.T("on paper")
	}
	return b.noted(ctx, n, take)
}

func (b *backups) writeCodes(file string, list sheet.CodeList) error {
	page, err := sheet.Codes(list)
	defer clear(page)
	if err != nil {
		return err
	}
	if err := atomicfile.Create(file, page); err != nil {
		return fmt.Errorf("write backup codes: %w", err)
	}
	return nil
}

// intoFile writes an encrypted file and notes that the codes are there.
func (b *backups) intoFile(ctx context.Context, f *adding, n backupcodes.New, take taker) error {
	pass, err := b.filePassphrase(ctx, f.fd)
	if err != nil {
		return err
	}
	defer pass.Clear()
	data, err := backupcodes.Pack(ctx, n, b.app.Clock.Now(), pass)
	if err == nil {
		err = atomicfile.Create(f.to, data)
	}
	if err != nil {
		return fmt.Errorf("write backup codes: %w", err)
	}
	if n.Where == "" {
		n.Where = words.T("in the encrypted file {name}", "name", filepath.Base(f.to))
	}
	return b.noted(ctx, n, take)
}

func (b *backups) filePassphrase(ctx context.Context, fd int) (secret.Value, error) {
	return b.app.newPassphrase(ctx, newPassphrase{
		fd: fd, flag: "--" + newFlag,
		intro:   words.T("The file gets a passphrase of its own. Without it nobody can read it, and nobody can tell it to you."),
		missing: words.T("The file needs a new passphrase."),
	})
}

func (b *backups) noted(ctx context.Context, n backupcodes.New, take taker) error {
	n.Count, n.Codes = len(n.Codes), nil
	set, err := take(ctx, n)
	if err != nil {
		return err
	}
	return b.report(words.N(set.First, "1 backup code is noted, and not kept here: {name}, {where}.", "{n} backup codes are noted, and not kept here: {name}, {where}.",
		"name", clean(set.Title), "where", clean(set.Where)), set)
}

// showReadings ends a dry run. With --json no code is in it.
func (b *backups) showReadings(readings []backupcodes.Reading) error {
	if b.app.json {
		b.app.doc = &document{Readings: showReadings(readings)}
		return nil
	}
	var out strings.Builder
	for i, r := range readings {
		if i > 0 {
			out.WriteString("\n")
		}
		fmt.Fprintln(&out, describe(r, i, len(readings)))
		for j, c := range r.Codes {
			fmt.Fprintf(&out, "%4d  %s\n", j+1, c.Reveal())
		}
	}
	_, err := fmt.Fprint(b.app.Out, out.String())
	return err
}

// describe says how a text was read.
func describe(r backupcodes.Reading, i, of int) string {
	s := words.N(len(r.Codes), "Read as 1 code", "Read as {n} codes")
	if i > 0 {
		s = words.N(len(r.Codes), "Or as 1 code", "Or as {n} codes")
	}
	switch {
	case of == 1:
		return s + ":"
	case r.Whole:
		return s + words.T(", with blanks inside (--blanks-inside):")
	}
	return s + words.T(", with blanks between (--blanks-between):")
}
