// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

func (a *App) tourCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "tour",
		Short: words.T("See it all work, in a throw-away folder"),
		Long: words.T(`Shows the whole way from a QR code to an accepted code with a sample account: it
draws the QR code that a service would show, scans it from the picture, keeps the
account in a sealed file, shows the code with its time left, and checks the code
as a service would. Everything happens in a folder of its own, which is removed at
the end; your accounts and your keyring are not touched, and no network is used.`),
		Example: words.T(`  kutano tour`),
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := os.MkdirTemp("", "kutano-tour-")
			if err != nil {
				return fmt.Errorf("make a folder for the tour: %w", err)
			}
			t := tour{app: a, dir: dir}
			err = t.run(cmd.Context())
			return errors.Join(err, os.RemoveAll(dir))
		},
	}
}

// tour is one walk. In JSON it is silent but for the result.
type tour struct {
	app    *App
	dir    string
	sample otpauth.Key // as the service keeps it; the vault gets it through the QR code only
	vault  *vault.Vault
	number int
}

func (t *tour) run(ctx context.Context) error {
	t.sample = sampleKey()
	defer t.sample.Secret.Clear()
	t.step(words.T("A service, here a sample of Kutano, shows its QR code."))
	picture, err := t.draw()
	if err != nil {
		return err
	}
	t.step(words.T("We scan it from its picture."))
	key, err := t.scan(ctx, picture)
	if err != nil {
		return err
	}
	defer key.Secret.Clear()
	t.step(words.T("We keep the account in a sealed file, under a passphrase made up for this tour."))
	acc, err := t.keep(ctx, key)
	if err != nil {
		return err
	}
	defer func() { _ = t.vault.Close() }()
	t.step(words.T("This is its code, and the time it is good for:"))
	shown, err := t.live(ctx, acc)
	if err != nil {
		return err
	}
	t.step(words.T("The service computes the code by itself and compares."))
	return t.check(shown)
}

func (t *tour) step(sentence string) {
	t.number++
	t.print(fmt.Sprintf("\n%d. %s", t.number, sentence))
}

func (t *tour) print(text string) {
	if !t.app.json {
		fmt.Fprintln(t.app.Out, text)
	}
}

func sampleKey() otpauth.Key {
	key := make([]byte, 20) // what RFC 4226 recommends for SHA-1
	_, _ = rand.Read(key)   // never fails
	return otpauth.Key{
		Type: otpauth.TOTP, Issuer: "Kutano", Account: "ana@example.com", Secret: secret.New(key),
		Algorithm: otpauth.SHA1, Digits: otpauth.DefaultDigits, Period: otpauth.DefaultPeriod,
	}
}

// draw shows the sample's QR code and writes its picture.
func (t *tour) draw() (path string, err error) {
	uri := t.sample.URI()
	defer uri.Clear()
	drawn, err := scan.Terminal(uri.Reveal())
	if err != nil {
		return "", err
	}
	t.print("\n" + drawn)
	path = filepath.Join(t.dir, "enrolment.png")
	return path, writePicture(path, uri.Reveal())
}

// scan finds the key in the picture, as kutano scan does.
func (t *tour) scan(ctx context.Context, picture string) (otpauth.Key, error) {
	s := scanner{app: t.app}
	if err := s.look(ctx, []string{picture}, scanFlags{}); err != nil {
		return otpauth.Key{}, err
	}
	if len(s.entries) != 1 || s.entries[0].err != nil || !s.entries[0].key.Same(t.sample) {
		return otpauth.Key{}, t.astray(words.T("The QR code was not read as it was drawn."))
	}
	t.print("   " + words.T("Found: {account}", "account", s.entries[0].title()))
	return s.entries[0].key, nil
}

func (t *tour) keep(ctx context.Context, key otpauth.Key) (vault.Account, error) {
	v, err := vault.Open(ctx, vault.Options{
		Dir: filepath.Join(t.dir, "data"), Store: keystore.File, Now: t.app.Clock.Now,
		Passphrase: func(context.Context, bool) (secret.Value, error) { return secret.FromString(rand.Text()), nil },
	})
	if err != nil {
		return vault.Account{}, err
	}
	t.vault = v
	acc, err := v.Add(ctx, key)
	if err != nil {
		return acc, errors.Join(err, v.Close())
	}
	t.print("   " + words.T("Added {account}.", "account", title(acc.Issuer, acc.Name)))
	return acc, nil
}

// astray is what should never happen on a tour.
func (t *tour) astray(what string) error {
	return tell(explain.Failed, what, words.T("Your own accounts were not touched."),
		words.T("Please report this with the output of kutano --version."))
}
