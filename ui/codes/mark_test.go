// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// The mark of corrected codes stands beside the search box, says its sentence and
// leads to the clock's page; without a correction it is not there.
func TestMark(t *testing.T) {
	s, w := newTestScreen(t, many(3))
	pressed := 0
	s.ShowClock = func() { pressed++ }
	if s.Mark.Visible() {
		t.Fatal("the mark is there without a correction")
	}
	before := s.Search.Size().Width
	s.SetMark("+47 s", "Codes are corrected: this clock is 47 seconds slow.")
	for _, width := range []float32{900, 360} {
		w.Resize(fyne.NewSize(width, 640))
		left, right := s.Search.Position().X+s.Search.Size().Width, s.Mark.Position().X+s.Mark.Size().Width
		if !s.Mark.Visible() || s.Mark.Size().Width < 40 || left <= 80 || right > width {
			t.Errorf("%v wide: the search ends at %v, the mark at %v", width, left, right)
		}
	}
	if got := s.Mark.AccessibilityLabel(); got != "Codes are corrected: this clock is 47 seconds slow." {
		t.Errorf("a screen reader says %q", got)
	}
	s.Mark.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if pressed != 1 {
		t.Errorf("Enter pressed it %d times", pressed)
	}
	w.Resize(fyne.NewSize(900, 700))
	s.SetMark("", "")
	if s.Mark.Visible() || s.Search.Size().Width != before {
		t.Error("the mark or its room stays after the correction has gone")
	}
}

// Who listens for copies is told when the code began, and nothing of a counter's.
func TestCopiedTellsTheStep(t *testing.T) {
	s, _ := newTestScreen(t, []vault.Account{
		{ID: "a", Issuer: "A", Type: otpauth.TOTP, Period: 30, Digits: 6},
		{ID: "c", Issuer: "C", Type: otpauth.HOTP, Digits: 6},
	})
	var from []time.Time
	s.Copied = func(id vault.ID, at time.Time, period int) {
		if id != "a" || period != 30 {
			t.Errorf("told of %s with %d seconds", id, period)
		}
		from = append(from, at)
	}
	s.CopyCode("a")
	s.copied(Row{ID: "c"}, "755224") // as a counter's code comes
	if len(from) != 1 || !from[0].Equal(at(30)) {
		t.Errorf("told of codes that began at %v, want once %v", from, at(30))
	}
}

// After the time of codes has jumped back, no code of the old time is shown, and
// nothing waits for the old time to come again.
func TestTurned(t *testing.T) {
	m := NewModel(&fakeSource{}, nil)
	t.Cleanup(m.Close)
	m.SetAccounts(many(1))
	m.SetSettings(Settings{Hide: true})
	m.Row(0, at(3600))
	m.Settle()
	m.Reveal(many(1)[0].ID)
	if r := m.Row(0, at(3600)); r.State != Shown {
		t.Fatalf("state %d before", r.State)
	}
	m.Turned()
	if r := m.Row(0, at(0)); r.State != Waiting || r.Code != "" {
		t.Errorf("state %d, code %q right after", r.State, r.Code)
	}
	m.Settle()
	if r := m.Row(0, at(0)); r.State != Hidden || r.value == "" || !r.from.Equal(at(0)) {
		t.Errorf("state %d, from %v, want hidden and from %v", r.State, r.from, at(0))
	}
}
