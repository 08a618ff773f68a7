// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/snapshot"
)

// export is what another app's file gives.
func export(n int) snapshot.Document {
	d := snapshot.Document{Made: time.Unix(1_800_000_000, 0)}
	for i := range n {
		d.Accounts = append(d.Accounts, snapshot.Entry{URI: sample(i).URI()})
	}
	return d
}

// importer takes accounts in and undoes it, and names each item that it is about
// to write, until it is killed.
func importer(dir string) int {
	keystore.SetHook(func(c keystore.Change) error {
		fmt.Println(c.Name)
		return c.Do()
	})
	v, err := vault.Open(context.Background(), options(dir, ""))
	for err == nil {
		var found []vault.Found
		if found, err = v.Preview(context.Background(), export(100)); err == nil {
			_, err = v.TakeIn(context.Background(), found, vault.Take{})
		}
		if err == nil {
			_, err = v.UndoIntake(context.Background())
		}
	}
	fmt.Println(err)
	return 1
}

// A process killed while it takes accounts in or undoes that: all of them are there
// or none.
func TestKilledImporter(t *testing.T) {
	keyringtest.Start(t)
	dir := t.TempDir()
	v := open(t, dir, keystore.Keyring)
	if _, err := v.Add(t.Context(), sample(500)); err != nil {
		t.Fatal(err)
	}
	for round := range 8 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), importerVar+"="+dir)
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for range 3*round + 1 {
			lines.Scan()
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		w := open(t, dir, "")
		if err := w.Verify(t.Context()); err != nil {
			t.Fatal(err)
		}
		n := len(w.Accounts())
		if _, ok := w.LastIntake(); n != 1 && n != 101 || ok != (n == 101) || len(w.Aside()) != 0 || len(w.Removed()) != 0 {
			t.Errorf("round %d: %d accounts, something to undo: %v", round, n, ok)
		}
		for _, a := range w.Accounts() {
			codeAt59(t, w, a.ID)
		}
		if n == 101 {
			if _, err := w.UndoIntake(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		_ = w.Close()
	}
}

// A user who gives up while items are written: nothing stays.
func TestCancelledImport(t *testing.T) {
	keyringtest.Start(t)
	v := open(t, t.TempDir(), keystore.Keyring)
	if _, err := v.Add(t.Context(), sample(5000)); err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{2, 12} {
		found, err := v.Preview(t.Context(), export(2000))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		items := map[string]bool{}
		n := 0
		keystore.SetHook(func(c keystore.Change) error {
			if n++; n == at {
				cancel()
			}
			err := c.Do()
			if err == nil {
				items[c.Name] = !c.Remove
			}
			return err
		})
		_, err = v.TakeIn(ctx, found, vault.Take{})
		keystore.SetHook(nil)
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("given up at %d: %v", at, err)
		}
		for name, there := range items {
			if there && name != "page-0" {
				t.Errorf("given up at %d: %s is left", at, name)
			}
		}
		if _, ok := v.LastIntake(); ok || len(v.Accounts()) != 1 {
			t.Errorf("given up at %d: %d accounts, something to undo: %v", at, len(v.Accounts()), ok)
		}
		if err := v.Verify(t.Context()); err != nil || len(v.Accounts()) != 1 {
			t.Errorf("given up at %d: %d accounts by the pages: %v", at, len(v.Accounts()), err)
		}
		codeAt59(t, v, v.Accounts()[0].ID)
	}
}
