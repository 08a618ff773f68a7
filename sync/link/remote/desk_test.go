// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote_test

import (
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/practicetest"
)

const (
	hana = "hana@example.com" // answers the phone at the helpdesk
	olga = "olga@example.com" // owns the workspace
)

// two checks of different groups, and all else that a record has.
func whole() link.Record {
	return link.Record{Reason: "Lost the phone on a journey", Checks: []link.Check{link.VideoID, link.Manager}, Ticket: "IT-1042", Confirmed: true}
}

// atDesk is the desk of someone who allowed the app to work there.
func (w *world) atDesk(t *testing.T, b *practicetest.Browser) link.Desk {
	t.Helper()
	if _, err := w.home.TakeDesk(t.Context(), w.allow(t, b, link.DeskWork)); err != nil {
		t.Fatal(err)
	}
	d, err := w.home.Desk(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func one(t *testing.T, d link.Desk, query string) string {
	t.Helper()
	all, err := d.Find(t.Context(), query)
	if err != nil || len(all) != 1 {
		t.Fatalf("%s: %v, %v", query, all, err)
	}
	return all[0].Who.ID
}

// R59: an agent finds a caller and helps, the least dangerous first, from the app.
func TestDesk(t *testing.T) {
	w := build(t)
	d := w.atDesk(t, w.Browser(t, hana))
	at, ok, err := w.home.AtDesk()
	if err != nil || !ok || at.Who.Email != hana || at.Address != w.URL || at.Acts.Sub(at.Since) != 10*time.Minute || at.Ends.Sub(at.Since) != time.Hour {
		t.Fatalf("%+v, %t, %v", at, ok, err)
	}
	if _, linked, err := w.home.Linked(); linked || err != nil {
		t.Fatalf("the desk linked the app: %v", err)
	}
	found, err := d.Find(t.Context(), "dan@")
	if err != nil || len(found) != 1 || found[0].Who.Email != dan || found[0].Role != link.RoleUser || found[0].May != nil {
		t.Fatalf("%+v, %v", found, err)
	}
	id := found[0].Who.ID
	s, err := d.Look(t.Context(), id)
	if err != nil || s.Who != found[0].Who || s.Status.Method != link.TOTP || s.Status.Codes.Left != 10 || s.Suspended || len(s.Cases) != 0 ||
		!slices.Equal(s.May, []link.DeskAct{link.ActLookUp, link.ActSignOut, link.ActUnlock, link.ActResync, link.ActBypass}) || s.MayNot[link.ActReset] != "forbidden" {
		t.Fatalf("%+v, %v", s, err)
	}
	if off := s.At.Sub(w.Now()); off.Abs() > 2*time.Second {
		t.Fatalf("the service's time is told as %v", s.At)
	}
	unlocked, err := d.Unlock(t.Context(), id, whole())
	if err != nil || unlocked.Audit < 1 || unlocked.Case == "" || unlocked.Repeated || unlocked.Bypass.Len() != 0 {
		t.Fatalf("%+v, %v", unlocked, err)
	}
	again, err := d.Unlock(t.Context(), id, whole())
	if err != nil || !again.Repeated || again.Audit != unlocked.Audit || again.Case != unlocked.Case {
		t.Fatalf("done twice: %+v, %v", again, err)
	}
	resync, err := d.Resync(t.Context(), id, whole())
	if left := resync.Until.Sub(w.Now()); err != nil || left < 14*time.Minute || left > 15*time.Minute {
		t.Fatalf("%+v, %v", resync, err)
	}
	bypass, err := d.Bypass(t.Context(), id, whole())
	if err != nil || bypass.Bypass.Len() != 8 || bypass.Until.IsZero() {
		t.Fatalf("%+v, %v", bypass, err)
	}
	bypass.Clear()
	if b, err := d.Bypass(t.Context(), id, whole()); err != nil || !b.Repeated || b.Bypass.Len() != 0 {
		t.Fatalf("a code is shown twice: %+v, %v", b, err)
	}
	if out, err := d.SignOut(t.Context(), id, link.Record{Reason: "Seen to be misused", Confirmed: true}); err != nil || out.Audit < 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	if s, err = d.Look(t.Context(), id); err != nil || len(s.Cases) != 4 {
		t.Fatalf("%+v, %v", s.Cases, err)
	}
	for _, c := range s.Cases {
		if !c.Mine || c.By != "Hana" || c.State != "done" || c.Audit < 1 || c.Made.IsZero() {
			t.Errorf("%+v", c)
		}
	}
	if c := s.Cases[len(s.Cases)-1]; c.Act != link.ActUnlock || c.Reason != whole().Reason || c.Ticket != "IT-1042" || len(c.Checks) != 2 {
		t.Errorf("%+v", c)
	}
	if err := w.home.GiveBackDesk(t.Context()); err != nil || w.drawer.has() != 0 {
		t.Fatalf("%v, %d permissions", err, w.drawer.has())
	}
	if _, err := d.Look(t.Context(), id); !errors.Is(err, link.ErrNotLinked) {
		t.Errorf("after it was given back: %v", err)
	}
	if _, err := w.home.Desk(t.Context()); !errors.Is(err, link.ErrScope) {
		t.Errorf("after it was given back: %v", err)
	}
	if n := w.User(t, hana, "").EndLinks(t); n != 0 {
		t.Errorf("%d links were left at the service", n)
	}
}

// Each refusal of the service is an error that a person can be told something about.
func TestDeskRefused(t *testing.T) {
	w := build(t)
	d := w.atDesk(t, w.Browser(t, hana))
	id, ada, me := one(t, d, "dan@"), one(t, d, ada), one(t, d, hana)
	texts := one(t, d, ela)
	act := func(do func(r link.Record) (link.Deed, error), change func(*link.Record)) error {
		r := whole()
		if change != nil {
			change(&r)
		}
		_, err := do(r)
		return err
	}
	bypass := func(id string) func(r link.Record) (link.Deed, error) {
		return func(r link.Record) (link.Deed, error) { return d.Bypass(t.Context(), id, r) }
	}
	resync := func(r link.Record) (link.Deed, error) { return d.Resync(t.Context(), texts, r) }
	reset := func(r link.Record) (link.Deed, error) { return d.Reset(t.Context(), id, r) }
	for name, c := range map[string]struct{ got, want error }{
		"reset by the helpdesk": {act(reset, nil), link.ErrForbidden},
		"an administrator":      {act(bypass(ada), nil), link.ErrForbidden},
		"oneself":               {act(bypass(me), nil), link.ErrYourself},
		"nobody":                {act(bypass("nobody"), nil), link.ErrNobody},
		"no id":                 {act(bypass("a/b"), nil), link.ErrNobody},
		"text messages":         {act(resync, nil), link.ErrOtherMethod},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v", name, c.got)
		}
	}
	for field, change := range map[string]func(*link.Record){
		"checks":    func(r *link.Record) { r.Checks = []link.Check{link.VideoID, link.InPerson} },
		"reason":    func(r *link.Record) { r.Reason = "short" },
		"ticket":    func(r *link.Record) { r.Ticket = strings.Repeat("x", 101) },
		"confirmed": func(r *link.Record) { r.Confirmed = false },
	} {
		var lacks *link.ChecksError
		if err := act(bypass(id), change); !errors.As(err, &lacks) || lacks.Field != field || !errors.Is(err, link.ErrChecks) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := d.Find(t.Context(), "d"); !errors.Is(err, link.ErrQuery) {
		t.Errorf("one letter: %v", err)
	}
	if _, err := d.Look(t.Context(), ada); !errors.Is(err, link.ErrForbidden) {
		t.Errorf("the helpdesk looks at an administrator: %v", err)
	}
	for range 120 {
		if _, err := d.Find(t.Context(), "dan@"); err != nil {
			if wait := (*link.WaitError)(nil); !errors.As(err, &wait) || wait.Wait < time.Minute {
				t.Errorf("too many: %v", err)
			}
			return
		}
	}
	t.Error("an agent may look for everybody")
}

// The service decides when the time to act is over, and when all of it is.
func TestDeskIsForTenMinutes(t *testing.T) {
	w := build(t)
	d := w.atDesk(t, w.Browser(t, hana))
	id := one(t, d, "dan@")
	w.Turn(t, 11*time.Minute)
	if _, err := d.Unlock(t.Context(), id, whole()); !errors.Is(err, link.ErrProveAgain) {
		t.Fatalf("after eleven minutes: %v", err)
	}
	if _, err := d.Look(t.Context(), id); err != nil {
		t.Fatalf("looking: %v", err)
	}
	w.Turn(t, 61*time.Minute)
	if _, err := d.Look(t.Context(), id); !errors.Is(err, link.ErrEnded) {
		t.Fatalf("after an hour: %v", err)
	}
	if _, ok, err := w.home.AtDesk(); ok || err != nil || w.drawer.has() != 0 {
		t.Fatalf("it is kept still: %v, %d", err, w.drawer.has())
	}
	d = w.atDesk(t, w.Browser(t, hana)) // allowed anew
	if _, err := d.Unlock(t.Context(), id, whole()); err != nil {
		t.Fatal(err)
	}
}

// Whoever has no role at the desk cannot allow it, and an app that was not cannot work there.
func TestDeskIsNotForEverybody(t *testing.T) {
	w := build(t)
	if _, err := w.discover(t).Device(t.Context(), []link.Scope{link.DeskWork}); !errors.Is(err, link.ErrScope) {
		t.Errorf("by a code that is typed: %v", err) // somebody else may have begun it
	}
	if _, err := w.home.TakeDesk(t.Context(), w.allow(t, w.Browser(t, hana))); !errors.Is(err, link.ErrScope) {
		t.Errorf("a permission for something else: %v", err)
	}
	w.linked(t, dan)
	if _, err := w.home.TakeDesk(t.Context(), w.allow(t, w.Browser(t, hana), link.DeskWork)); !errors.Is(err, link.ErrOtherUser) {
		t.Errorf("another user than the linked one: %v", err)
	}
	if _, ok, err := w.home.AtDesk(); ok || err != nil {
		t.Errorf("it was kept: %v", err)
	}
	if n := w.User(t, hana, "").EndLinks(t); n != 1 { // of the first, which was no permission for the desk, and nobody's to give back
		t.Errorf("%d links are left at the service", n)
	}
}

// R59: an administrator resets; of another administrator it only asks.
func TestDeskResets(t *testing.T) {
	w := build(t)
	d := w.atDesk(t, w.Browser(t, olga))
	done, err := d.Reset(t.Context(), one(t, d, "dan@"), whole())
	if err != nil || done.Waiting || done.Until.Sub(w.Now()) < 71*time.Hour {
		t.Fatalf("%+v, %v", done, err)
	}
	id := one(t, d, ada)
	asked, err := d.Reset(t.Context(), id, whole())
	if err != nil || !asked.Waiting || asked.Until.IsZero() {
		t.Fatalf("%+v, %v", asked, err)
	}
	r := whole()
	r.Reason = "Lost it, as she says again"
	if _, err := d.Reset(t.Context(), id, r); !errors.Is(err, link.ErrApproval) {
		t.Errorf("asked twice: %v", err)
	}
	s, err := d.Look(t.Context(), id)
	if err != nil || len(s.Cases) != 1 || s.Cases[0].State != "waiting" || s.Cases[0].From.IsZero() || !s.Status.Enabled {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := d.SignOut(t.Context(), id, r); err != nil {
		t.Error(err)
	}
	if _, err := d.Reset(t.Context(), one(t, d, "ben@"), whole()); !errors.Is(err, link.ErrNotOn) {
		t.Errorf("nothing to reset: %v", err)
	}
}

// A service that goes away in the middle: what was done is not done twice.
func TestDeskInTheMiddle(t *testing.T) {
	w := build(t)
	d := w.atDesk(t, w.Browser(t, hana))
	id := one(t, d, "dan@")
	w.watch.Break = func(r *http.Request, answer *http.Response) error {
		if answer != nil && r.Method == http.MethodPost {
			return io.ErrUnexpectedEOF // done, and the answer is lost
		}
		return nil
	}
	if _, err := d.Bypass(t.Context(), id, whole()); !errors.Is(err, link.ErrUnreachable) {
		t.Fatalf("the answer was lost: %v", err)
	}
	w.watch.Break = nil
	w.Kill()
	if _, err := d.Bypass(t.Context(), id, whole()); !errors.Is(err, link.ErrUnreachable) {
		t.Fatalf("the service is away: %v", err)
	}
	w.Run(t)
	again, err := d.Bypass(t.Context(), id, whole())
	if err != nil || !again.Repeated || again.Bypass.Len() != 0 || again.Audit < 1 {
		t.Fatalf("%+v, %v", again, err)
	}
	s, err := d.Look(t.Context(), id)
	if err != nil || len(s.Cases) != 1 || s.Cases[0].Audit != again.Audit {
		t.Fatalf("%+v, %v", s.Cases, err)
	}
}

// Linking another user ends the work at the desk, and so does unlinking.
func TestDeskGoesWithTheLink(t *testing.T) {
	w := build(t)
	b := w.Browser(t, hana)
	w.atDesk(t, b)
	if _, err := w.home.Take(t.Context(), w.allow(t, b)); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := w.home.AtDesk(); !ok || err != nil {
		t.Fatalf("the same user: %v", err)
	}
	w.linked(t, dan)
	if _, ok, err := w.home.AtDesk(); ok || err != nil || w.drawer.has() != 1 {
		t.Fatalf("another user: %v, %d permissions", err, w.drawer.has())
	}
	if err := w.home.Unlink(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.atDesk(t, b)
	if err := w.home.Unlink(t.Context()); err != nil || w.drawer.has() != 0 {
		t.Fatalf("unlinked: %v, %d permissions", err, w.drawer.has())
	}
}

// Whoever began at the desk does nothing there any more once another agent has the
// permission: it would be noted under the other's name.
func TestDeskOfAnother(t *testing.T) {
	w := build(t)
	d := w.atDesk(t, w.Browser(t, hana))
	id := one(t, d, "ela")
	if _, err := w.home.TakeDesk(t.Context(), w.allow(t, w.Browser(t, olga), link.DeskWork)); err != nil {
		t.Fatal(err)
	}
	record := link.Record{Reason: "Typed the old code five times", Checks: []link.Check{link.Manager}, Confirmed: true}
	_, errs := d.Find(t.Context(), "ela")
	_, erru := d.Unlock(t.Context(), id, record)
	if !errors.Is(errs, link.ErrOtherUser) || !errors.Is(erru, link.ErrOtherUser) {
		t.Errorf("%v, %v", errs, erru)
	}
	at, err := w.home.Desk(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s, err := at.Look(t.Context(), id); err != nil || len(s.Cases) != 0 {
		t.Errorf("%+v, %v", s.Cases, err)
	}
}

// One agent takes the desk over from another, and what is kept cannot be changed: nobody
// works there with the other's permission, and none is left at the service.
func TestDeskIsNotHalfTaken(t *testing.T) {
	w := build(t)
	w.atDesk(t, w.Browser(t, hana))
	before, err := w.drawer.Keepsake(t.Context(), "link-desk")
	if err != nil {
		t.Fatal(err)
	}
	take := func() {
		t.Helper()
		if _, err := w.home.TakeDesk(t.Context(), w.allow(t, w.Browser(t, olga), link.DeskWork)); err == nil {
			t.Fatal("it was taken though it cannot be kept")
		}
		if now, err := w.drawer.Keepsake(t.Context(), "link-desk"); err != nil || !now.Equal(before) {
			t.Errorf("the permission from before is gone: %v", err)
		}
		if n := w.User(t, olga, "").EndLinks(t); n != 0 {
			t.Errorf("%d permissions of the other are left", n)
		}
	}
	w.drawer.full = errors.New("no room")
	take()
	w.drawer.full = nil
	if at, ok, err := w.home.AtDesk(); err != nil || !ok || at.Who.Email != hana {
		t.Errorf("%+v works there, %v", at, err)
	}
	w.home.Secrets = spoiled{w.drawer, filepath.Join(w.home.Dir, "link.json"), t}
	take()
}
