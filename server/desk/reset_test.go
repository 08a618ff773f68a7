// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk_test

import (
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/store"
)

// TestReset: an administrator takes 2FA off so that a user who is locked out gets in. R59 R31
func TestReset(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.smsFactor(t, "user 1", "+447911123456")
		w.linked(t, "user 1")
		done, err := w.Reset(w.ctx, w.agents["admin 1"], w.id("user 1"), record())
		if err != nil || done.Waiting || done.Code != "" {
			t.Fatalf("%+v, %v", done, err)
		}
		if f, s := w.has(t, "user 1"); f != 0 || s != 0 {
			t.Fatalf("%d factors and %d sessions are left", f, s)
		}
		if n := w.count(t, "links WHERE ended_at = 0"); n != 0 {
			t.Fatal("a linked app lives on")
		}
		if f, s := w.has(t, "user 2"); f != 1 || s != 1 {
			t.Fatal("someone else was reset")
		}
		want := []told{{"user 1", notice.ResetDone, notice.Facts{Phone: "+4915112345678", Also: "+447911123456"}}}
		if !reflect.DeepEqual(w.told, want) {
			t.Fatalf("told %+v", w.told)
		}
		s, err := w.Subject(w.ctx, w.agents["admin 1"], w.id("user 1"))
		if err != nil || len(s.Cases) != 1 {
			t.Fatalf("%+v, %v", s, err)
		}
		c := s.Cases[0]
		if c.AuditID != done.AuditID || c.ID != done.CaseID || c.By != "admin 1" || c.State != "done" || c.Reason != "lost the phone on a train" ||
			c.Ticket != "HD-17" || !slices.Equal(c.Checks, []desk.Check{desk.Manager, desk.VideoWithID}) {
			t.Fatalf("%+v", c)
		}
		w.pass(2 * time.Minute)
		w.signIn(t, "admin 1")
		if _, err := w.Reset(w.ctx, w.agents["admin 1"], w.id("user 1"), record()); err != nil {
			t.Fatalf("again, for someone who did not set up in time: %v", err)
		}
	})
}

// TestResetInsists: after a reset the user must set up again within a limited time. R60
func TestResetInsists(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, within := range []time.Duration{0, 5 * time.Hour} {
			w.EnrolWithin = within
			w.pass(2 * time.Minute)
			w.signIn(t, "admin 1")
			done, err := w.Reset(w.ctx, w.agents["admin 1"], w.id("user 1"), record())
			if err != nil {
				t.Fatal(err)
			}
			if within == 0 {
				within = 72 * time.Hour
			}
			u, err := people.ByID(w.ctx, w.DB, w.id("user 1"))
			if err != nil || !u.EnrolBy.Equal(w.now.Add(within)) || !done.Expires.Equal(u.EnrolBy) {
				t.Fatalf("must enrol by %v, %v", u.EnrolBy, err)
			}
		}
	})
}

func TestResetOfNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.do(t, "DELETE FROM factors WHERE user_id = ?", w.id("user 1"))
		_, err := w.Reset(w.ctx, w.agents["admin 1"], w.id("user 1"), record())
		wantKind(t, err, refusal.NotEnrolled)
	})
}

// linked gives someone a linked app.
func (w *world) linked(t testing.TB, name string) {
	t.Helper()
	w.do(t, "INSERT INTO links (id, user_id, client, scope, access_hash, refresh_hash, first_at, second_at, created_at, used_at, access_until, refresh_until)"+
		" VALUES (?, ?, 'kutano-companion', 'status', ?, ?, 0, 0, 0, 0, ?, ?)",
		name, w.id(name), []byte("a"+name), []byte("r"+name), store.Millis(w.now.Add(day)), store.Millis(w.now.Add(day)))
}

// TestAdministratorTakesTwo: the reset of an administrator waits for another, and for a day.
func TestAdministratorTakesTwo(t *testing.T) {
	for _, role := range []people.Role{people.Admin, people.Owner} {
		each(t, func(t *testing.T, w *world) {
			of := string(role) + " 2"
			done, err := w.Reset(w.ctx, w.agents["admin 1"], w.id(of), record())
			if err != nil || !done.Waiting || !done.Expires.Equal(w.now.Add(7*day)) {
				t.Fatalf("%+v, %v", done, err)
			}
			if f, s := w.has(t, of); f != 1 || s != 1 {
				t.Fatal("something was done already")
			}
			if n := w.notices(of); !slices.Equal(n, []notice.Event{notice.ResetAsked}) {
				t.Fatalf("told %v", n)
			}
			decide := func(by string, approve bool) error {
				_, err := w.Decide(w.ctx, w.signIn(t, by), done.CaseID, approve)
				return err
			}
			wantKind(t, decide("helpdesk 1", true), refusal.Forbidden)
			wantKind(t, decide("auditor 1", false), refusal.Forbidden)
			wantKind(t, decide("admin 1", true), refusal.NeedsApproval)
			wantKind(t, decide(of, true), refusal.Yourself)
			err = decide("owner 1", true)
			if e := refusal.Of(err); e == nil || e.Kind != refusal.NeedsApproval || e.RetryAfter != day {
				t.Fatalf("at once: %v", err)
			}
			w.signIn(t, "owner 1")
			if _, err := w.Reset(w.ctx, w.agents["owner 1"], w.id(of), record()); !refusal.Is(err, refusal.NeedsApproval) {
				t.Fatalf("asked for twice: %v", err)
			}
			w.pass(day - time.Millisecond)
			wantKind(t, decide("owner 1", true), refusal.NeedsApproval)
			w.pass(time.Millisecond)
			wantKind(t, decide("admin 1", true), refusal.NeedsApproval)
			waiting, err := w.Waiting(w.ctx, w.agents["owner 1"])
			if err != nil || len(waiting) != 1 || waiting[0].ID != done.CaseID || waiting[0].UserName != of || waiting[0].State != "waiting" {
				t.Fatalf("%+v, %v", waiting, err)
			}
			w.signIn(t, of)
			if err := decide("owner 1", true); err != nil {
				t.Fatal(err)
			}
			if f, s := w.has(t, of); f != 0 || s != 0 {
				t.Fatalf("%d factors and %d sessions are left", f, s)
			}
			if n := w.notices(of); !slices.Equal(n, []notice.Event{notice.ResetAsked, notice.ResetDone}) {
				t.Fatalf("told %v", n)
			}
			if got := w.events(t, of); !slices.Equal(got, []audit.Action{audit.DeskResetAsked, audit.DeskReset}) {
				t.Fatalf("the audit log has %v", got)
			}
			wantKind(t, decide("owner 1", true), refusal.FlowEnded)
		})
	}
}

func TestDecisionRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, by := range []string{"owner 1", "admin 1", "admin 2"} { // another, who asked, and whom it is for
			w.pass(2 * time.Minute)
			w.signIn(t, "admin 1")
			done, err := w.Reset(w.ctx, w.agents["admin 1"], w.id("admin 2"), record())
			if err != nil {
				t.Fatal(err)
			}
			refused, err := w.Decide(w.ctx, w.signIn(t, by), done.CaseID, false)
			if err != nil || refused.AuditID <= done.AuditID {
				t.Fatalf("%s: %+v, %v", by, refused, err)
			}
			if f, s := w.has(t, "admin 2"); f != 1 || s == 0 {
				t.Fatal("reset all the same")
			}
			w.pass(day)
			_, err = w.Decide(w.ctx, w.signIn(t, "owner 1"), done.CaseID, true)
			wantKind(t, err, refusal.FlowEnded)
		}
	})
}

func TestWaitingEnds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ask := func() desk.Done {
			done, err := w.Reset(w.ctx, w.signIn(t, "admin 1"), w.id("admin 2"), record())
			if err != nil {
				t.Fatal(err)
			}
			return done
		}
		late := ask()
		w.pass(7 * day)
		_, err := w.Decide(w.ctx, w.signIn(t, "owner 1"), late.CaseID, true)
		wantKind(t, err, refusal.FlowEnded)
		if w.count(t, "cases WHERE state = 'expired'") != 1 {
			t.Fatal("it is still open")
		}
		if waiting, err := w.Waiting(w.ctx, w.agents["owner 1"]); err != nil || len(waiting) != 0 {
			t.Fatalf("%+v, %v", waiting, err)
		}
		again := ask() // the old one is no hindrance
		w.do(t, "UPDATE users SET role = 'user' WHERE id = ?", w.id("admin 1"))
		w.pass(day)
		_, err = w.Decide(w.ctx, w.signIn(t, "owner 1"), again.CaseID, true)
		wantKind(t, err, refusal.FlowEnded) // who asked is no administrator any more
		if f, _ := w.has(t, "admin 2"); f != 1 {
			t.Fatal("reset all the same")
		}
		_, err = w.Decide(w.ctx, w.agents["owner 1"], "nothing", true)
		wantKind(t, err, refusal.NotFound)
	})
}

// TestDecisionsRace: of two who approve at the same time one does it.
func TestDecisionsRace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		done, err := w.Reset(w.ctx, w.agents["admin 1"], w.id("admin 2"), record())
		if err != nil {
			t.Fatal(err)
		}
		w.pass(day)
		a, b := w.signIn(t, "owner 1"), w.signIn(t, "owner 2")
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for _, agent := range []desk.Agent{a, b, a, b} {
			wg.Go(func() {
				if _, err := w.Decide(w.ctx, agent, done.CaseID, true); err == nil {
					mu.Lock()
					defer mu.Unlock()
					won++
				} else if !refusal.Is(err, refusal.FlowEnded) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won != 1 || w.count(t, "audit WHERE action = 'desk.reset'") != 1 {
			t.Fatalf("approved %d times", won)
		}
	})
}

// TestResetIsWhole: where a part fails, nothing was done.
func TestResetIsWhole(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.Notices = mute{}
		for action, do := range deeds {
			if _, err := do(w, "admin 1", "user 1", record()); err == nil || refusal.Of(err) != nil {
				t.Fatalf("%s: %v", action, err)
			}
		}
		f, s := w.has(t, "user 1")
		if f != 1 || s != 1 || w.count(t, "audit")+w.count(t, "cases")+w.count(t, "bypass_codes")+w.count(t, "resyncs")+w.count(t, "users WHERE enrol_by > 0") != 0 {
			t.Fatal("half of it was done")
		}
	})
}
