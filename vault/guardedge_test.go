// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/kutano/authenticator/vault/atomicfile/faults"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// guardedVault is one in a keyring of its own, under the first passphrase.
func guardedVault(t *testing.T, n int) (*Vault, string) {
	t.Helper()
	keyringtest.Start(t)
	dir := t.TempDir()
	v, _ := openWith(t, dir, keystore.Keyring, 0)
	stock(t, v, n)
	if err := v.SetPassphrase(t.Context(), secret.Value{}, firstPhrase); err != nil {
		t.Fatal(err)
	}
	return v, dir
}

// raw is the keyring without a lock in between.
func raw(t *testing.T) keystore.Store {
	t.Helper()
	k, err := keystore.OpenKeyring("0123abcd")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// plant puts an item into the keyring as any program of the user can.
func plant(t *testing.T, name, text string) {
	t.Helper()
	if err := keyring.Set("kutano-authenticator", name+"-0123abcd", text); err != nil {
		t.Fatal(err)
	}
}

// What was read before, or is being read, is not given away after Lock.
func TestLockIsFinal(t *testing.T) {
	v, _ := guardedVault(t, 20)
	id := v.Accounts()[0].ID
	codeOf(t, v, id, testNow)
	page := v.pages[0]
	if err := v.Lock(); err != nil {
		t.Fatal(err)
	}
	v.mu.Lock()
	v.pages[0] = page // a read that was under way puts its page back
	v.mu.Unlock()
	if _, err := v.Code(t.Context(), id, testNow); !errors.Is(err, keystore.ErrSealed) {
		t.Errorf("a code after Lock: %v", err)
	}
	if err := v.Unlock(t.Context(), firstPhrase); err != nil {
		t.Fatal(err)
	}
}

// A change of the passphrase that is under way does not undo Lock.
func TestLockDuringAChange(t *testing.T) {
	keyringtest.Start(t)
	t.Cleanup(func() { keystore.SetEffort(-1) })
	for wait := range 6 {
		if wait%2 == 0 { // the old one is checked at once: Lock comes while the new one's key is made
			keystore.SetEffort(-1)
		}
		o := Options{
			Dir: t.TempDir(), Store: keystore.Keyring, Now: func() time.Time { return testNow },
			Passphrase: func(context.Context, bool) (secret.Value, error) { return secret.Value{}, keystore.ErrNoPassphrase },
		}
		v, err := Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		stock(t, v, 2)
		if err := v.SetPassphrase(t.Context(), secret.Value{}, firstPhrase); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		keystore.SetEffort(0) // long enough to lock in the middle
		go func() { done <- v.SetPassphrase(context.WithoutCancel(t.Context()), firstPhrase, secondPhrase) }()
		time.Sleep(time.Duration(wait) * 25 * time.Millisecond)
		if err := v.Lock(); err != nil {
			t.Fatal(err)
		}
		err = <-done
		if !v.Locked() {
			t.Errorf("after %d: a change of the passphrase undid Lock", wait)
		}
		if _, err := v.Code(t.Context(), v.Accounts()[0].ID, testNow); !errors.Is(err, keystore.ErrSealed) {
			t.Errorf("after %d: a code after Lock: %v", wait, err)
		}
		if v.Unlock(t.Context(), firstPhrase) != nil && v.Unlock(t.Context(), secondPhrase) != nil {
			t.Errorf("after %d (%v): neither passphrase opens it", wait, err)
		}
		wantAll(t, v, 2)
		_ = v.Close()
	}
}

// The lock's item vanishes while its key is at hand: it is put back, nothing is
// stored in clear, and the passphrase stays.
func TestVanishedLockIsPutBack(t *testing.T) {
	v, dir := guardedVault(t, 3)
	if err := raw(t).Delete(t.Context(), keystore.LockItem); err != nil {
		t.Fatal(err)
	}
	mustAdd(t, v, numbered(t, 90))
	if _, err := raw(t).Get(t.Context(), "page-0"); !errors.Is(err, keystore.ErrSealed) {
		t.Errorf("a page in clear: %v", err)
	}
	w, _ := openWith(t, dir, keystore.Keyring, 0, firstPhrase)
	if n := len(w.Accounts()); n != 4 || !w.Guarded() {
		t.Errorf("%d accounts, guarded %v", n, w.Guarded())
	}
	// While locked it cannot be put back, and no passphrase is right then.
	if err := w.Lock(); err != nil {
		t.Fatal(err)
	}
	if err := raw(t).Delete(t.Context(), keystore.LockItem); err != nil {
		t.Fatal(err)
	}
	if err := w.Unlock(t.Context(), firstPhrase); !errors.Is(err, keystore.ErrDamaged) || !w.Locked() {
		t.Errorf("without its lock: %v", err)
	}
	mustAdd(t, v, numbered(t, 91)) // the other one has the key
	if err := w.Unlock(t.Context(), firstPhrase); err != nil {
		t.Error(err)
	}
}

// Somebody who has not the passphrase puts items into the keyring while the
// vault is locked: none is believed.
func TestPlantedItemsAreNotBelieved(t *testing.T) {
	v, dir := guardedVault(t, 3)
	k := withRecovery(t, v)
	thief := snapshot.NewKey()
	if err := v.Lock(); err != nil {
		t.Fatal(err)
	}
	plant(t, recoveryItem, recoveryMagic+" "+digestOf(thief.Recipient()))
	if err := v.writeRecovery(recovery{Version: 1, Recipient: thief.Recipient(), Since: 1}); err != nil {
		t.Fatal(err)
	}
	if err := v.Unlock(t.Context(), firstPhrase); err != nil {
		t.Fatal(err)
	}
	mustAdd(t, v, numbered(t, 90))
	_ = v.Close()
	if err := v.SnapshotErr(); !errors.Is(err, ErrForeignKey) {
		t.Errorf("a planted recovery key: %v", err)
	}
	w, _ := openWith(t, dir, keystore.Keyring, 0, firstPhrase)
	if list, err := w.Snapshots().List(); err != nil || list[0].Key != snapshot.Fingerprint(k.Recipient()) {
		t.Errorf("a snapshot for it: %v, %v", list, err)
	}
	id := w.Accounts()[0].ID
	_ = w.Lock()
	plant(t, "page-0", "kutano1 99\n"+string(id)+" "+numbered(t, 55).URI().Reveal()+"\n")
	if err := w.Unlock(t.Context(), firstPhrase); err != nil {
		t.Fatal(err)
	}
	if c, err := w.Code(t.Context(), id, testNow); err == nil {
		t.Errorf("a code from a planted key: %s", c.Value)
	}
}

// One page that cannot be opened: the passphrase stays, and so do all others.
func TestUnreadablePageKeepsThePassphrase(t *testing.T) {
	v, dir := guardedVault(t, 30)
	text, err := keyring.Get("kutano-authenticator", "page-1-0123abcd")
	if err != nil {
		t.Fatal(err)
	}
	plant(t, "page-1", text[:len(text)-4]+strings.Map(func(r rune) rune { return map[bool]rune{true: 'B', false: 'A'}[r == 'A'] }, text[len(text)-4:]))
	_ = v.Verify(t.Context())
	if err := v.RemovePassphrase(t.Context(), firstPhrase); !errors.Is(err, ErrAside) {
		t.Errorf("removed: %v", err)
	}
	for _, open := range []func() *Vault{
		func() *Vault { return v },
		func() *Vault { w, _ := openWith(t, dir, keystore.Keyring, 0, firstPhrase); return w },
	} {
		v := open()
		good := 0
		for _, a := range v.Accounts() {
			if _, err := v.Code(t.Context(), a.ID, testNow); err == nil {
				good++
			}
		}
		if good < 12 || v.Locked() || !v.Guarded() {
			t.Errorf("%d accounts work, locked %v, guarded %v", good, v.Locked(), v.Guarded())
		}
	}
}

// The recovery key opens the lock as it is, also when the process died right
// after the passphrase was changed, or locked itself.
func TestRecoveryKeyOpensTheLatestLock(t *testing.T) {
	eachStore(t, func(t *testing.T, kind keystore.Kind, dir string) {
		v, _ := openWith(t, dir, kind, 0, firstPhrase)
		stock(t, v, 2)
		k := withRecovery(t, v)
		old := secret.Value{}
		if kind == keystore.File {
			old = firstPhrase
		}
		v.behind.closed = true // nothing follows: killed, or locked at once
		if err := v.SetPassphrase(t.Context(), old, secondPhrase); err != nil {
			t.Fatal(err)
		}
		if err := ResetPassphrase(t.Context(), resetOptions(dir, kind), k, firstPhrase); err != nil {
			t.Errorf("right after a change: %v", err)
		}
		if err := os.WriteFile(filepath.Join(dir, escrowName), []byte("of another lock"), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := readRecovery(dir)
		if err != nil {
			t.Fatal(err)
		}
		r.Lock = "another"
		w, _ := openWith(t, dir, kind, 0, firstPhrase)
		if err := w.writeRecovery(r); err != nil {
			t.Fatal(err)
		}
		w.Tend()
		_ = w.Close()
		if err := ResetPassphrase(t.Context(), resetOptions(dir, kind), k, secondPhrase); err != nil {
			t.Errorf("after it was made good: %v", err)
		}
		x, _ := openWith(t, dir, kind, 0, secondPhrase)
		wantAll(t, x, 2)
	})
}

// A recovery key that could not be kept is not the recovery key, and one that
// is kept is reported as kept.
func TestRecoveryKeyIsKeptOrNot(t *testing.T) {
	dir := t.TempDir()
	v, _ := openWith(t, dir, keystore.File, 0, firstPhrase)
	stock(t, v, 2)
	first := withRecovery(t, v)
	steps := faults.Record(t, func() { first = withRecovery(t, v) })
	faults.Stop()
	_ = v.Close()
	for n := range steps {
		v, _ = openWith(t, dir, keystore.File, 0, firstPhrase)
		v.behind.closed = true
		k := snapshot.NewKey()
		faults.Inject(t, faults.At(n, syscall.ENOSPC))
		err := v.SetRecovery(t.Context(), k)
		faults.Stop()
		print, _, ok := v.Recovery()
		want := first
		if err == nil {
			want = k
		}
		if !ok || print != snapshot.Fingerprint(want.Recipient()) {
			t.Fatalf("%v fails: %v, and %s is the recovery key", steps[n], err, print)
		}
		if info, err := v.Snapshot(t.Context()); err != nil || info.Key != print {
			t.Fatalf("%v fails: the next snapshot: %v", steps[n], err)
		}
		if err != nil {
			for _, info := range must(v.Snapshots().List()) {
				if info.Key == snapshot.Fingerprint(k.Recipient()) {
					t.Errorf("%v fails: a snapshot for a key that nobody has is left", steps[n])
				}
			}
		}
		first = want
		_ = v.Close()
	}
}

func must(list []snapshot.Info, err error) []snapshot.Info {
	if err != nil {
		panic(err)
	}
	return list
}

// A folder founded where there was one before is no older copy of it.
func TestFoundedAnewIsNotOlder(t *testing.T) {
	m, dir := newMemStore(), t.TempDir()
	o := memOptions(dir, m)
	o.State = t.TempDir()
	for range 2 {
		v, err := Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		stock(t, v, 5)
		_ = v.Close()
		removeIndex(t, dir)
		m.items = map[string]string{}
		for range 3 {
			v, err := Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			wantNotices(t, v)
			_ = v.Close()
		}
		removeIndex(t, dir)
	}
	if strings.Contains(m.text(), "otpauth") {
		t.Error("not founded anew")
	}
}
