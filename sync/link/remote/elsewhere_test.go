// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/remote"
	"github.com/kutano/authenticator/vault/secret"
)

// The user ends the link in the service's settings: that is noticed, and told once.
func TestEndedByTheUser(t *testing.T) {
	w := build(t)
	w.linked(t, dan)
	w.refresh(t)
	if n := w.User(t, dan, "").EndLinks(t); n != 1 {
		t.Fatalf("%d links", n)
	}
	last, events, err := w.home.Refresh(t.Context())
	if !errors.Is(err, link.ErrEnded) || !slices.Equal(events, []link.Event{link.LinkEnded}) || last.Method != link.TOTP {
		t.Errorf("ended: %v, %v", events, err)
	}
	if _, events, err = w.home.Refresh(t.Context()); !errors.Is(err, link.ErrEnded) || len(events) > 0 {
		t.Errorf("told again: %v, %v", events, err)
	}
	w.untold(t, w.home, link.LinkEnded)
	if l, ok, err := w.home.Linked(); !ok || !l.Ended || err != nil || w.drawer.has() > 0 {
		t.Errorf("linked still: %+v, %v, %d permissions", l, err, w.drawer.has())
	}
	if err := w.home.Unlink(t.Context()); err != nil {
		t.Error(err)
	}
}

// R59: an administrator resets; the link ends with it, and after linking again the app says what happened.
func TestResetByAnAdministrator(t *testing.T) {
	w := build(t)
	w.linked(t, dan)
	w.refresh(t)
	id := w.User(t, dan, "").ID
	w.User(t, ada, "").Reset(t, id)
	if _, events, err := w.home.Refresh(t.Context()); !errors.Is(err, link.ErrEnded) || !slices.Equal(events, []link.Event{link.LinkEnded}) {
		t.Errorf("reset: %v, %v", events, err)
	}
	// Nobody gets in before it is set up again.
	b := w.BrowserWith(t, dan, w.User(t, dan, "").SetUp(t, "totp", ""))
	if _, err := w.home.Take(t.Context(), w.allow(t, b)); err != nil {
		t.Fatal(err)
	}
	if _, events := w.refresh(t); !slices.Equal(events, []link.Event{link.SwitchedToApp, link.CodesNew}) {
		t.Errorf("linked again: %v", events)
	}
	w.untold(t, w.home, link.SwitchedToApp, link.CodesNew) // and not that the link has ended
}

// What is done elsewhere is told once.
func TestDoneElsewhere(t *testing.T) {
	w := build(t)
	w.linked(t, dan)
	w.refresh(t)
	elsewhere := w.User(t, dan, "")
	elsewhere.SetUp(t, "sms", "+46701740606")
	if _, events := w.refresh(t); !slices.Equal(events, []link.Event{link.SwitchedToSMS, link.CodesNew}) {
		t.Errorf("switched to SMS: %v", events)
	}
	elsewhere.Do(t, http.MethodPost, "/v1/me/2fa/backup-codes", nil)
	if _, events := w.refresh(t); !slices.Equal(events, []link.Event{link.CodesNew}) {
		t.Errorf("new codes: %v", events)
	}
	elsewhere.Do(t, http.MethodDelete, "/v1/me/2fa", map[string]any{"confirm": true})
	if _, events := w.refresh(t); !slices.Equal(events, []link.Event{link.TurnedOff}) {
		t.Errorf("turned off: %v", events)
	}
	if _, events := w.refresh(t); len(events) > 0 {
		t.Errorf("told again: %v", events)
	}
	another := w.another(w.home.Dir, w.drawer) // started anew
	w.untold(t, another, link.TurnedOff, link.SwitchedToSMS, link.CodesNew)
	if err := another.Told(t.Context(), []link.Event{link.SwitchedToSMS, link.TurnedOff}); err != nil {
		t.Fatal(err)
	}
	w.untold(t, w.home, link.CodesNew)
	elsewhere.SetUp(t, "sms", "+46701740606")
	if err := w.home.See(t.Context()); err != nil { // as after something that was done here
		t.Fatal(err)
	}
	w.untold(t, w.home, link.CodesNew)
	if l, _, err := w.home.Linked(); err != nil || l.Seen.Method != link.SMS {
		t.Errorf("not seen: %+v, %v", l.Seen, err)
	}
	w.linked(t, ela) // what happened to another's account is nobody's business
	w.untold(t, w.home)
}

// untold expects what the user has not been told yet.
func (w *world) untold(t *testing.T, h *remote.Home, want ...link.Event) {
	t.Helper()
	if l, _, err := h.Linked(); err != nil || !slices.Equal(l.Untold, want) {
		t.Errorf("untold %v, want %v; %v", l.Untold, want, err)
	}
}

