// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// These make the test program a second process, that adds accounts or takes some in.
const (
	writerVar   = "KUTANO_TEST_WRITER"
	importerVar = "KUTANO_TEST_IMPORTER"
)

func TestMain(m *testing.M) {
	keystore.SetEffort(-1)
	if dir := os.Getenv(writerVar); dir != "" {
		os.Exit(writer(dir))
	}
	if dir := os.Getenv(importerVar); dir != "" {
		os.Exit(importer(dir))
	}
	os.Exit(m.Run())
}

func options(dir string, kind keystore.Kind) vault.Options {
	return vault.Options{
		Dir: dir, Store: kind, Now: time.Now,
		Passphrase: func(context.Context, bool) (secret.Value, error) { return secret.FromString("a test passphrase"), nil },
	}
}

func open(t testing.TB, dir string, kind keystore.Kind) *vault.Vault {
	t.Helper()
	v, err := vault.Open(t.Context(), options(dir, kind))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v
}

func sample(n int) otpauth.Key {
	k, err := otpauth.Parse(fmt.Sprintf("otpauth://totp/Service%d:ana@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Service%d", n, n))
	if err != nil {
		panic(err)
	}
	return k
}

// The same life of a vault in a real keyring and in a real sealed file.
func TestRealStores(t *testing.T) {
	for _, kind := range []keystore.Kind{keystore.Keyring, keystore.File} {
		t.Run(string(kind), func(t *testing.T) {
			if kind == keystore.Keyring {
				keyringtest.Start(t)
			}
			dir := t.TempDir()
			v := open(t, dir, kind)
			var first vault.Account
			for i := range 20 {
				a, err := v.Add(t.Context(), sample(i))
				if err != nil {
					t.Fatal(err)
				}
				if i == 0 {
					first = a
				}
			}
			if err := v.Remove(t.Context(), v.Accounts()[7].ID); err != nil {
				t.Fatal(err)
			}
			want := codeAt59(t, v, first.ID)
			v = open(t, dir, "")
			if got := codeAt59(t, v, first.ID); got != want || got != "287082" || len(v.Accounts()) != 19 || v.Kind() != kind {
				t.Errorf("after reopening: code %s, %d accounts in %s", got, len(v.Accounts()), v.Kind())
			}
			if err := os.Remove(filepath.Join(dir, "accounts.json")); err != nil {
				t.Fatal(err)
			}
			v = open(t, dir, kind)
			if got := codeAt59(t, v, first.ID); got != want || len(v.Accounts()) != 19 || len(v.Removed()) != 1 {
				t.Errorf("after losing the index: code %s, %d accounts, %d removed", got, len(v.Accounts()), len(v.Removed()))
			}
		})
	}
}

func codeAt59(t testing.TB, v *vault.Vault, id vault.ID) string {
	t.Helper()
	c, err := v.Code(t.Context(), id, time.Unix(59, 0))
	if err != nil {
		t.Fatal(err)
	}
	return c.Value
}

// To a sealed file and back, with a sealed file of unknown origin in the way.
func TestMoveRealStores(t *testing.T) {
	keyringtest.Start(t)
	dir := t.TempDir()
	v := open(t, dir, keystore.Keyring)
	a, err := v.Add(t.Context(), sample(1))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secrets.sealed"), []byte("of unknown origin"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []keystore.Kind{keystore.File, keystore.Keyring, keystore.File} {
		if err := v.MoveTo(t.Context(), kind, secret.FromString("a test passphrase")); err != nil {
			t.Fatal(err)
		}
		if got := codeAt59(t, open(t, dir, ""), a.ID); got != "287082" {
			t.Errorf("code from the %s: %s", kind, got)
		}
	}
	old, err := filepath.Glob(filepath.Join(dir, "secrets.sealed.*.old"))
	if err != nil || len(old) != 1 {
		t.Errorf("the file of unknown origin: %v, %v", old, err)
	}
}

func TestFoldersAreApart(t *testing.T) {
	keyringtest.Start(t)
	v, w := open(t, t.TempDir(), keystore.Keyring), open(t, t.TempDir(), keystore.Keyring)
	if _, err := v.Add(t.Context(), sample(1)); err != nil {
		t.Fatal(err)
	}
	if err := w.Verify(t.Context()); err != nil || len(w.Accounts()) != 0 {
		t.Errorf("another folder's accounts: %d, %v", len(w.Accounts()), err)
	}
}

