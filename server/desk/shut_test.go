// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
)

// live is how many sessions and linked apps of someone work.
func (w *world) live(t testing.TB, name string) int {
	t.Helper()
	_, sessions := w.has(t, name)
	return sessions + w.count(t, "links WHERE user_id = ? AND ended_at = 0", w.id(name))
}

// TestSignOut: the helpdesk ends someone's sessions and linked apps; the second factor stays. ASVS 7.4.5
func TestSignOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.linked(t, "user 1")
		w.linked(t, "user 2")
		w.do(t, "INSERT INTO bypass_codes (user_id, code_mac, issued_by, created_at, expires_at) VALUES (?, ?, '', 0, 0)", w.id("user 1"), []byte{1})
		done, err := w.SignOut(w.ctx, w.agents["helpdesk 1"], w.id("user 1"), record(checks()))
		if err != nil || done.AuditID == 0 {
			t.Fatalf("%+v, %v", done, err)
		}
		if f, _ := w.has(t, "user 1"); f != 1 || w.live(t, "user 1") != 0 || w.live(t, "user 2") != 2 || w.count(t, "bypass_codes") != 0 {
			t.Fatal("too much or too little was ended")
		}
		if n := w.notices("user 1"); !slices.Equal(n, []notice.Event{notice.SignedOut}) {
			t.Fatalf("told %v", n)
		}
		if got := w.events(t, "user 1"); !slices.Equal(got, []audit.Action{audit.DeskSignedOut}) {
			t.Fatalf("the audit log has %v", got)
		}
		_, err = w.SignOut(w.ctx, w.agents["helpdesk 1"], w.id("user 2"), desk.Record{Confirmed: true})
		wantKind(t, err, refusal.ChecksMissing)
		_, err = w.SignOut(w.ctx, w.agents["helpdesk 1"], w.id("admin 1"), record())
		wantKind(t, err, refusal.Forbidden)
	})
}

// TestSuspend: no session, no linked app and no desk for who is suspended, until Restore. ASVS 7.4.2
func TestSuspend(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.linked(t, "helpdesk 2")
		of, admin := w.id("helpdesk 2"), w.agents["admin 1"]
		_, err := w.Restore(w.ctx, admin, of, record())
		wantKind(t, err, refusal.Invalid)
		if _, err := w.Suspend(w.ctx, admin, of, record(checks())); err != nil {
			t.Fatal(err)
		}
		u, err := people.ByID(w.ctx, w.DB, of)
		if err != nil || !u.Suspended.Equal(w.now) || w.live(t, "helpdesk 2") != 0 {
			t.Fatalf("%+v, %v: %d are live", u, err, w.live(t, "helpdesk 2"))
		}
		if _, err := w.Find(w.ctx, w.signIn(t, "helpdesk 2"), "user"); err == nil {
			t.Fatal("who is suspended works on")
		}
		w.pass(2 * time.Minute)
		_, err = w.Suspend(w.ctx, admin, of, record())
		wantKind(t, err, refusal.Invalid)
		_, err = w.Restore(w.ctx, admin, of, record(checks()))
		wantKind(t, err, refusal.ChecksMissing)
		if _, err := w.Restore(w.ctx, admin, of, record()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Find(w.ctx, w.signIn(t, "helpdesk 2"), "user"); err != nil {
			t.Fatal(err)
		}
		if n := w.notices("helpdesk 2"); !slices.Equal(n, []notice.Event{notice.Suspended, notice.Restored}) {
			t.Fatalf("told %v", n)
		}
		wantEvents := []audit.Action{audit.DeskSuspended, audit.DeskRestored}
		if got := w.events(t, "helpdesk 2"); !slices.Equal(got, wantEvents) {
			t.Fatalf("the audit log has %v", got)
		}
	})
}

// TestSuspendAdministrators: only owners do, never themselves, never the last one.
func TestSuspendAdministrators(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for agent, of := range map[string]string{"helpdesk 1": "user 1", "admin 1": "admin 2", "admin 2": "owner 1"} {
			_, err := w.Suspend(w.ctx, w.agents[agent], w.id(of), record())
			wantKind(t, err, refusal.Forbidden)
		}
		_, err := w.Suspend(w.ctx, w.agents["owner 1"], w.id("owner 1"), record())
		wantKind(t, err, refusal.Yourself)
		if _, err := w.Suspend(w.ctx, w.agents["owner 1"], w.id("admin 2"), record()); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for agent, of := range map[string]string{"owner 1": "owner 2", "owner 2": "owner 1"} {
			all.Go(func() { _, _ = w.Suspend(w.ctx, w.agents[agent], w.id(of), record()) }) // one is refused
		}
		all.Wait()
		if n := w.count(t, "users WHERE role = 'owner' AND suspended_at = 0"); n != 1 {
			t.Fatalf("%d owners are left", n)
		}
	})
}

