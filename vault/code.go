// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// Code returns the account's code at a time. For a counter-based account that
// is the code of the counter as it stands; the counter stays ([Vault.Advance]
// moves it). The page that holds the key is read at most once.
func (v *Vault) Code(ctx context.Context, id ID, at time.Time) (otpauth.Code, error) {
	k, err := v.key(ctx, id)
	if err != nil {
		return otpauth.Code{}, fmt.Errorf("make code: %w", err)
	}
	defer k.Secret.Clear()
	c, err := k.Code(at)
	if err != nil {
		return otpauth.Code{}, fmt.Errorf("make code: %w", err)
	}
	return c, nil
}

// Steps returns the time steps (Unix time divided by the account's period)
// within reach of a time, before and after, that have a code; see
// [otpauth.Key.Steps]. There are none before 1970.
func (v *Vault) Steps(ctx context.Context, id ID, code string, at time.Time, reach time.Duration) ([]int64, error) {
	k, err := v.key(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("look for a code: %w", err)
	}
	defer k.Secret.Clear()
	period := int64(max(k.Period, 1)) // a counter has none, and is refused
	first, last := at.Add(-reach).Unix(), at.Add(reach).Unix()
	if last < 0 {
		return nil, nil
	}
	steps, err := k.Steps(code, max(first, 0)/period, last/period)
	if err != nil {
		return nil, fmt.Errorf("look for a code: %w", err)
	}
	return steps, nil
}

// Key returns the account's key, with a copy of the secret that the caller
// clears: for drawing its QR code or writing it elsewhere.
func (v *Vault) Key(ctx context.Context, id ID) (otpauth.Key, error) {
	k, err := v.key(ctx, id)
	if err != nil {
		return otpauth.Key{}, fmt.Errorf("get key: %w", err)
	}
	return k, nil
}

