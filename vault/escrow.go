// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// unlock.age holds what opens the lock in place of the passphrase, encrypted to
// the recovery key. It says in clear nothing but that there is a lock.
const (
	escrowName   = "unlock.age"
	escrowFormat = "kutano-unlock"
	maxEscrow    = 64 << 10 // bytes; it has about three thousand
)

type escrow struct {
	Format  string        `json:"format"`
	Version int           `json:"version"`
	Store   keystore.Kind `json:"store"`
	Key     string        `json:"key"` // base64
}

// opener is a new unlock.age and the lock that it opens; without one both are
// empty.
type opener struct {
	file []byte
	lock string
}

// writeEscrow keeps the lock's key for the recovery key, where that is not done
// yet. The lock between changes is held.
func (v *Vault) writeEscrow(ctx context.Context, r recovery) error {
	id, err := v.lockID(ctx)
	if err != nil {
		return fmt.Errorf("keep the lock's key: %w", err)
	}
	if _, err := os.Stat(filepath.Join(v.dir, escrowName)); id == r.Lock && (id == "") == (err != nil) {
		return nil
	}
	o, err := v.sealEscrow(ctx, r.Recipient)
	if err != nil {
		return err
	}
	return v.keepEscrow(r, o)
}

// escrowNow is writeEscrow after the lock has changed. What fails is made good
// by Tend.
func (v *Vault) escrowNow(ctx context.Context) {
	if r, err := v.trusted(ctx); err == nil {
		_ = v.writeEscrow(ctx, r)
	}
}

// lockID names the lock there is now, "" without one.
func (v *Vault) lockID(ctx context.Context) (string, error) {
	if !v.Guarded() {
		return "", nil
	}
	return v.kept().GuardID(ctx)
}

// sealEscrow encrypts the lock's key to the recovery key.
func (v *Vault) sealEscrow(ctx context.Context, recipient string) (opener, error) {
	id, err := v.lockID(ctx)
	if id == "" || err != nil {
		return opener{}, err
	}
	key, err := v.kept().Escrow(ctx)
	if err != nil {
		return opener{}, fmt.Errorf("keep the lock's key: %w", err)
	}
	defer key.Clear()
	text := escrowText(v.kept().Kind(), key)
	defer text.Clear()
	to, err := age.ParseHybridRecipient(recipient)
	if err != nil {
		return opener{}, fmt.Errorf("keep the lock's key: %w", ErrForeignKey)
	}
	var file bytes.Buffer
	w, err := age.Encrypt(&file, to)
	if err == nil {
		_, err = w.Write(text.Bytes())
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return opener{}, fmt.Errorf("keep the lock's key: %w", err)
	}
	return opener{file.Bytes(), id}, nil
}

// escrowText is the JSON of an escrow, in bytes that can be cleared.
func escrowText(kind keystore.Kind, key secret.Value) secret.Value {
	head := `{"format":"` + escrowFormat + `","version":1,"store":"` + string(kind) + `","key":"`
	b := make([]byte, 0, len(head)+base64.StdEncoding.EncodedLen(key.Len())+2)
	b = append(b, head...)
	b = base64.StdEncoding.AppendEncode(b, key.Bytes())
	return secret.New(append(b, '"', '}'))
}

// keepEscrow writes unlock.age, or removes it where there is no lock, and notes
// which lock it opens.
func (v *Vault) keepEscrow(r recovery, o opener) error {
	path := filepath.Join(v.dir, escrowName)
	var err error
	if o.file == nil {
		if err = atomicfile.Remove(path); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	} else {
		err = atomicfile.Write(path, o.file)
	}
	if err == nil && r.Lock != o.lock {
		r.Lock = o.lock
		err = v.writeRecovery(r)
	}
	if err != nil {
		return fmt.Errorf("keep the lock's key: %w", readOnly(err))
	}
	return nil
}

// readEscrow returns what opens the lock of a data folder.
func readEscrow(dir string, kind keystore.Kind, key snapshot.Key) (secret.Value, error) {
	path := filepath.Join(dir, escrowName)
	fi, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && fi.Size() > maxEscrow {
		return secret.Value{}, ErrNoEscrow
	}
	file, rerr := os.ReadFile(path)
	if err = errors.Join(err, rerr); err != nil {
		return secret.Value{}, readOnly(err)
	}
	id, err := age.ParseHybridIdentity(key.Identity().Reveal())
	if err != nil {
		return secret.Value{}, snapshot.ErrNotKey
	}
	r, err := age.Decrypt(bytes.NewReader(file), id)
	if wrong := new(age.NoIdentityMatchError); errors.As(err, &wrong) {
		return secret.Value{}, snapshot.ErrWrongKey
	}
	if err != nil {
		return secret.Value{}, ErrNoEscrow
	}
	text, err := io.ReadAll(io.LimitReader(r, maxEscrow))
	if err != nil {
		return secret.Value{}, ErrNoEscrow
	}
	defer clear(text)
	return decodeEscrow(text, kind)
}

