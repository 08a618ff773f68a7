// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// backupOf writes a backup for a key.
func backupOf(t *testing.T, key snapshot.Key, accounts ...snapshot.Entry) string {
	t.Helper()
	file, err := snapshot.Encrypt(snapshot.Document{Made: time.Unix(59, 0), Accounts: accounts}, snapshot.Lock{Recipients: []string{key.Recipient()}})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "backup.age")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func entryOf(uri string) snapshot.Entry {
	return snapshot.Entry{URI: secret.FromString(strings.TrimSpace(uri))}
}

// Several secrets on one descriptor: the passphrase of the keys comes first,
// whatever is needed first.
func TestSecretsOnOneDescriptor(t *testing.T) {
	key := snapshot.NewKey()
	file := backupOf(t, key, entryOf(rfc))
	dir := t.TempDir()
	text := key.File(time.Unix(59, 0)).Reveal() // its comments are left out
	out, errs, exit := run(t, dir, time.Unix(59, 0), text, "snapshot", "restore", file, "--key-fd", "0", "--yes")
	if exit != 0 || !strings.Contains(out, "1 account is back.") {
		t.Fatalf("exit %d, %q, %q", exit, out, errs)
	}
	if out, errs, exit := run(t, dir, time.Unix(59, 0), "", "code", "kutano"); exit != 0 || out != "94287082\n" {
		t.Errorf("exit %d, %q, %q", exit, out, errs)
	}
	out, errs, exit = run(t, dir, time.Unix(59, 0), "battery staple\n", "passphrase", "change", "--new-passphrase-fd", "0")
	if exit != 0 || out != "The passphrase is changed.\n" {
		t.Errorf("exit %d, %q, %q", exit, out, errs)
	}
}

// What a backup's entries are said to be, and which of them are taken in.
func TestEntriesOfABackup(t *testing.T) {
	key := snapshot.NewKey()
	removed := entryOf(strings.ReplaceAll(rfc, "sha1", "removed"))
	removed.Removed = time.Unix(50, 0)
	long := entryOf(strings.ReplaceAll(rfc, "sha1", strings.Repeat("x", 2000)))
	file := backupOf(t, key, entryOf(rfc), entryOf(rfc), removed, long,
		entryOf(strings.ReplaceAll(rfc, "GEZD", "MFRG")), entryOf("otpauth://totp/Bad:one?secret=1"))
	out, errs, exit := run(t, t.TempDir(), time.Unix(59, 0), key.Identity().Reveal()+"\n", "import", file, "--key-fd", "0", "--yes", "--json")
	var doc struct {
		Accounts []shownEntry
		Error    failure
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil || exit != 6 || doc.Error.Kind != "refused" {
		t.Fatalf("exit %d, %v: %s %s", exit, err, out, errs)
	}
	want := []string{"new", "same", "removed", "refused", "new", "refused"} // one name and two keys: two accounts
	for i, a := range doc.Accounts {
		if a.Status != want[i] || a.Source != "backup.age" || (a.Reason == "") != (a.Status == "new") {
			t.Errorf("entry %d is %s of %s (%s), want %s", i, a.Status, a.Source, a.Reason, want[i])
		}
	}
	if len(doc.Accounts) != len(want) || doc.Accounts[0].ID == "" || doc.Accounts[0].ID != doc.Accounts[1].ID {
		t.Errorf("%d entries, ids %q and %q", len(doc.Accounts), doc.Accounts[0].ID, doc.Accounts[1].ID)
	}
}

// Errors that a command helps with name it.
func TestHints(t *testing.T) {
	a := &App{data: t.TempDir()}
	for err, want := range map[error]string{
		vault.ErrNoRecovery: "kutano snapshot key", vault.ErrForeignKey: "kutano snapshot key",
		vault.ErrNoGuard: "kutano passphrase set", vault.ErrNeedsGuard: "kutano passphrase change",
		vault.ErrKeysGone: "Open the old keyring", // no snapshot to bring back
	} {
		m := explain.Error(a.hinted(fmt.Errorf("do: %w", err)))
		if !strings.Contains(m.Next, want) || m.Kind != explain.Error(err).Kind {
			t.Errorf("%v: %+v, want %q", err, m, want)
		}
	}
	if a.hinted(nil) != nil {
		t.Error("nothing is an error")
	}
}

// A mistake in a key is told by its place alone.
func TestKeyErrorsNameNoWord(t *testing.T) {
	for err, want := range map[error]string{
		&snapshot.WordError{At: 3, Word: "zebra", Suggest: "zero"}: "Word 3 of",
		&snapshot.WordError{At: 3, Swapped: 9}:                     "Words 3 and 9 of",
		snapshot.ErrKeyChecksum:                                    "more than one is not right",
	} {
		m := explain.Error(keyError(fmt.Errorf("read: %w", err)))
		if !strings.Contains(m.What, want) || m.Exit != 4 || strings.Contains(m.What+m.Safe+m.Next, "ze") {
			t.Errorf("%v: %+v", err, m)
		}
	}
}

// A plain age identity opens what was encrypted to it; no recovery key is made of it.
func TestOtherIdentities(t *testing.T) {
	const other = "AGE-SECRET-KEY-1PF3RT8L2HHC6PG5WYMMVT3FRWXZWPGR5FEQWVL5UZ9NNQ3V6J4JSM45M3T"
	o, err := opener(secret.FromString("# a comment\n" + other + "\n"))
	if err != nil || !o.Key.IsZero() || !strings.Contains(o.Identities, other) {
		t.Errorf("%v, zero %v", err, o.Key.IsZero())
	}
	if _, err := opener(secret.FromString("hello")); !errors.Is(err, snapshot.ErrNotKey) {
		t.Errorf("a text that is no key: %v", err)
	}
}
