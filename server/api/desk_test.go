// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// record is how a caller was identified.
func record(more ...any) m {
	r := m{"reason": "Lost the phone on a journey", "checks": []string{"manager", "video-id"}, "confirmed": true}
	for i := 0; i < len(more); i += 2 {
		r[more[i].(string)] = more[i+1]
	}
	return r
}

// R59 R60: the desk helps, the least dangerous way first; after a reset the user
// has to set up again, and can do nothing else before.
func TestDesk(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana, help, admin := w.enrolled("ana", people.Member), w.enrolled("help", people.Helpdesk), w.enrolled("admin", people.Admin)
		path := "/v1/admin/users/" + ana.ID
		found := w.must(200, "POST", "/v1/admin/users/find", help.token, m{"query": "ana"}).body["users"].([]any)
		if len(found) != 1 || found[0].(m)["id"] != ana.ID {
			t.Fatal(found)
		}
		seen := w.must(200, "GET", path, help.token, nil)
		if may := seen.body["may_not"].(m); seen.body["two_factor"].(m)["method"] != "totp" || may["reset"] != "forbidden" {
			t.Fatal(seen.raw)
		}
		w.refused("identity-checks-missing", "POST", path+"/2fa/unlock", help.token, record("checks", []string{}))
		w.refused("forbidden", "POST", path+"/2fa/reset", help.token, record())
		w.refused("forbidden", "POST", "/v1/admin/users/find", ana.token, m{"query": "ana"})
		w.refused("not-for-oneself", "POST", "/v1/admin/users/"+help.ID+"/2fa/bypass-code", help.token, record())
		w.refused("not-found", "GET", "/v1/admin/users/nobody", help.token, nil)
		if d := w.must(200, "POST", path+"/2fa/unlock", help.token, record()); d.body["audit_id"].(float64) < 1 {
			t.Fatal(d.raw)
		}

		w.pass(4 * time.Minute)
		slow := ana.app.code() // the device is three minutes slow
		next := ana.app.next()
		w.pass(3 * time.Minute)
		in := w.session(ana.User, session.Second)
		w.refused("resync-closed", "POST", "/v1/second-factor/resync", in, m{"first": slow, "second": next})
		w.refused("invalid-request", "POST", path+"/2fa/resync", help.token, record("first", slow, "second", next))
		until := w.must(200, "POST", path+"/2fa/resync", help.token, record()).text("expires_at")
		if s := w.must(200, "GET", "/v1/session", in, nil); until == "" || s.body["second_factor"].(m)["resync_until"] != until {
			t.Fatal(s.raw)
		}
		if s := w.must(200, "GET", path, help.token, nil); s.body["two_factor"].(m)["resync_until"] != until {
			t.Fatal(s.raw)
		}
		if d := w.must(200, "POST", "/v1/second-factor/resync", in, m{"first": slow, "second": next}); d.body["drift_steps"].(float64) >= 0 {
			t.Fatal(d.raw)
		}
		w.refused("second-factor-required", "GET", "/v1/me", in, nil) // they sign nobody in

		help.elevate(w)
		bypass := w.must(200, "POST", path+"/2fa/bypass-code", help.token, record())
		ana.token = w.session(ana.User, session.Second)
		got := w.must(200, "POST", "/v1/second-factor/verify", ana.token, m{"method": "bypass", "code": bypass.text("bypass_code")})
		if got.body["session"].(m)["required"] != "enrolment" {
			t.Fatal(got.raw)
		}
		w.refused("enrolment-required", "GET", "/v1/me/sessions", got.text("token"), nil)

		admin.elevate(w)
		if d := w.must(200, "POST", path+"/2fa/reset", admin.token, record()); d.body["waiting"] != false {
			t.Fatal(d.raw)
		}
		w.refused("sign-in-required", "GET", "/v1/session", got.text("token"), nil)
		flow := w.must(202, "POST", "/v1/signin/email", "", m{"email": ana.Email})
		got = w.must(200, "POST", "/v1/signin/email/"+flow.text("flow_id")+"/verify", "", m{"code": w.codeTo(ana.Email)})
		ana.token = got.text("token")
		if s := got.body["session"].(m); s["required"] != "enrolment" || s["may_change"] != true {
			t.Fatal(got.raw)
		}
		w.refused("enrolment-required", "GET", "/v1/me/links", ana.token, nil)
		if s := w.must(200, "GET", "/v1/me/2fa", ana.token, nil); s.text("enrol_by") == "" || s.body["enabled"] != false {
			t.Fatal(s.raw)
		}
		w.pass(time.Minute)
		ana.enrol(w)
		w.must(200, "GET", "/v1/me/links", ana.token, nil)
	})
}

