// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/blowfish" //nolint:staticcheck // what WinAuth encrypts with

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

func sameError(err, want error) bool { return errors.Is(err, want) && (want != nil || err == nil) }

const twoFAFile = "github 6 JBSWY3DPEHPK3PXP\n\nbank 8 GEZDGNBVGY3TQOJQ 00000000000000000041\nshop 7 jbswy3dpehpk3pxp\nbad 6 0189====\n"

func TestTwoFA(t *testing.T) {
	gives(t, []byte(twoFAFile), "", "2fa",
		`totp "" "github" `+keyAHex,
		`hotp "" "bank" `+keyBHex+` 8 digits counter 42 remarks [3]`,
		`totp "" "shop" `+keyAHex+` 7 digits`,
		`refused "bad": secret: the secret is not base32: character 1 is none of A–Z and 2–7`)
	lines, _, err := open(t, []byte("a 6 "+keyA+"\nb 6 "+keyA[:9]), "")
	if !errors.Is(err, foreign.ErrCutShort) || len(lines) != 2 || lines[1] != `refused "b": it ends too early` {
		t.Errorf("%q, %v", lines, err)
	}
	if m := (twoFA{}).Detect(foreign.NewSource("", []byte("shop 6 "+keyA[:8]+"\n"))); m != foreign.Maybe {
		t.Errorf("a short key: %v", m)
	}
	for _, text := range []string{"", "\n", "one two three\n", "page 7 of\nchapter 8 ends\n", "north 6 interesting\n", "a 7 12345678\n", "a 5 " + keyA + "\n", "a 6 " + keyA + " 12\n", twoFAFile + "and prose\n"} {
		if (twoFA{}).Detect(foreign.NewSource("", []byte(text))) != foreign.No {
			t.Errorf("%q is taken", text)
		}
	}
}

func FuzzTwoFA(f *testing.F) { fuzz(f, [][]byte{[]byte(twoFAFile)}, always, twoFA{}) }

// pgpHome makes a gpg with a key of its own, and returns how to encrypt to it.
func pgpHome(t *testing.T) (encrypt func(text string, args ...string) []byte) {
	t.Helper()
	gpg := program(t, "gpg")
	home, err := os.MkdirTemp("", "gpg") // the socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GNUPGHOME", home)
	t.Cleanup(func() {
		_ = exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run()
		_ = os.RemoveAll(home)
	})
	run := func(in string, args ...string) []byte {
		cmd := exec.CommandContext(t.Context(), gpg, append([]string{"--batch", "--quiet", "--trust-model", "always", "--pinentry-mode", "loopback", "--passphrase", ""}, args...)...)
		cmd.Stdin = strings.NewReader(in)
		var said bytes.Buffer
		cmd.Stderr = &said
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("gpg: %v: %s", err, said.String())
		}
		return out
	}
	run("", "--quick-generate-key", "store@example.com", "ed25519", "sign", "never")
	id := strings.Fields(string(run("", "--with-colons", "--list-keys")))
	run("", "--quick-add-key", fingerprint(t, strings.Join(id, "\n")), "cv25519", "encrypt", "never")
	return func(text string, args ...string) []byte {
		return run(text, append(args, "--recipient", "store@example.com", "--encrypt")...)
	}
}

func fingerprint(t *testing.T, list string) string {
	t.Helper()
	for line := range strings.Lines(list) {
		if f := strings.Split(line, ":"); f[0] == "fpr" {
			return f[9]
		}
	}
	t.Fatal("there is no key")
	return ""
}

func readNamed(t *testing.T, name string, data []byte) (lines []string, id string, err error) {
	t.Helper()
	s := foreign.NewSource(name, data)
	r := surest(s)
	if r == nil {
		return nil, "", foreign.ErrUnknown
	}
	err = r.Read(t.Context(), s, secret.Value{}, func(e foreign.Entry) { lines = append(lines, tell(e)) })
	return lines, r.Format().ID, err
}

