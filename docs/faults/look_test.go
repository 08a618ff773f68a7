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
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// view is what fresh eyes see of a vault: a new Open, every key read, every
// code compared with the key's.
type view struct {
	kind    keystore.Kind
	pass    string            // what opened it; "" where nothing was asked
	live    map[string]string // label by key
	removed map[string]string
	lost    []string // labels of accounts without key
	aside   int
	key     string // fingerprint of the recovery key
	notices []vault.NoticeKind
}

// phrases are all there are.
var phrases = []string{"", first, second}

const first, second = "the first phrase", "the second phrase"

// open opens the world's vault with whichever phrase is right.
func (w *world) open() (*vault.Vault, string, error) {
	var errs error
	for _, p := range phrases {
		v, err := vault.Open(context.Background(), order{Dir: w.dir, State: w.state, Kind: w.kind, Pass: p, Shift: time.Hour}.options())
		if err == nil {
			return v, p, nil
		}
		errs = errors.Join(errs, err)
		if !errors.Is(err, keystore.ErrPassphrase) && !errors.Is(err, keystore.ErrNoPassphrase) {
			return nil, "", err
		}
		_ = os.Remove(filepath.Join(w.dir, "tries.json"))
	}
	return nil, "", errs
}

// look returns what is there. An account that stands twice, or a code that is
// not its key's, is an error.
func (w *world) look() (s *view, err error) {
	err = w.steady(func() error {
		s, err = w.lookOnce()
		if errors.Is(err, keystore.ErrSealed) { // a lock that the list did not know of: the next start asks
			s, err = w.lookOnce()
		}
		return err
	})
	return s, err
}

func (w *world) lookOnce() (*view, error) {
	v, pass, err := w.open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = v.Close() }()
	s, err := see(v)
	if s != nil {
		s.pass = pass
	}
	return s, err
}

func see(v *vault.Vault) (*view, error) {
	ctx := context.Background()
	s := &view{kind: v.Kind(), live: map[string]string{}, removed: map[string]string{}}
	if err := v.Verify(ctx); err != nil && !errors.Is(err, vault.ErrKeysGone) && !errors.Is(err, vault.ErrReadOnly) {
		return nil, fmt.Errorf("verify: %w", err)
	}
	for i, as := range [][]vault.Account{v.Accounts(), v.Removed()} {
		there := []map[string]string{s.live, s.removed}[i]
		for _, a := range as {
			text, err := keyOf(v, a)
			if errors.Is(err, vault.ErrKeysGone) || errors.Is(err, vault.ErrAside) {
				s.lost = append(s.lost, a.Label())
				continue
			}
			if err != nil {
				return nil, err
			}
			if there[text] != "" {
				return nil, fmt.Errorf("%s stands twice", a.Label())
			}
			there[text] = a.Label()
		}
	}
	s.aside = len(v.Aside())
	s.key, _, _ = v.Recovery()
	for _, n := range v.Notices() {
		s.notices = append(s.notices, n.Kind)
	}
	return s, nil
}

// keyOf reads an account's key and checks its code and its label against it.
func keyOf(v *vault.Vault, a vault.Account) (string, error) {
	k, err := v.Key(context.Background(), a.ID)
	if err != nil {
		return "", err
	}
	defer k.Secret.Clear()
	if k.Issuer != a.Issuer || k.Account != a.Name {
		return "", fmt.Errorf("%s is listed as %s", k.Issuer+":"+k.Account, a.Label())
	}
	want, err := k.Code(begin)
	if err != nil {
		return "", err
	}
	got, err := v.Code(context.Background(), a.ID, begin)
	if err != nil {
		return "", err
	}
	if got.Value != want.Value {
		return "", fmt.Errorf("%s shows another's code", a.Label())
	}
	return k.URI().Reveal(), nil
}

// same tells whether two views are of the same vault.
func (s *view) same(o *view) bool {
	return s.kind == o.kind && s.pass == o.pass && s.key == o.key && maps.Equal(s.live, o.live) && maps.Equal(s.removed, o.removed)
}

// between tells whether each account is as before the operation or as after it.
func (s *view) between(before, after *view) error {
	all := maps.Clone(s.state())
	for _, o := range []*view{before, after} {
		maps.Copy(all, o.state())
	}
	b, a, now := before.state(), after.state(), s.state()
	for text := range all {
		if now[text] != b[text] && now[text] != a[text] {
			return fmt.Errorf("an account is %q, was %q, should be %q", now[text], b[text], a[text])
		}
	}
	switch {
	case s.kind != before.kind && s.kind != after.kind:
		return fmt.Errorf("it is kept in %s", s.kind)
	case s.pass != before.pass && s.pass != after.pass:
		return fmt.Errorf("%q opens it, not %q or %q", s.pass, before.pass, after.pass)
	case s.key != before.key && s.key != after.key:
		return errors.New("it has another recovery key")
	}
	return nil
}

// state tells of each key what has become of it.
func (s *view) state() map[string]string {
	m := maps.Clone(s.removed)
	for text, label := range m {
		m[text] = "removed " + label
	}
	for text, label := range s.live {
		if m[text] != "" {
			label += ", and " + m[text]
		}
		m[text] = label
	}
	return m
}

// summary says in a line what is seen.
func (s *view) summary() string {
	return fmt.Sprintf("%d accounts, %d removed, %d without key, in %s under %q, notices %v", len(s.live), len(s.removed), len(s.lost), s.kind, s.pass, s.notices)
}

// strays are the temporary files of writes that were cut short.
func (w *world) strays() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(w.read(w.dir))), func(name string) bool { return !strings.HasSuffix(name, ".tmp") })
}

func phrase(s string) secret.Value { return secret.FromString(s) }