// R59: the second factor of an administrator goes only when two agree and a day has passed.
func TestTwoAdministrators(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		one, two, three := w.enrolled("one", people.Admin), w.enrolled("two", people.Owner), w.enrolled("three", people.Admin)
		asked := w.must(200, "POST", "/v1/admin/users/"+three.ID+"/2fa/reset", one.token, record())
		path := "/v1/admin/cases/" + asked.text("case_id")
		if asked.body["waiting"] != true {
			t.Fatal(asked.raw)
		}
		if a := w.refused("approval-required", "POST", path+"/approve", two.token, nil); a.status != 409 || a.header.Get("Retry-After") == "" {
			t.Fatalf("%d %v", a.status, a.header)
		}
		if list := w.must(200, "GET", "/v1/admin/cases", two.token, nil).body["cases"].([]any); len(list) != 1 || list[0].(m)["state"] != "waiting" {
			t.Fatal(list)
		}
		w.pass(24 * time.Hour)
		two.token = w.session(two.User, session.Second)
		two.second(w)
		w.must(200, "POST", path+"/approve", two.token, nil)
		w.refused("flow-ended", "POST", path+"/approve", two.token, nil)
		if s := w.must(200, "GET", "/v1/admin/users/"+three.ID, two.token, nil); s.body["two_factor"].(m)["enabled"] != false {
			t.Fatal(s.raw)
		}
		again := w.must(200, "POST", "/v1/admin/users/"+one.ID+"/2fa/reset", two.token, record())
		w.must(200, "POST", "/v1/admin/cases/"+again.text("case_id")+"/refuse", two.token, nil)
		if s := w.must(200, "GET", "/v1/admin/users/"+one.ID, two.token, nil); s.body["two_factor"].(m)["enabled"] != true {
			t.Fatal(s.raw)
		}
	})
}

func TestUsersAndAudit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		owner := w.enrolled("owner", people.Owner)
		ben := w.must(201, "POST", "/v1/admin/users", owner.token, m{"email": "Ben@Example.com", "name": "Ben", "role": "user"})
		if ben.text("email") != "ben@example.com" {
			t.Fatal(ben.raw)
		}
		path := "/v1/admin/users/" + ben.text("id")
		w.refused("invalid-request", "POST", "/v1/admin/users", owner.token, m{"email": "ben@example.com", "name": "Ben", "role": "user"})
		w.refused("email-invalid", "POST", "/v1/admin/users", owner.token, m{"email": "ben", "name": "Ben", "role": "user"})
		w.must(204, "PUT", path+"/role", owner.token, m{"role": "auditor"})
		if a := w.ask("PUT", "/v1/admin/users/"+owner.ID+"/role", owner.token, m{"role": "user"}); a.status < 400 || a.status > 499 {
			t.Fatalf("the last owner gave the role away: %d %s", a.status, a.raw)
		}
		w.sql("UPDATE users SET reported_at = 1 WHERE id = ?", ben.text("id"))
		w.must(204, "DELETE", path+"/report", owner.token, nil)

		all := w.must(200, "GET", "/v1/admin/audit?limit=3", owner.token, nil).body["events"].([]any)
		if len(all) != 3 || all[0].(m)["action"] != "desk.report_cleared" {
			t.Fatal(all)
		}
		older := w.must(200, "GET", "/v1/admin/audit?limit=200&before="+number(all[2]), owner.token, nil).body["events"].([]any)
		if len(older) == 0 || number(older[0]) == number(all[2]) {
			t.Fatal(older)
		}
		about := w.must(200, "GET", "/v1/admin/audit?subject="+ben.text("id"), owner.token, nil).body["events"].([]any)
		for _, e := range about {
			if e.(m)["subject"] != ben.text("id") {
				t.Fatal(e)
			}
		}
		if len(about) < 3 {
			t.Fatal(about)
		}
	})
}

func number(event any) string { return strconv.FormatFloat(event.(m)["id"].(float64), 'f', 0, 64) }

// sql changes the database behind the service's back.
func (w *world) sql(query string, args ...any) {
	w.t.Helper()
	if err := w.db.Tx(context.Background(), func(q store.Q) error {
		_, err := q.Exec(context.Background(), query, args...)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
}

// Someone whose account is in doubt is signed out, or kept out until the desk is sure again.
func TestSignOutAndSuspend(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana, admin := w.enrolled("ana", people.Member), w.enrolled("admin", people.Admin)
		path := "/v1/admin/users/" + ana.ID
		w.refused("forbidden", "POST", path+"/suspend", ana.token, record())
		w.must(200, "POST", path+"/sign-out", admin.token, record())
		w.refused("sign-in-required", "GET", "/v1/me", ana.token, nil)
		ana.token = w.session(ana.User, session.Second)
		ana.second(w)
		w.must(200, "POST", path+"/suspend", admin.token, record())
		w.refused("sign-in-required", "GET", "/v1/me", ana.token, nil)
		if s := w.must(200, "GET", path, admin.token, nil); s.text("suspended_at") == "" {
			t.Fatal(s.raw)
		}
		w.must(200, "POST", path+"/restore", admin.token, record())
		ana.token = w.session(ana.User, session.Second)
		ana.second(w)
		w.must(200, "GET", "/v1/me", ana.token, nil)
	})
}