// decodeEscrow reads what stands in unlock.age. Another store's is none.
func decodeEscrow(text []byte, kind keystore.Kind) (secret.Value, error) {
	var e escrow
	if json.Unmarshal(text, &e) != nil || e.Format != escrowFormat || e.Version != 1 || e.Store != kind {
		return secret.Value{}, ErrNoEscrow
	}
	b, err := base64.StdEncoding.DecodeString(e.Key)
	if err != nil {
		return secret.Value{}, ErrNoEscrow
	}
	return secret.New(b), nil
}

// ResetPassphrase gives the accounts of a data folder a new passphrase with the
// recovery key in place of the old one. The folder need not be open. Another
// recovery key is snapshot.ErrWrongKey; a folder whose lock the recovery key
// cannot open is ErrNoEscrow: then a snapshot can be restored. Nothing has
// changed when it fails.
func ResetPassphrase(ctx context.Context, o Options, key snapshot.Key, passphrase secret.Value) error {
	if passphrase.Len() == 0 {
		return fmt.Errorf("reset passphrase: %w", keystore.ErrNoPassphrase)
	}
	v, err := openLocked(ctx, o)
	if err != nil {
		return fmt.Errorf("reset passphrase: %w", err)
	}
	defer func() { _ = v.Close() }()
	if err := v.resetPassphrase(ctx, key, passphrase); err != nil {
		return fmt.Errorf("reset passphrase: %w", readOnly(err))
	}
	return nil
}

// openLocked opens a folder that is in use without its passphrase.
func openLocked(ctx context.Context, o Options) (*Vault, error) {
	dir := resolve(o.Dir)
	idx, st, err := readIndex(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errIndex) {
		return nil, readOnly(err)
	}
	if err != nil {
		idx = nil
	}
	kind, err := chooseStore(ctx, dir, o.Store, idx)
	if err != nil {
		return nil, err
	}
	space := spaceOf(dir)
	if idx != nil {
		space = idx.Space
	}
	open := o.open
	if open == nil {
		open = func(kind keystore.Kind, space string) (keystore.Store, error) {
			return openStore(ctx, dir, kind, space, nil)
		}
	}
	store, err := open(kind, space)
	if err != nil {
		return nil, err
	}
	if idx == nil {
		idx = &index{Version: indexVersion, Store: kind, Space: space, Guard: guardUnsure}
		_ = idx.seal()
	}
	return &Vault{
		dir: dir, now: o.Now, open: o.open, store: store, idx: idx, stamp: st, change: make(chan struct{}, 1),
		pages: map[int]*loaded{}, subs: map[chan struct{}]struct{}{}, state: o.State,
	}, nil
}

func (v *Vault) resetPassphrase(ctx context.Context, key snapshot.Key, passphrase secret.Value) error {
	opens, err := readEscrow(v.dir, v.store.Kind(), key)
	if err != nil {
		return err
	}
	defer opens.Clear()
	unlock, err := v.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	err = v.store.UnlockEscrow(ctx, opens)
	if err == nil {
		err = v.opensPages(ctx)
	}
	if errors.Is(err, keystore.ErrPassphrase) {
		return ErrNoEscrow // of a lock that there was before
	}
	if err == nil {
		err = v.store.SetGuard(ctx, passphrase)
	}
	if err != nil {
		return err
	}
	_ = atomicfile.Remove(filepath.Join(v.dir, triesName))
	v.escrowNow(ctx)
	return nil
}

// opensPages looks at the first page there is: where the lock's own item was
// lost, only that tells whether the key is the right one.
func (v *Vault) opensPages(ctx context.Context) error {
	for n := range max(len(v.current().Pages), missingPages) {
		value, err := v.store.Get(ctx, pageName(n))
		value.Clear()
		switch {
		case errors.Is(err, keystore.ErrNotFound):
			continue
		case errors.Is(err, keystore.ErrUnreadable), errors.Is(err, keystore.ErrSealed):
			return keystore.ErrPassphrase
		}
		return err
	}
	return nil
}
