// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

type addFlags struct {
	dryRun, replace bool
	issuer, name    string
	kind, algorithm string
	digits, period  int
	counter         uint64
	set             *pflag.FlagSet
}

func (a *App) addCommand() *cobra.Command {
	var f addFlags
	cmd := &cobra.Command{
		Use:   "add",
		Short: words.T("Add accounts from key addresses or keys"),
		Long: words.T(`Reads key addresses (otpauth://… or otpauth-migration://…) from standard input,
one a line, and keeps the accounts. In a terminal it asks for the service, the
account and the key, and does not show the key as you type.

With --issuer or --name, standard input may also be a bare key, as services print
it below their QR code; the other flags say what its codes look like.

An account that is here already with the same key is left as it is. With another
key it is replaced if you say so, or with --replace; the old key can be brought
back for 30 days. Otherwise it is left and the exit code is 6.

Keys are never taken from arguments: other programs can see those.`),
		Example: words.T(`  kutano add                               asks for everything
  kutano add < key-addresses.txt
  xclip -o | kutano add --dry-run          shows what would be added
  kutano add --issuer GitHub --name ana@example.com < key.txt`),
		Args: noArgs,
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.dryRun, "dry-run", false, words.T("show what would be added, and keep nothing"))
	flags.BoolVar(&f.replace, "replace", false, words.T("replace accounts that are here with another key"))
	flags.StringVar(&f.issuer, "issuer", "", words.T("the service's `NAME`"))
	flags.StringVar(&f.name, "name", "", words.T("the account's `NAME` at the service"))
	flags.StringVar(&f.kind, "type", "totp", words.T("for a bare key: `totp|hotp|steam`"))
	flags.StringVar(&f.algorithm, "algorithm", "SHA1", words.T("for a bare key: `SHA1|SHA256|SHA512`"))
	flags.IntVar(&f.digits, "digits", 6, words.T("for a bare key: length of a code, 4 to 10"))
	flags.IntVar(&f.period, "period", 30, words.T("for a bare key: `seconds` that a code lasts"))
	flags.Uint64Var(&f.counter, "counter", 0, words.T("for a bare key that counts: the next counter"))
	nameAliases(flags)
	f.set = flags
	cmd.RunE = a.withVaultUnless(&f.dryRun, func(ctx context.Context, v *vault.Vault, _ []string) error {
		entries, err := a.readEntries(ctx, f)
		if err != nil {
			return err
		}
		in := intake{app: a, vault: v, entries: entries, dryRun: f.dryRun, replace: f.replace}
		return in.run(ctx)
	})
	return cmd
}

func (a *App) readEntries(ctx context.Context, f addFlags) ([]*entry, error) {
	if a.interactive() {
		return a.askForEntry(ctx, f)
	}
	return a.readLines(ctx, f)
}

// maxInput is far above 10,000 key addresses.
const maxInput = 8 << 20 // bytes

func (a *App) readLines(ctx context.Context, f addFlags) ([]*entry, error) {
	text, err := inBackground(ctx, nil, func() ([]byte, error) {
		return io.ReadAll(io.LimitReader(a.In, maxInput+1))
	})
	defer clear(text)
	if err != nil {
		return nil, fmt.Errorf("read standard input: %w", err)
	}
	if len(text) > maxInput {
		return nil, usage(words.T("That is too much for one time."), words.T("Split it: 8 MiB at most."))
	}
	if wide, ok := fromUTF16(text); ok {
		defer clear(wide)
		text = wide
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	var lines []string
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			lines = append(lines, string(line))
		}
	}
	if len(lines) == 0 {
		return nil, usage(words.T("There is no key address on standard input."),
			words.T("Give one a line: otpauth://totp/… In a terminal, run kutano add alone and it asks."))
	}
	return f.entries(lines)
}

// fromUTF16 returns a text as UTF-8 that begins with the mark of UTF-16, as
// what Windows' PowerShell writes into files does.
func fromUTF16(text []byte) ([]byte, bool) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(text, []byte{0xFF, 0xFE}):
		order = binary.LittleEndian
	case bytes.HasPrefix(text, []byte{0xFE, 0xFF}):
		order = binary.BigEndian
	default:
		return nil, false
	}
	units := make([]uint16, 0, len(text)/2)
	defer clear(units[:cap(units)])
	for ; len(text) > 1; text = text[2:] {
		units = append(units, order.Uint16(text))
	}
	out := make([]byte, 0, 3*len(units)) // never grown: no copies stay behind
	for _, r := range utf16.Decode(units) {
		out = utf8.AppendRune(out, r)
	}
	return out, true
}