func TestKeyringTrouble(t *testing.T) {
	d := keyringtest.Start(t)
	dir := t.TempDir()
	v := open(t, dir, "")
	if v.Kind() != keystore.Keyring {
		t.Fatalf("kept in %s though there is a keyring", v.Kind())
	}
	a, err := v.Add(t.Context(), sample(1))
	if err != nil {
		t.Fatal(err)
	}
	d.Lock(t)
	v = open(t, dir, "") // the list opens while the keyring is locked
	if _, err := v.Code(t.Context(), a.ID, time.Now()); !errors.Is(err, keystore.ErrLocked) || len(v.Accounts()) != 1 {
		t.Errorf("locked: %v, %d accounts", err, len(v.Accounts()))
	}
	if _, err := v.Add(t.Context(), sample(2)); !errors.Is(err, keystore.ErrLocked) {
		t.Errorf("add while locked: %v", err)
	}
	d.Kill()
	d.Restart(t, true)
	codeAt59(t, v, a.ID)
	if _, err := v.Add(t.Context(), sample(2)); err != nil {
		t.Errorf("add after the keyring came back: %v", err)
	}
}

func TestNoKeyringMeansSealedFile(t *testing.T) {
	keyringtest.StartBus(t)
	v := open(t, t.TempDir(), "")
	if v.Kind() != keystore.File {
		t.Errorf("kept in %s", v.Kind())
	}
	if _, err := os.Stat(filepath.Join(v.Dir(), "secrets.sealed")); err != nil {
		t.Error(err)
	}
}

// writer adds accounts until it has added twenty, or is killed.
func writer(dir string) int {
	from, err := strconv.Atoi(os.Args[1])
	if err != nil {
		return 2
	}
	v, err := vault.Open(context.Background(), options(dir, ""))
	if err != nil {
		fmt.Println("open:", err)
		return 1
	}
	for i := range 20 {
		if _, err := v.Add(context.Background(), sample(from+i)); err != nil {
			fmt.Println("add:", err)
			return 1
		}
		fmt.Println("added", from+i)
	}
	return 0
}

func startWriter(t *testing.T, dir string, from int) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), os.Args[0], strconv.Itoa(from))
	cmd.Env = append(os.Environ(), writerVar+"="+dir)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, &out
}

func TestTwoProcesses(t *testing.T) {
	for _, kind := range []keystore.Kind{keystore.Keyring, keystore.File} {
		t.Run(string(kind), func(t *testing.T) {
			if kind == keystore.Keyring {
				keyringtest.Start(t)
			}
			dir := t.TempDir()
			v := open(t, dir, kind)
			signal, err := v.Watch(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			a, aout := startWriter(t, dir, 100)
			b, bout := startWriter(t, dir, 200)
			if err := errors.Join(a.Wait(), b.Wait()); err != nil {
				t.Fatalf("%v\n%s%s", err, aout, bout)
			}
			select {
			case <-signal:
			case <-time.After(10 * time.Second):
				t.Error("no signal of the other processes' changes")
			}
			if n := len(open(t, dir, "").Accounts()); n != 40 {
				t.Errorf("%d accounts, want 40", n)
			}
		})
	}
}

// A process killed while it adds: what it has confirmed is there.
func TestKilledWriter(t *testing.T) {
	keyringtest.Start(t)
	dir := t.TempDir()
	open(t, dir, keystore.Keyring)
	confirmed := 0
	for round := range 6 {
		cmd, out := startWriter(t, dir, 1000*(round+1))
		time.Sleep(time.Duration(20+30*round) * time.Millisecond)
		_ = cmd.Process.Signal(syscall.SIGKILL)
		_ = cmd.Wait()
		confirmed += bytes.Count(out.Bytes(), []byte("added"))
		v := open(t, dir, "")
		if n := len(v.Accounts()); n < confirmed || n > confirmed+round+1 {
			t.Errorf("round %d: %d accounts, %d confirmed", round, n, confirmed)
		}
		for _, a := range v.Accounts() {
			if got := codeAt59(t, v, a.ID); got != "287082" {
				t.Errorf("code %s", got)
			}
		}
	}
}

// A thousand accounts into the keyring: at most a second is wanted.
func BenchmarkAdd1000Keyring(b *testing.B) {
	keyringtest.Start(b)
	ks := make([]otpauth.Key, 1000)
	for i := range ks {
		ks[i] = sample(i)
	}
	for b.Loop() {
		v := open(b, b.TempDir(), keystore.Keyring)
		if _, err := v.AddAll(b.Context(), ks); err != nil {
			b.Fatal(err)
		}
	}
}

// One code at a thousand accounts, as the command line makes it in one process.
func BenchmarkOpenAndCode1000Keyring(b *testing.B) {
	keyringtest.Start(b)
	dir := b.TempDir()
	v := open(b, dir, keystore.Keyring)
	ks := make([]otpauth.Key, 1000)
	for i := range ks {
		ks[i] = sample(i)
	}
	as, err := v.AddAll(b.Context(), ks)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		v := open(b, dir, "")
		codeAt59(b, v, as[777].ID)
	}
}