// A permission to enrol is kept beside the other, and is the linked user's.
func TestPermissionToEnrol(t *testing.T) {
	w := build(t)
	w.linked(t, ana)
	if err := w.home.TakeEnrol(t.Context(), w.allow(t, w.Browser(t, ela), link.Enrol)); !errors.Is(err, link.ErrOtherUser) {
		t.Errorf("another user allowed it: %v", err)
	}
	if err := w.home.TakeEnrol(t.Context(), w.allow(t, w.Browser(t, ana), link.Enrol)); err != nil {
		t.Fatal(err)
	}
	if l, _, err := w.home.Linked(); err != nil || l.EnrolUntil.IsZero() || w.drawer.has() != 2 {
		t.Errorf("kept %+v, %v", l, err)
	}
	s, err := w.home.Enrolling(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.Enrol(t.Context(), link.TOTP, "")
	if err != nil || e.KeyURI.Len() == 0 || e.Expires.IsZero() {
		t.Fatal(err)
	}
	if status, err := s.Status(t.Context()); err != nil || status.Pending == nil || status.Pending.ID != e.ID {
		t.Errorf("status %+v, %v", status, err)
	}
	var code *link.CodeError
	if _, err := s.Verify(t.Context(), e.ID, "000000"); !errors.As(err, &code) || code.Left != 9 || !errors.Is(err, link.ErrCode) || errors.Is(err, link.ErrClockOff) {
		t.Errorf("a wrong code: %v", err)
	}
	w.clock.turn(90 * time.Second)
	if _, err := s.Verify(t.Context(), e.ID, "000000"); !errors.As(err, &code) || !errors.Is(err, link.ErrClockOff) || code.Off.Round(10*time.Second) != 90*time.Second {
		t.Errorf("a code of a wrong clock: %v", err)
	}
	w.clock.turn(0)
	if err := s.Cancel(t.Context(), e.ID); err != nil {
		t.Error(err)
	}
	if _, err := s.Enrolment(t.Context(), e.ID); !errors.Is(err, link.ErrOver) {
		t.Errorf("cancelled: %v", err)
	}
	w.Turn(t, 11*time.Minute)
	if _, err := s.Enrol(t.Context(), link.TOTP, ""); !errors.Is(err, link.ErrStale) {
		t.Errorf("after ten minutes: %v", err)
	}
	if err := w.home.GiveBack(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := w.home.Enrolling(t.Context()); !errors.Is(err, link.ErrScope) {
		t.Errorf("given back: %v", err)
	}
	w.refresh(t)
	if err := w.home.Unlink(t.Context()); err != nil || count(w.watch.Seen(), "revoke") != 3 {
		t.Errorf("%v; given back %v", err, w.watch.Seen())
	}
}

func TestTime(t *testing.T) {
	w := build(t)
	w.Turn(t, -47*time.Second)
	at, ahead, err := w.home.Client.Time(t.Context(), w.URL)
	if err != nil || ahead.Round(time.Second) != 47*time.Second || at.After(clock.Wall{}.Now()) {
		t.Errorf("%v ahead, %v", ahead, err)
	}
}

// Linked as another user, the app can set nothing up for the one from before; the
// same user linked again loses nothing.
func TestLinkedAsAnother(t *testing.T) {
	w := build(t)
	w.linked(t, ana)
	if err := w.home.TakeEnrol(t.Context(), w.allow(t, w.Browser(t, ana), link.Enrol)); err != nil {
		t.Fatal(err)
	}
	w.linked(t, ana)
	if _, err := w.home.Enrolling(t.Context()); err != nil {
		t.Errorf("the same user: %v", err)
	}
	w.linked(t, ela)
	if _, err := w.home.Enrolling(t.Context()); !errors.Is(err, link.ErrScope) {
		t.Errorf("another user: %v", err)
	}
	l, _, err := w.home.Linked()
	if err != nil || !l.EnrolUntil.IsZero() || w.drawer.has() != 1 || count(w.watch.Seen(), "revoke") != 3 {
		t.Errorf("%+v, %v; %d permissions, given back %v", l, err, w.drawer.has(), w.watch.Seen())
	}
}

// The user links anew while the status is asked for: what was asked of the link from
// before is not taken for the new one's.
func TestLinkedAnewMeanwhile(t *testing.T) {
	w := build(t)
	w.linked(t, dan)
	p := w.allow(t, w.Browser(t, ela))
	once := false
	w.watch.Break = func(r *http.Request, answer *http.Response) error {
		if answer != nil && r.URL.Path == "/v1/me/2fa" && !once {
			once = true
			if _, err := w.home.Take(t.Context(), p); err != nil {
				t.Error(err)
			}
		}
		return nil
	}
	if _, events, err := w.home.Refresh(t.Context()); err != nil || len(events) > 0 {
		t.Errorf("%v, %v", events, err)
	}
	if l, _, err := w.home.Linked(); err != nil || l.Who.Email != ela || !l.SeenAt.IsZero() || l.Ended {
		t.Errorf("linked: %+v, %v", l, err)
	}
}

// spoiled is a drawer after whose first change the link cannot be written any more.
type spoiled struct {
	*drawer
	path string
	t    *testing.T
}

func (s spoiled) SetKeepsake(ctx context.Context, name string, v secret.Value) error {
	err := s.drawer.SetKeepsake(ctx, name, v)
	if e := errors.Join(os.RemoveAll(s.path), os.MkdirAll(filepath.Join(s.path, "full"), 0o700)); e != nil {
		s.t.Error(e)
	}
	return err
}

// Linking anew fails when the permission was kept: the one from before is there still.
func TestLinkingAnewFails(t *testing.T) {
	w := build(t)
	w.linked(t, dan)
	before, err := w.drawer.Keepsake(t.Context(), "link")
	if err != nil {
		t.Fatal(err)
	}
	p := w.allow(t, w.Browser(t, dan))
	w.home.Secrets = spoiled{w.drawer, filepath.Join(w.home.Dir, "link.json"), t}
	if _, err := w.home.Take(t.Context(), p); err == nil {
		t.Error("linked though it cannot be written")
	}
	if now, err := w.drawer.Keepsake(t.Context(), "link"); err != nil || !now.Equal(before) {
		t.Errorf("the permission from before is gone: %v", err)
	}
}
