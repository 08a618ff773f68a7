// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// fakeSource makes codes of one well-known key and counts how often.
type fakeSource struct {
	mu      sync.Mutex
	calls   int
	fail    error
	counter uint64
	hang    chan struct{} // not nil: Code waits until it is closed
	byID    map[vault.ID]otpauth.Key
}

// rfcKey is the key of RFC 6238 appendix B for SHA-1.
func rfcKey(digits int) otpauth.Key {
	return otpauth.Key{
		Type: otpauth.TOTP, Issuer: "Kutano", Account: "ana@example.com", Algorithm: otpauth.SHA1,
		Digits: digits, Period: 30, Secret: secret.FromString("12345678901234567890"),
	}
}

func (f *fakeSource) Code(ctx context.Context, id vault.ID, at time.Time) (otpauth.Code, error) {
	f.mu.Lock()
	f.calls++
	err, hang := f.fail, f.hang
	k, ok := f.byID[id]
	f.mu.Unlock()
	if hang != nil {
		select {
		case <-hang:
		case <-ctx.Done():
			return otpauth.Code{}, ctx.Err()
		}
	}
	if err != nil {
		return otpauth.Code{}, err
	}
	if !ok {
		k = rfcKey(8)
	}
	return k.Code(at)
}

func (f *fakeSource) Advance(context.Context, vault.ID) (otpauth.Code, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return otpauth.Code{}, f.fail
	}
	k := rfcKey(6)
	k.Type, k.Period, k.Counter = otpauth.HOTP, 0, f.counter
	f.counter++
	return k.Code(time.Time{})
}

func (f *fakeSource) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

func totp(id, issuer, name string, digits int) vault.Account {
	return vault.Account{
		ID: vault.ID(id), Issuer: issuer, Name: name, Type: otpauth.TOTP,
		Algorithm: otpauth.SHA1, Digits: digits, Period: 30,
	}
}

func newTestModel(t *testing.T, src Source, as ...vault.Account) *Model {
	t.Helper()
	m := NewModel(src, nil)
	t.Cleanup(m.Close)
	m.SetAccounts(as)
	return m
}

func at(sec int64) time.Time { return time.Unix(sec, 0) }

// R54: the code, its time and the next code; values of RFC 6238 appendix B.
func TestRowShowsCodeAndNext(t *testing.T) {
	src := &fakeSource{}
	m := newTestModel(t, src, totp("a", "Kutano", "ana@example.com", 8))
	if r := m.Row(0, at(59)); r.State != Waiting || r.Code != "" {
		t.Fatalf("before the code came: %+v", r)
	}
	m.Settle()
	r := m.Row(0, at(59)) // 1 s left of the step 30–60
	if r.State != Shown || r.Code != "9428 7082" || r.Left != 1 || r.Period != 30 {
		t.Fatalf("at 59: %+v", r)
	}
	m.Settle()
	want, err := rfcKey(8).Code(at(60))
	if err != nil {
		t.Fatal(err)
	}
	if r = m.Row(0, at(59)); r.nextValue != want.Value || r.Next == "" {
		t.Fatalf("the next code is missing in the last seconds: %+v", r)
	}
	calls := src.count()
	if r = m.Row(0, at(60)); r.State != Shown || r.value != want.Value || r.Next != "" || r.Left != 30 {
		t.Fatalf("a new step did not begin with the next code: %+v", r)
	}
	m.Settle()
	if src.count() != calls {
		t.Error("the next code was computed again when its step began")
	}
}

func TestNothingIsComputedBetweenSteps(t *testing.T) {
	src := &fakeSource{}
	m := newTestModel(t, src, totp("a", "Kutano", "ana", 6))
	for s := int64(30); s < 50; s++ {
		m.Row(0, at(s))
		m.Settle()
	}
	if got := src.count(); got != 1 {
		t.Errorf("%d codes computed in one step, want 1", got)
	}
	for s := int64(50); s < 60; s++ {
		m.Row(0, at(s))
		m.Settle()
	}
	if got := src.count(); got != 2 {
		t.Errorf("%d codes computed with the next one, want 2", got)
	}
}

func TestOnlyRowsInViewAreComputed(t *testing.T) {
	src := &fakeSource{}
	as := make([]vault.Account, 1000)
	for i := range as {
		as[i] = totp(fmt.Sprint("id", i), "Service", fmt.Sprint("user", i), 6)
	}
	m := newTestModel(t, src, as...)
	for i := range 8 {
		m.Row(i, at(31))
	}
	m.Settle()
	if got := src.count(); got != 8 {
		t.Errorf("%d codes computed for 8 rows in view", got)
	}
}

