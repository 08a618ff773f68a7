// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/snapshot"
)

// toOut is the file name that means standard output.
const toOut = "-"

// What an account is to a file that is exported.
const (
	written status = "written"
	fits    status = "fits" // of a dry run
)

// exporting are the flags of kutano export.
type exporting struct {
	recipients []string
	recovery   bool
	force      bool
	fd         int
	format     string
	plain      bool
	only       []string
	dryRun     bool
	yes        bool
	formats    bool

	target foreign.Target // the zero one for our own backup
}

func (a *App) exportCommand() *cobra.Command {
	var f exporting
	cmd := &cobra.Command{
		Use:   "export FILE",
		Short: words.T("Write accounts to an encrypted backup, or for another app"),
		Long: words.T(`Writes all accounts with their keys into an encrypted file, readable for you
alone, and reads it back to see that it is whole. It is under a passphrase, which
is asked twice; or for the age recipients that are given, or for your recovery
key. FILE - is standard output, where that is no terminal.

kutano import reads it again, and so does the age program: age -d FILE

With --format the file is one that another app imports. Where that app can open
encrypted files it is under a passphrase, too; --plain leaves it open to everybody
who gets it. Accounts that the app has no place for are named and left out.`),
		Example: words.T(`  kutano export /media/usb/accounts.age
  kutano export accounts.age --recovery-key
  kutano export accounts.age --recipient age1…
  kutano export - --new-passphrase-fd 3 3< passphrase-file > accounts.age
  kutano export aegis.json --format aegis
  kutano export move.png --format google-qr --plain --only kutano`),
		Args: f.validate,
	}
	flags := cmd.Flags()
	newPassphraseFlag(flags, &f.fd)
	flags.StringArrayVar(&f.recipients, "recipient", nil, words.T("encrypt to an age `RECIPIENT`; repeat it for several"))
	flags.BoolVar(&f.recovery, "recovery-key", false, words.T("encrypt to your recovery key"))
	flags.BoolVar(&f.force, "force", false, words.T("write over a file that is there"))
	flags.StringVar(&f.format, "format", ours.ID, words.T("write a file of another `FORMAT`"))
	flags.BoolVar(&f.plain, "plain", false, words.T("do not encrypt it; needs --format"))
	flags.StringArrayVar(&f.only, "only", nil, words.T("only the accounts that a `QUERY` finds; repeat it for several"))
	flags.BoolVar(&f.dryRun, "dry-run", false, words.T("show what would be in it, and write nothing"))
	flags.BoolVar(&f.yes, "yes", false, words.T("do not ask"))
	flags.BoolVar(&f.formats, "formats", false, words.T("list what can be written"))
	_ = cmd.RegisterFlagCompletionFunc("format", completeFormat)
	_ = cmd.RegisterFlagCompletionFunc("only", a.completeQuery)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if f.formats {
			return a.listTargets()
		}
		if err := a.canExport(args[0], &f); err != nil {
			return err
		}
		if err := f.free(args[0]); err != nil {
			return err
		}
		return a.withVault(func(ctx context.Context, v *vault.Vault, args []string) error {
			return a.export(ctx, v, args[0], f)
		})(cmd, args)
	}
	return cmd
}

func (f *exporting) validate(_ *cobra.Command, args []string) error {
	switch {
	case f.formats && len(args) == 0, !f.formats && len(args) == 1 && args[0] != "":
		return nil
	case f.formats:
		return usage(words.T("{flag} takes no files.", "flag", "--formats"), words.T("Leave one of the two out."))
	}
	return usage(words.T("Name the file to write."), words.T("For example: kutano export accounts.age"))
}

