// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// eachStore runs f on a vault in a real keyring and in a real sealed file.
func eachStore(t *testing.T, f func(t *testing.T, kind keystore.Kind, dir string)) {
	for _, kind := range []keystore.Kind{keystore.Keyring, keystore.File} {
		t.Run(string(kind), func(t *testing.T) {
			if kind == keystore.Keyring {
				keyringtest.Start(t)
			}
			f(t, kind, t.TempDir())
		})
	}
}

func withRecovery(t *testing.T, v *Vault) snapshot.Key {
	t.Helper()
	k := snapshot.NewKey()
	if err := v.SetRecovery(t.Context(), k); err != nil {
		t.Fatal(err)
	}
	return k
}

// newest opens the newest snapshot of a folder.
func newest(t *testing.T, dir string, k snapshot.Key) snapshot.Document {
	t.Helper()
	file, err := snapshot.OpenFolder(dir).Read("latest")
	if err != nil {
		t.Fatal(err)
	}
	d, err := snapshot.Decrypt(file, snapshot.Opener{Key: k})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSnapshotFollowsEachChange(t *testing.T) {
	eachStore(t, func(t *testing.T, kind keystore.Kind, dir string) {
		v, _ := openWith(t, dir, kind, 0, firstPhrase)
		if _, err := v.Snapshot(t.Context()); !errors.Is(err, ErrNoRecovery) {
			t.Errorf("without a recovery key: %v", err)
		}
		if _, _, ok := v.Recovery(); ok {
			t.Error("a recovery key that nobody made")
		}
		stock(t, v, 3)
		k := withRecovery(t, v)
		if print, since, ok := v.Recovery(); !ok || print != snapshot.Fingerprint(k.Recipient()) || !since.Equal(testNow) {
			t.Errorf("recovery key %q since %v, %v", print, since, ok)
		}
		id := v.Accounts()[1].ID
		for _, change := range []func() error{
			func() error { _, err := v.Add(t.Context(), numbered(t, 50)); return err },
			func() error { return v.Remove(t.Context(), id) },
			func() error { return v.Restore(t.Context(), id) },
			func() error {
				a, _ := v.Account(id)
				d := a.Details()
				d.Note = "a note"
				_, err := v.Update(t.Context(), id, d)
				return err
			},
			func() error { return v.Reorder(t.Context(), []ID{id}) },
		} {
			if err := change(); err != nil {
				t.Fatal(err)
			}
			if err := v.Close(); err != nil { // waits for the snapshot
				t.Fatal(err)
			}
			if err := v.SnapshotErr(); err != nil {
				t.Fatal(err)
			}
			v, _ = openWith(t, dir, kind, 0, firstPhrase)
			if found := preview(t, v, newest(t, dir, k)); statuses(found) != map[bool]string{true: "SSSS", false: "S-SS"}[len(v.Removed()) == 0] {
				t.Errorf("the snapshot differs: %s", statuses(found))
			}
			w := openMem(t, t.TempDir(), newMemStore())
			takeIn(t, w, preview(t, w, newest(t, dir, k)), Take{Replace: true})
			sameAccounts(t, w.Accounts(), v.Accounts())
		}
		before, err := v.Snapshots().List()
		if err != nil {
			t.Fatal(err)
		}
		if err := v.MarkUsed(t.Context(), id, testNow); err != nil {
			t.Fatal(err)
		}
		_ = v.Close()
		if after, err := v.Snapshots().List(); err != nil || len(after) != len(before) {
			t.Errorf("using a code made a snapshot: %d, %d, %v", len(before), len(after), err)
		}
	})
}

// Whoever can write to the folder cannot have snapshots made for a key of their own.
func TestForeignRecoveryKey(t *testing.T) {
	dir := t.TempDir()
	v, _ := openWith(t, dir, keystore.File, 0, firstPhrase)
	stock(t, v, 2)
	k := withRecovery(t, v)
	_ = v.Close()
	thief := snapshot.NewKey()
	b, err := json.Marshal(recovery{Version: 1, Recipient: thief.Recipient(), Since: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, recoveryName), b, 0o600); err != nil {
		t.Fatal(err)
	}
	v, _ = openWith(t, dir, keystore.File, 0, firstPhrase)
	before, _ := v.Snapshots().List()
	mustAdd(t, v, numbered(t, 8))
	_ = v.Close()
	if err := v.SnapshotErr(); !errors.Is(err, ErrForeignKey) {
		t.Errorf("a foreign key: %v", err)
	}
	after, _ := v.Snapshots().List()
	if len(after) != len(before) || after[0].Key != snapshot.Fingerprint(k.Recipient()) {
		t.Errorf("a snapshot was made for it: %+v", after[0])
	}
	for name, text := range map[string]string{"empty": "", "garbage": "{", "newer": `{"version":2,"recipient":"age1pq1x"}`} {
		if err := os.WriteFile(filepath.Join(dir, recoveryName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		v, _ = openWith(t, dir, keystore.File, 0, firstPhrase)
		if _, err := v.Snapshot(t.Context()); !errors.Is(err, ErrForeignKey) && !errors.Is(err, ErrNewer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, recoveryName), []byte(`{"version":2,"recipient":"age1pq1x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := v.SetRecovery(t.Context(), snapshot.NewKey()); !errors.Is(err, ErrNewer) {
		t.Errorf("over a newer version's: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, recoveryName)); err != nil {
		t.Fatal(err)
	}
	withRecovery(t, v) // a new one makes it good
	mustAdd(t, v, numbered(t, 9))
	_ = v.Close()
	if err := v.SnapshotErr(); err != nil {
		t.Error(err)
	}
}

// Whichever write fails while a recovery key is made or changed, snapshots go
// on to one that was made here, and none of the accounts is touched.
func TestRecoveryKeyStumbles(t *testing.T) {
	keyringtest.Start(t)
	for fail := 1; ; fail++ {
		dir := t.TempDir()
		wipe(t)
		v, _ := openWith(t, dir, keystore.Keyring, 0)
		stock(t, v, 3)
		first := withRecovery(t, v)
		_ = v.Close()
		v, _ = openWith(t, dir, keystore.Keyring, fail)
		second := snapshot.NewKey()
		err := v.SetRecovery(t.Context(), second)
		if err != nil && !errors.Is(err, errInjected) {
			t.Fatal(err)
		}
		_ = v.Close()
		w, _ := openWith(t, dir, keystore.Keyring, 0)
		info, serr := w.Snapshot(t.Context())
		if serr != nil {
			t.Fatalf("write %d: %v", fail, serr)
		}
		key := first
		if info.Key == snapshot.Fingerprint(second.Recipient()) {
			key = second
		} else if err == nil {
			t.Errorf("the new key is set, and a snapshot went to %s", info.Key)
		}
		wantAll(t, w, 3)
		if d := newest(t, dir, key); len(d.Accounts) != 3 {
			t.Errorf("write %d: %d accounts", fail, len(d.Accounts))
		}
		if err == nil {
			if fail < 2 {
				t.Error("hardly a write failed")
			}
			return
		}
	}
}

func resetOptions(dir string, kind keystore.Kind) Options {
	o := Options{Dir: dir, Now: func() time.Time { return testNow }}
	if kind == keystore.Keyring {
		o.open = func(keystore.Kind, string) (keystore.Store, error) { return keystore.OpenKeyring("0123abcd") }
	}
	return o
}

func TestForgottenPassphrase(t *testing.T) {
	eachStore(t, func(t *testing.T, kind keystore.Kind, dir string) {
		v, _ := openWith(t, dir, kind, 0, firstPhrase)
		stock(t, v, 20)
		o := resetOptions(dir, kind)
		third := secret.FromString("third phrase")
		if err := ResetPassphrase(t.Context(), o, snapshot.NewKey(), third); !errors.Is(err, ErrNoEscrow) {
			t.Errorf("without a recovery key: %v", err)
		}
		k := withRecovery(t, v)
		if kind == keystore.Keyring {
			if err := v.SetPassphrase(t.Context(), secret.Value{}, firstPhrase); err != nil {
				t.Fatal(err)
			}
		}
		// Changed afterwards: the recovery key opens the lock as it is now.
		if err := v.SetPassphrase(t.Context(), firstPhrase, secondPhrase); err != nil {
			t.Fatal(err)
		}
		_ = v.Close()
		if err := ResetPassphrase(t.Context(), o, snapshot.NewKey(), third); !errors.Is(err, snapshot.ErrWrongKey) {
			t.Errorf("another recovery key: %v", err)
		}
		if err := ResetPassphrase(t.Context(), o, k, secret.Value{}); !errors.Is(err, keystore.ErrNoPassphrase) {
			t.Errorf("no new passphrase: %v", err)
		}
		v, _ = openWith(t, dir, kind, 0, secondPhrase)
		wantAll(t, v, 20)
		_ = v.Close()
		if err := os.WriteFile(filepath.Join(dir, triesName), []byte(`{"wrong":9,"last":1800000000}`), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := ResetPassphrase(t.Context(), o, k, third); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(dir, triesName)); !errors.Is(err, fs.ErrNotExist) {
			t.Error("one still has to wait")
		}
		v, _ = openWith(t, dir, kind, 0, third)
		wantAll(t, v, 20)
		_ = v.Close()
		fourth := secret.FromString("fourth phrase")
		if err := ResetPassphrase(t.Context(), o, k, fourth); err != nil {
			t.Errorf("a second time: %v", err)
		}
		// The key of another lock, and no key at all.
		if err := os.WriteFile(filepath.Join(dir, escrowName), []byte("age-encryption.org/v1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := ResetPassphrase(t.Context(), o, k, third); !errors.Is(err, ErrNoEscrow) {
			t.Errorf("damaged: %v", err)
		}
		v, _ = openWith(t, dir, kind, 0, fourth)
		wantAll(t, v, 20)
	})
}

// The keyring was reset: the list is there, and the snapshot brings the keys back.
func TestKeyringWipedAndRestored(t *testing.T) {
	keyringtest.Start(t)
	dir := t.TempDir()
	v, _ := openWith(t, dir, keystore.Keyring, 0)
	stock(t, v, 20)
	as := v.Accounts()
	k := withRecovery(t, v)
	_ = v.Close()
	wipe(t)
	v, _ = openWith(t, dir, keystore.Keyring, 0)
	if _, err := v.Code(t.Context(), as[0].ID, testNow); !errors.Is(err, ErrKeysGone) {
		t.Fatalf("wiped: %v", err)
	}
	// Accounts added now do not push the good snapshot out, however many.
	for i := range 12 {
		mustAdd(t, v, numbered(t, 60+i))
		_, _ = v.Snapshot(t.Context())
	}
	_ = v.Close()
	v, _ = openWith(t, dir, keystore.Keyring, 0)
	list, err := v.Snapshots().List()
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range list {
		file, err := v.Snapshots().Read(info.Name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := snapshot.Decrypt(file, snapshot.Opener{Key: k})
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Accounts) == 20 {
			takeIn(t, v, preview(t, v, d), Take{})
			break
		}
	}
	for i, a := range as {
		key, err := v.Key(t.Context(), a.ID)
		if err != nil || !key.Secret.Equal(numbered(t, i).Secret) {
			t.Fatalf("key of account %d: %v", i, err)
		}
	}
	if n := len(v.Accounts()); n != 32 {
		t.Errorf("%d accounts", n)
	}
}

// A move takes the recovery key along, and it opens the new lock.
func TestMoveKeepsRecovery(t *testing.T) {
	keyringtest.Start(t)
	dir := t.TempDir()
	o := Options{
		Dir: dir, Store: keystore.Keyring, Now: func() time.Time { return testNow },
		Passphrase: func(context.Context, bool) (secret.Value, error) { return secondPhrase.Clone(), nil },
	}
	v, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	stock(t, v, 20)
	k := withRecovery(t, v)
	if err := v.SetPassphrase(t.Context(), secret.Value{}, firstPhrase); err != nil {
		t.Fatal(err)
	}
	if err := v.MoveTo(t.Context(), keystore.File, secondPhrase); err != nil {
		t.Fatal(err)
	}
	wantAll(t, v, 20)
	_ = v.Close()
	if err := v.SnapshotErr(); err != nil {
		t.Errorf("snapshot after the move: %v", err)
	}
	o.Store = ""
	if err := ResetPassphrase(t.Context(), o, k, secondPhrase); err != nil {
		t.Errorf("the recovery key does not open the sealed file: %v", err)
	}
	if v, err = Open(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if err := v.MoveTo(t.Context(), keystore.Keyring, secret.Value{}); err != nil {
		t.Fatal(err)
	}
	if v.Guarded() {
		t.Error("guarded without a passphrase")
	}
	wantAll(t, v, 20)
	_ = v.Close()
	if _, err := os.Stat(filepath.Join(dir, escrowName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the key of a lock that is gone is still kept: %v", err)
	}
	if d := newest(t, dir, k); len(d.Accounts) != 20 {
		t.Errorf("%d accounts in the snapshot", len(d.Accounts))
	}
}

// A snapshot that a killed process did not get to is written by the next start,
// and a copy once its drive is there.
func TestTend(t *testing.T) {
	dir, drive := t.TempDir(), filepath.Join(t.TempDir(), "drive")
	v, _ := openWith(t, dir, keystore.File, 0, firstPhrase)
	v.Tend() // without a recovery key there is nothing to do
	stock(t, v, 2)
	k := withRecovery(t, v)
	_ = v.Close()
	v, _ = openWith(t, dir, keystore.File, 0, firstPhrase)
	v.behind.closed = true // killed before its snapshot
	mustAdd(t, v, numbered(t, 2))
	if n := len(newest(t, dir, k).Accounts); n != 2 {
		t.Fatalf("%d accounts", n)
	}
	if err := v.Snapshots().SetCopies(snapshot.Copies{Dir: drive, Every: snapshot.EveryChange}); err == nil {
		t.Log("a folder that is not there was taken")
	}
	w, _ := openWith(t, dir, keystore.File, 0, firstPhrase)
	w.Tend()
	_ = w.Close()
	if n := len(newest(t, dir, k).Accounts); n != 3 {
		t.Errorf("%d accounts in the newest snapshot", n)
	}
	if err := os.Mkdir(drive, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := w.Snapshots().SetCopies(snapshot.Copies{Dir: drive, Every: snapshot.EveryChange}); err != nil {
		t.Fatal(err)
	}
	w, _ = openWith(t, dir, keystore.File, 0, firstPhrase)
	w.Tend()
	_ = w.Close()
	if files, err := os.ReadDir(drive); err != nil || len(files) != 1 {
		t.Errorf("copies: %v, %v", files, err)
	}
}