// key returns the account's key with a secret of its own, from the loaded page
// or the store. Where the page turns out to be newer than the index, another
// process has changed it: the index is brought up to date and asked again.
func (v *Vault) key(ctx context.Context, id ID) (otpauth.Key, error) {
	for range 2 {
		k, err := v.keyOnce(ctx, id)
		if errors.Is(err, errRelabelled) { // whoever chose it by its name has to choose again
			return otpauth.Key{}, errors.Join(ErrBusy, err, v.catchUp(ctx))
		}
		if !errors.Is(err, errBehind) {
			v.noteGuard(err)
			return k, err
		}
		if err := v.catchUp(ctx); err != nil {
			return otpauth.Key{}, err
		}
	}
	k, err := v.keyOnce(ctx, id)
	if errors.Is(err, errBehind) {
		err = fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return k, err
}

var (
	errBehind     = errors.New("the index is behind the pages")
	errRelabelled = errors.New("the account was listed as another")
)

func (v *Vault) keyOnce(ctx context.Context, id ID) (otpauth.Key, error) {
	x := v.current()
	a, ok := x.get(id)
	if !ok {
		return otpauth.Key{}, ErrUnknown
	}
	if a.lost() {
		return otpauth.Key{}, ErrKeysGone
	}
	if k, ok, err := v.cached(a.page, id); ok {
		return a.checked(k, err)
	}
	err := v.load(ctx, a.page)
	if errors.Is(err, errBehind) && x.Pages[a.page].Opaque {
		err = ErrAside // as was known
	}
	if err != nil {
		return otpauth.Key{}, err
	}
	if k, ok, err := v.cached(a.page, id); ok {
		return a.checked(k, err)
	}
	return otpauth.Key{}, errBehind
}

// checked returns the key if the account is listed as what the key is. Where
// the list was damaged or meddled with, it could be another account's code that
// a person sees under this one's name.
func (a *Account) checked(k otpauth.Key, err error) (otpauth.Key, error) {
	if err != nil {
		return k, err
	}
	if sameText(k.Issuer, a.Issuer) && sameText(k.Account, a.Name) && k.Type == a.Type && k.Algorithm == a.Algorithm &&
		k.Digits == a.Digits && k.Period == a.Period && k.Counter == a.Counter {
		return k, nil
	}
	k.Secret.Clear()
	return otpauth.Key{}, errRelabelled
}

// sameText compares texts of which one may have been through JSON, which has a
// sign of its own for bytes that are no text.
func sameText(a, b string) bool { return a == b || string([]rune(a)) == string([]rune(b)) }

// cached looks into the loaded page; the key's secret is copied under the lock,
// so that clearing the page later cannot spoil a code being made.
func (v *Vault) cached(n int, id ID) (otpauth.Key, bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	p := v.pages[n]
	if v.store.Locked() { // whatever was read before
		return otpauth.Key{}, false, nil
	}
	if p == nil || n >= len(v.idx.Pages) || p.gen != v.idx.Pages[n].Gen {
		return otpauth.Key{}, false, nil
	}
	if k, ok := p.keys[id]; ok {
		k.Secret = k.Secret.Clone()
		return k, true, nil
	}
	err := p.bad[id]
	return otpauth.Key{}, err != nil, err
}

// load reads a page's keys from the store.
func (v *Vault) load(ctx context.Context, n int) error {
	value, err := v.fetchPage(ctx, n)
	defer value.Clear()
	if errors.Is(err, keystore.ErrNotFound) {
		return fmt.Errorf("%w: %w", ErrKeysGone, err)
	}
	var l *loaded
	if err == nil {
		l, err = decodeKeys(value)
	}
	if opaque(err) {
		return errBehind // the rebuild will set it aside
	}
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.forget(n)
	if n >= len(v.idx.Pages) || v.idx.Pages[n].Gen != l.gen { // of a change that may yet be taken back
		l.clear()
		return errBehind
	}
	v.pages[n] = l
	if v.store.Locked() { // meanwhile
		v.forget(n)
		return fmt.Errorf("read page: %w", keystore.ErrSealed)
	}
	return nil
}

func (v *Vault) readPage(ctx context.Context, n int) (*page, error) {
	value, err := v.fetchPage(ctx, n)
	if err != nil {
		return nil, err
	}
	defer value.Clear()
	return decodePage(value)
}

// fetchPage returns a page as it stands in the store.
func (v *Vault) fetchPage(ctx context.Context, n int) (secret.Value, error) {
	if err := v.stays(); err != nil {
		return secret.Value{}, err
	}
	store := v.kept()
	value, err := store.Get(ctx, pageName(n))
	if err != nil && v.kept() != store { // moved meanwhile
		value, err = v.kept().Get(ctx, pageName(n))
	}
	return value, err
}

// catchUp reads the index again if another process wrote it, and rebuilds it
// where that is not why it is behind.
func (v *Vault) catchUp(ctx context.Context) error {
	if changed, err := v.reload(); err != nil || changed {
		return err
	}
	before := v.current()
	if err := v.Verify(ctx); v.current() == before {
		return err
	}
	return nil // read again, if perhaps not written
}

// save writes the index and makes it what everyone sees.
func (v *Vault) save(x *index) error {
	v.file.Lock()
	defer v.file.Unlock()
	st, err := writeIndex(v.dir, x)
	if err != nil {
		return err
	}
	v.publish(x, st)
	v.unsaved = false
	return nil
}

// saved tells whether the index is in the file as it is here; v.file is not held.
func (v *Vault) saved() bool {
	v.file.Lock()
	defer v.file.Unlock()
	st, err := stampOf(v.indexPath())
	v.mu.Lock()
	defer v.mu.Unlock()
	return err == nil && st == v.stamp && !v.unsaved
}

// keep makes everyone in this process see an index that could not be written.
func (v *Vault) keep(x *index) {
	v.file.Lock()
	defer v.file.Unlock()
	v.mu.Lock()
	st := v.stamp
	v.mu.Unlock()
	v.publish(x, st)
	v.unsaved = true
}

// reload takes over an index that another process has written. It tells
// whether there was one.
func (v *Vault) reload() (bool, error) {
	v.file.Lock()
	defer v.file.Unlock()
	st, err := stampOf(v.indexPath())
	v.mu.Lock()
	same := err == nil && st == v.stamp
	v.mu.Unlock()
	if same || err != nil {
		return false, nil // a missing index is written again with the next change
	}
	x, st, err := readIndex(v.dir)
	if errors.Is(err, errIndex) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	v.publish(x, st)
	return true, nil
}

// publish makes x what everyone sees, and forgets the pages it does not match.
func (v *Vault) publish(x *index, st stamp) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.idx, v.stamp = x, st
	if x.Guard == "" && x.Store == keystore.Keyring {
		v.store.Release() // where another process removed the passphrase
	}
	for n, p := range v.pages {
		if n >= len(x.Pages) || x.Pages[n].Gen != p.gen {
			v.forget(n)
		}
	}
	v.tell()
}
