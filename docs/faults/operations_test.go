// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"context"
	"encoding/base32"
	"fmt"
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// operation is something that a person has the vault do.
type operation struct {
	kinds   []keystore.Kind // where it makes sense
	guarded bool            // in a keyring: there is a passphrase already
	founds  bool            // there is no vault yet
	once    bool            // of several processes one wins
	taken   bool            // a backup was taken in before
	do      func(context.Context, *vault.Vault, order) error
}

// order of the page's lines.
var names = []string{
	"found a vault", "add", "rename", "remove", "replace a key", "take in a backup", "undo that", "set a passphrase",
	"change the passphrase", "remove the passphrase", "make a recovery key", "write a snapshot", "move to a sealed file", "move to the keyring",
}

var (
	both     = []keystore.Kind{keystore.Keyring, keystore.File}
	keyring1 = both[:1]
	file1    = both[1:]
)

var operations = map[string]operation{
	"found a vault": {kinds: both, founds: true, do: func(ctx context.Context, v *vault.Vault, o order) error {
		_, err := v.Add(ctx, sample(100+o.Number))
		return err
	}},
	"add": {kinds: both, do: func(ctx context.Context, v *vault.Vault, o order) error {
		_, err := v.Add(ctx, sample(100+o.Number))
		return err
	}},
	"rename": {kinds: both, do: func(ctx context.Context, v *vault.Vault, o order) error {
		a := stocked(v, o.Number)
		d := a.Details()
		d.Issuer, d.Note = fmt.Sprintf("Renamed%02d", o.Number), "a note"
		_, err := v.Update(ctx, a.ID, d)
		return err
	}},
	"remove": {kinds: both, do: func(ctx context.Context, v *vault.Vault, o order) error {
		return v.Remove(ctx, stocked(v, o.Number).ID)
	}},
	"replace a key": {kinds: both, do: func(ctx context.Context, v *vault.Vault, o order) error {
		k := sample(o.Number)
		k.Secret = sample(200 + o.Number).Secret
		_, err := v.Replace(ctx, stocked(v, o.Number).ID, k)
		return err
	}},
	"take in a backup": {kinds: both, once: true, do: func(ctx context.Context, v *vault.Vault, _ order) error {
		return takeIn(ctx, v)
	}},
	"undo that": {kinds: both, once: true, taken: true, do: func(ctx context.Context, v *vault.Vault, _ order) error {
		_, err := v.UndoIntake(ctx)
		return err
	}},
	"set a passphrase": {kinds: keyring1, once: true, do: func(ctx context.Context, v *vault.Vault, _ order) error {
		return v.SetPassphrase(ctx, secret.Value{}, phrase(second))
	}},
	"change the passphrase": {kinds: both, guarded: true, once: true, do: func(ctx context.Context, v *vault.Vault, _ order) error {
		return v.SetPassphrase(ctx, phrase(first), phrase(second))
	}},
	"remove the passphrase": {kinds: keyring1, guarded: true, once: true, do: func(ctx context.Context, v *vault.Vault, _ order) error {
		return v.RemovePassphrase(ctx, phrase(first))
	}},
	"make a recovery key": {kinds: both, do: func(ctx context.Context, v *vault.Vault, o order) error {
		return v.SetRecovery(ctx, o.recoveryKey())
	}},
	"write a snapshot": {kinds: both, do: func(ctx context.Context, v *vault.Vault, _ order) error {
		_, err := v.Snapshot(ctx)
		return err
	}},
	"move to a sealed file": {kinds: keyring1, guarded: true, once: true, do: func(ctx context.Context, v *vault.Vault, _ order) error {
		return v.MoveTo(ctx, keystore.File, phrase(second))
	}},
	"move to the keyring": {kinds: file1, once: true, do: func(ctx context.Context, v *vault.Vault, _ order) error {
		return v.MoveTo(ctx, keystore.Keyring, secret.Value{})
	}},
}

// size is how many accounts there are before: more than a page takes.
const size = 20

// sample is the key of a made-up account; n tells them apart.
func sample(n int) otpauth.Key {
	key := base32.StdEncoding.EncodeToString(fmt.Appendf(nil, "key number %09d", n))
	k, err := otpauth.Parse(fmt.Sprintf("otpauth://totp/Service%03d:ana@example.com?secret=%s&issuer=Service%03d", n, key, n))
	if err != nil {
		panic(err)
	}
	return k
}

// stocked is the account of sample n, below size.
func stocked(v *vault.Vault, n int) vault.Account {
	for _, a := range v.Accounts() {
		if a.Issuer == fmt.Sprintf("Service%03d", n) {
			return a
		}
	}
	return vault.Account{ID: "gone"}
}

func takeIn(ctx context.Context, v *vault.Vault) error {
	found, err := v.Preview(ctx, backup())
	if err == nil {
		_, err = v.TakeIn(ctx, found, vault.Take{})
	}
	return err
}

// backup has thirty accounts.
func backup() snapshot.Document {
	d := snapshot.Document{Made: begin}
	for n := range 30 {
		d.Accounts = append(d.Accounts, snapshot.Entry{
			ID: fmt.Sprintf("backup%c%caaaa", 'a'+n/20, 'a'+n%20), URI: sample(300 + n).URI(), Tags: []string{"a tag"}, Used: begin.Add(-time.Hour),
		})
	}
	return d
}

// arrange makes the vault that an operation begins with, with a recovery key
// and a snapshot.
func (w *world) arrange(op operation, kind keystore.Kind, key snapshot.Key) (pass string) {
	w.t.Helper()
	if kind == keystore.File {
		pass = first
	}
	if op.founds {
		return pass
	}
	ctx := context.Background()
	v, err := vault.Open(ctx, order{Dir: w.dir, State: w.state, Kind: kind, Pass: pass, Shift: -time.Hour}.options())
	if err != nil {
		w.t.Fatal(err)
	}
	ks := make([]otpauth.Key, size+1)
	for n := range ks {
		ks[n] = sample(n)
	}
	as, err := v.AddAll(ctx, ks)
	if err == nil {
		err = v.Remove(ctx, as[size].ID)
	}
	if err == nil {
		err = v.SetRecovery(ctx, key)
	}
	if err == nil && op.taken {
		err = takeIn(ctx, v)
	}
	if err == nil && op.guarded && kind == keystore.Keyring {
		pass = first
		err = v.SetPassphrase(ctx, secret.Value{}, phrase(first))
	}
	if err == nil {
		err = v.Close()
	}
	if err == nil {
		err = v.SnapshotErr()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return pass
}
