// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

func (b *backups) printCommand() *cobra.Command {
	var pdf string
	var yes bool
	cmd := &cobra.Command{
		Use:   "print NAME",
		Short: words.T("Print backup codes"),
		Long: words.T(`Prints the codes on a sheet, each with a box to cross it off, with what to do with
them; or writes the sheet as a PDF file. The printing system may keep what it
printed for a day.`),
		Example: words.T(`  kutano safe print kutano
  kutano safe print kutano --pdf codes.pdf`),
		Args:              oneName,
		ValidArgsFunction: b.completeSet,
	}
	cmd.Flags().StringVar(&pdf, "pdf", "", words.T("write a sheet to print as a new `FILE`"))
	cmd.Flags().BoolVar(&yes, "yes", false, words.T("do not ask"))
	cmd.RunE = b.open(func(ctx context.Context, args []string) error {
		set, err := b.find(ctx, args[0])
		if err != nil {
			return err
		}
		if set.Place != backupcodes.Here {
			return elsewhere(set)
		}
		if !yes && pdf == "" {
			question := words.T("Print the backup codes {name} on the printer of this computer?", "name", clean(set.Title))
			if sure, err := b.app.confirm(ctx, question, "--yes", true); err != nil || !sure {
				return orDeclined(err)
			}
		}
		return b.print(ctx, set, pdf)
	})
	return cmd
}

func (b *backups) print(ctx context.Context, set backupcodes.Set, pdf string) error {
	if err := b.unlock(ctx); err != nil {
		return err
	}
	codes, used, err := b.all(set.ID)
	defer backupcodes.Reading{Codes: codes}.Clear()
	if err != nil {
		return err
	}
	list := sheet.CodeList{Title: set.Title, Codes: codes, Used: used, Made: set.Made.Local()}
	if pdf != "" {
		if err := b.writeCodes(pdf, list); err != nil {
			return err
		}
		return b.report(words.T("The sheet is written. Print it, then delete the file."), set)
	}
	page, err := sheet.Codes(list)
	if err == nil {
		err = sheet.Print(ctx, page)
	}
	clear(page)
	if errors.Is(err, sheet.ErrNoPrinter) {
		return tell(explain.Unsupported, words.T("There is no printer here."), words.T("Nothing was printed."), words.T("Write the sheet into a file with --pdf FILE, and print it elsewhere."))
	}
	if err != nil {
		return err
	}
	return b.report(words.T("The backup codes {name} went to the printer.", "name", clean(set.Title)), set)
}

// all returns the codes of a set.
func (b *backups) all(id backupcodes.ID) (codes []secret.Value, used []bool, err error) {
	list, err := b.safe.Codes(id)
	for i := range list {
		c, err := b.safe.Reveal(id, i)
		if err != nil {
			return codes, nil, err
		}
		codes, used = append(codes, c), append(used, !list[i].Used.IsZero())
	}
	return codes, used, err
}

func (b *backups) exportCommand() *cobra.Command {
	var only []string
	fd := -1
	cmd := &cobra.Command{
		Use:   "export FILE",
		Short: words.T("Write backup codes into an encrypted file"),
		Long: words.T(`Writes all backup codes and notes into a new file under a passphrase, for another
drive or another device. kutano safe import reads it, and so does the age program:
age -d FILE`),
		Example: words.T(`  kutano safe export /media/usb/backup-codes.age
  kutano safe export kutano.age --only kutano`),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] != "" {
				return nil
			}
			return usage(words.T("Name the file to write."), words.T("For example: kutano safe export backup-codes.age"))
		},
	}
	cmd.Flags().StringArrayVar(&only, "only", nil, words.T("only the backup codes with that `NAME`; repeat it for several"))
	newPassphraseFlag(cmd.Flags(), &fd)
	_ = cmd.RegisterFlagCompletionFunc("only", b.completeSet)
	cmd.RunE = b.open(func(ctx context.Context, args []string) error {
		if err := b.unlock(ctx); err != nil {
			return err
		}
		sets := b.safe.Sets()
		var ids []backupcodes.ID
		if len(only) > 0 {
			chosen := make([]backupcodes.Set, len(only))
			for i, query := range only {
				var err error
				if chosen[i], err = oneSet(sets, query); err != nil {
					return err
				}
				ids = append(ids, chosen[i].ID)
			}
			sets = chosen
		}
		pass, err := b.filePassphrase(ctx, fd)
		if err != nil {
			return err
		}
		defer pass.Clear()
		file, err := b.safe.Export(ctx, pass, ids...)
		if err == nil {
			err = atomicfile.Create(args[0], file)
		}
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		if b.app.json {
			b.app.doc = &document{BackupCodes: showSets(sets), Backup: &shownFile{File: args[0], Size: len(file), Lock: "passphrase"}}
			return nil
		}
		return b.app.print(words.N(len(sets), "The file is written, with 1 set of backup codes.", "The file is written, with {n} sets of backup codes."))
	})
	return cmd
}

// maxExported is the largest file that is read; package backupcodes has its own bound.
const maxExported = 17 << 20 // bytes

func (b *backups) importCommand() *cobra.Command {
	fd := -1
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: words.T("Take backup codes in from an encrypted file"),
		Long: words.T(`Takes in what kutano safe export wrote, what kutano safe add --to wrote, or a
file that kutano safe start-anew put aside. Codes that are here already stay as
they are, and what was used there counts as used here.`),
		Example: words.T(`  kutano safe import /media/usb/backup-codes.age`),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] != "" {
				return nil
			}
			return usage(words.T("Name the file to read."), words.T("For example: kutano safe import backup-codes.age"))
		},
	}
	fdFlag(cmd.Flags(), &fd, fileFlag, words.T("read the file's own passphrase from file descriptor `N`"))
	cmd.RunE = b.open(func(ctx context.Context, args []string) error {
		file, err := readFile(ctx, args[0], maxExported)
		if err != nil {
			return fmt.Errorf("import backup codes: %w", err)
		}
		if err := b.ready(ctx); err != nil {
			return err
		}
		u := unlocker{app: b.app, fd: fd}
		pass, err := u.filePassphrase(ctx, args[0])
		if err != nil {
			return err
		}
		defer pass.Clear()
		in, err := b.safe.Import(ctx, file, pass)
		if err != nil {
			return err
		}
		if b.app.json {
			b.app.doc = &document{BackupCodes: showSets(in.Added), Imported: &shownImport{len(in.Added), in.Same, in.Removed}}
			return nil
		}
		return b.app.print(words.T("New: {added}. Here already: {same}. Removed or replaced here, and not brought back: {removed}.", "added", len(in.Added), "same", in.Same, "removed", in.Removed))
	})
	return cmd
}
