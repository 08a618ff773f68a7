// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

func filled(b *testing.B, kind keystore.Kind, n int) *vault.Vault {
	b.Helper()
	if kind == keystore.Keyring {
		keyringtest.Start(b)
	}
	v := open(b, b.TempDir(), kind)
	ks := make([]otpauth.Key, n)
	for i := range ks {
		ks[i] = sample(i)
	}
	if _, err := v.AddAll(b.Context(), ks); err != nil {
		b.Fatal(err)
	}
	return v
}

// From the passphrase to the first code. Passphrases of these benchmarks cost
// next to nothing, so that what is seen is what comes on top of that.
func BenchmarkUnlock(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		for _, kind := range []keystore.Kind{keystore.Keyring, keystore.File} {
			b.Run(fmt.Sprintf("%d/%s", n, kind), func(b *testing.B) {
				v := filled(b, kind, n)
				pass := secret.FromString("a test passphrase")
				if kind == keystore.Keyring {
					if err := v.SetPassphrase(b.Context(), secret.Value{}, pass); err != nil {
						b.Fatal(err)
					}
				}
				id := v.Accounts()[n/2].ID
				for b.Loop() {
					if err := v.Lock(); err != nil {
						b.Fatal(err)
					}
					if err := v.Unlock(b.Context(), pass); err != nil {
						b.Fatal(err)
					}
					codeAt59(b, v, id)
				}
			})
		}
	}
}

// A change while snapshots are written: what the user waits for.
func BenchmarkChangeWithSnapshot(b *testing.B) {
	for _, kind := range []keystore.Kind{keystore.Keyring, keystore.File} {
		b.Run("1000/"+string(kind), func(b *testing.B) {
			v := filled(b, kind, 1000)
			if err := v.SetRecovery(b.Context(), snapshot.NewKey()); err != nil {
				b.Fatal(err)
			}
			n := 100000
			for b.Loop() {
				if _, err := v.Add(b.Context(), sample(n)); err != nil {
					b.Fatal(err)
				}
				n++
				b.StopTimer() // as a person would, wait a little before the next
				if _, err := v.Snapshot(b.Context()); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}

// Ten thousand accounts from a snapshot's file into a sealed file.
func BenchmarkRestore10000(b *testing.B) {
	v := filled(b, keystore.File, 10000)
	k := snapshot.NewKey()
	if err := v.SetRecovery(b.Context(), k); err != nil {
		b.Fatal(err)
	}
	file, err := v.Snapshots().Read("latest")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		w, err := vault.Open(b.Context(), vault.Options{
			Dir: b.TempDir(), Store: keystore.File, Now: time.Now,
			Passphrase: func(context.Context, bool) (secret.Value, error) { return secret.FromString("new"), nil },
		})
		if err != nil {
			b.Fatal(err)
		}
		d, err := snapshot.Decrypt(file, snapshot.Opener{Key: k})
		if err != nil {
			b.Fatal(err)
		}
		found, err := w.Preview(b.Context(), d)
		if err != nil {
			b.Fatal(err)
		}
		if done, err := w.TakeIn(b.Context(), found, vault.Take{}); err != nil || done.Added != 10000 {
			b.Fatal(done, err)
		}
		_ = w.Close()
	}
}
