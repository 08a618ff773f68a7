// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/snapshot"
)

// small is a vault of few accounts, so that every bit of it can be tried.
func (w *world) small(kind keystore.Kind, key snapshot.Key) order {
	w.t.Helper()
	w.kind = ""
	w.restore(moment{})
	o := order{Dir: w.dir, State: w.state, Kind: kind, Pass: first}
	v, err := vault.Open(context.Background(), o.options())
	if err == nil {
		_, err = v.AddAll(context.Background(), []otpauth.Key{sample(0), sample(1), sample(2)})
	}
	if err == nil {
		err = v.SetRecovery(context.Background(), key)
	}
	if err == nil {
		err = errors.Join(v.Close(), v.SnapshotErr())
	}
	if err != nil {
		w.t.Fatal(err)
	}
	o.Kind = ""
	if err := os.WriteFile(filepath.Join(w.dir, "tries.json"), []byte(`{"wrong":1,"last":1800000000}`+"\n"), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return o
}

// Every byte of every file, with a bit of it flipped: it is detected or does no
// harm, the rest can be used, and what cannot comes back from a snapshot.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("it runs without the race detector, as the step faults of .ci/test")
	}
	for _, kind := range both {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			key := snapshot.NewKey()
			o := w.small(kind, key)
			base := w.now()
			for _, name := range slices.Sorted(maps.Keys(base.files)) {
				if kind == keystore.Keyring && !strings.HasSuffix(name, "accounts.json") {
					continue // as beside a sealed file
				}
				tally := map[string]int{}
				for at := range len(base.files[name]) {
					var came string
					tries := 0
					err := w.steady(func() (err error) {
						if tries++; tries > 1 {
							w.restore(base)
						}
						came, err = w.tryByte(o, base, key, name, at)
						return err
					})
					if err != nil {
						t.Fatalf("%s, byte %d of %d (%q): %v", name, at, len(base.files[name]), base.files[name][max(0, at-20):min(at+20, len(base.files[name]))], err)
					}
					tally[came]++
				}
				t.Log(name, tally)
			}
		})
	}
}

// tryByte flips a bit, looks what comes of it and puts the world back.
func (w *world) tryByte(o order, base moment, key snapshot.Key, name string, at int) (string, error) {
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(flip(base.files[name], at)), 0o600); err != nil {
		return "", err
	}
	var came string
	var err error
	switch {
	case strings.HasSuffix(name, ".age"):
		came, err = w.tryAge(o, base, key, name)
	case name == "snapshots/snapshots.json":
		came, err = w.tryList(key)
	default:
		came, err = w.tryOpen(o)
	}
	if err != nil {
		return came, err
	}
	if strings.HasPrefix(name, "snapshots/") { // nothing else was touched
		return came, os.WriteFile(path, []byte(base.files[name]), 0o600)
	}
	files := w.read(w.dir)
	for file, text := range base.files {
		if files[file] != text {
			err = errors.Join(err, os.WriteFile(filepath.Join(w.dir, file), []byte(text), 0o600))
		}
	}
	for file := range files {
		if _, was := base.files[file]; !was {
			err = errors.Join(err, os.Remove(filepath.Join(w.dir, file)))
		}
	}
	return came, err
}

// tryOpen opens the vault and uses it. No code that is shown under an account's
// name is another's, before and after a look at every key.
func (w *world) tryOpen(o order) (string, error) {
	v, err := vault.Open(context.Background(), o.options())
	if errors.Is(err, keystore.ErrDamaged) || errors.Is(err, vault.ErrNewer) || errors.Is(err, vault.ErrOther) {
		return "does not open, and says why", nil
	}
	if err != nil {
		return "", fmt.Errorf("open: %w", err)
	}
	defer func() { _ = v.Close() }()
	came := "no harm"
	for range 2 {
		n, err := codesAreRight(v)
		switch {
		case err != nil:
			return "", err
		case n == 3:
			_, err := v.Snapshot(context.Background())
			switch {
			case errors.Is(err, vault.ErrForeignKey), errors.Is(err, vault.ErrNewer):
				return "snapshots stop, and it is said", nil
			case err != nil:
				return "", err
			}
			return came, nil
		}
		came = "mended"
		if err := v.Verify(context.Background()); err != nil {
			return "", err
		}
	}
	return "", errors.New("an account is missing")
}

// codesAreRight counts the accounts of which the code is shown. A name that no
// account has is no wrong name: nobody looks for it.
func codesAreRight(v *vault.Vault) (int, error) {
	right := 0
	for _, a := range v.Accounts() {
		c, err := v.Code(context.Background(), a.ID, begin)
		if err != nil {
			continue
		}
		for n := range 3 {
			k := sample(n)
			if want, _ := k.Code(begin); a.Issuer == k.Issuer && a.Name == k.Account && c.Value == want.Value {
				right++
			} else if a.Issuer == k.Issuer && a.Name == k.Account {
				return 0, fmt.Errorf("%s shows the code %s", a.Label(), c.Value)
			}
		}
	}
	return right, nil
}

// tryAge looks at a snapshot, or at what opens the lock, that was changed.
func (w *world) tryAge(o order, base moment, key snapshot.Key, name string) (string, error) {
	if name == "unlock.age" {
		err := vault.ResetPassphrase(context.Background(), o.options(), key, phrase(second))
		if errors.Is(err, vault.ErrNoEscrow) || errors.Is(err, snapshot.ErrWrongKey) {
			return "does not open, and says why", nil
		}
		return "", fmt.Errorf("it opens the lock: %w", err)
	}
	checked, err := snapshot.OpenFolder(w.dir).Verify()
	if err != nil || len(checked) != strings.Count(strings.Join(slices.Sorted(maps.Keys(base.files)), " "), "snapshots/kutano-") {
		return "", fmt.Errorf("%d snapshots are listed: %w", len(checked), err)
	}
	for _, c := range checked {
		if (c.Err != nil) != (c.Name == filepath.Base(name)) {
			return "", fmt.Errorf("%s: %w", c.Name, c.Err)
		}
	}
	file, err := snapshot.OpenFolder(w.dir).Read(filepath.Base(name))
	if err != nil {
		return "", err
	}
	if d, err := snapshot.Decrypt(file, snapshot.Opener{Key: key}); err == nil {
		return "", fmt.Errorf("it opens, with %d accounts", len(d.Accounts))
	}
	return "named by a check, and does not open", nil
}

// tryList looks at the folder of snapshots with a list that was changed: each
// of them is there and opens, whatever the list says of it.
func (w *world) tryList(key snapshot.Key) (string, error) {
	folder := snapshot.OpenFolder(w.dir)
	list, err := folder.Verify()
	if err != nil || len(list) == 0 {
		return "", fmt.Errorf("%d snapshots: %w", len(list), err)
	}
	came := "no harm"
	for _, c := range list {
		if c.Err != nil {
			came = "a snapshot is thought to be damaged, and opens"
		}
		file, err := folder.Read(c.Name)
		if err != nil {
			return "", err
		}
		d, err := snapshot.Decrypt(file, snapshot.Opener{Key: key})
		if err != nil || len(d.Accounts) != 3 {
			return "", fmt.Errorf("%d accounts: %w", len(d.Accounts), err)
		}
	}
	return came, nil
}
