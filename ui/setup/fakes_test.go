// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"errors"
	"fmt"
	"image"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/enrolment"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

// fakeVault keeps accounts in memory.
type fakeVault struct {
	mu       sync.Mutex
	list     []vault.Account
	removed  []vault.Account
	keys     map[vault.ID]otpauth.Key
	verified map[vault.ID]time.Time
	n        int
	fail     error
}

func newFakeVault() *fakeVault {
	return &fakeVault{keys: map[vault.ID]otpauth.Key{}, verified: map[vault.ID]time.Time{}}
}

func (v *fakeVault) put(k otpauth.Key) vault.Account {
	v.n++
	a := vault.Account{
		ID: vault.ID(fmt.Sprint("a", v.n)), Issuer: k.Issuer, Name: k.Account, Type: k.Type, Algorithm: k.Algorithm,
		Digits: k.Digits, Period: k.Period, Kutano: strings.Contains(strings.ToLower(k.Issuer), "kutano"),
	}
	v.list = append(v.list, a)
	v.keys[a.ID] = k
	return a
}

func (v *fakeVault) Accounts() []vault.Account {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.list)
}

func (v *fakeVault) Removed() []vault.Account {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.removed)
}

func (v *fakeVault) move(id vault.ID, from, to *[]vault.Account) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	i := slices.IndexFunc(*from, func(a vault.Account) bool { return a.ID == id })
	if i < 0 || v.fail != nil {
		return errors.Join(v.fail, vault.ErrUnknown)
	}
	*to = append(*to, (*from)[i])
	*from = slices.Delete(*from, i, i+1)
	return nil
}

func (v *fakeVault) Remove(_ context.Context, id vault.ID) error {
	return v.move(id, &v.list, &v.removed)
}

func (v *fakeVault) Restore(_ context.Context, id vault.ID) error {
	return v.move(id, &v.removed, &v.list)
}

func (v *fakeVault) MarkVerified(_ context.Context, id vault.ID, at time.Time) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.verified[id] = at
	return nil
}

func (v *fakeVault) Compare(_ context.Context, k otpauth.Key) (vault.Status, vault.Account, error) {
	for _, a := range v.Accounts() {
		if a.Issuer != k.Issuer || a.Name != k.Account {
			continue
		}
		if v.keys[a.ID].Same(k) {
			return vault.Same, a, nil
		}
		return vault.Differs, a, nil
	}
	return vault.New, vault.Account{}, nil
}

func (v *fakeVault) AddAll(_ context.Context, ks []otpauth.Key) ([]vault.Account, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var all []vault.Account
	for _, k := range ks {
		all = append(all, v.put(k))
	}
	return all, v.fail
}

func (v *fakeVault) Replace(_ context.Context, id vault.ID, k otpauth.Key) (vault.Account, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.keys[id] = k
	i := slices.IndexFunc(v.list, func(a vault.Account) bool { return a.ID == id })
	return v.list[i], nil
}

func (v *fakeVault) Reorder(context.Context, []vault.ID) error { return nil }

// Code is of codes.Source.
func (v *fakeVault) Code(_ context.Context, id vault.ID, at time.Time) (otpauth.Code, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	k, ok := v.keys[id]
	if !ok {
		return otpauth.Code{}, vault.ErrUnknown
	}
	return k.Code(at)
}

func (v *fakeVault) Advance(context.Context, vault.ID) (otpauth.Code, error) {
	return otpauth.Code{}, errors.New("no counters here")
}

// fakeEyes see what a test gives them; reading QR codes is real.
type fakeEyes struct {
	mu      sync.Mutex
	screens []image.Image
	clip    string
	err     error // of the screen
	looks   int
}

func (e *fakeEyes) Screen(ctx context.Context) ([]image.Image, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.looks++
	return e.screens, errors.Join(e.err, ctx.Err())
}

func (e *fakeEyes) Clipboard(context.Context) (clipboard.Clip, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return clipboard.Clip{Text: e.clip}, nil
}

func (e *fakeEyes) Decode(ctx context.Context, img image.Image) ([]string, error) {
	return scan.Decode(ctx, img)
}

func (e *fakeEyes) show(t testing.TB, texts ...string) {
	t.Helper()
	e.screens = nil
	for _, text := range texts {
		img, err := scan.Draw(text, 300)
		if err != nil {
			t.Fatal(err)
		}
		e.screens = append(e.screens, img)
	}
}

// fakeUpkeep is upkeep.json in memory.
type fakeUpkeep struct {
	mu    sync.Mutex
	state upkeep.State
}

func (u *fakeUpkeep) Load() upkeep.State {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.state
}

