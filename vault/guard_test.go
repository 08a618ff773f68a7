// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/secret"
)

var (
	firstPhrase  = secret.FromString("first phrase")
	secondPhrase = secret.FromString("second phrase")
)

// stumble is a real store whose writes fail from one of them on.
type stumble struct {
	keystore.Store
	puts int // items stored so far
	fail int // fail before this one and all after it; 0 never
}

func (s *stumble) Put(ctx context.Context, items ...keystore.Item) error {
	for _, it := range items {
		if s.puts++; s.fail > 0 && s.puts >= s.fail {
			return errInjected
		}
		if err := s.Store.Put(ctx, it); err != nil {
			return err
		}
	}
	return nil
}

func (s *stumble) SetGuard(ctx context.Context, p secret.Value) error {
	if s.puts++; s.fail > 0 && s.puts >= s.fail {
		return errInjected
	}
	return s.Store.SetGuard(ctx, p)
}

func (s *stumble) Delete(ctx context.Context, name string) error {
	if s.puts++; s.fail > 0 && s.puts >= s.fail {
		return errInjected
	}
	return s.Store.Delete(ctx, name)
}

// DropGuard has the real one's writes go through this store.
func (s *stumble) DropGuard(ctx context.Context, rewrite func() error) error {
	return s.Store.DropGuard(ctx, func() error {
		if err := rewrite(); err != nil {
			return err
		}
		if s.puts++; s.fail > 0 && s.puts >= s.fail {
			return errInjected // before the lock goes
		}
		return nil
	})
}

// openWith opens a folder with the passphrases given, each tried in turn.
func openWith(t testing.TB, dir string, kind keystore.Kind, fail int, phrases ...secret.Value) (*Vault, *stumble) {
	t.Helper()
	for _, p := range append(phrases, secret.Value{}) {
		s := &stumble{}
		o := Options{
			Dir: dir, Store: kind, Now: func() time.Time { return testNow },
			Passphrase: func(context.Context, bool) (secret.Value, error) { return p.Clone(), nil },
		}
		if kind == keystore.Keyring {
			o.open = func(keystore.Kind, string) (keystore.Store, error) {
				k, err := keystore.OpenKeyring("0123abcd")
				s.Store = k
				return s, err
			}
		}
		v, err := Open(t.Context(), o)
		if errors.Is(err, keystore.ErrPassphrase) || errors.Is(err, keystore.ErrNoPassphrase) {
			_ = os.Remove(filepath.Join(dir, triesName))
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = v.Close() })
		s.puts, s.fail = 0, fail
		return v, s
	}
	t.Fatal("no passphrase opens it")
	return nil, nil
}

func stock(t testing.TB, v *Vault, n int) {
	t.Helper()
	for i := range n {
		k := numbered(t, i)
		k.Account = strings.Repeat("long name ", i%7) + "ana"
		mustAdd(t, v, k)
	}
}

// wantAll checks that every account of stock is there with its key.
func wantAll(t testing.TB, v *Vault, n int) {
	t.Helper()
	if got := len(v.Accounts()); got != n {
		t.Fatalf("%d accounts, want %d", got, n)
	}
	for i, a := range v.Accounts() {
		if a.Issuer != fmt.Sprintf("Service%03d", i) {
			t.Fatalf("account %d is %s", i, a.Issuer)
		}
		k, err := v.Key(t.Context(), a.ID)
		if err != nil || !k.Secret.Equal(numbered(t, i).Secret) {
			t.Fatalf("key of account %d: %v", i, err)
		}
		k.Secret.Clear()
	}
}

