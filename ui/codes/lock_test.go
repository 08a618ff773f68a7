// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// A locked model has no codes, asks for none, and takes none that come late.
func TestLockedModelHasNoCodes(t *testing.T) {
	src := &fakeSource{hang: make(chan struct{})}
	bank := totp("b", "Bank", "ana", 6)
	bank.Type, bank.Period = otpauth.HOTP, 0
	m := newTestModel(t, src, totp("a", "Kutano", "ana@example.com", 8), bank)
	m.SetQuery("a")
	m.Row(0, at(31)) // asked for, and on its way
	m.Lock()
	m.Row(0, at(31)) // the account has an entry again
	close(src.hang)
	m.Settle()
	calls := src.count()
	for i := range 2 {
		if r := m.Row(i, at(31)); r.Code != "" || r.value != "" || r.ID == "" {
			t.Errorf("row %d of a locked model: %+v", i, r)
		}
	}
	m.Advance("b", func(otpauth.Code, error) { t.Error("a counter went on") })
	m.Settle()
	if !m.Locked() || src.count() != calls {
		t.Errorf("locked %v, asked %d times", m.Locked(), src.count()-calls)
	}
	if m.Query() != "a" || m.Len() != 2 {
		t.Errorf("the search is lost: %q, %d rows", m.Query(), m.Len())
	}
	m.SetSource(src)
	m.Row(0, at(31))
	m.Settle()
	if r := m.Row(0, at(31)); r.State != Shown || m.Locked() {
		t.Errorf("after unlocking: %+v", r)
	}
}

// A counter's code that comes after the lock is not shown.
func TestCounterThatComesLate(t *testing.T) {
	src := &fakeSource{}
	bank := totp("b", "Bank", "ana", 6)
	bank.Type, bank.Period = otpauth.HOTP, 0
	m := newTestModel(t, src, bank)
	m.Row(0, at(31))
	src.mu.Lock() // the answer waits
	m.Advance("b", func(otpauth.Code, error) { t.Error("told of a code from before the lock") })
	m.Lock()
	src.mu.Unlock()
	m.Settle()
	if r := m.Row(0, at(31)); r.Code != "" || r.value != "" {
		t.Errorf("shown: %+v", r)
	}
}

func TestVeilHidesWhatWasAskedFor(t *testing.T) {
	m := newTestModel(t, &fakeSource{}, totp("a", "Kutano", "ana@example.com", 8))
	m.SetSettings(Settings{Hide: true})
	m.Row(0, at(55))
	m.Settle()
	m.Row(0, at(55))
	m.Settle()
	m.Reveal("a")
	if r := m.Row(0, at(55)); r.State != Shown || r.Next == "" {
		t.Fatalf("asked for: %+v", r)
	}
	m.SetSettings(Settings{Hide: true, Veil: true})
	if r := m.Row(0, at(55)); r.State != Hidden || r.Code != "•••• ••••" || r.Next != "" || r.Dots() != r.Code {
		t.Errorf("veiled: %+v", r)
	}
	m.SetSettings(Settings{})
	if r := m.Row(0, at(55)); r.State != Shown {
		t.Errorf("and back: %+v", r)
	}
}

// No row that was ever drawn keeps its code, also when it is out of view and
// waits in the list's own store to be used again.
func TestLockedScreenKeepsNoCode(t *testing.T) {
	as := many(60)
	s, w := newTestScreen(t, as)
	for _, i := range []int{30, 59, 0} {
		s.List.ScrollTo(i)
		s.Refresh()
		s.Model.Settle()
		s.Tick(at(55))
		s.Model.Settle()
		s.Tick(at(55))
	}
	s.selected = as[3].ID
	w.Resize(fyne.NewSize(360, 300))
	if !strings.ContainsAny(drawn(s), "0123456789") {
		t.Fatal("no code is drawn before the lock")
	}
	s.copy(as[3].ID)
	s.Lock()
	if said := drawn(s); strings.ContainsAny(said, "0123456789") {
		t.Errorf("still drawn: %s", said)
	}
	if s.Waiting() || s.Selected() != as[3].ID {
		t.Error("a copy waits, or the mark is gone")
	}
	s.Refresh()
	w.Resize(fyne.NewSize(900, 700))
	s.Tick(at(56))
	if said := drawn(s); strings.ContainsAny(said, "0123456789") {
		t.Errorf("drawn again: %s", said)
	}
	s.Model.SetSource(&fakeSource{})
	s.Tick(at(56))
	s.Model.Settle()
	s.Tick(at(56))
	if v := rows(s)[0]; v.row.State != Shown || v.code.Shown() == "" {
		t.Errorf("after unlocking: %+v", v.row)
	}
}

// drawn returns every text in a code's place, in all rows that ever were.
func drawn(s *Screen) string {
	var all []string
	for _, v := range s.list.drew {
		all = append(all, v.code.Shown(), v.next.Shown(), v.row.Code, v.row.Next, v.row.value, v.row.nextValue)
		for _, o := range test.LaidOutObjects(v.code) {
			if c, ok := o.(*kit.CodeText); ok {
				all = append(all, c.Shown())
			}
		}
	}
	return strings.Join(all, " ")
}

// The QR code of an account that is loaded when the screen is locked never shows.
func TestLockClosesTheQRCode(t *testing.T) {
	s, w := newTestScreen(t, many(3))
	s.showQR(vault.Account{Issuer: "Kutano"}, w.Canvas().Capture())
	if kit.TopSheet(w.Canvas()) == nil {
		t.Fatal("not shown")
	}
	s.Lock()
	if kit.TopSheet(w.Canvas()) != nil || s.qr != nil {
		t.Error("it stays")
	}
}
