// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

func TestExportImport(t *testing.T) { // R61
	s, w := made(t)
	here, there := keep(t, s, "here", ten("a")...), note(t, s, "there", 8)
	gone := keep(t, s, "gone", ten("g")...)
	check(t, s.Remove(t.Context(), gone.ID))
	file, err := s.Export(t.Context(), pass("two"))
	check(t, err)
	one, err := s.Export(t.Context(), pass("two"), here.ID)
	check(t, err)
	_, err = s.Export(t.Context(), pass("two"), here.ID, gone.ID)
	wants(t, err, ErrNoSet)
	_, err = s.Export(t.Context(), pass(""))
	wants(t, err, ErrNoPassphrase)

	o := open(t, t.TempDir(), w.now)
	check(t, o.Create(t.Context(), pass("three")))
	_, err = o.Import(t.Context(), file, pass("wrong"))
	wants(t, err, ErrPassphrase)
	_, err = o.Import(t.Context(), file[:len(file)-1], pass("two"))
	wants(t, err, ErrDamaged)
	in, err := o.Import(t.Context(), one, pass("two"))
	if check(t, err); len(in.Added) != 1 || in.Added[0] != here {
		t.Errorf("%+v", in)
	}
	in, err = o.Import(t.Context(), file, pass("two"))
	if check(t, err); len(in.Added) != 1 || in.Added[0] != there || in.Same != 1 || in.Removed != 0 {
		t.Errorf("%+v", in)
	}
	if len(o.Sets()) != 2 || len(again(t, o, "three").Sets()) != 2 || len(o.Removed()) != 0 {
		t.Errorf("%v", o.Sets())
	}
	// What was used there is used here; what was removed here stays so.
	_, err = s.Use(t.Context(), here.ID, 4)
	check(t, err)
	_, err = s.UseNoted(t.Context(), there.ID)
	check(t, err)
	file, err = s.Export(t.Context(), pass("two"))
	check(t, err)
	_, err = o.Use(t.Context(), here.ID, 5)
	check(t, err)
	check(t, o.Remove(t.Context(), here.ID))
	check(t, o.Remove(t.Context(), there.ID))
	in, err = o.Import(t.Context(), file, pass("two"))
	if check(t, err); len(in.Added) != 0 || in.Same != 0 || in.Removed != 2 || len(o.Sets()) != 0 {
		t.Errorf("%+v, %v", in, o.Sets())
	}
	for id, left := range map[ID]int{here.ID: 8, there.ID: 7} {
		set, err := again(t, o, "three").Restore(t.Context(), id)
		if check(t, err); set.Left != left {
			t.Errorf("%+v, want %d left", set, left)
		}
	}
}

// Uses of a note count once, and of two counts the lower one. R71
func TestImportUsesOfNotes(t *testing.T) {
	s, w := made(t)
	n := note(t, s, "paper", 8)
	o := open(t, t.TempDir(), w.now)
	check(t, o.Create(t.Context(), pass("three")))
	taken := func() Set {
		t.Helper()
		file, err := s.Export(t.Context(), pass("two"))
		check(t, err)
		_, err = o.Import(t.Context(), file, pass("two"))
		check(t, err)
		return get(t, again(t, o, "three"), n.ID)
	}
	taken()
	for _, at := range []*Safe{s, o, s} { // one of them here
		w.advance(time.Hour)
		_, err := at.UseNoted(t.Context(), n.ID)
		check(t, err)
	}
	for range 2 {
		if set := taken(); set.Left != 5 || !set.LastUsed.Equal(w.at) {
			t.Errorf("%+v", set)
		}
	}
	_, err := s.Count(t.Context(), n.ID, 8, 2)
	check(t, err)
	if set := taken(); set.Left != 2 {
		t.Errorf("%+v", set)
	}
	_, err = o.Count(t.Context(), n.ID, 10, 10) // new codes
	check(t, err)
	if set := taken(); set.Left != 10 || !set.LastUsed.IsZero() {
		t.Errorf("%+v", set)
	}
}

