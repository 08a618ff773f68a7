// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// objectable puts a link "this wasn't me" into someone's mail.
func (w *world) objectable(t testing.TB, name string, e notice.Event) (token string) {
	t.Helper()
	token = seal.Token()
	w.do(t, "INSERT INTO objections (token_hash, user_id, event, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
		seal.Hash(token), w.id(name), string(e), store.Millis(w.now), store.Millis(w.now.Add(7*day)))
	return token
}

func TestObject(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		asked, err := w.Reset(w.ctx, w.agents["admin 1"], w.id("admin 2"), record())
		if err != nil {
			t.Fatal(err)
		}
		w.linked(t, "admin 2")
		w.do(t, "INSERT INTO enrolments (id, user_id, session_id, method, created_at, expires_at) VALUES ('e', ?, '', 'totp', 0, 0)", w.id("admin 2"))
		w.do(t, "INSERT INTO bypass_codes (user_id, code_mac, issued_by, created_at, expires_at) VALUES (?, ?, '', 0, 0)", w.id("admin 2"), []byte{1})
		token := w.objectable(t, "admin 2", notice.ResetAsked)
		w.told = nil

		if e, err := w.Objectable(w.ctx, token); err != nil || e != notice.ResetAsked {
			t.Fatalf("%s, %v", e, err)
		}
		if f, s := w.has(t, "admin 2"); f != 1 || s != 1 || w.count(t, "objections WHERE used_at > 0") != 0 {
			t.Fatal("looking at a link did something")
		}
		if e, err := w.Object(w.ctx, token); err != nil || e != notice.ResetAsked {
			t.Fatalf("%s, %v", e, err)
		}
		if f, s := w.has(t, "admin 2"); f != 1 || s != 0 {
			t.Fatalf("%d factors, %d sessions: the second factor stays, the sessions do not", f, s)
		}
		if n := w.count(t, "enrolments") + w.count(t, "bypass_codes") + w.count(t, "links WHERE ended_at = 0"); n != 0 {
			t.Fatal("an enrolment, a bypass code or a linked app is left")
		}
		for _, admin := range []string{"admin 1", "owner 1", "owner 2"} {
			if n := w.notices(admin); !slices.Equal(n, []notice.Event{notice.UserReported}) {
				t.Fatalf("%s was told %v", admin, n)
			}
		}
		if len(w.told) != 3 || w.told[0].facts.Device != "admin 2" {
			t.Fatalf("told %+v", w.told)
		}
		w.pass(day)
		_, err = w.Decide(w.ctx, w.signIn(t, "owner 1"), asked.CaseID, true)
		wantKind(t, err, refusal.FlowEnded)
		if got := w.events(t, "admin 2"); !slices.Equal(got, []audit.Action{audit.DeskResetAsked, audit.Objected, audit.DeskResetRefused}) {
			t.Fatalf("the audit log has %v", got)
		}
		_, err = w.Object(w.ctx, token)
		wantKind(t, err, refusal.FlowEnded)
		_, err = w.Objectable(w.ctx, token)
		wantKind(t, err, refusal.FlowEnded)
	})
}

func TestObjectionsEnd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		token := w.objectable(t, "user 1", notice.NewDevice)
		for _, wrong := range []string{"", "x", token + "x"} {
			_, err := w.Object(w.ctx, wrong)
			wantKind(t, err, refusal.NotFound)
			_, err = w.Objectable(w.ctx, wrong)
			wantKind(t, err, refusal.NotFound)
		}
		w.pass(7 * day)
		_, err := w.Object(w.ctx, token)
		wantKind(t, err, refusal.FlowEnded)
		if _, s := w.has(t, "user 1"); s != 1 {
			t.Fatal("a link that is too old did something")
		}
	})
}

func TestObjectionsRace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		token := w.objectable(t, "user 1", notice.NewDevice)
		var wg sync.WaitGroup
		var won atomic.Int64
		for range 6 {
			wg.Go(func() {
				if _, err := w.Object(w.ctx, token); err == nil {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || w.count(t, "audit WHERE action = 'user.objected'") != 1 {
			t.Fatalf("one link worked %d times", won.Load())
		}
	})
}

func TestClearReport(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if _, err := w.Object(w.ctx, w.objectable(t, "user 1", notice.NewDevice)); err != nil {
			t.Fatal(err)
		}
		u, err := people.ByID(w.ctx, w.DB, w.id("user 1"))
		if err != nil || !u.Reported.Equal(w.now) {
			t.Fatalf("%+v, %v", u, err)
		}
		wantKind(t, w.ClearReport(w.ctx, w.agents["helpdesk 1"], u.ID), refusal.Forbidden)
		wantKind(t, w.ClearReport(w.ctx, w.agents["admin 1"], w.id("admin 1")), refusal.Yourself)
		w.pass(time.Minute)
		for range 2 {
			if err := w.ClearReport(w.ctx, w.agents["admin 1"], u.ID); err != nil {
				t.Fatal(err)
			}
		}
		if u, err = people.ByID(w.ctx, w.DB, u.ID); err != nil || !u.Reported.IsZero() || w.count(t, "audit WHERE action = 'desk.report_cleared'") != 1 {
			t.Fatalf("%+v, %v", u, err)
		}
	})
}

// An objection and a reset take identities away that were linked within the last 7
// days, whoever linked them, and leave older ones and those of others.
func TestNewIdentitiesGo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		add := func() {
			w.do(t, "DELETE FROM identities")
			for name, since := range map[string]time.Duration{"user": 8 * day, "new": 6 * day} {
				w.do(t, "INSERT INTO identities (issuer, subject, user_id, provider, created_at) VALUES ('i', ?, ?, 'google', ?)",
					name, w.id("user 1"), store.Millis(w.now.Add(-since)))
			}
			w.do(t, "INSERT INTO identities (issuer, subject, user_id, provider, created_at) VALUES ('i', 'other', ?, 'google', ?)",
				w.id("admin 2"), store.Millis(w.now))
		}
		left := func(after string) {
			t.Helper()
			var n, young int
			if err := w.DB.Row(w.ctx, "SELECT COUNT(*), COUNT(CASE WHEN subject = 'new' THEN 1 END) FROM identities", nil, &n, &young); err != nil {
				t.Fatal(err)
			}
			if n != 2 || young != 0 {
				t.Errorf("after %s: %d are left, %d of them new", after, n, young)
			}
		}
		add()
		if _, err := w.Object(w.ctx, w.objectable(t, "user 1", notice.IdentityLinked)); err != nil {
			t.Fatal(err)
		}
		left("an objection")
		add()
		if _, err := w.Reset(w.ctx, w.agents["admin 1"], w.id("user 1"), record()); err != nil {
			t.Fatal(err)
		}
		left("a reset")
	})
}