// entries reads the lines, each a key address, or one bare key with flags.
func (f addFlags) entries(lines []string) ([]*entry, error) {
	if len(lines) == 1 && f.forBareKey() && !strings.Contains(lines[0], "://") {
		return f.bare(lines[0], "stdin")
	}
	var entries []*entry
	for i, line := range lines {
		found := otpauth.Find(line)
		if len(found) == 0 {
			found = []otpauth.Found{{Err: otpauth.ErrNotKeyURI}}
		}
		for _, x := range found {
			if x.Name == "" && x.Err != nil && len(lines) > 1 {
				x.Name = words.T("line {n}", "n", i+1)
			}
			entries = append(entries, newEntry("stdin", x))
		}
	}
	return entries, f.rename(entries)
}

func (f addFlags) forBareKey() bool {
	for _, name := range []string{"issuer", "name", "type", "algorithm", "digits", "period", "counter"} {
		if f.set.Changed(name) {
			return true
		}
	}
	return false
}

// rename gives the only entry the names of the flags.
func (f addFlags) rename(entries []*entry) error {
	if !f.forBareKey() {
		return nil
	}
	for _, name := range []string{"type", "algorithm", "digits", "period", "counter"} {
		if f.set.Changed(name) {
			return usage(words.T("A key address says itself what its codes look like."),
				words.T("Leave {flag} out.", "flag", "--"+name))
		}
	}
	if len(entries) != 1 {
		return usage(words.T("Names can be given for one account at a time."), words.T("Leave --issuer and --name out."))
	}
	e := entries[0]
	if e.err != nil {
		return nil
	}
	if f.set.Changed("issuer") {
		e.key.Issuer = strings.TrimSpace(f.issuer)
	}
	if f.set.Changed("name") {
		e.key.Account = strings.TrimSpace(f.name)
	}
	if err := e.key.Validate(); err != nil {
		e.refuse(err)
	}
	return nil
}

// bare makes an entry of a key as a service prints it.
func (f addFlags) bare(text, source string) ([]*entry, error) {
	key, err := f.key()
	if err != nil {
		return nil, err
	}
	if key.Issuer == "" && key.Account == "" {
		return nil, usage(words.T("The account needs a name."), words.T("Give --issuer, --name or both."))
	}
	e := &entry{source: source, name: key.Issuer, key: key}
	if e.key.Secret, err = otpauth.ParseSecret(text); err != nil {
		e.refuse(err)
	} else if err := e.key.Validate(); err != nil {
		e.refuse(err)
	}
	return []*entry{e}, nil
}

// key returns the key of the flags, its secret yet empty.
func (f addFlags) key() (otpauth.Key, error) {
	key := otpauth.Key{
		Issuer: strings.TrimSpace(f.issuer), Account: strings.TrimSpace(f.name),
		Digits: f.digits, Period: f.period, Counter: f.counter,
	}
	kind, ok := otpauth.ParseType(f.kind)
	if !ok {
		return key, usage(words.T("That is not a value for {flag}.", "flag", "--type"), words.T("Give totp, hotp or steam."))
	}
	key.Type = kind
	for _, alg := range []otpauth.Algorithm{otpauth.SHA1, otpauth.SHA256, otpauth.SHA512} {
		if strings.EqualFold(strings.ReplaceAll(f.algorithm, "-", ""), alg.String()) {
			key.Algorithm = alg
		}
	}
	if key.Algorithm == 0 {
		return key, usage(words.T("That is not a value for {flag}.", "flag", "--algorithm"), words.T("Give SHA1, SHA256 or SHA512."))
	}
	switch kind {
	case otpauth.HOTP:
		key.Period = 0
	case otpauth.Steam:
		key.Digits = otpauth.SteamDigits
	}
	return key, nil
}

// askForEntry asks a person for what the flags do not say. The key, or a key
// address in its place, is not shown.
func (a *App) askForEntry(ctx context.Context, f addFlags) ([]*entry, error) {
	var err error
	if !f.set.Changed("issuer") {
		if f.issuer, err = a.ask(ctx, words.T("Service, for instance Kutano: ")); err != nil {
			return nil, err
		}
	}
	if !f.set.Changed("name") {
		if f.name, err = a.ask(ctx, words.T("Account, for instance ana@example.com: ")); err != nil {
			return nil, err
		}
	}
	typed, err := a.askHidden(ctx, words.T("Key, or key address (not shown as you type): "))
	if err != nil {
		return nil, err
	}
	defer typed.Clear()
	text := strings.TrimSpace(typed.Reveal())
	if !strings.Contains(text, "://") {
		return f.bare(text, "prompt")
	}
	entries := make([]*entry, 0, 1)
	for _, x := range otpauth.Find(text) {
		e := newEntry("prompt", x)
		if e.err == nil {
			e.key.Issuer, e.key.Account = orElse(f.issuer, e.key.Issuer), orElse(f.name, e.key.Account)
		}
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		entries = append(entries, newEntry("prompt", otpauth.Found{Err: otpauth.ErrNotKeyURI}))
	}
	return entries, nil
}

func orElse(s, other string) string {
	if s = strings.TrimSpace(s); s != "" {
		return s
	}
	return other
}
