// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/people"
)

// R02 R05 R07: an address and a code are all that is asked; with a second factor
// nothing can be used before it, and each new sign-in asks again.
func TestSignInByEmail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.user("ana", people.Member)
		flow := w.must(202, "POST", "/v1/signin/email", "", m{"email": " Ana@Example.com "})
		path := "/v1/signin/email/" + flow.text("flow_id")
		w.refused("too-many-sent", "POST", path+"/resend", "", nil)
		first := w.codeTo("ana@example.com")
		w.pass(time.Minute)
		w.must(202, "POST", path+"/resend", "", nil)
		code := w.codeTo("ana@example.com")
		if code != first {
			w.refused("code-wrong", "POST", path+"/verify", "", m{"code": first})
		}
		if a := w.refused("code-wrong", "POST", path+"/verify", "", m{"code": other(code)}); a.body["tries_left"] == nil {
			t.Fatal(a.raw)
		}
		in := w.must(200, "POST", path+"/verify", "", m{"code": code})
		if s := in.body["session"].(m); s["required"] != "none" || s["via"] != "email" || s["device"] != "A program" {
			t.Fatal(in.raw)
		}
		if again := w.ask("POST", path+"/verify", "", m{"code": code}); again.status == 200 {
			t.Fatal("a code worked twice")
		}
		ana := &member{token: in.text("token")}
		ana.enrol(w)
		for range 2 {
			w.pass(5 * time.Minute)
			flow = w.must(202, "POST", "/v1/signin/email", "", m{"email": "ana@example.com"})
			in = w.must(200, "POST", "/v1/signin/email/"+flow.text("flow_id")+"/verify", "", m{"code": w.codeTo("ana@example.com")})
			if in.body["session"].(m)["required"] != "second-factor" {
				t.Fatal(in.raw)
			}
			w.refused("second-factor-required", "GET", "/v1/me", in.text("token"), nil)
			got := w.must(200, "POST", "/v1/second-factor/verify", in.text("token"), m{"method": "totp", "code": ana.app.next()})
			w.must(200, "GET", "/v1/me", got.text("token"), nil)
		}
	})
}

var varies = regexp.MustCompile(`"(flow_id|request_id)":"[0-9a-f]{32}"`)

// An address that nobody has is answered byte for byte as one that somebody has.
func TestNobodyIsToldWhoHasAnAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.enrolled("ana", people.Admin)
		conversation := func(address string) string {
			var all strings.Builder
			say := func(a answer) string {
				all.WriteString(varies.ReplaceAllString(a.raw, `"$1":"…"`))
				for _, h := range []string{"Retry-After", "Content-Type", "Content-Length", "Cache-Control"} {
					all.WriteString(h + ": " + a.header.Get(h) + "\n")
				}
				return a.text("flow_id")
			}
			flow := say(w.ask("POST", "/v1/signin/email", "", m{"email": address}))
			say(w.ask("POST", "/v1/signin/email/"+flow+"/resend", "", nil))
			for range 6 {
				say(w.ask("POST", "/v1/signin/email/"+flow+"/verify", "", m{"code": "000000"}))
			}
			say(w.ask("POST", "/v1/signin/email/"+flow+"/verify", "", m{"code": "x"}))
			return all.String()
		}
		if known, unknown := conversation("ana@example.com"), conversation("eve@example.com"); known != unknown {
			t.Errorf("with an account:\n%s\nwithout:\n%s", known, unknown)
		}
		for range 8 { // until the limits of an address are reached
			w.pass(20 * time.Second)
			known, unknown := w.ask("POST", "/v1/signin/email", "", m{"email": "ana@example.com"}), w.ask("POST", "/v1/signin/email", "", m{"email": "eve@example.com"})
			if k, u := varies.ReplaceAllString(known.raw, ""), varies.ReplaceAllString(unknown.raw, ""); k != u {
				t.Errorf("with an account:\n%s\nwithout:\n%s", k, u)
			}
		}
		w.refused("email-invalid", "POST", "/v1/signin/email", "", m{"email": "nobody"})
	})
}

// R43 R66: a session that has come of age proves both factors again before a change.
func TestElevation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.enrolled("ana", people.Member)
		w.pass(10 * time.Minute)
		if s := w.must(200, "GET", "/v1/session", ana.token, nil); s.body["may_change"] != false {
			t.Fatal(s.raw)
		}
		for _, path := range []string{"/v1/me/2fa/backup-codes", "/v1/me/2fa/enrolments"} {
			body := any(m{"method": "totp"})
			if strings.HasSuffix(path, "codes") {
				body = nil
			}
			w.refused("elevation-required", "POST", path, ana.token, body)
		}
		w.refused("elevation-required", "DELETE", "/v1/me/2fa", ana.token, m{"confirm": true})
		ana.elevate(w)
		if s := w.must(200, "GET", "/v1/session", ana.token, nil); s.body["may_change"] != true {
			t.Fatal(s.raw)
		}
		w.must(201, "POST", "/v1/me/2fa/backup-codes", ana.token, nil)
	})
}

func TestNoProvider(t *testing.T) {
	w := newWorld(t, sqliteOf(t))
	w.refused("not-found", "GET", "/v1/signin/google/start", "", nil)
	w.refused("not-found", "POST", "/v1/signin/google/callback", "", m{"state": "a", "code": "b", "mark": "c"})
}
