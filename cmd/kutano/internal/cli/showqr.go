// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
)

func (a *App) showQRCommand() *cobra.Command {
	var yes bool
	var file string
	cmd := &cobra.Command{
		Use:   "show-qr QUERY",
		Short: words.T("Show an account's QR code, to add it on another device"),
		Long: words.T(`Draws the QR code of an account in the terminal, after asking: whoever sees it
can make your codes. Scan it with the other device, then clear the terminal.

--png writes a picture instead, which only you may read; delete it after use. In
JSON the key's address is in "uri".`),
		Example: words.T(`  kutano show-qr kutano
  kutano show-qr kutano --png kutano.png`),
		Args:              oneQuery,
		ValidArgsFunction: a.completeQuery,
	}
	cmd.Flags().BoolVar(&yes, "yes", false, words.T("do not ask"))
	cmd.Flags().StringVar(&file, "png", "", words.T("write a PNG picture to `FILE`"))
	cmd.RunE = a.withVault(func(ctx context.Context, v *vault.Vault, args []string) error {
		acc, err := one(v.Accounts(), args[0])
		if err != nil {
			return err
		}
		if !yes {
			question := words.T("Show the QR code of {account}? Whoever sees it can make your codes.", "account", title(acc.Issuer, acc.Name))
			if sure, err := a.confirm(ctx, question, "--yes", false); err != nil || !sure {
				return orDeclined(err)
			}
		}
		var key otpauth.Key
		err = a.unlocked(ctx, func(ctx context.Context) (err error) {
			key, err = v.Key(ctx, acc.ID)
			return err
		})
		if err != nil {
			return err
		}
		defer key.Secret.Clear()
		return a.showQR(acc, key, file)
	})
	return cmd
}

func (a *App) showQR(acc vault.Account, key otpauth.Key, file string) error {
	uri := key.URI()
	defer uri.Clear()
	if file != "" {
		if err := writePicture(file, uri.Reveal()); err != nil {
			return err
		}
	}
	switch {
	case a.json:
		a.doc = &document{Accounts: []shownKey{{shown: showAccount(acc), URI: uri.Reveal()}}}
		return nil
	case file != "":
		a.say(words.T("The picture is written. Delete it when the other device has it."))
		return nil
	}
	drawn, err := scan.Terminal(uri.Reveal())
	if err != nil {
		return err
	}
	if _, err := io.WriteString(a.Out, drawn); err != nil {
		return fmt.Errorf("draw QR code: %w", err)
	}
	a.say(words.T("Scan it with the other device, then clear the terminal."))
	return nil
}

// pictureSize is large enough for any phone's camera.
const pictureSize = 720 // pixels

// writePicture draws the code into a new file for the user alone. It does not
// write over a file: that may be readable for others.
func writePicture(path, text string) error {
	img, err := scan.Draw(text, pictureSize)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return fmt.Errorf("draw picture: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write picture: %w", err)
	}
	_, err = f.Write(b.Bytes())
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = os.Remove(path)
		return fmt.Errorf("write picture: %w", err)
	}
	return nil
}
