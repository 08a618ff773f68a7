// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault_test

import (
	"testing"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

// Ten thousand accounts of another app's export, looked at and taken in: at most
// 1 s is wanted for a sealed file and 6 s for a keyring.
func BenchmarkImport10000(b *testing.B) {
	d := export(10000)
	for _, kind := range []keystore.Kind{keystore.File, keystore.Keyring} {
		b.Run(string(kind), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				if kind == keystore.Keyring {
					keyringtest.Start(b) // a new one: it gets slower with each item
				}
				v := open(b, b.TempDir(), kind)
				b.StartTimer()
				found, err := v.Preview(b.Context(), d)
				if err != nil {
					b.Fatal(err)
				}
				if done, err := v.TakeIn(b.Context(), found, vault.Take{}); err != nil || done.Added != 10000 {
					b.Fatal(done, err)
				}
			}
		})
	}
}

// The same export a second time: at most 1 s is wanted.
func BenchmarkPreview10000Present(b *testing.B) {
	d := export(10000)
	for _, kind := range []keystore.Kind{keystore.File, keystore.Keyring} {
		b.Run(string(kind), func(b *testing.B) {
			v := filled(b, kind, 10000)
			dir := v.Dir()
			for b.Loop() {
				b.StopTimer()
				v := open(b, dir, "") // no page is in memory
				b.StartTimer()
				found, err := v.Preview(b.Context(), d)
				if err != nil || found[9999].Status != vault.Same {
					b.Fatal(err)
				}
			}
		})
	}
}

// What was taken in is taken out again.
func BenchmarkUndo10000(b *testing.B) {
	d := export(10000)
	for b.Loop() {
		b.StopTimer()
		v := open(b, b.TempDir(), keystore.File)
		found, err := v.Preview(b.Context(), d)
		if err == nil {
			_, err = v.TakeIn(b.Context(), found, vault.Take{})
		}
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if done, err := v.UndoIntake(b.Context()); err != nil || done.Gone != 10000 {
			b.Fatal(done, err)
		}
	}
}
