// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/xmltext"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

func written(t *testing.T, entries ...foreign.Entry) []byte {
	t.Helper()
	out, err := keepassWriter{}.Write(t.Context(), entries, secret.FromString("pass"))
	if err != nil || len(out) != 1 {
		t.Fatal(err)
	}
	return out[0].Data
}

// TestKeePassRoundTrip draws accounts, writes them and reads them back.
func TestKeePassRoundTrip(t *testing.T) {
	keys, err := (&kdbx{seed: make([]byte, 32), kdf: kdbxKDF{kind: kdfAES, salt: make([]byte, 32)}}).derive(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) { // what differs is inside: no key is derived for each
		entries := rapid.SliceOfN(rapid.Custom(drawEntry), 0, 4).Draw(rt, "entries")
		content, err := keepassContent(context.Background(), entries)
		if err != nil {
			rt.Fatal(err)
		}
		k := kdbx{cipher: cipherChaCha, packed: true, iv: make([]byte, 12)}
		if content, err = k.decrypt(keys, content); err != nil {
			rt.Fatal(err)
		}
		text, stream, err := k.unpack(keys, content)
		if err != nil {
			rt.Fatal(err)
		}
		var back []foreign.Entry
		x := keepassXML{Reader: xmltext.NewReader(text), stream: stream}
		if err := x.read(context.Background(), func(e foreign.Entry) { back = append(back, e) }); err != nil {
			rt.Fatal(err)
		}
		if !slices.EqualFunc(entries, back, sameEntry) {
			rt.Fatalf("%d entries went in, %d came out or they differ", len(entries), len(back))
		}
	})
}

func sameEntry(a, b foreign.Entry) bool {
	return b.Err == nil && a.Key.Same(b.Key) && a.Key.Issuer == b.Key.Issuer && a.Key.Account == b.Key.Account &&
		a.Key.Counter == b.Key.Counter && slices.Equal(a.Tags, b.Tags)
}

