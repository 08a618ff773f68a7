// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
)

type scanFlags struct {
	screen, clipboard, camera, dryRun, replace, yes bool
}

func (a *App) scanCommand() *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "scan FILE… | --screen | --clipboard",
		Short: words.T("Add accounts from QR codes in pictures, on the screen or in the clipboard"),
		Long: words.T(`Looks for QR codes with keys in picture files, on all screens, or in the
clipboard (a picture, or key addresses as text), and offers every one it finds.
The picture - is read from standard input. Pictures of a move from another app
may come in any order, all together.

In a terminal it asks what to add, unless there is --yes; elsewhere it adds all
that is new. An account that is here with another key is replaced if you say so,
or with --replace.`),
		Example: words.T(`  kutano scan --screen
  kutano scan qr.png
  kutano scan export-1.png export-2.png --dry-run
  kutano scan --clipboard --json`),
		Args: f.validate,
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.screen, "screen", false, words.T("look at all screens"))
	flags.BoolVar(&f.clipboard, "clipboard", false, words.T("look into the clipboard"))
	flags.BoolVar(&f.camera, "camera", false, words.T("not offered yet"))
	flags.BoolVar(&f.dryRun, "dry-run", false, words.T("show what would be added, and keep nothing"))
	flags.BoolVar(&f.replace, "replace", false, words.T("replace accounts that are here with another key"))
	flags.BoolVar(&f.yes, "yes", false, words.T("add all that is new without asking"))
	_ = flags.MarkHidden("camera")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.scan(cmd, args, f) }
	return cmd
}

// validate wants exactly one sort of source.
func (f *scanFlags) validate(_ *cobra.Command, args []string) error {
	sorts := 0
	for _, on := range []bool{len(args) > 0, f.screen, f.clipboard, f.camera} {
		if on {
			sorts++
		}
	}
	if sorts != 1 {
		return usage(words.T("Say where to look: picture files, --screen or --clipboard."), words.T("For example: kutano scan --screen"))
	}
	for _, arg := range args {
		if strings.Contains(arg, "://") {
			return usage(words.T("Keys are not taken from arguments: other programs can see those."), words.T("Give it to kutano add on standard input."))
		}
	}
	return nil
}

func (a *App) scan(cmd *cobra.Command, files []string, f scanFlags) error {
	if f.camera {
		return tell(explain.Unsupported,
			words.T("Scanning with a camera is not offered yet."), words.T("Nothing was changed."),
			words.T("Show the QR code on this screen and use --screen, or save a picture of it."))
	}
	if a.fd == 0 && slices.Contains(files, "-") {
		return usage(words.T("Standard input cannot be both the picture and the passphrase."), words.T("Give the passphrase on another descriptor: --passphrase-fd 3 3< file"))
	}
	// Looking comes first: what holds no key needs no passphrase.
	s := scanner{app: a}
	if err := s.look(cmd.Context(), files, f); err != nil {
		return err
	}
	return a.withVaultUnless(&f.dryRun, func(ctx context.Context, v *vault.Vault, _ []string) error {
		s.sayIncomplete()
		in := intake{app: a, vault: v, entries: s.entries, dryRun: f.dryRun, replace: f.replace, ask: true, quiet: f.yes}
		return in.run(ctx)
	})(cmd, nil)
}