func TestPass(t *testing.T) {
	encrypt := pgpHome(t)
	const entry = "hunter2\nuser: anna\nurl: https://example.com\notpauth://totp/?secret=" + keyA + "&digits=8\n"
	for _, c := range []struct {
		name string
		data []byte
		id   string
		want []string
	}{
		{"shop.example/anna.gpg", encrypt(entry), "pass", []string{`totp "shop.example" "anna" ` + keyAHex + ` 8 digits`}},
		{`deep\shop\anna.gpg`, encrypt(entry, "--armor"), "pass", []string{`totp "shop" "anna" ` + keyAHex + ` 8 digits`}},
		{"shop.gpg", encrypt("hunter2\ntotp: " + keyB + "\n2fa: otpauth://totp/Shop:b?secret=" + keyA), "pass", []string{
			`totp "shop" "" ` + keyBHex + ` remarks [5]`, `totp "Shop" "b" ` + keyAHex + ` remarks [5]`,
		}},
		{"plain.gpg", encrypt("hunter2\nno codes here\n"), "pass", nil},
		{"export.pgp", encrypt(protonVaults, "--armor"), "pass", protonEntries},
		{"export.zip", zipped(t, "Proton Pass/data.pgp", string(encrypt(protonVaults, "--armor"))), "proton-pass", protonEntries},
	} {
		got, id, err := readNamed(t, c.name, c.data)
		if err != nil || id != c.id || strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s: %s: %q, %v", c.name, id, got, err)
		}
	}
	whole := encrypt(entry)
	for name, data := range map[string][]byte{"cut": whole[:len(whole)-20], "no message": []byte("-----BEGIN PGP MESSAGE-----\n\nx\n")} {
		if got, _, err := readNamed(t, "x.gpg", data); !errors.Is(err, foreign.ErrProgram) || len(got) > 0 {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestPassWithoutGPG(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, _, err := readNamed(t, "x.gpg", []byte("-----BEGIN PGP MESSAGE-----\n")); !errors.Is(err, foreign.ErrProgram) {
		t.Error(err)
	}
}

// What gpg began may outlive it, and hold on to its output. That keeps nobody
// waiting who has given up.
func TestPassGivesUp(t *testing.T) {
	program(t, "mkfifo")
	dir := t.TempDir()
	began, never := filepath.Join(dir, "began"), filepath.Join(dir, "never")
	if err := exec.Command("mkfifo", began, never).Run(); err != nil {
		t.Fatal(err)
	}
	hold, err := os.OpenFile(never, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()                                                 // ends what the script began
	script := "#!/bin/sh\necho >" + began + "\ncat " + never + "\n:\n" // the shell stays
	if err := os.WriteFile(filepath.Join(dir, "gpg"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, _ = os.ReadFile(began)
		cancel()
	}()
	if _, err := decryptPGP(ctx, []byte("x")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestPassLines(t *testing.T) {
	const text = "hunter2\notpauth: //totp/Shop:anna?secret=" + keyA + "\nTOTP: " + keyB + "\ntotp:\n" +
		"otpauth://yaotp/Ya:b?secret=" + keyA + "\nsee otpauth://totp/Short:c?secret=" + keyA + "A\notpauth://hotp/Bank:d?secret=" + keyB + "&counter=41\n"
	var got []string
	readPassEntry("shop/anna.gpg", []byte(text), func(e foreign.Entry) { got = append(got, tell(e)) })
	want := []string{
		`totp "Shop" "anna" ` + keyAHex + ` remarks [5]`,
		`totp "shop" "anna" ` + keyBHex + ` remarks [5]`,
		`refused "Ya:b": type: this type of one-time password is not supported: Yandex (yaotp)`,
		`totp "Short" "c" ` + keyAHex + ` remarks [2 5]`,
		`hotp "Bank" "d" ` + keyBHex + ` counter 42 remarks [3 5]`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// A program that says without end is ended.
func TestLimited(t *testing.T) {
	l := limited{most: 10}
	if _, err := l.Write(make([]byte, 10)); err != nil || l.over {
		t.Error(err)
	}
	if _, err := l.Write([]byte{1}); err == nil || !l.over || l.in.Len() != 10 {
		t.Error(err)
	}
}

func FuzzPassEntry(f *testing.F) {
	f.Add("a/b.gpg", []byte("hunter2\ntotp: "+keyA+"\notpauth://totp/x?secret="+keyB))
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		_ = encryptedFor(text)
		readPassEntry(name, text, func(e foreign.Entry) {
			if e.Err == nil && e.Key.Validate() != nil {
				t.Error(e.Key.Validate())
			}
		})
	})
}

const winAuthLines = "otpauth://totp/Authenticator?secret=" + keyA + "&digits=6&icon=WinAuth\r\n\r\notpauth://hotp/Bank:b?secret=" + keyB + "&counter=3\r\notpauth://totp/bad?secret=!\r\n"

func TestWinAuth(t *testing.T) {
	gives(t, zipped(t, "export.txt", winAuthLines), "", "winauth",
		`totp "" "Authenticator" `+keyAHex, `hotp "Bank" "b" `+keyBHex+` counter 3`,
		`refused "bad": secret: the secret is not base32: character 1 is none of A–Z and 2–7`)
	gives(t, zipped(t, "export.txt", "otpauth://totp/Steam:anna?secret="+keyA+"&digits=5&issuer=Steam\n"+
		"otpauth://totp/bob?secret="+keyB+"&digits=5&deviceid=android%3a1\notpauth://totp/Shop:c?secret="+keyB+"&digits=5\n"), "", "winauth",
		`steam "Steam" "anna" `+keyAHex, `steam "" "bob" `+keyBHex, `totp "Shop" "c" `+keyBHex+` 5 digits`)
	for what, data := range map[string][]byte{"pictures": zipped(t, "a.txt", "", "b.png", ""), "texts": zipped(t, "a.txt", "notes", "b.txt", "https://example.com")} {
		if (winAuth{}).Detect(foreign.NewSource("", data)) != foreign.No {
			t.Errorf("an archive with %s is taken", what)
		}
	}
}

func winAuthAccount(name, kind, data string) string {
	return `<WinAuthAuthenticator id="1" type="WinAuth.` + kind + `"><name>` + name + `</name><created>1</created>` + data + `</WinAuthAuthenticator>`
}

func winAuthData(text string) string {
	return "<authenticatordata><servertimediff>0</servertimediff><secretdata>" + text + "</secretdata></authenticatordata>"
}

// sealWinAuth encrypts as WinAuth does.
func sealWinAuth(t testing.TB, pass, text string) string {
	t.Helper()
	salt, keySalt := []byte("saltsalt"), []byte("12345678")
	key, err := foreign.PBKDF2(t.Context(), sha1.New, []byte(pass), keySalt, 2000, 256)
	if err != nil {
		t.Fatal(err)
	}
	block, err := blowfish.NewSaltedCipher(key, make([]byte, 1))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(append(salt, text...))
	pad := blowfish.BlockSize - len(text)%blowfish.BlockSize
	body := append([]byte(text), make([]byte, pad)...)
	body[len(body)-1] = byte(pad)
	for at := 0; at < len(body); at += blowfish.BlockSize {
		block.Encrypt(body[at:], body[at:])
	}
	all := append(append(append([]byte("WINAUTH3"), "saltsalt"...), sum[:]...), keySalt...)
	return strings.ToUpper(hex.EncodeToString(append(all, body...)))
}

var winAuthAccounts = winAuthAccount("Shop:anna", "GoogleAuthenticator", winAuthData(keyAHex+"\t8\tSHA256\t60")) +
	winAuthAccount("Bank", "HOTPAuthenticator", winAuthData(keyBHex+"\t6\tSHA1\t30|41")) +
	winAuthAccount("Steam", "SteamAuthenticator", winAuthData(keyAHex+"\t5\tSHA1\t30|00|00|00")) +
	winAuthAccount("Old", "GoogleAuthenticator", winAuthData(keyAHex)) +
	winAuthAccount("Bad", "GoogleAuthenticator", winAuthData("zz\t6\tSHA1\t30"))

var winAuthEntries = []string{
	`totp "Shop" "anna" ` + keyAHex + ` SHA256 8 digits 60 s`,
	`hotp "" "Bank" ` + keyBHex + ` counter 42 remarks [3]`,
	`steam "" "Steam" ` + keyAHex,
	`totp "" "Old" ` + keyAHex,
	`refused "Bad": secret: the secret is not base32: character 1 is none of A–Z and 2–7`,
}

func winAuthConfigText(inside string) []byte {
	return []byte(`<?xml version="1.0" encoding="utf-8"?><WinAuth version="3.6.2.0"><alwaysontop>false</alwaysontop>` + inside + "<settings /></WinAuth>")
}

func TestWinAuthConfig(t *testing.T) {
	gives(t, winAuthConfigText(winAuthAccounts), "", "winauth", winAuthEntries...)
	all := winAuthConfigText(`<data encrypted="y" sha1="x">` + sealWinAuth(t, "pass", "<config>"+winAuthAccounts+"</config>") + "</data>")
	gives(t, all, "pass", "winauth", winAuthEntries...)
	fails(t, all, "wrong", foreign.ErrPassword)
	each := winAuthConfigText(winAuthAccount("Shop:anna", "GoogleAuthenticator", `<authenticatordata encrypted="y">`+sealWinAuth(t, "pass", winAuthData(keyAHex))+"</authenticatordata>") +
		winAuthAccount("Mine:b", "GoogleAuthenticator", `<authenticatordata encrypted="u">00</authenticatordata>`))
	gives(t, each, "pass", "winauth", `totp "Shop" "anna" `+keyAHex, `refused "Mine:b": only the account that made it can open it`)
	sealed := func(name, pass string) string {
		return winAuthAccount(name, "GoogleAuthenticator", `<authenticatordata encrypted="y">`+sealWinAuth(t, pass, winAuthData(keyAHex))+"</authenticatordata>")
	}
	several := winAuthConfigText(winAuthAccount("Open", "GoogleAuthenticator", winAuthData(keyAHex)) + sealed("One", "one") + sealed("Two", "two") +
		winAuthAccount("Bad", "GoogleAuthenticator", `<authenticatordata encrypted="y">0011</authenticatordata>`))
	gives(t, several, "two", "winauth", `totp "" "Open" `+keyAHex, `refused "One": `+foreign.ErrPassword.Error(), `totp "" "Two" `+keyAHex, `refused "Bad": it is damaged`)
	if got, _, err := open(t, several, "three"); !errors.Is(err, foreign.ErrPassword) || len(got) > 0 { // they would come in again with the next password
		t.Errorf("%q, %v", got, err)
	}
	gives(t, winAuthConfigText(winAuthAccount("Bad", "GoogleAuthenticator", `<authenticatordata encrypted="y">0011</authenticatordata>`)), "x", "winauth", `refused "Bad": it is damaged`)
	fails(t, winAuthConfigText(strings.Repeat(`<authenticatordata encrypted="y">0</authenticatordata>`, maxWinAuthRounds/winAuthRounds+1)), "pass", foreign.ErrTooCostly)
	fails(t, winAuthConfigText(`<data encrypted="u">00</data>`), "", foreign.ErrRestricted)
	fails(t, winAuthConfigText(`<data encrypted="y">0011</data>`), "pass", foreign.ErrDamaged)
	fails(t, winAuthConfigText(winAuthAccounts)[:600], "", foreign.ErrCutShort)
}

func FuzzWinAuth(f *testing.F) {
	seeds := [][]byte{
		zipped(f, "export.txt", winAuthLines), winAuthConfigText(winAuthAccounts),
		winAuthConfigText(`<data encrypted="y">` + sealWinAuth(f, "pass", "<config>"+winAuthAccounts+"</config>") + "</data>"),
	}
	fuzz(f, seeds, always, winAuth{}, winAuthConfig{}, archive{})
}

// A store that the pass program itself made.
func TestPassStore(t *testing.T) {
	encrypt := pgpHome(t)
	_ = encrypt("a key is there")
	pass := program(t, "pass")
	store := t.TempDir()
	run := func(in string, args ...string) {
		cmd := exec.CommandContext(t.Context(), pass, args...)
		cmd.Env = append(os.Environ(), "PASSWORD_STORE_DIR="+store, "PASSWORD_STORE_GPG_OPTS=--trust-model always")
		cmd.Stdin = strings.NewReader(in)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("pass %s: %v: %s", args[0], err, out)
		}
	}
	run("", "init", "store@example.com")
	run("hunter2\notpauth://totp/Shop:anna?secret="+keyA+"&issuer=Shop\n", "insert", "--multiline", "shop/anna")
	data, err := os.ReadFile(filepath.Join(store, "shop", "anna.gpg"))
	if err != nil {
		t.Fatal(err)
	}
	got, id, err := readNamed(t, "shop/anna.gpg", data)
	if err != nil || id != "pass" || len(got) != 1 || got[0] != `totp "Shop" "anna" `+keyAHex {
		t.Errorf("%s: %q, %v", id, got, err)
	}
}