func TestPassphraseOfKeyring(t *testing.T) {
	keyringtest.Start(t)
	dir := t.TempDir()
	v, s := openWith(t, dir, keystore.Keyring, 0)
	stock(t, v, 40)
	if v.Guarded() || v.Locked() {
		t.Error("guarded without a passphrase")
	}
	if err := v.Lock(); !errors.Is(err, ErrNoGuard) {
		t.Errorf("lock without a passphrase: %v", err)
	}
	if err := v.RemovePassphrase(t.Context(), secret.Value{}); !errors.Is(err, ErrNoGuard) {
		t.Errorf("remove without a passphrase: %v", err)
	}
	if err := v.SetPassphrase(t.Context(), secret.Value{}, firstPhrase); err != nil {
		t.Fatal(err)
	}
	wantAll(t, v, 40)
	raw, err := keystore.OpenKeyring("0123abcd")
	if err != nil {
		t.Fatal(err)
	}
	for n := range v.current().Pages {
		if _, err := raw.Get(t.Context(), pageName(n)); !errors.Is(err, keystore.ErrSealed) {
			t.Errorf("page %d is not sealed: %v", n, err)
		}
	}
	if err := v.Lock(); err != nil || !v.Locked() || !v.Guarded() {
		t.Fatalf("lock: %v", err)
	}
	id := v.Accounts()[3].ID
	if _, err := v.Code(t.Context(), id, testNow); !errors.Is(err, keystore.ErrSealed) {
		t.Errorf("code while locked: %v", err)
	}
	if _, err := v.Add(t.Context(), numbered(t, 77)); !errors.Is(err, keystore.ErrSealed) {
		t.Errorf("add while locked: %v", err)
	}
	if err := v.Unlock(t.Context(), secondPhrase); !errors.Is(err, keystore.ErrPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if err := v.Unlock(t.Context(), firstPhrase); err != nil {
		t.Fatal(err)
	}
	wantAll(t, v, 40)
	if err := v.SetPassphrase(t.Context(), secondPhrase, secondPhrase); !errors.Is(err, keystore.ErrPassphrase) {
		t.Errorf("changed with a wrong old one: %v", err)
	}
	puts := s.puts
	if err := v.SetPassphrase(t.Context(), firstPhrase, secondPhrase); err != nil {
		t.Fatal(err)
	}
	if s.puts != puts+1 {
		t.Errorf("a change of the passphrase took %d writes", s.puts-puts)
	}
	other, _ := openWith(t, dir, keystore.Keyring, 0, secondPhrase)
	wantAll(t, other, 40)
	fill1 := mustAdd(t, other, numbered(t, 40))
	if err := other.Remove(t.Context(), fill1.ID); err != nil {
		t.Fatal(err)
	}
	if err := v.RemovePassphrase(t.Context(), firstPhrase); !errors.Is(err, keystore.ErrPassphrase) {
		t.Errorf("removed with an old one: %v", err)
	}
	if err := v.RemovePassphrase(t.Context(), secondPhrase); err != nil {
		t.Fatal(err)
	}
	plain, _ := openWith(t, dir, keystore.Keyring, 0)
	wantAll(t, plain, 40)
	if plain.Guarded() {
		t.Error("still guarded")
	}
	wantAll(t, other, 40)
}

// Another process sets a passphrase: this one finds itself locked at once, and
// so does the next start, whatever became of the index.
func TestPassphraseSetElsewhere(t *testing.T) {
	keyringtest.Start(t)
	for name, use := range map[string]func(*Vault) error{
		"code": func(v *Vault) error { _, err := v.Code(t.Context(), v.Accounts()[0].ID, testNow); return err },
		"add":  func(v *Vault) error { _, err := v.Add(t.Context(), numbered(t, 50)); return err },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			wipe(t)
			v, _ := openWith(t, dir, keystore.Keyring, 0)
			stock(t, v, 2)
			before := filepath.Join(t.TempDir(), "index")
			copyFile(t, v.indexPath(), before)
			other, _ := openWith(t, dir, keystore.Keyring, 0)
			if err := other.SetPassphrase(t.Context(), secret.Value{}, firstPhrase); err != nil {
				t.Fatal(err)
			}
			copyFile(t, before, v.indexPath()) // the index says nothing of a lock
			late, _ := openWith(t, dir, keystore.Keyring, 0)
			start := time.Now()
			if err := use(late); !errors.Is(err, keystore.ErrSealed) || !late.Locked() || !late.Guarded() {
				t.Errorf("%v, locked %v, guarded %v", err, late.Locked(), late.Guarded())
			}
			if took := time.Since(start); took > lockWait/2 {
				t.Errorf("it took %v", took)
			}
			if err := late.Unlock(t.Context(), firstPhrase); err != nil {
				t.Fatal(err)
			}
			wantAll(t, late, 2)
			w, _ := openWith(t, dir, keystore.Keyring, 0, firstPhrase)
			wantAll(t, w, 2)
		})
	}
}

// Whichever write is the last, every account is there afterwards, under the old
// passphrase or the new one; and the next start brings it to an end.
func TestPassphraseStumbles(t *testing.T) {
	keyringtest.Start(t)
	for _, tc := range []struct {
		name   string
		before []secret.Value
		do     func(*Vault) error
		after  []secret.Value // one of them opens it, tried in turn
	}{
		{"set", nil, func(v *Vault) error { return v.SetPassphrase(t.Context(), secret.Value{}, firstPhrase) }, []secret.Value{firstPhrase}},
		{"change", []secret.Value{firstPhrase}, func(v *Vault) error { return v.SetPassphrase(t.Context(), firstPhrase, secondPhrase) }, []secret.Value{firstPhrase, secondPhrase}},
		{"remove", []secret.Value{firstPhrase}, func(v *Vault) error { return v.RemovePassphrase(t.Context(), firstPhrase) }, []secret.Value{firstPhrase}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for fail := 1; ; fail++ {
				dir := t.TempDir()
				wipe(t)
				v, _ := openWith(t, dir, keystore.Keyring, 0)
				stock(t, v, 24)
				if len(tc.before) > 0 {
					if err := v.SetPassphrase(t.Context(), secret.Value{}, tc.before[0]); err != nil {
						t.Fatal(err)
					}
				}
				v, _ = openWith(t, dir, keystore.Keyring, fail, tc.before...)
				err := tc.do(v)
				if err != nil && !errors.Is(err, errInjected) {
					t.Fatalf("write %d: %v", fail, err)
				}
				for range 2 { // the second start has nothing left to mend
					w, _ := openWith(t, dir, keystore.Keyring, 0, tc.after...)
					wantAll(t, w, 24)
					if g := w.current().Guard; g == guardUnsure {
						t.Fatalf("write %d: not brought to an end", fail)
					}
				}
				if err == nil {
					if fail < 2 {
						t.Error("no write ever failed")
					}
					return
				}
			}
		})
	}
}