// An old file does not bring codes back as good whose place newer ones took, not
// even when nothing is known of them any more.
func TestImportOldCodes(t *testing.T) {
	s, w := made(t)
	old := keep(t, s, "Kutano", ten("a")...)
	file, err := s.Export(t.Context(), pass("two"))
	check(t, err)
	w.advance(time.Hour)
	fresh, err := s.Replace(t.Context(), old.ID, New{Codes: ten("b")})
	check(t, err)
	for _, what := range []string{"replaced here", "forgotten here", "another safe"} {
		o := s
		if what == "another safe" {
			newer, err := s.Export(t.Context(), pass("two"))
			check(t, err)
			o = open(t, t.TempDir(), w.now)
			check(t, o.Create(t.Context(), pass("three")))
			_, err = o.Import(t.Context(), newer, pass("two"))
			check(t, err)
		}
		in, err := o.Import(t.Context(), file, pass("two"))
		if check(t, err); len(in.Added) != 0 || in.Removed != 1 {
			t.Errorf("%s: %+v", what, in)
		}
		if list, gone := o.Sets(), o.Removed(); len(list) != 1 || list[0].ID != fresh.ID || len(gone) != 1 || gone[0].ID != old.ID {
			t.Errorf("%s: %v, removed %v", what, list, gone)
		}
		w.advance(2 * Kept)
	}
	// In a file with both, both are as they were: they stood beside each other.
	s, _ = made(t)
	keep(t, s, "Kutano", ten("a")...)
	w.advance(time.Hour)
	_, err = s.Note(t.Context(), New{Title: "Kutano on paper", Account: "acc1", Count: 4})
	check(t, err)
	file, err = s.Export(t.Context(), pass("two"))
	check(t, err)
	o := open(t, t.TempDir(), w.now)
	check(t, o.Create(t.Context(), pass("three")))
	if in, err := o.Import(t.Context(), file, pass("two")); err != nil || len(in.Added) != 2 || in.Removed != 0 {
		t.Errorf("%+v, %v", in, err)
	}
}

// Codes that are not to be kept here go into a file of their own. R65
func TestPack(t *testing.T) {
	s, w := made(t)
	n := New{Title: "Kutano", Codes: ten("p")}
	file, err := Pack(t.Context(), n, w.at, pass("two"))
	check(t, err)
	if len(s.Sets()) != 0 {
		t.Error("they are kept here")
	}
	in, err := s.Import(t.Context(), file, pass("two"))
	if check(t, err); len(in.Added) != 1 || in.Added[0].Left != 10 {
		t.Errorf("%+v", in)
	}
	for want, n := range map[error]New{ErrNoCodes: {Title: "x"}, ErrNoTitle: {Codes: codes("x")}} {
		_, err := Pack(t.Context(), n, w.at, pass("two"))
		wants(t, err, want)
	}
	_, err = Pack(t.Context(), n, w.at, pass(""))
	wants(t, err, ErrNoPassphrase)
}

// What another process changes is read, and a passphrase changed there locks.
func TestWatch(t *testing.T) {
	s, w := made(t)
	set := keep(t, s, "a", ten("a")...)
	o := again(t, s, "one")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told, err := o.Watch(ctx)
	check(t, err)
	until := func(what string, is func() bool) {
		t.Helper()
		for !is() {
			if _, open := <-told; !open {
				t.Fatalf("never: %s", what)
			}
		}
	}
	_, err = s.Use(t.Context(), set.ID, 2)
	check(t, err)
	until("used", func() bool { return get(t, o, set.ID).Left == 9 })
	if list, err := o.Codes(set.ID); err != nil || !list[2].Used.Equal(w.at) {
		t.Errorf("%v, %v", list, err)
	}
	n := note(t, s, "note", 4)
	until("noted", func() bool { _, err := o.Set(n.ID); return err == nil })
	check(t, s.ChangePassphrase(t.Context(), pass("one"), pass("two")))
	until("locked", o.Locked)
	if len(o.Sets()) != 2 {
		t.Errorf("%v", o.Sets())
	}
	cancel()
	for range told { // until it is closed
	}
}

// Without watching, a change finds out by itself.
func TestChangedPassphrase(t *testing.T) {
	s, _ := made(t)
	set := keep(t, s, "a", ten("a")...)
	o := again(t, s, "one")
	check(t, s.ChangePassphrase(t.Context(), pass("one"), pass("two")))
	_, err := o.Use(t.Context(), set.ID, 0)
	if wants(t, err, ErrPassphrase); !o.Locked() {
		t.Error("not locked")
	}
	check(t, o.Unlock(t.Context(), pass("two")))
	check(t, os.Remove(s.path(sealedName)))
	if wants(t, s.Reload(t.Context()), ErrNoSafe); !s.Locked() {
		t.Error("not locked")
	}
}

func TestBusy(t *testing.T) {
	s, _ := made(t)
	fl := flock.New(s.path(lockName))
	if ok, err := fl.TryLock(); !ok || err != nil {
		t.Fatal(err)
	}
	before := lockWait
	t.Cleanup(func() { lockWait = before })
	lockWait = time.Millisecond
	_, err := s.Note(t.Context(), New{Title: "x"})
	wants(t, err, ErrBusy)
	check(t, fl.Close())
	_, err = s.Note(t.Context(), New{Title: "x"})
	check(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Note(ctx, New{Title: "y"}); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
