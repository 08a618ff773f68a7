// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/secret"
)

var (
	other   = secret.FromString("another phrase")
	samples = []Item{text("page-0", "kutano1 1\nsecret of page 0\n"), text("page-1", strings.Repeat("x", MaxSealed))}
)

// guardedStore returns a store under the test phrase with the samples in it, and
// what opens the same items as another process would.
func guardedStore(t *testing.T, kind Kind) (Store, func() Store) {
	t.Helper()
	SetEffort(-1)
	t.Cleanup(func() { SetEffort(Usual) })
	if kind == File {
		s, path := newFile(t, samples...)
		return s, func() Store { return LockedFile(path) }
	}
	keyringtest.Start(t)
	again := func() Store { return openKeyring(t, "0123abcd") }
	s := again()
	if err := s.SetGuard(t.Context(), phrase); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), samples...); err != nil {
		t.Fatal(err)
	}
	return s, again
}

func eachGuard(t *testing.T, f func(t *testing.T, s Store, again func() Store)) {
	for _, kind := range []Kind{Keyring, File} {
		t.Run(string(kind), func(t *testing.T) {
			s, again := guardedStore(t, kind)
			f(t, s, again)
		})
	}
}

func wantSealed(t *testing.T, s Store) {
	t.Helper()
	if _, err := s.Get(t.Context(), "page-0"); !errors.Is(err, ErrSealed) {
		t.Errorf("read while locked: %v", err)
	}
	if err := s.Put(t.Context(), text("page-9", "new")); !errors.Is(err, ErrSealed) {
		t.Errorf("write while locked: %v", err)
	}
	if _, err := s.Escrow(t.Context()); !errors.Is(err, ErrSealed) {
		t.Errorf("escrow while locked: %v", err)
	}
	if !s.Locked() {
		t.Error("does not say that it is locked")
	}
}

func TestGuardLocks(t *testing.T) {
	eachGuard(t, func(t *testing.T, s Store, again func() Store) {
		mustHold(t, s, samples...)
		s.Lock()
		wantSealed(t, s)
		if err := s.Unlock(t.Context(), other); !errors.Is(err, ErrPassphrase) {
			t.Errorf("wrong passphrase: %v", err)
		}
		if err := s.Unlock(t.Context(), secret.Value{}); !errors.Is(err, ErrNoPassphrase) {
			t.Errorf("no passphrase: %v", err)
		}
		wantSealed(t, s)
		if err := s.Unlock(t.Context(), phrase); err != nil {
			t.Fatal(err)
		}
		mustHold(t, s, samples...)
		fresh := again()
		if _, err := fresh.Get(t.Context(), "page-0"); !errors.Is(err, ErrSealed) {
			t.Errorf("read by a new process: %v", err)
		}
		if err := fresh.Put(t.Context(), text("page-0", "overwritten")); !errors.Is(err, ErrSealed) {
			t.Errorf("write by a new process: %v", err)
		}
		mustHold(t, s, samples...)
		if id, err := fresh.GuardID(t.Context()); err != nil || id == "" {
			t.Errorf("the lock's id: %q, %v", id, err)
		}
	})
}