// wipe empties the keyring of this test's space.
func wipe(t *testing.T) {
	t.Helper()
	k, err := keystore.OpenKeyring("0123abcd")
	if err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		if err := k.Delete(t.Context(), pageName(n)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"lock", recoveryItem} {
		if err := k.Delete(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPassphraseOfFile(t *testing.T) {
	dir := t.TempDir()
	v, _ := openWith(t, dir, keystore.File, 0, firstPhrase)
	stock(t, v, 20)
	if !v.Guarded() || v.Locked() {
		t.Error("a sealed file is guarded, and open here")
	}
	late, _ := openWith(t, dir, keystore.File, 0, firstPhrase)
	if err := v.RemovePassphrase(t.Context(), firstPhrase); !errors.Is(err, ErrNeedsGuard) {
		t.Errorf("removed: %v", err)
	}
	if err := v.SetPassphrase(t.Context(), secondPhrase, firstPhrase); !errors.Is(err, keystore.ErrPassphrase) {
		t.Errorf("changed with a wrong one: %v", err)
	}
	if err := v.SetPassphrase(t.Context(), firstPhrase, secondPhrase); err != nil {
		t.Fatal(err)
	}
	wantAll(t, v, 20)
	// The other process finds itself locked out, and back in with the new one.
	if _, err := late.Code(t.Context(), late.Accounts()[0].ID, testNow); !errors.Is(err, keystore.ErrSealed) || !late.Locked() {
		t.Errorf("another process: %v, locked %v", err, late.Locked())
	}
	if err := late.Unlock(t.Context(), secondPhrase); err != nil {
		t.Fatal(err)
	}
	wantAll(t, late, 20)
	if err := late.Lock(); err != nil || !late.Locked() {
		t.Error(err)
	}
}

// Wrong passphrases: each costs more time, none ever locks for good.
func TestWaits(t *testing.T) {
	dir := t.TempDir()
	v, _ := openWith(t, dir, keystore.File, 0, firstPhrase)
	now := testNow
	v.now = func() time.Time { return now }
	var waits []int
	for range 11 {
		err := v.Unlock(t.Context(), secondPhrase)
		var w *WaitError
		if errors.As(err, &w) {
			t.Fatalf("had to wait after the wait: %v", err)
		}
		if !errors.Is(err, keystore.ErrPassphrase) {
			t.Fatal(err)
		}
		err = v.Unlock(t.Context(), firstPhrase)
		if !errors.As(err, &w) {
			if err != nil {
				t.Fatal(err)
			}
			waits = append(waits, 0)
			// It was right: begin anew with as many wrong ones.
			for range len(waits) {
				_ = v.Unlock(t.Context(), secondPhrase)
			}
			continue
		}
		if !errors.Is(err, keystore.ErrPassphrase) || !strings.Contains(err.Error(), "wait") {
			t.Errorf("%v", err)
		}
		waits = append(waits, w.Seconds())
		now = now.Add(w.For)
	}
	want := "[0 0 2 4 8 16 32 60 60 60 60]"
	if got := fmt.Sprint(waits); got != want {
		t.Errorf("waits %v, want %v", got, want)
	}
	if err := v.Unlock(t.Context(), firstPhrase); err != nil {
		t.Errorf("the right one, after the wait: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, triesName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("wrong ones are not forgotten: %v", err)
	}
}

// The wait outlives the process, and a clock that was set back does not make it longer.
func TestWaitsAcrossStarts(t *testing.T) {
	for _, tc := range []struct {
		t    tries
		now  int64
		want time.Duration
	}{
		{tries{0, 0}, 100, 0},
		{tries{2, 100}, 100, 0},
		{tries{3, 100}, 100, 2 * time.Second},
		{tries{3, 100}, 101, time.Second},
		{tries{3, 100}, 102, 0},
		{tries{3, 100}, 20, 2 * time.Second},
		{tries{200, 100}, 100, time.Minute},
		{tries{-5, 100}, 100, 0},
	} {
		if got := tc.t.wait(time.Unix(tc.now, 0)); got != tc.want {
			t.Errorf("%+v at %d: %v, want %v", tc.t, tc.now, got, tc.want)
		}
	}
	dir := t.TempDir()
	openWith(t, dir, keystore.File, 0, firstPhrase)
	if err := os.WriteFile(filepath.Join(dir, triesName), []byte(`{"wrong":5,"last":1800000000}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{Dir: dir, Now: func() time.Time { return testNow }, Passphrase: func(context.Context, bool) (secret.Value, error) {
		t.Error("asked while one has to wait")
		return firstPhrase.Clone(), nil
	}})
	var w *WaitError
	if !errors.As(err, &w) || w.For != 8*time.Second {
		t.Errorf("at the next start: %v", err)
	}
}