// A keyring that never answers must not stop the rows from being drawn.
func TestAHangingStoreNeverBlocks(t *testing.T) {
	src := &fakeSource{hang: make(chan struct{})}
	m := newTestModel(t, src, totp("a", "Kutano", "ana", 6), totp("b", "GitHub", "ana", 6))
	done := make(chan Row)
	go func() {
		m.Row(0, at(31))
		m.Row(1, at(31))
		done <- m.Row(0, at(32))
	}()
	select {
	case r := <-done:
		if r.State != Waiting {
			t.Errorf("state %v, want Waiting", r.State)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("Row waited for the store")
	}
	for src.count() == 0 {
		time.Sleep(time.Millisecond)
	}
	m.Close()
	m.Settle()
	if src.count() != 1 {
		t.Errorf("the store was asked %d times while it did not answer, want 1", src.count())
	}
}

func TestAFailureIsShownAndRetriedLater(t *testing.T) {
	src := &fakeSource{fail: fmt.Errorf("read page-0: %w", keystore.ErrLocked)}
	m := newTestModel(t, src, totp("a", "Kutano", "ana", 6))
	m.Row(0, at(31))
	m.Settle()
	r := m.Row(0, at(32))
	if r.State != Failed || !errors.Is(r.Err, keystore.ErrLocked) {
		t.Fatalf("row %+v, want the error", r)
	}
	if !errors.Is(m.Trouble(), keystore.ErrLocked) {
		t.Error("Trouble does not name the error")
	}
	m.Row(0, at(33))
	m.Settle()
	if src.count() != 1 {
		t.Errorf("asked %d times within the pause", src.count())
	}
	m.SetQuery("nothing that is there")
	m.Row(0, at(33))
	src.mu.Lock()
	src.fail = nil
	src.mu.Unlock()
	m.SetQuery("")
	m.Retry()
	m.Row(0, at(34))
	m.Settle()
	if r = m.Row(0, at(34)); r.State != Shown || r.Err != nil {
		t.Errorf("after unlocking: %+v", r)
	}
	if m.Trouble() != nil {
		t.Error("trouble stays after it is over")
	}
}

// A key that was replaced, by us or by another process, must not leave its old
// code on show.
func TestAccountsReadAgain(t *testing.T) {
	src := &fakeSource{byID: map[vault.ID]otpauth.Key{"a": rfcKey(6)}}
	m := newTestModel(t, src, totp("a", "Kutano", "ana", 6))
	m.Row(0, at(31))
	m.Settle()
	before := m.Row(0, at(31)).value
	other := rfcKey(6)
	other.Secret = secret.FromString("another key of 20 by")
	src.mu.Lock()
	src.byID["a"] = other
	src.mu.Unlock()
	m.SetAccounts([]vault.Account{totp("a", "Kutano", "ana", 6)})
	if r := m.Row(0, at(32)); r.value != before {
		t.Error("the row went empty while the accounts were read again")
	}
	m.Settle()
	want, _ := other.Code(at(32))
	if r := m.Row(0, at(32)); r.value != want.Value {
		t.Errorf("code %s of the old key is still shown", r.value)
	}
	m.Forget("a")
	if r := m.Row(0, at(32)); r.value != "" {
		t.Error("Forget left a code")
	}
}

func TestClockTurnedBack(t *testing.T) {
	m := newTestModel(t, &fakeSource{}, totp("a", "Kutano", "ana", 8))
	m.Row(0, at(1111111109))
	m.Settle()
	m.Row(0, at(59))
	m.Settle()
	if r := m.Row(0, at(59)); r.Code != "9428 7082" {
		t.Errorf("after the clock went back: %q, want the code of RFC 6238", r.Code)
	}
}

func TestHiddenCodes(t *testing.T) {
	m := newTestModel(t, &fakeSource{}, totp("a", "Kutano", "ana", 6), totp("b", "GitHub", "ana", 6))
	m.SetSettings(Settings{Hide: true})
	for i := range 2 {
		m.Row(i, at(31))
	}
	m.Settle()
	if r := m.Row(0, at(31)); r.State != Hidden || r.Code != "•••• ••••" || r.value == "" || r.Next != "" {
		t.Fatalf("hidden row: %+v", r)
	}
	m.Reveal("a")
	if r := m.Row(0, at(32)); r.State != Shown {
		t.Error("the row was not revealed")
	}
	if r := m.Row(1, at(32)); r.State != Hidden {
		t.Error("another row was revealed, too")
	}
	m.Row(0, at(60))
	m.Settle()
	if r := m.Row(0, at(60)); r.State != Hidden {
		t.Error("the row is still revealed in the next step")
	}
}

func TestCounterShowsACodeOnlyWhenAsked(t *testing.T) {
	a := totp("c", "Bank", "ana", 6)
	a.Type, a.Period = otpauth.HOTP, 0
	src := &fakeSource{}
	m := newTestModel(t, src, a)
	if r := m.Row(0, at(31)); r.State != Counter || r.Code != "" || r.Period != 0 {
		t.Fatalf("before: %+v", r)
	}
	got := make(chan string, 1)
	m.Advance("c", func(c otpauth.Code, err error) { got <- c.Value })
	m.Settle()
	// RFC 4226 appendix D, counter 0 and 1.
	if v := <-got; v != "755224" {
		t.Errorf("first code %s, want 755224", v)
	}
	if r := m.Row(0, at(9999)); r.State != Shown || r.Code != "755 224" {
		t.Errorf("after asking: %+v", r)
	}
	m.Advance("c", nil)
	m.Settle()
	if r := m.Row(0, at(31)); r.Code != "287 082" {
		t.Errorf("second code %q, want 287 082", r.Code)
	}
	if src.count() != 0 {
		t.Error("a counter's code was peeked at without being asked for")
	}
	src.mu.Lock()
	src.fail = keystore.ErrTimeout
	src.mu.Unlock()
	m.Advance("c", nil)
	m.Settle()
	if r := m.Row(0, at(31)); r.State != Failed {
		t.Errorf("a failed step of the counter: %+v", r)
	}
}

// R54: with less than 5 s left, copying waits for the next code if the user
// chose so.
func TestCopyWaitsForTheNextCode(t *testing.T) {
	m := newTestModel(t, &fakeSource{}, totp("a", "Kutano", "ana", 6))
	m.Row(0, at(56))
	m.Settle()
	for _, tc := range []struct {
		now  time.Time
		wait bool
		want Copying
	}{
		{at(54), true, Copying{Text: "94287082"}},
		{at(55), true, Copying{Text: "94287082"}}, // exactly 5 s left
		{at(56), true, Copying{Wait: 4 * time.Second}},
		{at(56), false, Copying{Text: "94287082"}},
	} {
		got, ok := m.Row(0, tc.now).Copy(Settings{WaitForNext: tc.wait}, tc.now)
		if !ok || got != tc.want {
			t.Errorf("at %d, waiting %v: %+v %v, want %+v", tc.now.Unix(), tc.wait, got, ok, tc.want)
		}
	}
	if _, ok := (Row{}).Copy(Settings{}, at(1)); ok {
		t.Error("an empty row can be copied")
	}
}

// An error of a row that went out of view is no trouble any more.
func TestTroubleIsOfRowsInView(t *testing.T) {
	src := &fakeSource{fail: keystore.ErrTimeout}
	m := newTestModel(t, src, totp("a", "Kutano", "ana", 6), totp("b", "GitHub", "ana", 6))
	m.Row(0, at(31))
	m.Settle()
	m.Row(0, at(32))
	if !errors.Is(m.Trouble(), keystore.ErrTimeout) {
		t.Fatal("the trouble is not said")
	}
	src.mu.Lock()
	src.fail = nil
	src.mu.Unlock()
	for s := int64(33); s < 37; s++ { // scrolled to the second row
		m.Row(1, at(s))
		m.Settle()
	}
	if err := m.Trouble(); err != nil {
		t.Errorf("still said: %v", err)
	}
}

func TestScrollingFarDropsOldRequests(t *testing.T) {
	src := &fakeSource{hang: make(chan struct{})}
	as := make([]vault.Account, 500)
	for i := range as {
		as[i] = totp(fmt.Sprint("id", i), "Service", "user", 6)
	}
	m := newTestModel(t, src, as...)
	for i := range as {
		m.Row(i, at(31))
	}
	close(src.hang)
	m.Settle()
	if n := src.count(); n > maxQueue+1 {
		t.Errorf("%d codes computed after scrolling past 500 rows, want at most %d", n, maxQueue+1)
	}
	m.Row(0, at(32))
	m.Settle()
	if r := m.Row(0, at(32)); r.State != Shown {
		t.Error("a row whose request was dropped is never asked for again")
	}
}