func (u *fakeUpkeep) Change(_ context.Context, change func(*upkeep.State)) (upkeep.State, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.state.PutOff = maps.Clone(u.state.PutOff) // as one that was read anew
	change(&u.state)
	return u.state, nil
}

// fakeService is a linked service with its enrolment.
type fakeService struct {
	mu       sync.Mutex
	vault    *fakeVault
	note     *enrolment.Note
	allowed  bool
	errs     []error // of the next calls, nil for none
	calls    []string
	confirm  int
	lost     bool  // the answer with the codes
	accepted bool  // by the time somebody asks
	follow   error // what the app's own side of it fails with, once
	live     int   // calls under way
	hold     chan struct{}
}

// call notes a call, and fails as the test says.
func (s *fakeService) call(ctx context.Context, name string) error {
	s.mu.Lock()
	s.live++
	if s.live > 1 {
		panic("two calls at a time")
	}
	s.calls = append(s.calls, name)
	var err error
	if len(s.errs) > 0 {
		err, s.errs = s.errs[0], s.errs[1:]
	}
	hold := s.hold
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.live--
		s.mu.Unlock()
	}()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}

func (s *fakeService) Noted() (enrolment.Note, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.note == nil {
		return enrolment.Note{}, false, nil
	}
	return *s.note, true, nil
}

func (s *fakeService) Begin(ctx context.Context, m link.Method, phone string) (enrolment.Standing, error) {
	if err := s.call(ctx, "begin "+string(m)+" "+phone); err != nil {
		return enrolment.Standing{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !s.allowed:
		return enrolment.Standing{}, link.ErrScope
	case s.note != nil:
		return enrolment.Standing{}, enrolment.ErrPending
	}
	s.note = &enrolment.Note{ID: fmt.Sprint("e", len(s.calls)), Method: m, Phone: "•••• 67"}
	if m == link.TOTP {
		k, _ := otpauth.Parse(uri("Kutano", "ana@example.com", keyA))
		all, _ := s.vault.AddAll(ctx, []otpauth.Key{k})
		s.note.Account, s.note.Phone = all[0].ID, ""
	}
	return enrolment.Standing{State: enrolment.Waiting, Note: *s.note, Resend: 30 * time.Second}, nil
}

func (s *fakeService) prove(ctx context.Context, name string) (enrolment.Standing, error) {
	if err := s.call(ctx, name); err != nil {
		return enrolment.Standing{State: enrolment.Waiting}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.note == nil {
		return enrolment.Standing{State: enrolment.None}, enrolment.ErrNone
	}
	st := enrolment.Standing{State: enrolment.Done, Note: *s.note, Account: s.note.Account}
	if s.lost {
		s.note, st.State = nil, enrolment.DoneCodesLost
		return st, nil
	}
	for i := range 8 {
		st.Codes = append(st.Codes, secret.FromString(fmt.Sprintf("code-%04d", i)))
	}
	if err := s.follow; err != nil {
		s.follow, s.accepted, s.lost = nil, true, true
		return st, err
	}
	s.note = nil
	return st, nil
}

func (s *fakeService) Prove(ctx context.Context) (enrolment.Standing, error) {
	return s.prove(ctx, "prove")
}

func (s *fakeService) Verify(ctx context.Context, code string) (enrolment.Standing, error) {
	return s.prove(ctx, "verify "+code)
}

func (s *fakeService) Resume(ctx context.Context) (enrolment.Standing, error) {
	if s.accepted {
		return s.prove(ctx, "resume")
	}
	if err := s.call(ctx, "resume"); err != nil {
		return enrolment.Standing{}, err
	}
	n, ok, _ := s.Noted()
	if !ok {
		return enrolment.Standing{State: enrolment.None}, nil
	}
	return enrolment.Standing{State: enrolment.Waiting, Note: n}, nil
}

func (s *fakeService) Resend(ctx context.Context) (link.Sent, error) {
	return link.Sent{PhoneHint: "•••• 67", Resend: 30 * time.Second}, s.call(ctx, "resend")
}

func (s *fakeService) Cancel(ctx context.Context) (enrolment.Standing, error) {
	if s.accepted {
		s.accepted, s.lost = false, true
		st, err := s.prove(ctx, "cancel")
		s.lost = false
		return st, err
	}
	if err := s.call(ctx, "cancel"); err != nil {
		return enrolment.Standing{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note = nil
	return enrolment.Standing{State: enrolment.Over}, nil
}

func (s *fakeService) Confirm(ctx context.Context) error {
	if err := s.call(ctx, "confirm"); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.confirm++
	return nil
}
