// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

func asideOnly(lines ...string) snapshot.Document {
	d := snapshot.Document{Made: testNow}
	for i, l := range lines {
		d.Aside = append(d.Aside, snapshot.Aside{Name: fmt.Sprint("line ", i), Reason: "odd", Line: secret.FromString(l)})
	}
	return d
}

// A line set aside in a backup is offered as the account that it is, if it is
// one, and else kept where it cannot be taken for one.
func TestAsideLineIsNoAccount(t *testing.T) {
	evil := numbered(t, 0)
	evil.Secret = secret.FromString("another key entirely")
	uri := evil.URI().Reveal()
	for name, c := range map[string]struct {
		line   string // ID is the account that is here
		status string
		use    bool
		want   Taken
	}{
		"another key of an account here": {"ID " + uri, "D", false, Taken{Left: 1}},
		"the same, asked for":            {"ID " + uri, "D", true, Taken{Replaced: 1}},
		"behind the mark of a page":      {"! ! ID " + uri, "D", false, Taken{Left: 1}},
		"the key that is here":           {"ID " + numbered(t, 0).URI().Reveal(), "S", false, Taken{Same: 1}},
		"a new account":                  {"abcdefghijkl " + numbered(t, 7).URI().Reveal(), "N", true, Taken{Added: 1}},
		"a new account, id in use":       {"ID " + numbered(t, 7).URI().Reveal(), "N", true, Taken{Added: 1}},
		"a key URI alone":                {numbered(t, 7).URI().Reveal(), "N", true, Taken{Added: 1}},
		"a removed account":              {fmt.Sprintf("abcdefghijkl -%d %s", testNow.Unix()-60, numbered(t, 7).URI().Reveal()), "-", true, Taken{Added: 1}},
		"unreadable, with an id here":    {"ID otpauth://totp/x?secret=!", "!", false, Taken{Refused: 1}},
		"unreadable":                     {"what is this", "!", false, Taken{Refused: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			dir, m := t.TempDir(), newMemStore()
			v := openMem(t, dir, m)
			a := mustAdd(t, v, numbered(t, 0))
			line := strings.ReplaceAll(c.line, "ID", string(a.ID))
			found := preview(t, v, asideOnly(line))
			if got := statuses(found); got != c.status {
				t.Fatalf("status %s, want %s", got, c.status)
			}
			if done := takeIn(t, v, found, Take{Use: []bool{c.use}}); !done.is(c.want) {
				t.Errorf("%+v", done)
			}
			want := numbered(t, 0)
			if c.want.Replaced > 0 {
				want = evil
			}
			wantKey(t, dir, m, a, want)
			v = openMem(t, dir, m)
			if got := len(v.Aside()); got != c.want.Refused {
				t.Errorf("%d set aside", got)
			}
		})
	}
}

// A line is the same in every backup, however often it is carried on, and is
// kept once.
func TestAsideLineIsCarriedOn(t *testing.T) {
	line := "abcdefghijkl otpauth://totp/Old:eve?secret=!"
	d := asideOnly(line)
	for range 4 {
		dir, m := t.TempDir(), newMemStore()
		v := openMem(t, dir, m)
		stock(t, v, 3)
		for range 2 {
			if done := takeIn(t, v, preview(t, v, d), Take{}); done.Refused != 1 || done.Unkept != 0 {
				t.Fatalf("%+v", done)
			}
		}
		if err := v.Verify(t.Context()); err != nil {
			t.Fatal(err)
		}
		d = documentOf(t, v)
		d.Accounts = nil
		if len(d.Aside) != 1 || d.Aside[0].Line.Reveal() != line || len(v.Aside()) != 1 || v.Aside()[0].Name != "Old:eve" {
			t.Fatalf("%d lines, %+v", len(d.Aside), v.Aside())
		}
	}
}

// Lines that no page can hold, and more than are sensible, keep nothing back.
func TestAsideLinesThatCannotBeKept(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	lines := []string{"né pas", "tab\there", "two\nlines", strings.Repeat("x", keystore.MaxItem), "", "fine"}
	d := asideOnly(lines...)
	d.Accounts = []snapshot.Entry{{ID: "aaaaaaaaaaaa", URI: numbered(t, 1).URI()}, {URI: secret.FromString("otpauth://totp/é?secret=!")}}
	found := preview(t, v, d)
	if done := takeIn(t, v, found, Take{}); !done.is(Taken{Added: 1, Refused: 7, Unkept: 5}) {
		t.Errorf("%+v", done)
	}
	for _, f := range found {
		text := f.Entry.URI.Reveal()
		want := f.Err != nil && text != "" && text != "fine"
		if f.Unkept != want {
			t.Errorf("%q: kept: %v", f.Entry.Note, !f.Unkept)
		}
		if f.Err != nil && f.Entry.Note != "" && !errors.Is(f.Err, ErrAside) {
			t.Errorf("%q: %v", f.Entry.Note, f.Err)
		}
	}
	if strings.IndexFunc(m.text(), func(r rune) bool { return r != '\n' && (r < ' ' || r > '~') }) >= 0 {
		t.Error("a page is no ASCII")
	}
	wantKey(t, dir, m, v.Accounts()[0], numbered(t, 1))
}

func TestManyAsideLines(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	stock(t, v, 100)
	var lines []string
	for i := range 5000 {
		lines = append(lines, fmt.Sprintf("junk number %d", i))
	}
	found := preview(t, v, asideOnly(lines...))
	start := time.Now()
	if done := takeIn(t, v, found, Take{}); !done.is(Taken{Refused: 5000, Unkept: 5000 - mostAside}) {
		t.Errorf("%+v", done)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	if len(v.Aside()) != mostAside {
		t.Errorf("%d set aside", len(v.Aside()))
	}
	wantAll(t, v, 100)
}
