// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// app is an agent in an app that the agent allowed to work at the desk.
func (w *world) app(t testing.TB, name string, scopes ...session.Scope) desk.Agent {
	t.Helper()
	a := w.agents[name]
	a.Session = session.Session{
		ID: "link of " + name, UserID: a.User.ID, Via: "app", App: "kutano-companion", Device: "Kutano Authenticator",
		First: w.now, Second: w.now, Scopes: scopes,
	}
	w.do(t, "INSERT INTO links (id, user_id, client, scope, access_hash, refresh_hash, first_at, second_at, created_at, used_at, access_until, refresh_until)"+
		" VALUES (?, ?, 'kutano-companion', 'desk', ?, ?, 0, 0, 0, 0, 0, 0)", a.Session.ID, a.User.ID, []byte("a "+name), []byte("r "+name))
	return a
}

// TestAppAtTheDesk: an app does what a caller needs and nothing else, and the audit log has its name.
func TestAppAtTheDesk(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.app(t, "owner 1", session.Read, session.DeskWork)
		if _, err := w.Find(w.ctx, a, "user"); err != nil {
			t.Fatal(err)
		}
		s, err := w.Subject(w.ctx, a, w.id("user 1"))
		if err != nil || !slices.Equal(s.May, []desk.Action{desk.LookUp, desk.SignOut, desk.Unlock, desk.Resync, desk.Bypass, desk.Reset}) ||
			s.MayNot[desk.Suspend] != string(refusal.Forbidden) {
			t.Fatalf("%v, %v, %v", s.May, s.MayNot, err)
		}
		w.agents["app"] = a
		for action, do := range deeds {
			if _, err := do(w, "app", "user 1", record()); err != nil {
				t.Errorf("%s: %v", action, err)
			}
		}
		if _, err := w.SignOut(w.ctx, a, w.id("user 2"), record()); err != nil {
			t.Fatal(err)
		}
		for name, err := range w.beyond(a) {
			if !refusal.Is(err, refusal.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
		all, err := audit.List(w.ctx, w.DB, "", 0, 100)
		if err != nil || len(all) < 13 {
			t.Fatalf("%d events, %v", len(all), err)
		}
		for _, e := range all {
			if e.Detail["app"] != "Kutano Authenticator" {
				t.Errorf("%s has not the app's name: %v", e.Action, e.Detail)
			}
		}
		w.do(t, "UPDATE cases SET state = 'waiting' WHERE action = 'reset'")
		if _, err := w.Unlock(w.ctx, w.agents["admin 1"], w.id("user 2"), record()); err != nil {
			t.Fatal(err)
		}
		if all, err = audit.List(w.ctx, w.DB, "", 0, 1); err != nil || all[0].Detail["app"] != "" {
			t.Fatalf("an app's name stands at what a browser did: %v, %v", all, err)
		}
	})
}

// beyond is what no app may, whatever its user's role.
func (w *world) beyond(a desk.Agent) map[string]error {
	all := map[string]error{}
	_, all["suspend"] = w.Suspend(w.ctx, a, w.id("user 1"), record())
	_, all["restore"] = w.Restore(w.ctx, a, w.id("user 1"), record())
	_, all["add"] = w.AddUser(w.ctx, a, "new@kutano.example", "New", people.Member)
	all["role"] = w.SetRole(w.ctx, a, w.id("user 1"), people.Admin)
	all["contact"] = w.SetContact(w.ctx, a, w.id("user 1"), "")
	all["report"] = w.ClearReport(w.ctx, a, w.id("user 1"))
	_, all["waiting"] = w.Waiting(w.ctx, a)
	_, all["decide"] = w.Decide(w.ctx, a, "x", false)
	_, all["audit"] = w.Audit(w.ctx, a, "", 0, 1)
	return all
}

// TestAppNeedsWhatAnAgentNeeds: the scope, the role now, both proofs within ten minutes, and a link that lives.
func TestAppNeedsWhatAnAgentNeeds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		look := func(a desk.Agent) error { _, err := w.Subject(w.ctx, a, w.id("user 1")); return err }
		act := func(a desk.Agent) error { _, err := w.Unlock(w.ctx, a, w.id("user 1"), record()); return err }
		for _, scopes := range [][]session.Scope{nil, {session.Read}, {session.Read, session.EnrolOnly}} {
			a := w.agents["admin 1"]
			a.Session.App, a.Session.Scopes = "kutano-companion", scopes
			wantKind(t, look(a), refusal.Forbidden)
			wantKind(t, act(a), refusal.Forbidden)
		}
		a := w.app(t, "helpdesk 1", session.Read, session.DeskWork)
		wantKind(t, func() error { _, err := w.Reset(w.ctx, a, w.id("user 1"), record()); return err }(), refusal.Forbidden)
		stale := a
		stale.Session.First = w.now.Add(-session.Fresh)
		wantKind(t, act(stale), refusal.NeedsElevation)
		if err := look(stale); err != nil {
			t.Fatalf("looking needs no fresh proof: %v", err)
		}
		changed := a // the agent's own second factor was changed: session.Stale
		changed.Session.First, changed.Session.Second = time.Time{}, time.Time{}
		wantKind(t, look(changed), refusal.NeedsSecond)
		w.do(t, "UPDATE users SET role = 'auditor' WHERE id = ?", a.User.ID)
		wantKind(t, look(a), refusal.Forbidden)
		w.do(t, "UPDATE users SET role = 'helpdesk' WHERE id = ?", a.User.ID)
		if err := act(a); err != nil {
			t.Fatal(err)
		}
		w.tx(t, func(q store.Q) error { return link.EndAll(w.ctx, q, a.User.ID, w.now) })
		if err := look(a); !errors.Is(err, session.ErrEnded) {
			t.Fatalf("a link that ended: %v", err)
		}
	})
}
