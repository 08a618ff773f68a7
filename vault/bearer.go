// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"slices"

	"github.com/kutano/authenticator/vault/otpauth"
)

// bearer finds the live accounts that bear a name, and among them the one with a
// key, as a change goes on. Keys are read only where a name is asked for that an
// account has.
type bearer struct {
	t       *tx
	tags    tagger
	names   map[string][]ID
	read    map[string]bool // names whose keys are among the holders
	holders map[tag]ID
	tagOf   map[ID]tag
}

func newBearer(t *tx) bearer {
	b := bearer{
		t: t, tags: newTagger(newTagKey()), names: make(map[string][]ID, len(t.idx.accounts)),
		read: map[string]bool{}, holders: map[tag]ID{}, tagOf: map[ID]tag{},
	}
	for i := range t.idx.accounts {
		if a := &t.idx.accounts[i]; a.live() {
			name := nameKey(a.Issuer, a.Name)
			b.names[name] = append(b.names[name], a.ID)
		}
	}
	return b
}

// bears returns the live account of that name that has the key, or "".
func (b *bearer) bears(ctx context.Context, name string, k otpauth.Key) (ID, error) {
	if len(b.names[name]) == 0 {
		return "", nil
	}
	if !b.read[name] {
		b.read[name] = true
		for _, id := range b.names[name] {
			_, have, err := b.t.entry(ctx, &b.t.idx.accounts[b.t.where(id)])
			if errors.Is(err, ErrKeysGone) || errors.Is(err, ErrAside) {
				continue
			}
			if err != nil {
				return "", err
			}
			b.hold(name, id, have)
			have.Secret.Clear()
		}
	}
	return b.holders[b.tags.named(name, k)], nil
}

func (b *bearer) hold(name string, id ID, k otpauth.Key) {
	t := b.tags.named(name, k)
	b.holders[t], b.tagOf[id] = id, t
}

// named notes a live account that there was not before.
func (b *bearer) named(name string, id ID, k otpauth.Key) {
	b.names[name] = append(b.names[name], id)
	if b.read[name] {
		b.hold(name, id, k)
	}
}

// renamed notes that the account a got a key, and names with it.
func (b *bearer) renamed(a Account, k otpauth.Key) {
	if t, ok := b.tagOf[a.ID]; ok && b.holders[t] == a.ID {
		delete(b.holders, t)
	}
	before, name := nameKey(a.Issuer, a.Name), nameKey(k.Issuer, k.Account)
	if before != name {
		b.names[before] = slices.DeleteFunc(b.names[before], func(id ID) bool { return id == a.ID })
		b.named(name, a.ID, k)
	} else if b.read[name] {
		b.hold(name, a.ID, k)
	}
}
