// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

func (a *App) profileKeyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "key FILE",
		Short: words.T("Make a key for signing your workspace's profiles"),
		Long: words.T(`Draws a key for signing profiles and writes it into a new file for you alone.
Whoever has this file can sign in your workspace's name: keep it offline, and a
copy in a safe place. What is printed is the fingerprint, which people compare.`),
		Example: words.T(`  kutano profile key workspace.key`),
		Args:    exactFile,
		RunE: func(_ *cobra.Command, args []string) error {
			text, public := profile.NewSigningKey()
			defer text.Clear()
			if err := atomicfile.Create(args[0], text.Bytes()); err != nil {
				return fmt.Errorf("write key: %w", err)
			}
			if a.json {
				a.doc = &document{Signer: public.Fingerprint()}
				return nil
			}
			if _, err := fmt.Fprintln(a.Out, public.Fingerprint()); err != nil {
				return fmt.Errorf("print fingerprint: %w", err)
			}
			a.say(words.T("The key is in the file. Tell people the fingerprint above, by another way than the profile."))
			return nil
		},
	}
}

// exactFile wants one file.
func exactFile(cmd *cobra.Command, args []string) error {
	if len(args) != 1 || args[0] == "-" {
		return usage(words.T("Name one file."), words.T("Add --help to see what this command takes."))
	}
	return oneFile(cmd, args)
}

func (a *App) profileSignCommand() *cobra.Command {
	var keyFile, out string
	cmd := &cobra.Command{
		Use:   "sign FILE --key KEYFILE",
		Short: words.T("Sign a profile for your workspace"),
		Long: words.T(`Reads a profile, checks it, signs it with the key that kutano profile key made,
and prints the signed file, or writes it with --out. An older signature is
replaced; remarks in the file are left out.`),
		Example: words.T(`  kutano profile sign workspace.toml --key workspace.key --out signed.toml`),
		Args:    oneFileAtLeast,
	}
	cmd.Flags().StringVar(&keyFile, "key", "", words.T("the `file` with the key"))
	cmd.Flags().StringVar(&out, "out", "", words.T("write the signed profile into this new `file`"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if keyFile == "" {
			return usage(words.T("{flag} needs a value.", "flag", "--key"), words.T("Make a key with kutano profile key FILE."))
		}
		p, err := a.readProfile(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		key, err := readSigningKey(cmd.Context(), keyFile)
		if err != nil {
			return err
		}
		defer key.Clear()
		if p, err = p.Sign(key); err != nil {
			return err
		}
		return a.writeSigned(p, out)
	}
	return cmd
}

func oneFileAtLeast(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usage(words.T("Name one file, or - for standard input."), words.T("Add --help to see what this command takes."))
	}
	return oneFile(cmd, args)
}

// maxSigningKey is far more than a key has.
const maxSigningKey = 4096 // bytes

func readSigningKey(ctx context.Context, path string) (secret.Value, error) {
	data, err := readFile(ctx, path, maxSigningKey)
	if err != nil {
		return secret.Value{}, fmt.Errorf("read key: %w", err)
	}
	return secret.New(data), nil
}

func (a *App) writeSigned(p profile.Profile, out string) error {
	data, err := p.TOML()
	if err != nil {
		return err
	}
	if out != "" {
		if err := atomicfile.Create(out, data); err != nil {
			return fmt.Errorf("write profile: %w", err)
		}
	}
	if a.json {
		a.doc = &document{Signer: p.Signer.Fingerprint()}
		return nil
	}
	if out == "" {
		if _, err := a.Out.Write(data); err != nil {
			return fmt.Errorf("print profile: %w", err)
		}
	}
	a.say(words.T("Signed with the key {key}.", "key", p.Signer.Fingerprint()))
	return nil
}

func (a *App) profileQRCommand() *cobra.Command {
	var picture string
	var text bool
	cmd := &cobra.Command{
		Use:   "qr [FILE]",
		Short: words.T("Show a profile as a QR code"),
		Long: words.T(`Draws the QR code of the profile in use, or of one in a file, for others to scan
with kutano profile use --screen or with the app.`),
		Example: words.T(`  kutano profile qr signed.toml --png profile.png`),
		Args:    oneFile,
	}
	cmd.Flags().StringVar(&picture, "png", "", words.T("write a picture into this new `file` instead"))
	cmd.Flags().BoolVar(&text, "text", false, words.T("print the text of the QR code, for pasting"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if picture != "" && text {
			return usage(words.T("These flags do not go together."), words.T("Give --png or --text."))
		}
		var p profile.Profile
		var err error
		if len(args) == 1 {
			p, err = a.readProfile(cmd.Context(), args[0])
		} else {
			p, err = a.profile()
		}
		if err != nil {
			return err
		}
		return a.drawProfile(p, picture, text)
	}
	return cmd
}

func (a *App) drawProfile(p profile.Profile, picture string, asText bool) error {
	text, err := p.QR()
	if err != nil {
		return err
	}
	switch {
	case picture != "":
		if err := writePicture(picture, text); err != nil {
			return err
		}
		if a.json {
			a.doc = &document{QR: text}
		} else {
			a.say(words.T("The picture is written."))
		}
		return nil
	case a.json:
		a.doc = &document{QR: text}
		return nil
	}
	drawn := text + "\n"
	if !asText {
		if drawn, err = scan.Terminal(text); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(a.Out, drawn); err != nil {
		return fmt.Errorf("draw QR code: %w", err)
	}
	return nil
}