// TestDemotedThenReset: who was an administrator stays protected as one for a week, so
// that an owner alone cannot take a role, reset, and give the role back.
func TestDemotedThenReset(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		of := w.id("admin 2")
		if err := w.SetRole(w.ctx, w.agents["owner 1"], of, people.Member); err != nil {
			t.Fatal(err)
		}
		_, err := w.Bypass(w.ctx, w.agents["owner 1"], of, record())
		wantKind(t, err, refusal.Forbidden)
		_, err = w.SignOut(w.ctx, w.agents["helpdesk 1"], of, record())
		wantKind(t, err, refusal.Forbidden)
		done, err := w.Reset(w.ctx, w.agents["owner 1"], of, record())
		if err != nil || !done.Waiting {
			t.Fatalf("%+v, %v", done, err)
		}
		w.pass(7 * day)
		done, err = w.Reset(w.ctx, w.signIn(t, "owner 1"), of, record())
		if err != nil || done.Waiting {
			t.Fatalf("after a week: %+v, %v", done, err)
		}
	})
}

// TestRefusedIsNoted: what was refused stands in the audit log, not without end. ASVS 16.3.2
func TestRefusedIsNoted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.Bypass(w.ctx, w.agents["helpdesk 1"], w.id("owner 1"), record())
		wantKind(t, err, refusal.Forbidden)
		all, err := audit.List(w.ctx, w.DB, w.id("owner 1"), 0, 9)
		if err != nil || len(all) != 1 || all[0].Action != audit.DeskRefused || all[0].Actor != w.id("helpdesk 1") ||
			all[0].Detail["action"] != string(desk.Bypass) || all[0].Detail["reason"] != string(refusal.Forbidden) {
			t.Fatalf("%+v, %v", all, err)
		}
		for range 70 {
			_, err := w.Subject(w.ctx, w.agents["user 1"], "someone@kutano.example")
			wantKind(t, err, refusal.Forbidden)
		}
		if n := w.count(t, "audit WHERE action = 'desk.refused' AND subject = '' AND actor = ?", w.id("user 1")); n != 60 {
			t.Fatalf("%d are noted", n)
		}
	})
}

// TestBulkReading: an agent cannot read all users out. ASVS 2.4.1
func TestBulkReading(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.agents["helpdesk 1"]
		for range 100 {
			if _, err := w.Find(w.ctx, a, "user"); err != nil {
				t.Fatal(err)
			}
		}
		_, err := w.Find(w.ctx, a, "user")
		wantKind(t, err, refusal.TooManyTries)
		for range 300 {
			if _, err := w.Subject(w.ctx, a, w.id("user 1")); err != nil {
				t.Fatal(err)
			}
		}
		_, err = w.Subject(w.ctx, a, w.id("user 1"))
		wantKind(t, err, refusal.TooManyTries)
		if _, err := w.Subject(w.ctx, w.agents["helpdesk 2"], w.id("user 1")); err != nil {
			t.Fatal(err)
		}
		if n := w.count(t, "audit WHERE action = 'desk.searched'"); n != 100 {
			t.Fatalf("%d searches are noted", n)
		}
	})
}

// TestSignOutEverybody ends all there is, from the machine.
func TestSignOutEverybody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.linked(t, "user 1")
		w.do(t, "UPDATE sessions SET ended_at = 1 WHERE user_id = ?", w.id("user 2"))
		n, err := w.SignOutEverybody(w.ctx)
		if err != nil || n != len(w.agents)-1 || w.count(t, "sessions WHERE ended_at = 0")+w.count(t, "links WHERE ended_at = 0") != 0 {
			t.Fatalf("%d, %v", n, err)
		}
		if live, err := session.List(w.ctx, w.DB, w.id("user 1"), w.now); err != nil || len(live) != 0 {
			t.Fatalf("%v, %v", live, err)
		}
	})
}
