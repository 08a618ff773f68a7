// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Document returns everything there is, keys included: what a snapshot or a
// backup holds. The caller clears it.
func (v *Vault) Document(ctx context.Context) (snapshot.Document, error) {
	d, _, err := v.document(ctx)
	if err != nil {
		return d, fmt.Errorf("read all accounts: %w", err)
	}
	return d, nil
}

func (v *Vault) document(ctx context.Context) (snapshot.Document, snapshot.Meta, error) {
	for range 3 {
		x := v.current()
		d, meta, err := v.documentOf(ctx, x)
		if !errors.Is(err, errBehind) {
			return d, meta, err
		}
		d.Clear()
		if err := v.catchUp(ctx); err != nil {
			return snapshot.Document{}, meta, err
		}
	}
	return snapshot.Document{}, snapshot.Meta{}, ErrBusy // others change them faster than they can be read
}

// documentOf reads every page and puts the accounts into the index's order. A
// page that is not as the index says is errBehind. Lost is for telling whether
// more is lost than before: accounts listed without a key that can be used,
// entries that nothing is listed of, and at least one for a page that is gone or
// cannot be read, however many it had.
func (v *Vault) documentOf(ctx context.Context, x *index) (snapshot.Document, snapshot.Meta, error) {
	d := snapshot.Document{Made: v.now()}
	meta := snapshot.Meta{Generation: x.generation()}
	found := make(map[ID]entry, len(x.accounts))
	dark := 0 // pages of which nothing can be used
	for n, info := range x.Pages {
		p, err := v.readPage(ctx, n)
		switch {
		case errors.Is(err, keystore.ErrNotFound):
			dark++
			continue // its accounts are listed without keys
		case opaque(err):
			dark++
			if err := v.keepOpaque(ctx, &d, n); err != nil {
				return d, meta, err
			}
			continue
		case err != nil:
			return d, meta, err
		case p.gen != info.Gen:
			p.clear()
			return d, meta, errBehind
		}
		for _, e := range p.entries {
			if _, listed := x.at[e.id]; listed && !e.aside {
				found[e.id] = e
			} else {
				d.Aside = append(d.Aside, e.aside1())
				if e.uri.Len() > 0 { // an empty line never was an account
					meta.Lost++
				}
			}
		}
	}
	d.Accounts = listed(x, found, &meta, dark)
	return d, meta, nil
}

// listed returns the accounts of the index with their entries, and counts them.
func listed(x *index, found map[ID]entry, meta *snapshot.Meta, dark int) []snapshot.Entry {
	var out []snapshot.Entry
	keyless := 0
	for i := range x.accounts {
		a := &x.accounts[i]
		e, ok := found[a.ID]
		if ok {
			out = append(out, a.snapshotEntry(e))
		}
		switch usable := ok && e.usable(); {
		case usable && a.live():
			meta.Accounts++
		case !usable && (ok || a.live()):
			keyless++
		}
	}
	meta.Lost += max(keyless, dark)
	return out
}

// usable tells whether the key can be read.
func (e entry) usable() bool {
	k, err := e.key()
	k.Secret.Clear()
	return err == nil
}

// keepOpaque puts a page that cannot be read as a whole into the document as it is.
func (v *Vault) keepOpaque(ctx context.Context, d *snapshot.Document, n int) error {
	value, err := v.kept().Get(ctx, pageName(n))
	if errors.Is(err, keystore.ErrUnreadable) {
		return nil // not even the store can open it
	}
	if err != nil {
		return err
	}
	defer value.Clear()
	for line := range bytes.SplitSeq(value.Bytes(), []byte("\n")) {
		if len(line) > 0 {
			d.Aside = append(d.Aside, asideEntry(line, "its page cannot be read").aside1())
		}
	}
	return nil
}

// aside1 is how a snapshot holds an entry that cannot be used.
func (e entry) aside1() snapshot.Aside {
	line := e.uri
	if !e.aside {
		text := append([]byte(string(e.id)+" "), e.uri.Bytes()...)
		line = secret.New(text)
	}
	reason := e.reason
	if reason == "" {
		reason = "its key cannot be read"
	}
	return snapshot.Aside{Name: nameIn(line.Bytes()), Reason: reason, Line: line}
}

func (a *Account) snapshotEntry(e entry) snapshot.Entry {
	return snapshot.Entry{
		ID: string(a.ID), URI: e.uri, Tags: slices.Clone(a.Tags), Note: a.Note, Icon: a.Icon, Favourite: a.Favourite,
		Used: a.LastUsed, Verified: a.Verified, Removed: unixTime(e.removed),
	}
}
