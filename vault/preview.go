// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"

	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Found is an entry of a backup, or of another app's export, beside what the
// vault has. What an account is, its key decides, and not its names alone:
// several accounts may have the same.
type Found struct {
	Entry  snapshot.Entry
	Key    otpauth.Key // shares the entry's memory only until Clear of the document
	Status Status      // New, Same or Differs
	// Account is the one here: for Same and Differs; for New where it is here
	// without its key, or among the removed ones. Its ID is "" for one that is
	// not here at all. An entry that is Same and has none has the names and the
	// key of an earlier entry, which then has the higher HOTP counter of both.
	Account Account
	Removed bool  // it was removed already when the backup was made
	Err     error // why it cannot be used; nothing else is set then but Entry
	Unkept  bool  // set by TakeIn with Err: it could not even be kept as it is
}

// Preview compares a backup with the vault and changes nothing. What stands in
// the result in the order of the backup is what TakeIn takes. What was set aside
// in the backup comes last: as an account where it is one after all, and else
// with its name as the entry's note and an Err that wraps ErrAside.
//
// Entries are compared with each other, too. An account here that is one of them
// stands in no other's way: of accounts with the same names those that are
// missing are New.
func (v *Vault) Preview(ctx context.Context, d snapshot.Document) ([]Found, error) {
	c := newComparison(v, len(d.Accounts)+len(d.Aside))
	for _, e := range d.Accounts {
		if err := c.add(ctx, e); err != nil {
			return nil, fmt.Errorf("compare with the accounts here: %w", err)
		}
	}
	for _, a := range d.Aside {
		if err := c.addAside(ctx, a); err != nil {
			return nil, fmt.Errorf("compare with the accounts here: %w", err)
		}
	}
	c.decide()
	return c.found, nil
}

// comparison is a Preview on its way. First each entry finds the account that it
// is; what is left then is shared out among the accounts left.
type comparison struct {
	v       *Vault
	x       *index
	tags    tagger
	here    map[string]*namesakes // accounts here, the live and the removed apart, see keyOfName
	holders map[tag]int           // accounts here by names and key, as far as their keys were read: places in the index
	first   map[tag]int           // live entries by names and key: places in found
	claimed map[int]bool          // accounts here that are a live entry's, by place in the index
	keyless map[int]bool          // live accounts here without a key that can be read, likewise
	found   []Found
	open    []open // entries that are no account's yet
}

// open is an entry that is no account's yet.
type open struct {
	at    int        // its place in found
	names *namesakes // live accounts of its names, or nil
	own   int        // the place of the live account with its id, if that may get its key, or -1
}

// namesakes are accounts here that have the same names.
type namesakes struct {
	at     []int // their places in the index
	read   bool  // their keys are among the holders
	next   int   // of those without a key: where to look for the next one
	differ int   // one with another key that is no entry's; -1 none, 0 not looked for, else the place + 1
}

func newComparison(v *Vault, entries int) *comparison {
	x := v.current()
	c := &comparison{
		v: v, x: x, tags: newTagger(newTagKey()), here: make(map[string]*namesakes, len(x.accounts)),
		holders: map[tag]int{}, first: make(map[tag]int, entries), claimed: map[int]bool{}, keyless: map[int]bool{}, found: make([]Found, 0, entries),
	}
	for i := range x.accounts {
		a := &x.accounts[i]
		name := keyOfName(nameKey(a.Issuer, a.Name), !a.live())
		if c.here[name] == nil {
			c.here[name] = &namesakes{}
		}
		c.here[name].at = append(c.here[name].at, i)
	}
	return c
}

// keyOfName tells removed accounts from live ones.
func keyOfName(name string, removed bool) string {
	if removed {
		return "\x00" + name
	}
	return name
}