func TestGuardChanges(t *testing.T) {
	eachGuard(t, func(t *testing.T, s Store, again func() Store) {
		late := again()
		if err := late.Unlock(t.Context(), phrase); err != nil {
			t.Fatal(err)
		}
		if err := s.SetGuard(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		mustHold(t, s, samples...)
		if err := s.Put(t.Context(), text("page-2", "after")); err != nil {
			t.Fatal(err)
		}
		fresh := again()
		if err := fresh.Unlock(t.Context(), phrase); !errors.Is(err, ErrPassphrase) {
			t.Errorf("the old passphrase: %v", err)
		}
		if err := fresh.Unlock(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		mustHold(t, fresh, append(samples, text("page-2", "after"))...)
		// A process that had it open goes on or is locked, and loses nothing.
		if err := late.Put(t.Context(), text("page-3", "late")); err == nil {
			mustHold(t, s, text("page-3", "late"))
		} else if !errors.Is(err, ErrSealed) {
			t.Errorf("a process that had it open: %v", err)
		}
		mustHold(t, s, samples...)
	})
}

func TestGuardEscrow(t *testing.T) {
	eachGuard(t, func(t *testing.T, s Store, again func() Store) {
		key, err := s.Escrow(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for name, wrong := range map[string][]byte{"empty": nil, "short": make([]byte, 8), "other": make([]byte, key.Len())} {
			if err := again().UnlockEscrow(t.Context(), secret.New(wrong)); !errors.Is(err, ErrPassphrase) {
				t.Errorf("%s key: %v", name, err)
			}
		}
		fresh := again()
		if err := fresh.UnlockEscrow(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		mustHold(t, fresh, samples...)
		if err := fresh.SetGuard(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		last := again()
		if err := last.Unlock(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		mustHold(t, last, samples...)
	})
}

// What is sealed shows nothing, and every changed byte of it is noticed.
func TestKeyringSealed(t *testing.T) {
	s, again := guardedStore(t, Keyring)
	k := s.(*keyringStore)
	raw, err := k.fetch(t.Context(), "page-0")
	if err != nil || bytes.Contains(raw.Bytes(), []byte("secret")) || raw.Len() > MaxItem {
		t.Fatalf("in the keyring stands %d bytes: %v", raw.Len(), err)
	}
	if full, err := k.fetch(t.Context(), "page-1"); err != nil || full.Len() > MaxItem {
		t.Errorf("a full page has %d bytes, %v", full.Len(), err)
	}
	if err := s.Put(t.Context(), text("page-2", strings.Repeat("x", Sealed(bulk)+1))); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	kept := k.lock.open.clone()
	for i := range raw.Len() {
		b := bytes.Clone(raw.Bytes())
		b[i] ^= 1
		v, err := k.reveal(t.Context(), "page-0", secret.New(b))
		if v.Equal(samples[0].Value) || err == nil && sealedUnder(secret.New(b)) != "" {
			t.Fatalf("byte %d changed, and nobody noticed", i)
		}
		k.mu.Lock()
		k.lock.locked = false // another lock's id locks it
		k.lock.open = kept.clone()
		k.mu.Unlock()
	}
	if v, err := k.reveal(t.Context(), "page-1", raw.Clone()); !errors.Is(err, ErrUnreadable) {
		t.Errorf("in another item's place: %v, %v", v, err)
	}
	mustHold(t, unlockedAgain(t, again), samples...)
}

func unlockedAgain(t *testing.T, again func() Store) Store {
	t.Helper()
	s := again()
	if err := s.Unlock(t.Context(), phrase); err != nil {
		t.Fatal(err)
	}
	return s
}

// The passphrase goes only after every item was stored without a seal.
func TestKeyringDropGuard(t *testing.T) {
	s, again := guardedStore(t, Keyring)
	stop := errors.New("stop")
	if err := s.DropGuard(t.Context(), func() error { return stop }); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	mustHold(t, unlockedAgain(t, again), samples...)
	wide := text("page-1", strings.Repeat("w", MaxItem))
	err := s.DropGuard(t.Context(), func() error { return s.Put(t.Context(), samples[0], wide) })
	if err != nil || s.Room() != MaxItem {
		t.Fatalf("%v, room %d", err, s.Room())
	}
	fresh := again()
	mustHold(t, fresh, samples[0], wide)
	if id, err := fresh.GuardID(t.Context()); id != "" || err != nil {
		t.Errorf("a lock is left: %q, %v", id, err)
	}
	if err := s.Put(t.Context(), text("page-3", "plain")); err != nil {
		t.Fatal(err)
	}
	mustHold(t, fresh, text("page-3", "plain"))
}

// Half of the items sealed, half not: both are read, and lost or damaged locks
// are made good with the escrow key.
func TestKeyringMixedAndLostLock(t *testing.T) {
	s, again := guardedStore(t, Keyring)
	k := s.(*keyringStore)
	plain := text("page-5", "not sealed yet")
	if err := k.store(t.Context(), plain); err != nil {
		t.Fatal(err)
	}
	mustHold(t, s, append(samples, plain)...)
	key, err := s.Escrow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func() error{
		"lost":    func() error { return k.Delete(t.Context(), LockItem) },
		"damaged": func() error { return k.store(t.Context(), text(LockItem, lockMagic+"AAAA")) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		fresh := again()
		if name == "damaged" {
			if err := fresh.Unlock(t.Context(), phrase); !errors.Is(err, ErrDamaged) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := fresh.UnlockEscrow(t.Context(), key); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := fresh.SetGuard(t.Context(), phrase); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		mustHold(t, fresh, append(samples, plain)...)
		mustHold(t, unlockedAgain(t, again), samples...)
	}
}

// A passphrase that cannot be written leaves the file as it was.
func TestFileGuardFails(t *testing.T) {
	s, path := newFile(t, samples...)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	SetEffort(-1)
	t.Cleanup(func() { SetEffort(Usual) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.SetGuard(ctx, other); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := s.DropGuard(t.Context(), func() error { t.Error("rewritten"); return nil }); !errors.Is(err, ErrInvalid) {
		t.Errorf("a file without a passphrase: %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file changed: %v", err)
	}
	mustHold(t, s, samples...)
}

// Whatever stands in the lock's place, it is told what is wrong.
func FuzzDecodeLock(f *testing.F) {
	l := newLockKey()
	l.wrap(phrase, cheap)
	f.Add(l.item.Bytes())
	f.Add([]byte(lockMagic))
	f.Add([]byte("kutano-lock2 AAAA"))
	f.Fuzz(func(t *testing.T, b []byte) {
		raw, err := decodeLock(secret.New(b))
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("unclassed: %v", err)
			}
			return
		}
		if len(raw) != lockSize {
			t.Errorf("%d bytes", len(raw))
		}
	})
}

// A page under a lock meets any bytes without a panic.
func FuzzOpenSealed(f *testing.F) {
	l := newLockKey()
	good := l.seal("page-0", secret.FromString("value"))
	f.Add(good.Bytes())
	f.Add([]byte(sealMagic))
	f.Add([]byte(sealMagic + l.name() + " "))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := &keyringStore{lock: keyringLock{open: l}, line: queue}
		v, err := s.reveal(t.Context(), "page-0", secret.New(bytes.Clone(b)))
		switch {
		case errors.Is(err, ErrSealed), errors.Is(err, ErrUnreadable):
		case err != nil:
			t.Errorf("unclassed: %v", err)
		case sealedUnder(secret.New(b)) == "" && !bytes.Equal(v.Bytes(), b):
			t.Error("a plain value was changed")
		}
	})
}
