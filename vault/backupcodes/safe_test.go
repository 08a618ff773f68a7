// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	workFactor = 1
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

// start is when the tests begin.
var start = time.Date(2026, time.November, 25, 14, 32, 10, 0, time.UTC)

// watch is a clock that the tests own.
type watch struct{ at time.Time }

func (w *watch) now() time.Time          { return w.at }
func (w *watch) advance(d time.Duration) { w.at = w.at.Add(d) }

func pass(s string) secret.Value { return secret.FromString(s) }

func open(t testing.TB, dir string, now func() time.Time) *Safe {
	t.Helper()
	s, err := Open(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// made is an unlocked safe under the passphrase "one".
func made(t testing.TB) (*Safe, *watch) {
	t.Helper()
	w := &watch{start}
	s := open(t, t.TempDir(), w.now)
	check(t, s.Create(t.Context(), pass("one")))
	return s, w
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wants(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

func codes(list ...string) []secret.Value {
	out := make([]secret.Value, len(list))
	for i, s := range list {
		out[i] = secret.FromString(s)
	}
	return out
}

// ten are ten codes that begin with a word.
func ten(word string) []secret.Value {
	var out []secret.Value
	for i := range 10 {
		out = append(out, secret.FromString(word+"-"+strconv.Itoa(1000+i)))
	}
	return out
}

func keep(t testing.TB, s *Safe, title string, cs ...secret.Value) Set {
	t.Helper()
	set, err := s.Keep(t.Context(), New{Title: title, Account: "acc1", Codes: cs})
	check(t, err)
	return set
}

func note(t testing.TB, s *Safe, title string, count int) Set {
	t.Helper()
	set, err := s.Note(t.Context(), New{Title: title, Where: "In the safe at home", Count: count})
	check(t, err)
	return set
}

func get(t testing.TB, s *Safe, id ID) Set {
	t.Helper()
	set, err := s.Set(id)
	check(t, err)
	return set
}

// again is the same safe as another process has it, unlocked where a passphrase is given.
func again(t testing.TB, s *Safe, passphrase string) *Safe {
	t.Helper()
	o := open(t, s.dir, s.now)
	if passphrase != "" {
		check(t, o.Unlock(t.Context(), pass(passphrase)))
	}
	return o
}

func TestKeepRevealUse(t *testing.T) { // R61
	s, w := made(t)
	set := keep(t, s, " Kutano ", append(codes("abc 1", "äöü"), codes("abc 1")...)...)
	if set.Title != "Kutano" || set.First != 2 || set.Left != 2 || set.Place != Here || set.Renew() {
		t.Errorf("%+v", set)
	}
	c, err := s.Reveal(set.ID, 1)
	if check(t, err); c.Reveal() != "äöü" {
		t.Error("another code")
	}
	c.Clear()
	if c, err = s.Reveal(set.ID, 1); err != nil || c.Reveal() != "äöü" {
		t.Error("clearing what was shown clears the safe")
	}
	w.advance(time.Hour)
	set, err = s.Use(t.Context(), set.ID, 1)
	if check(t, err); set.Left != 1 || !set.LastUsed.Equal(w.at) || !set.Renew() || !set.Low() { // R71
		t.Errorf("%+v", set)
	}
	_, err = s.Use(t.Context(), set.ID, 1)
	wants(t, err, ErrUsed)
	for _, o := range []*Safe{s, again(t, s, "one")} {
		list, err := o.Codes(set.ID)
		if check(t, err); len(list) != 2 || !list[0].Used.IsZero() || !list[1].Used.Equal(w.at) {
			t.Errorf("%v", list)
		}
	}
	set, err = s.Unuse(t.Context(), set.ID, 1)
	if check(t, err); set.Left != 2 || !set.LastUsed.IsZero() {
		t.Errorf("%+v", set)
	}
	_, err = s.Unuse(t.Context(), set.ID, 1)
	wants(t, err, ErrNotUsed)
	for _, i := range []int{-1, 2} {
		_, err = s.Reveal(set.ID, i)
		wants(t, err, ErrNoCode)
		_, err = s.Use(t.Context(), set.ID, i)
		wants(t, err, ErrNoCode)
	}
	_, err = s.Reveal("0000000000000000", 0)
	wants(t, err, ErrNoSet)
}

// A note needs no passphrase, nor a safe at all.
func TestNotes(t *testing.T) { // R68
	w := &watch{start}
	s := open(t, filepath.Join(t.TempDir(), "new"), w.now)
	set := note(t, s, "Kutano", 4)
	if set.Place != Elsewhere || set.Where != "In the safe at home" || set.Left != 4 || set.Low() || s.Exists() || !s.Locked() {
		t.Errorf("%+v", set)
	}
	w.advance(time.Minute)
	for want := 3; want >= 0; want-- {
		got, err := s.UseNoted(t.Context(), set.ID)
		if check(t, err); got.Left != want || !got.LastUsed.Equal(w.at) || !got.Low() || !got.Renew() {
			t.Errorf("%+v", got)
		}
	}
	_, err := s.UseNoted(t.Context(), set.ID)
	wants(t, err, ErrNoneLeft)
	got, err := s.UnuseNoted(t.Context(), set.ID)
	if check(t, err); got.Left != 1 {
		t.Errorf("%+v", got)
	}
	got, err = s.Count(t.Context(), set.ID, 10, 10)
	if check(t, err); got.Left != 10 || got.Renew() {
		t.Errorf("%+v", got)
	}
	_, err = s.UnuseNoted(t.Context(), set.ID)
	wants(t, err, ErrNotUsed)
	for _, c := range [][2]int{{-1, 0}, {65, 1}, {5, 6}, {5, -1}, {0, 1}} {
		_, err = s.Count(t.Context(), set.ID, c[0], c[1])
		wants(t, err, ErrCount)
	}
	unknown := note(t, s, "Unknown", 0)
	for range MaxCodes + 3 {
		unknown, err = s.UseNoted(t.Context(), unknown.ID)
		check(t, err)
	}
	if unknown.Known() || unknown.Low() || !unknown.Renew() {
		t.Errorf("%+v", unknown)
	}
	if o := again(t, s, ""); get(t, o, set.ID) != got || get(t, o, unknown.ID) != unknown {
		t.Errorf("%v", o.Sets())
	}
	_, err = s.Codes(set.ID)
	wants(t, err, ErrPlace)
	_, err = s.Use(t.Context(), set.ID, 0)
	wants(t, err, ErrPlace)
}

func TestBounds(t *testing.T) {
	s, _ := made(t)
	long := strings.Repeat("ä", MaxCode)
	keep(t, s, strings.Repeat("ü", MaxText), codes(long, "a")...)
	many := func(n int) (out []secret.Value) {
		for i := range n {
			out = append(out, secret.FromString(strconv.Itoa(i)))
		}
		return out
	}
	keep(t, s, "many", many(MaxCodes)...)
	for name, tc := range map[string]struct {
		n    New
		want error
	}{
		"no codes":      {New{Title: "x"}, ErrNoCodes},
		"an empty code": {New{Title: "x", Codes: codes("a", "")}, ErrNoCodes},
		"a long code":   {New{Title: "x", Codes: codes(long + "a")}, ErrTooLong},
		"too many":      {New{Title: "x", Codes: many(MaxCodes + 1)}, ErrTooMany},
		"a tab":         {New{Title: "x", Codes: codes("a\tb")}, ErrUnprintable},
		"not UTF-8":     {New{Title: "x", Codes: codes("a\xff")}, ErrUnprintable},
		"no title":      {New{Title: " ", Codes: codes("a")}, ErrNoTitle},
		"a long title":  {New{Title: strings.Repeat("x", MaxText+1), Codes: codes("a")}, ErrTooLong},
		"a long place":  {New{Title: "x", Where: strings.Repeat("x", MaxText+1), Codes: codes("a")}, ErrTooLong},
		"a line break":  {New{Title: "x\ny", Codes: codes("a")}, ErrUnprintable},
		"an account":    {New{Title: "x", Account: strings.Repeat("x", 65), Codes: codes("a")}, ErrTooLong},
	} {
		if _, err := s.Keep(t.Context(), tc.n); !errors.Is(err, tc.want) || strings.Contains(err.Error(), "a\t") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := s.Note(t.Context(), New{Title: "x", Count: -1})
	wants(t, err, ErrCount)
	if len(s.Sets()) != 2 || len(again(t, s, "one").Sets()) != 2 {
		t.Errorf("%v", s.Sets())
	}
	for len(s.Sets()) < MaxSets {
		s.register = append(s.register, record{ID: newID(), Title: "x", Place: Elsewhere})
	}
	check(t, s.writeRegister(merged(s.register, s.open.sets), false))
	_, err = s.Note(t.Context(), New{Title: "x"})
	wants(t, err, ErrTooMany)
	_, err = s.Keep(t.Context(), New{Title: "x", Codes: codes("a")})
	wants(t, err, ErrTooMany)
}

func TestRemoveRestore(t *testing.T) {
	s, w := made(t)
	here, there := keep(t, s, "here", ten("a")...), note(t, s, "there", 8)
	for _, set := range []Set{here, there} {
		check(t, s.Remove(t.Context(), set.ID))
		wants(t, s.Remove(t.Context(), set.ID), ErrNoSet)
		_, err := s.Set(set.ID)
		wants(t, err, ErrNoSet)
	}
	_, err := s.Reveal(here.ID, 0)
	wants(t, err, ErrNoSet)
	if got := s.Removed(); len(got) != 2 || !got[0].Until().Equal(w.at.Add(Kept)) || len(s.Sets()) != 0 {
		t.Errorf("%v", got)
	}
	w.advance(Kept - time.Second)
	for _, set := range []Set{here, there} {
		back, err := s.Restore(t.Context(), set.ID)
		if check(t, err); back != set {
			t.Errorf("%+v, want %+v", back, set)
		}
		_, err = s.Restore(t.Context(), set.ID)
		wants(t, err, ErrNoSet)
		check(t, s.Remove(t.Context(), set.ID))
	}
	w.advance(Kept)
	if len(s.Removed()) != 0 {
		t.Errorf("%v", s.Removed())
	}
	keep(t, s, "another", ten("b")...) // finds that they are old
	w.advance(grace)
	keep(t, s, "one more", ten("c")...)
	if len(s.open.sets) != 2 || len(s.register) != 2 {
		t.Error("what was removed long ago is still there")
	}
	_, err = s.Restore(t.Context(), here.ID)
	wants(t, err, ErrNoSet)
}

func TestReplace(t *testing.T) { // R63
	s, _ := made(t)
	old := keep(t, s, "Kutano", ten("a")...)
	elsewhere, err := s.Replace(t.Context(), old.ID, New{Where: "on paper", Count: 10})
	if check(t, err); elsewhere.Title != "Kutano" || elsewhere.Account != "acc1" || elsewhere.Place != Elsewhere {
		t.Errorf("%+v", elsewhere)
	}
	here, err := s.Replace(t.Context(), elsewhere.ID, New{Title: "New", Codes: ten("b")})
	if check(t, err); here.Title != "New" || here.Place != Here {
		t.Errorf("%+v", here)
	}
	for _, o := range []*Safe{s, again(t, s, "one")} {
		if sets := o.Sets(); len(sets) != 1 || sets[0] != here || len(o.Removed()) != 2 {
			t.Errorf("%v, %v", sets, o.Removed())
		}
	}
	_, err = s.Replace(t.Context(), old.ID, New{Count: 1})
	wants(t, err, ErrNoSet)
	_, err = s.Replace(t.Context(), here.ID, New{Codes: codes("\x00")})
	wants(t, err, ErrUnprintable)
	if got, err := s.Set(here.ID); err != nil || got != here {
		t.Errorf("a replacement that failed changed the old set: %v", err)
	}
}

func TestEdit(t *testing.T) {
	s, _ := made(t)
	for _, id := range []ID{keep(t, s, "a", ten("a")...).ID, note(t, s, "b", 1).ID} {
		set, err := s.Edit(t.Context(), id, "  new ", "there", "acc2")
		if check(t, err); set.Title != "new" || set.Where != "there" || set.Account != "acc2" || get(t, again(t, s, "one"), id) != set {
			t.Errorf("%+v", set)
		}
		_, err = s.Edit(t.Context(), id, "", "", "")
		wants(t, err, ErrNoTitle)
		if get(t, s, id) != set {
			t.Error("a change that failed is there")
		}
	}
}

// What needs the codes says so while the safe is locked, and all else works.
func TestLocked(t *testing.T) {
	s, w := made(t)
	here, there := keep(t, s, "here", ten("a")...), note(t, s, "there", 8)
	w.advance(time.Minute)
	if s.Idle() != time.Minute {
		t.Errorf("idle for %v", s.Idle())
	}
	if _, err := s.Codes(here.ID); err != nil || s.Idle() != 0 {
		t.Errorf("idle for %v, %v", s.Idle(), err)
	}
	in := s.open
	s.Lock()
	s.Lock()
	if in.passphrase.Len() != 0 || in.sets[0].Codes[0].Text.Len() != 0 || s.Idle() != 0 || !s.Locked() {
		t.Error("locking leaves secrets in memory")
	}
	for _, o := range []*Safe{s, again(t, s, "")} {
		if sets := o.Sets(); len(sets) != 2 || sets[0] != here || sets[1] != there {
			t.Errorf("%v", sets)
		}
		ctx := t.Context()
		for name, do := range map[string]func() error{
			"codes":   func() error { _, err := o.Codes(here.ID); return err },
			"reveal":  func() error { _, err := o.Reveal(here.ID, 0); return err },
			"use":     func() error { _, err := o.Use(ctx, here.ID, 0); return err },
			"unuse":   func() error { _, err := o.Unuse(ctx, here.ID, 0); return err },
			"keep":    func() error { _, err := o.Keep(ctx, New{Title: "x", Codes: codes("x")}); return err },
			"edit":    func() error { _, err := o.Edit(ctx, here.ID, "x", "", ""); return err },
			"remove":  func() error { return o.Remove(ctx, here.ID) },
			"export":  func() error { _, err := o.Export(ctx, pass("x")); return err },
			"import":  func() error { _, err := o.Import(ctx, nil, pass("x")); return err },
			"replace": func() error { _, err := o.Replace(ctx, here.ID, New{Count: 1}); return err },
			"a note by codes": func() error {
				_, err := o.Replace(ctx, there.ID, New{Codes: codes("x")})
				return err
			},
		} {
			if err := do(); !errors.Is(err, ErrLocked) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err := o.UseNoted(ctx, here.ID)
		wants(t, err, ErrLocked)
		_, err = o.UseNoted(ctx, "0000000000000000")
		wants(t, err, ErrNoSet)
		if set, n := o.Holding(ten("a")); n != 0 || set != (Set{}) {
			t.Errorf("%v, %d", set, n)
		}
	}
	_, err := s.UseNoted(t.Context(), there.ID)
	check(t, err)
}

// The same codes pasted twice are noticed.
func TestHolding(t *testing.T) {
	s, _ := made(t)
	keep(t, s, "a", ten("a")...)
	b := keep(t, s, "b", append(ten("b"), ten("a")[0])...)
	set, n := s.Holding(append(ten("b")[3:], codes("other")...))
	if set.ID != b.ID || n != 7 {
		t.Errorf("%v, %d", set, n)
	}
	check(t, s.Remove(t.Context(), b.ID))
	if _, n := s.Holding(ten("b")); n != 0 {
		t.Errorf("%d in a removed set", n)
	}
}

// A clock that is set back does not keep the codes open for so much longer.
func TestIdleAfterTheClockWasSetBack(t *testing.T) {
	s, w := made(t)
	w.advance(-time.Hour)
	if s.Idle() != 0 {
		t.Errorf("idle for %v", s.Idle())
	}
	w.advance(time.Minute)
	if s.Idle() != time.Minute {
		t.Errorf("idle for %v", s.Idle())
	}
}

// A note of codes that were partly used is made in one step.
func TestNoteOfWhatIsLeft(t *testing.T) { // R71
	s, _ := made(t)
	old := keep(t, s, "here", ten("a")...)
	set, err := s.Replace(t.Context(), old.ID, New{Count: 7, First: 10})
	if check(t, err); set.First != 10 || set.Left != 7 || !set.Renew() || get(t, again(t, s, ""), set.ID) != set {
		t.Errorf("%+v", set)
	}
	set, err = s.Note(t.Context(), New{Title: "none left", First: 10})
	if check(t, err); set.First != 10 || set.Left != 0 || !set.Low() {
		t.Errorf("%+v", set)
	}
	for _, n := range []New{{Count: 3, First: 2}, {Count: -1, First: 2}, {First: MaxCodes + 1}, {First: -1}} {
		n.Title = "x"
		_, err := s.Note(t.Context(), n)
		wants(t, err, ErrCount)
	}
}