func drawEntry(t *rapid.T) foreign.Entry {
	name := rapid.StringMatching(`([a-zA-Z<&"'ü€:;@ ]{0,11}[a-z])?`)
	k := otpauth.Key{
		Type:      rapid.SampledFrom([]otpauth.Type{otpauth.TOTP, otpauth.HOTP, otpauth.Steam}).Draw(t, "type"),
		Issuer:    name.Draw(t, "issuer"),
		Account:   name.Draw(t, "account"),
		Secret:    secret.New(rapid.SliceOfN(rapid.Byte(), 1, 64).Draw(t, "secret")),
		Algorithm: rapid.SampledFrom([]otpauth.Algorithm{otpauth.SHA1, otpauth.SHA256, otpauth.SHA512}).Draw(t, "algorithm"),
		Digits:    rapid.IntRange(otpauth.MinDigits, otpauth.MaxDigits).Draw(t, "digits"),
		Period:    rapid.IntRange(1, otpauth.MaxPeriod).Draw(t, "period"),
	}
	if k.Type == otpauth.HOTP {
		k.Counter, k.Algorithm, k.Digits = uint64(rapid.Int64Min(0).Draw(t, "counter")), otpauth.SHA1, 6
	}
	return foreign.Entry{Key: k.Normal(), Tags: rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,8}( [a-z]{1,8})?`), 0, 3).Draw(t, "tags")}
}

func TestKeePassFits(t *testing.T) {
	hotp := otpauth.Key{Type: otpauth.HOTP, Account: "a", Secret: secret.FromString("x")}.Normal()
	long, hash := hotp, hotp
	long.Digits, hash.Algorithm = 8, otpauth.SHA256
	if err := (keepassWriter{}).Fits(hotp); err != nil {
		t.Error(err)
	}
	for _, k := range []otpauth.Key{long, hash} {
		if err := (keepassWriter{}).Fits(k); !errors.Is(err, foreign.ErrNoPlace) {
			t.Error(err)
		}
	}
}

// accounts are such that both programs have a place for them.
func accounts(t *testing.T) []foreign.Entry {
	t.Helper()
	var all []foreign.Entry
	for _, uri := range []string{
		"otpauth://totp/GitHub:anna?secret=" + keyA + "&issuer=GitHub",
		"otpauth://totp/A%26B%20%3C1%3E:bert%40example.com?secret=" + keyB + "&issuer=A%26B%20%3C1%3E&digits=8&period=60&algorithm=SHA512",
		"otpauth://totp/alone?secret=" + keyB + "&algorithm=SHA256",
		"otpauth://totp/M%C3%BCnz%E2%82%AC%20%F0%9F%94%91:j%C3%B6rg%22%27?secret=" + keyA + "&issuer=M%C3%BCnz%E2%82%AC%20%F0%9F%94%91",
		"otpauth://steam/Steam:gus?secret=" + keyA + "&issuer=Steam",
	} {
		e := foreign.FromURI(uri)
		if e.Err != nil {
			t.Fatal(e.Err)
		}
		e.Tags, e.Note = []string{"Work", "a, b"}, "a note"
		all = append(all, e)
	}
	return all
}

// program returns where a peer is. In CI it has to be there.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("%s is not installed", name)
	}
	return path
}

func keepassxc(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program(t, "keepassxc-cli"), args...)
	cmd.Env = append(os.Environ(), "QT_QPA_PLATFORM=offscreen", "LC_ALL=C.UTF-8", "HOME="+t.TempDir())
	cmd.Stdin = strings.NewReader("pass\n")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("keepassxc-cli %s: %v: %s", args[0], err, said.String())
	}
	return string(out)
}

// TestKeePassXCReads asks KeePassXC for the codes of a database that was written
// here, and for its names.
func TestKeePassXCReads(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vault.kdbx")
	entries := accounts(t)
	if err := os.WriteFile(file, written(t, entries...), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		title := e.Key.Issuer
		if title == "" {
			title = e.Key.Account
		}
		var said string
		ask := func() string {
			said = keepassxc(t, "show", "-q", "-a", "UserName", "-a", "Notes", "-a", "Tags", "-t", file, title)
			said = strings.TrimSpace(said)
			return said[strings.LastIndexByte(said, '\n')+1:]
		}
		if !codesAround(t, e.Key, ask) {
			t.Errorf("%s: another code", title)
		}
		if !strings.HasPrefix(said, e.Key.Account+"\na note\nWork,a  b\n") {
			t.Errorf("%s: %q", title, said)
		}
	}
}

// codesAround tells whether a code is the one from before or from after it was asked for.
func codesAround(t *testing.T, k otpauth.Key, ask func() string) bool {
	t.Helper()
	before, err := k.Code(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	got := ask()
	after, err := k.Code(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return got == before.Value || got == after.Value
}

// TestKeePassXCWrites reads what KeePassXC makes: a database that it changed and
// saved, its XML and its CSV.
func TestKeePassXCWrites(t *testing.T) {
	for name, f := range kdbxFixtures {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "vault.kdbx")
			if err := os.WriteFile(file, f.file(t, keepassExported), 0o600); err != nil {
				t.Fatal(err)
			}
			keepassxc(t, "mkdir", "-q", file, "another group")
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(data[:8], kdbxTwo) || bytes.Equal(data, f.file(t, keepassExported)) {
				t.Fatal("it was not saved")
			}
			givesAll(t, data, "pass")
			if f.cipher != "" || f.kdf != "" || f.stream != 0 || f.attachment != 0 {
				return // the exports are the same
			}
			givesAll(t, []byte(keepassxc(t, "export", "-q", "-f", "xml", file)), "")
			csv, id, err := open(t, []byte(keepassxc(t, "export", "-q", "-f", "csv", file)), "")
			if err != nil || id != "keepassxc" || len(csv) == 0 || csv[0] != `totp "Mail" "anna" `+keyAHex+` 8 digits 60 s` {
				t.Errorf("%s: %q, %v", id, csv, err)
			}
		})
	}
}

// givesAll checks for the entries of the fixtures in any order.
func givesAll(t *testing.T, data []byte, pass string) {
	t.Helper()
	got, id, err := open(t, data, pass)
	if want := slices.Sorted(slices.Values(keepassEntries)); err != nil || id != "keepass" || !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("%s: %v, got\n%s", id, err, strings.Join(got, "\n"))
	}
}
