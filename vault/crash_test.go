// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"encoding/base32"
	"encoding/binary"
	"errors"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// crashModel runs changes on two vaults in one folder. Any of them may fail at
// a write to the store, or be killed before the index is written.
type crashModel struct {
	t    *testing.T
	dir  string
	m    *memStore
	vs   [2]*Vault
	next uint32
	live map[ID]bool     // every account there is, and whether it is live
	keys map[string]bool // every key that was confirmed and not erased
}

// fresh returns a key that no other account has.
func (c *crashModel) fresh(r *rapid.T) otpauth.Key {
	c.next++
	raw := binary.BigEndian.AppendUint32([]byte("0123456789abcdef"), c.next)
	typ := rapid.SampledFrom([]otpauth.Type{otpauth.TOTP, otpauth.HOTP}).Draw(r, "type")
	return otpauth.Key{
		Type: typ, Issuer: base32.StdEncoding.EncodeToString(raw[16:]), Secret: secret.New(raw),
		Account: "x" + strings.Repeat("n", rapid.SampledFrom([]int{1, 60, 300, 900, 1800}).Draw(r, "length")),
	}.Normal()
}

// step makes one change that may fail, and checks what is there then. id is
// the account that the change is about; the others must be as they were.
func (c *crashModel) step(r *rapid.T, id ID, change func(*Vault) error) error {
	v := c.vs[rapid.IntRange(0, 1).Draw(r, "vault")]
	fail := rapid.IntRange(0, 5).Draw(r, "fail")
	before, err := os.ReadFile(v.indexPath())
	if err != nil {
		r.Fatal(err)
	}
	if fail > 0 && fail < 4 {
		c.m.fail = c.m.puts + fail
	}
	puts := c.m.puts
	err = change(v)
	c.m.fail = 0
	switch {
	case err != nil && !errors.Is(err, errInjected) && !errors.Is(err, ErrTooLarge):
		r.Fatal(err)
	case err == nil && fail == 4 && c.m.puts > puts: // killed before the index
		if werr := errors.Join(os.WriteFile(v.indexPath(), before, 0o600), os.WriteFile(v.markPath(), nil, 0o600)); werr != nil {
			r.Fatal(werr)
		}
		c.reopen()
	case err == nil && fail == 5 && rapid.Bool().Draw(r, "lose index"):
		removeIndex(c.t, c.dir)
		c.reopen()
	case err != nil && rapid.Bool().Draw(r, "crash"):
		c.reopen()
	}
	c.check(r, id)
	return err
}

func (c *crashModel) reopen() {
	for i := range c.vs { // nothing is closed: a crash closes nothing
		c.vs[i] = openMem(c.t, c.dir, c.m)
	}
}

func (c *crashModel) check(r *rapid.T, id ID) {
	v := openMem(c.t, c.dir, c.m)
	defer func() { _ = v.Close() }()
	if n := len(v.Aside()); n != 0 {
		r.Fatalf("%d set aside", n)
	}
	if n := v.Notices(); len(n) != 0 {
		r.Fatalf("an older copy is suspected: %v", n)
	}
	seen, found := map[ID]bool{}, map[string]bool{}
	for _, a := range append(append([]Account{}, v.Accounts()...), v.Removed()...) {
		if _, twice := seen[a.ID]; twice {
			r.Fatalf("%s stands twice", a.ID)
		}
		seen[a.ID] = a.live()
		k, err := v.Key(c.t.Context(), a.ID)
		if err != nil {
			r.Fatalf("key of %s: %v", a.ID, err)
		}
		found[k.Secret.Reveal()] = true
	}
	for other, live := range c.live {
		if now, there := seen[other]; other != id && (!there || now != live) {
			r.Fatalf("account %s: there %v, live %v; was live %v", other, there, now, live)
		}
	}
	for k := range c.keys {
		if !found[k] {
			r.Fatalf("a key that was confirmed is gone")
		}
	}
	c.live = seen
}

func (c *crashModel) pick(r *rapid.T, live bool) Account {
	v := c.vs[0]
	if _, err := v.reload(); err != nil {
		r.Fatal(err)
	}
	as := v.Accounts()
	if !live {
		as = v.Removed()
	}
	if len(as) == 0 {
		r.Skip("none")
	}
	return as[rapid.IntRange(0, len(as)-1).Draw(r, "which")]
}

func TestModelOfCrashes(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := &crashModel{t: t, dir: t.TempDir(), m: newMemStore(), live: map[ID]bool{}, keys: map[string]bool{}}
		c.reopen()
		r.Repeat(map[string]func(*rapid.T){
			"add": func(r *rapid.T) {
				k := c.fresh(r)
				if c.step(r, "", func(v *Vault) error { _, err := v.Add(t.Context(), k); return err }) == nil {
					c.keys[k.Secret.Reveal()] = true
				}
			},
			"add several": func(r *rapid.T) {
				ks := []otpauth.Key{c.fresh(r), c.fresh(r), c.fresh(r)}
				if c.step(r, "", func(v *Vault) error { _, err := v.AddAll(t.Context(), ks); return err }) == nil {
					for _, k := range ks {
						c.keys[k.Secret.Reveal()] = true
					}
				}
			},
			"replace": func(r *rapid.T) {
				a, k := c.pick(r, true), c.fresh(r)
				if c.step(r, a.ID, func(v *Vault) error { _, err := v.Replace(t.Context(), a.ID, k); return err }) == nil {
					c.keys[k.Secret.Reveal()] = true
				}
			},
			"rename": func(r *rapid.T) {
				a, k := c.pick(r, true), c.fresh(r)
				_ = c.step(r, a.ID, func(v *Vault) error {
					_, err := v.Update(t.Context(), a.ID, Details{Issuer: k.Issuer, Name: k.Account})
					return err
				})
			},
			"remove": func(r *rapid.T) {
				a := c.pick(r, true)
				_ = c.step(r, a.ID, func(v *Vault) error { return v.Remove(t.Context(), a.ID) })
			},
			"restore": func(r *rapid.T) {
				a := c.pick(r, false)
				// A live account of the same names gives way: it has the id that Replace kept.
				for _, o := range c.vs[0].Accounts() {
					if o.named(a.Issuer, a.Name) {
						r.Skip("another stands in its place")
					}
				}
				_ = c.step(r, a.ID, func(v *Vault) error { return v.Restore(t.Context(), a.ID) })
			},
			"erase": func(r *rapid.T) {
				a := c.pick(r, false)
				k, err := c.vs[0].Key(t.Context(), a.ID)
				if err != nil {
					r.Fatal(err)
				}
				text := k.Secret.Reveal()
				delete(c.keys, text)
				err = c.step(r, a.ID, func(v *Vault) error { return v.Erase(t.Context(), a.ID) })
				if _, there := c.live[a.ID]; err == nil && there {
					r.Fatal("an erased account came back")
				}
			},
			"advance": func(r *rapid.T) {
				a := c.pick(r, true)
				if a.Type != otpauth.HOTP {
					r.Skip("no counter")
				}
				if c.step(r, a.ID, func(v *Vault) error { _, err := v.Advance(t.Context(), a.ID); return err }) != nil {
					return
				}
				if b, _ := openMem(t, c.dir, c.m).Account(a.ID); b.Counter <= a.Counter {
					r.Fatalf("counter %d after %d", b.Counter, a.Counter)
				}
			},
			"reopen": func(*rapid.T) { c.reopen() },
		})
	})
}
