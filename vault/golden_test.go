// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

var updateGolden = flag.Bool("update-golden", false, "make the golden data folder anew")

// A data folder of version 1 opens for ever, with its passphrase and with its
// recovery key. The key in it is a sample, made for this.
func TestGoldenFolder(t *testing.T) {
	const golden = "testdata/folder-v1"
	pass := secret.FromString("golden passphrase of version 1")
	keyFile := filepath.Join("testdata", "folder-v1-key.txt")
	if *updateGolden {
		makeGolden(t, golden, keyFile, pass)
	}
	text, err := os.ReadFile(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	k, err := snapshot.ParseKey(string(text))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(golden)); err != nil {
		t.Fatal(err)
	}
	v, _ := openWith(t, dir, keystore.File, 0, pass)
	wantAll(t, v, 3)
	if print, _, ok := v.Recovery(); !ok || print != snapshot.Fingerprint(k.Recipient()) {
		t.Errorf("recovery key %q", print)
	}
	if d := newest(t, dir, k); len(d.Accounts) != 3 {
		t.Errorf("%d accounts in the snapshot", len(d.Accounts))
	}
	_ = v.Close()
	if err := ResetPassphrase(t.Context(), resetOptions(dir, keystore.File), k, secondPhrase); err != nil {
		t.Fatal(err)
	}
	v, _ = openWith(t, dir, keystore.File, 0, secondPhrase)
	wantAll(t, v, 3)
}

func makeGolden(t *testing.T, golden, keyFile string, pass secret.Value) {
	t.Helper()
	if err := os.RemoveAll(golden); err != nil {
		t.Fatal(err)
	}
	v, _ := openWith(t, golden, keystore.File, 0, pass)
	stock(t, v, 3)
	k := withRecovery(t, v)
	_ = v.Close()
	if err := os.WriteFile(keyFile, k.File(testNow).Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(filepath.Join(golden, lockName))
}
