// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/exchange"
)

// importing is one run of kutano import.
type importing struct {
	app     *App
	keys    unlocker // for our own backups, and passwords of other files
	take    comeback
	shred   bool
	formats bool
	undo    bool

	files  []exchange.File // that were read, or not, in the order of the rows
	others int             // files in folders that hold nothing that is known
	sums   map[string]sum  // of the files that were named, by their paths
	held   map[string]bool // of them, those that hold more than accounts
	gone   map[string]bool // of them, those that were deleted
	shreds map[string]bool // their absolute paths: one may be named in two ways
	asking asking
}

func (a *App) importCommand() *cobra.Command {
	im := importing{app: a, keys: unlocker{app: a}, take: comeback{app: a, imports: true}}
	cmd := &cobra.Command{
		Use:   "import FILE… | FOLDER | -",
		Short: words.T("Add accounts from other apps' exports and from backups"),
		Long: words.T(`Reads the exports of other authenticator apps and password managers, and encrypted
backups of this one. What a file is, is told by its content; several may come in
one go, a folder too, and - is standard input. It shows what is in them beside
what is here, and adds what is new, after asking, all in one change.

An account that is here with another key can be kept beside it (--keep-both), or
takes its place (--replace); the key it had can be brought back for 30 days.
A password that opens the first file is tried on the others, too.`),
		Example: words.T(`  kutano import aegis-export.json
  kutano import qr-1.png qr-2.png accounts.age --dry-run
  kutano import 2fas.2fas --file-passphrase-fd 3 --yes 3< password-file
  kutano import --undo
  kutano import --formats`),
		Args: im.validate,
	}
	flags := cmd.Flags()
	im.keys.register(flags)
	flags.BoolVar(&im.take.dryRun, "dry-run", false, words.T("show what would be added, and keep nothing"))
	flags.BoolVar(&im.take.yes, "yes", false, words.T("do not ask"))
	flags.BoolVar(&im.take.differing, "replace", false, words.T("replace accounts that are here with another key"))
	flags.BoolVar(&im.take.beside, "keep-both", false, words.T("keep both where an account is here with another key"))
	flags.BoolVar(&im.shred, "shred", false, words.T("then delete unencrypted files of which all came in"))
	flags.BoolVar(&im.undo, "undo", false, words.T("undo the last import or restore instead"))
	flags.BoolVar(&im.formats, "formats", false, words.T("list what can be read"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case im.formats:
			return a.listFormats()
		case im.undo:
			return im.takeBack(cmd)
		}
		return im.run(cmd, args)
	}
	return cmd
}

// validate wants something to read, and no two answers to one question.
func (im *importing) validate(_ *cobra.Command, args []string) error {
	switch {
	case im.formats && (im.undo || len(args) > 0):
		return usage(words.T("{flag} takes no files.", "flag", "--formats"), words.T("Leave one of the two out."))
	case im.undo && (im.take.differing || im.take.beside || im.shred || len(args) > 0):
		return usage(words.T("{flag} takes no files.", "flag", "--undo"), words.T("Leave one of the two out."))
	case im.formats || im.undo:
		return nil
	case len(args) == 0:
		return usage(words.T("Name the files to read."), words.T("For example: kutano import accounts.age"))
	case im.take.differing && im.take.beside:
		return usage(words.T("An account's key is either replaced or kept beside the other."), words.T("Leave one of the two out."))
	}
	return im.validateInput(args)
}

// validateInput refuses keys as arguments, which other programs can see, and
// standard input for two things.
func (im *importing) validateInput(args []string) error {
	stdin := 0
	for _, arg := range args {
		if likeURI(arg) {
			return usage(words.T("Keys are not taken from arguments: other programs can see those."), words.T("Give them on standard input: kutano import -"))
		}
		if arg == fromIn {
			stdin++
		}
	}
	if stdin > 1 || stdin == 1 && (im.keys.fd == 0 || im.keys.key.fd == 0) {
		return usage(words.T("Standard input can be only one thing."), words.T("Give the password on another descriptor: --file-passphrase-fd 3 3< file"))
	}
	return nil
}

// run reads everything before the vault is opened: what cannot be read needs no
// passphrase and founds no data folder.
func (im *importing) run(cmd *cobra.Command, args []string) error {
	if err := im.app.readGiven(cmd.Context()); err != nil {
		return err
	}
	defer im.keys.clear()
	defer func() { im.take.backup.Clear() }()
	if err := im.gather(cmd.Context(), args); err != nil {
		return err
	}
	if len(im.take.origins)+len(im.take.asides) == 0 {
		return im.nothing()
	}
	return im.app.withVaultUnless(&im.take.dryRun, func(ctx context.Context, v *vault.Vault, _ []string) error {
		im.take.vault = v
		err := im.shredAfter(ctx, im.take.run(ctx))
		im.sayFiles()
		return err
	})(cmd, nil)
}

// nothing ends a run in which no file held an account that could be read.
func (im *importing) nothing() error {
	switch {
	case len(im.files) == 0:
		return tell(explain.Empty, words.T("There is nothing in this folder that can be read."), words.T("Nothing was changed."), lookAtFormats())
	case len(im.files) == 1 && im.files[0].From == im.files[0].To:
		return im.fileError(im.files[0])
	}
	im.take.classify()
	if err := im.take.preview(); err != nil {
		return err
	}
	err := im.take.finish()
	im.sayFiles()
	return err
}

func (a *App) listFormats() error {
	var list []shownFormat
	var rows [][]string
	if isTerminal(a.Out) {
		rows = append(rows, []string{words.T("FORMAT"), words.T("APP")})
	}
	for _, f := range append([]shownFormat{ours}, others()...) {
		list, rows = append(list, f), append(rows, []string{f.ID, f.App})
	}
	if a.json {
		a.doc = &document{Formats: list}
		return nil
	}
	if _, err := io.WriteString(a.Out, table(rows)); err != nil {
		return fmt.Errorf("print formats: %w", err)
	}
	return nil
}