// add compares one entry.
func (c *comparison) add(ctx context.Context, e snapshot.Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	k, err := otpauth.Parse(e.URI.Reveal())
	if err != nil {
		c.found = append(c.found, Found{Entry: e, Err: err})
		return nil
	}
	c.found = append(c.found, Found{Entry: e, Key: k, Removed: !e.Removed.IsZero()})
	f := &c.found[len(c.found)-1]
	name := nameKey(k.Issuer, k.Account)
	t := c.tags.named(name, k)
	o := open{at: len(c.found) - 1, own: -1}
	done, err := c.byName(ctx, f, name, t, &o)
	if err == nil && !done {
		done, err = c.byID(ctx, f, &o)
	}
	if err != nil {
		return err
	}
	if !f.Removed {
		done = c.among(f, o.at, t) || done
	}
	if !done {
		c.open = append(c.open, o)
	}
	return nil
}

// byName looks for an account here with the entry's names and key. A live one
// comes before a removed one, which only an entry can be that was removed, too.
func (c *comparison) byName(ctx context.Context, f *Found, name string, t tag, o *open) (bool, error) {
	o.names = c.here[name]
	for _, removed := range []bool{false, true} {
		key := keyOfName(name, removed)
		n := c.here[key]
		if n == nil || removed && !f.Removed {
			continue
		}
		if removed { // not to be taken for the live one's
			t = c.tags.named(key, f.Key)
		}
		if err := c.read(ctx, n, key); err != nil {
			return false, err
		}
		if at, ok := c.holders[t]; ok {
			c.same(f, at)
			return true, nil
		}
	}
	return false, nil
}

// same notes that the entry is an account here.
func (c *comparison) same(f *Found, at int) {
	f.Status, f.Account = Same, c.x.accounts[at]
	if !f.Removed {
		c.claimed[at] = true
	}
}

// read reads the keys of accounts here.
func (c *comparison) read(ctx context.Context, n *namesakes, name string) error {
	if n.read {
		return nil
	}
	n.read = true
	for _, at := range n.at {
		k, lost, err := c.v.keyOrLost(ctx, c.x.accounts[at].ID)
		if err != nil {
			return err
		}
		if lost {
			c.keyless[at] = true
			continue
		}
		t := c.tags.named(name, k)
		k.Secret.Clear()
		if _, twice := c.holders[t]; !twice {
			c.holders[t] = at
		}
	}
	return nil
}

// keyOrLost returns an account's key, or that it has none which can be read.
func (v *Vault) keyOrLost(ctx context.Context, id ID) (k otpauth.Key, lost bool, err error) {
	k, err = v.key(ctx, id)
	if errors.Is(err, ErrKeysGone) || errors.Is(err, ErrAside) {
		return otpauth.Key{}, true, nil
	}
	return k, false, err
}

// byID looks at the account here that has the entry's id: it may have got other
// names since, or have been removed.
func (c *comparison) byID(ctx context.Context, f *Found, o *open) (bool, error) {
	at, ok := c.x.at[ID(f.Entry.ID)]
	if !ok {
		return false, nil
	}
	a := c.x.accounts[at]
	k, lost, err := c.v.keyOrLost(ctx, a.ID)
	if err != nil {
		return false, err
	}
	defer k.Secret.Clear()
	switch {
	case lost && a.live():
		c.keyless[at] = true
		o.own = at
	case !lost && a.live() && a.named(f.Key.Issuer, f.Key.Account):
		o.own = at
	case lost || !k.Same(f.Key):
	case a.live() || f.Removed:
		c.same(f, at)
		return true, nil
	case !c.claimed[at]: // removed here, live in the backup
		f.Account = a
		c.claimed[at] = true
		return true, nil
	}
	return false, nil
}

// among compares the entry with those before it. Of two that are the same the
// first counts.
func (c *comparison) among(f *Found, at int, t tag) bool {
	first, twice := c.first[t]
	if !twice {
		c.first[t] = at
		return false
	}
	if f.Status == Same {
		return true
	}
	earlier := &c.found[first]
	earlier.Key.Counter = max(earlier.Key.Counter, f.Key.Counter)
	f.Status, f.Account = Same, Account{}
	if earlier.Status == Same {
		f.Account = earlier.Account
	}
	return true
}