// canExport refuses what cannot end well before a passphrase is asked for.
func (a *App) canExport(file string, f *exporting) error {
	switch {
	case f.fd >= 0 && f.toKeys():
		return usage(words.T("A backup is either under a passphrase or for keys."), words.T("Leave one of the two out."))
	case file == toOut && a.json:
		return usage(words.T("Standard output cannot hold the backup and the JSON object."), words.T("Name a file, or leave --json out."))
	case file == toOut && isTerminal(a.Out):
		return usage(words.T("A backup is not for a terminal."), words.T("Name a file, or send the output into one."))
	case f.format == ours.ID && f.plain:
		return usage(words.T("A backup is always encrypted."), words.T("Leave --plain out, or choose another --format."))
	case f.format == ours.ID:
		return nil
	}
	for _, f.target = range targets() {
		if f.target.ID == f.format {
			return a.canExportTo(file, f)
		}
	}
	return usage(words.T("There is no such format."), words.T("kutano export --formats lists what can be written."))
}

// canExportTo does so for a file of another app.
func (a *App) canExportTo(file string, f *exporting) error {
	t := f.target
	switch {
	case f.toKeys():
		return usage(words.T("Only a backup of this app can be for keys."), words.T("Leave --format out, or the keys."))
	case f.plain && f.fd >= 0:
		return usage(words.T("A file is either plain or under a passphrase."), words.T("Leave one of the two out."))
	case f.plain && t.Locking == foreign.AlwaysLocked:
		return usage(words.T("A file of this format is always encrypted."), words.T("Leave --plain out."))
	case f.dryRun:
		return nil
	case !f.plain && t.Locking == foreign.NeverLocked:
		return usage(words.T("A file of this format is not encrypted: everybody who gets it has your accounts."), words.T("Add {flag} if you mean it.", "flag", "--plain"))
	case f.plain && !f.yes && !a.interactive():
		return usage(words.T("This needs a yes, and there is no terminal to ask at."), words.T("Add {flag} if you mean it.", "flag", "--yes"))
	case file == toOut && t.Several:
		return usage(words.T("This format may need several files, which standard output cannot hold."), words.T("Name a file."))
	}
	return nil
}

// free refuses a name that is taken before anybody types a passphrase twice. What
// several files are called is not known yet.
func (f *exporting) free(file string) error {
	if file == toOut || f.dryRun || f.target.Several {
		return nil
	}
	info, err := os.Stat(file)
	switch {
	case err != nil: // none, or what writing it will tell
		return nil
	case info.IsDir():
		return fmt.Errorf("export: %w", syscall.EISDIR)
	case !f.force:
		return alreadyThere()
	}
	return nil
}

func (f *exporting) toKeys() bool { return f.recovery || len(f.recipients) > 0 }

// chosen is what is exported.
type chosen struct {
	d    snapshot.Document // shares its memory with the whole
	lost int               // accounts whose key is gone
}

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
	c, err := choose(d, v.Accounts(), f.only)
	switch {
	case err != nil:
		return err
	case len(c.d.Accounts)+len(c.d.Aside) == 0:
		return nothingToWrite()
	case f.target.ID != "":
		return a.exportTo(ctx, file, c, f)
	}
	return a.exportBackup(ctx, v, file, c, f)
}

func nothingToWrite() error {
	return tell(explain.NotFound, words.T("There is nothing to write: no account has a key here."), "", noAccounts())
}

// choose keeps the accounts that the queries find; all of them, removed ones and
// what was set aside too, where there are none.
func choose(d snapshot.Document, as []vault.Account, queries []string) (chosen, error) {
	if len(queries) == 0 {
		return chosen{d, len(as) - live(d)}, nil
	}
	wanted := map[string]bool{}
	for _, q := range queries {
		found := find(as, q)
		if len(found) == 0 {
			return chosen{}, notFound(q)
		}
		for _, acc := range found {
			wanted[string(acc.ID)] = true
		}
	}
	part := snapshot.Document{Made: d.Made}
	for _, e := range d.Accounts {
		if wanted[e.ID] {
			part.Accounts = append(part.Accounts, e)
		}
	}
	return chosen{part, len(wanted) - live(part)}, nil
}

func (a *App) warnOfLost(lost int) {
	if lost <= 0 {
		return
	}
	a.warn(explain.Message{
		Kind: explain.KeysGone,
		What: words.N(lost, "1 account is not in it: its key is gone.", "{n} accounts are not in it: their keys are gone."),
		Next: words.T("Bring the accounts back from a snapshot: kutano snapshot restore latest"),
	})
}
