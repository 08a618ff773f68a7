// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api_test

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/session"
)

// R01 R39 R42: it is off until a right code came, and the state says so.
func TestSetUpApp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.user("ana", people.Member)
		token := w.session(ana, session.Nothing)
		if s := w.must(200, "GET", "/v1/me/2fa", token, nil); s.body["enabled"] != false || s.body["method"] != nil {
			t.Fatalf("at first: %s", s.raw)
		}
		e := w.must(201, "POST", "/v1/me/2fa/enrolments", token, m{"method": "totp"})
		path := "/v1/me/2fa/enrolments/" + e.text("id")
		a := app{w, strings.ReplaceAll(e.text("secret"), " ", "")}
		if !strings.HasPrefix(e.text("key_uri"), "otpauth://totp/") || !strings.Contains(e.text("key_uri"), "secret="+a.secret) {
			t.Fatalf("the key URI: %s", e.raw)
		}
		if again := w.must(200, "GET", path, token, nil); again.text("secret") != e.text("secret") {
			t.Fatalf("asked again: %s", again.raw)
		}
		s := w.must(200, "GET", "/v1/me/2fa", token, nil)
		if s.body["enabled"] != false || strings.Contains(s.raw, a.secret) || strings.Contains(s.raw, e.text("secret")) {
			t.Fatalf("while it is set up: %s", s.raw)
		}
		wrong := w.refused("code-wrong", "POST", path+"/verify", token, m{"code": other(a.code())})
		if wrong.body["tries_left"] == nil {
			t.Fatalf("a wrong code: %s", wrong.raw)
		}
		w.refused("code-malformed", "POST", path+"/verify", token, m{"code": "12345"})
		done := w.must(200, "POST", path+"/verify", token, m{"code": a.code()})
		if len(done.codes()) != 10 || done.body["session"].(m)["aal"] != 2.0 {
			t.Fatalf("done: %s", done.raw)
		}
		w.refused("sign-in-required", "GET", "/v1/me/2fa", token, nil) // R39: a new token after each factor
		token = done.text("token")
		s = w.must(200, "GET", "/v1/me/2fa", token, nil)
		if s.body["enabled"] != true || s.text("method") != "totp" || s.body["backup_codes"].(m)["left"] != 10.0 || s.body["backup_codes"].(m)["saved"] != false {
			t.Fatalf("then: %s", s.raw)
		}
		w.must(204, "POST", "/v1/me/2fa/backup-codes/confirm", token, nil)
		if s = w.must(200, "GET", "/v1/me/2fa", token, nil); s.body["backup_codes"].(m)["saved"] != true {
			t.Fatalf("after they were saved: %s", s.raw)
		}
		// The code that proved it counts as used, also at the next sign-in.
		w.refused("code-used", "POST", "/v1/second-factor/verify", w.session(ana, session.Second), m{"method": "totp", "code": a.code()})
	})
}

// other is another code.
func other(code string) string {
	b := []byte(code)
	b[5] = '0' + (b[5]-'0'+5)%10
	return string(b)
}

// R28 R42 R44: a code by text message; wrong, old and used ones are refused.
func TestSetUpSMS(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const phone = "+33612345678"
		ana := w.user("ana", people.Member)
		token := w.session(ana, session.Nothing)
		w.refused("phone-invalid", "POST", "/v1/me/2fa/enrolments", token, m{"method": "sms", "phone": "112"})
		w.refused("invalid-request", "POST", "/v1/me/2fa/enrolments", token, m{"method": "sms"})
		e := w.must(201, "POST", "/v1/me/2fa/enrolments", token, m{"method": "sms", "phone": "+33 6 12 34 56 78"})
		path := "/v1/me/2fa/enrolments/" + e.text("id")
		if strings.Contains(e.raw, "612345") || e.body["resend_after"] != 60.0 {
			t.Fatalf("begun: %s", e.raw)
		}
		first := w.codeTo(phone)
		if a := w.refused("too-many-sent", "POST", path+"/resend", token, nil); a.status != 429 || a.header.Get("Retry-After") != "60" {
			t.Fatalf("at once again: %d %v", a.status, a.header)
		}
		w.pass(time.Minute)
		w.must(202, "POST", path+"/resend", token, nil)
		code := w.codeTo(phone)
		if code != first {
			w.refused("code-wrong", "POST", path+"/verify", token, m{"code": first})
		}
		w.refused("code-wrong", "POST", path+"/verify", token, m{"code": other(code)})
		if s := w.must(200, "GET", "/v1/me/2fa", token, nil); s.body["enabled"] != false {
			t.Fatalf("on after a wrong code: %s", s.raw)
		}
		done := w.must(200, "POST", path+"/verify", token, m{"code": code})
		s := w.must(200, "GET", "/v1/me/2fa", done.text("token"), nil)
		if s.text("method") != "sms" || !strings.HasSuffix(s.text("phone_hint"), "78") || strings.Contains(s.raw, "612345") {
			t.Fatalf("then: %s", s.raw)
		}
		w.refused("enrolment-expired", "GET", path, done.text("token"), nil)

		// R05 R50 R57: at the next sign-in.
		waiting := w.session(ana, session.Second)
		p := w.must(200, "GET", "/v1/session", waiting, nil)
		if p.body["second_factor"].(m)["method"] != "sms" || p.body["user"] != nil {
			t.Fatalf("what to ask for: %s", p.raw)
		}
		w.pass(5 * time.Minute)
		if sent := w.must(202, "POST", "/v1/second-factor/sms/send", waiting, nil); !strings.HasSuffix(sent.text("phone_hint"), "78") {
			t.Fatalf("sent: %s", sent.raw)
		}
		w.refused("method-mismatch", "POST", "/v1/second-factor/verify", waiting, m{"method": "totp", "code": "123456"})
		code = w.codeTo(phone)
		in := w.must(200, "POST", "/v1/second-factor/verify", waiting, m{"method": "sms", "code": code})
		if in.body["session"].(m)["required"] != "none" {
			t.Fatalf("in: %s", in.raw)
		}
		w.refused("code-used", "POST", "/v1/second-factor/verify", in.text("token"), m{"method": "sms", "code": code})
	})
}

// R03 R04 R05: after the first factor alone nothing can be used but the way to the second.
func TestNothingBeforeTheSecondFactor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.enrolled("ana", people.Owner)
		ana.token = w.session(ana.User, session.Second)
		for name, op := range operations(t) {
			if op.Needs != "enrolling" && op.Needs != "ready" {
				continue
			}
			method, path, _ := strings.Cut(name, " ")
			if a := w.ask(method, op.path(path), ana.token, op.example()); a.status != 403 || a.kind() != "second-factor-required" {
				t.Errorf("%s: %d %s", name, a.status, a.raw)
			}
		}
		s := w.must(200, "GET", "/v1/session", ana.token, nil)
		if s.body["required"] != "second-factor" || s.body["aal"] != 1.0 || s.body["user"] != nil || strings.Contains(s.raw, "ana") {
			t.Fatalf("the session: %s", s.raw)
		}
		before := ana.token
		ana.second(w)
		w.refused("sign-in-required", "GET", "/v1/session", before, nil)
		if u := w.must(200, "GET", "/v1/me", ana.token, nil); u.text("email") != "ana@example.com" {
			t.Fatal(u.raw)
		}
	})
}

// R08 R09: a live session is not asked again; one that ended is worth nothing.
func TestSessionEnds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.enrolled("ana", people.Member)
		for range 4 {
			w.pass(29 * time.Minute)
			w.must(200, "GET", "/v1/me", ana.token, nil)
		}
		w.pass(30 * time.Minute)
		a := w.refused("sign-in-required", "GET", "/v1/me", ana.token, nil)
		if a.status != 401 || !strings.Contains(a.header.Get("WWW-Authenticate"), `error="invalid_token"`) {
			t.Fatalf("%d %v", a.status, a.header)
		}
		a = w.refused("sign-in-required", "GET", "/v1/me", "", nil)
		if got := a.header.Get("WWW-Authenticate"); got != `Bearer realm="kutano"` {
			t.Fatal(got)
		}
		ana.token = w.session(ana.User, session.Second)
		w.must(204, "DELETE", "/v1/session", ana.token, nil)
		w.refused("sign-in-required", "GET", "/v1/session", ana.token, nil)
	})
}

// R43 R44: the old method works until the new one is proved, and then not any more.
func TestSwitch(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.enrolled("ana", people.Member)
		w.pass(10 * time.Minute)
		w.refused("elevation-required", "POST", "/v1/me/2fa/enrolments", ana.token, m{"method": "sms", "phone": "+33612345678"})
		ana.token = w.session(ana.User, session.Second)
		ana.second(w)
		e := w.must(201, "POST", "/v1/me/2fa/enrolments", ana.token, m{"method": "sms", "phone": "+33612345678"})
		path := "/v1/me/2fa/enrolments/" + e.text("id")
		elsewhere := *ana
		elsewhere.token = w.session(ana.User, session.Second)
		elsewhere.second(w)
		if s := w.must(200, "GET", "/v1/me/2fa", ana.token, nil); s.text("method") != "totp" || s.body["pending"].(m)["method"] != "sms" {
			t.Fatal(s.raw)
		}
		w.must(204, "DELETE", path, ana.token, nil)
		w.pass(2 * time.Minute)
		e = w.must(201, "POST", "/v1/me/2fa/enrolments", ana.token, m{"method": "sms", "phone": "+33612345678"})
		done := w.must(200, "POST", "/v1/me/2fa/enrolments/"+e.text("id")+"/verify", ana.token, m{"code": w.codeTo("+33612345678")})
		ana.token = done.text("token")
		w.refused("sign-in-required", "GET", "/v1/me", elsewhere.token, nil)
		waiting := w.session(ana.User, session.Second)
		w.refused("method-mismatch", "POST", "/v1/second-factor/verify", waiting, m{"method": "totp", "code": ana.app.next()})
		w.refused("code-wrong", "POST", "/v1/second-factor/verify", waiting, m{"method": "backup", "code": ana.codes[0]})
		in := w.must(200, "POST", "/v1/second-factor/verify", waiting, m{"method": "backup", "code": strings.ToLower(done.codes()[0])})
		if in.body["backup_codes_left"] != 9.0 { // R57
			t.Fatal(in.raw)
		}
	})
}

// R45 R46 R47: without a confirmation nothing is changed.
func TestDisable(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.enrolled("ana", people.Member)
		w.refused("confirmation-required", "DELETE", "/v1/me/2fa", ana.token, m{"confirm": false})
		w.refused("invalid-request", "DELETE", "/v1/me/2fa", ana.token, m{})
		w.refused("unsupported-media-type", "DELETE", "/v1/me/2fa", ana.token, nil)
		if s := w.must(200, "GET", "/v1/me/2fa", ana.token, nil); s.body["enabled"] != true {
			t.Fatal(s.raw)
		}
		w.must(204, "DELETE", "/v1/me/2fa", ana.token, m{"confirm": true})
		if s := w.must(200, "GET", "/v1/me/2fa", ana.token, nil); s.body["enabled"] != false || s.body["backup_codes"].(m)["left"] != 0.0 {
			t.Fatal(s.raw)
		}
		w.refused("not-enrolled", "POST", "/v1/me/2fa/backup-codes", ana.token, nil)
	})
}

// R57 R62 R63: each works once; new ones can be made, and are advised after use.
func TestBackupCodes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.enrolled("ana", people.Member)
		use := func(code string) answer {
			return w.ask("POST", "/v1/second-factor/verify", w.session(ana.User, session.Second), m{"method": "backup", "code": code})
		}
		if a := use(ana.codes[3]); a.status != 200 || a.body["backup_codes_left"] != 9.0 {
			t.Fatal(a.raw)
		}
		if a := use(ana.codes[3]); a.kind() != "code-used" && a.kind() != "code-wrong" {
			t.Fatal(a.raw)
		}
		if s := w.must(200, "GET", "/v1/me/2fa", ana.token, nil); s.body["backup_codes"].(m)["new_advised"] != true {
			t.Fatal(s.raw)
		}
		fresh := w.must(201, "POST", "/v1/me/2fa/backup-codes", ana.token, nil).codes()
		if len(fresh) != 10 || slices.Contains(fresh, ana.codes[4]) {
			t.Fatal(fresh)
		}
		if a := use(ana.codes[4]); a.status == 200 {
			t.Fatal("a code of the old set works")
		}
		if a := use(fresh[4]); a.status != 200 {
			t.Fatal(a.raw)
		}
	})
}

// R54 R62: two requests with one code: exactly one is let in.
func TestRace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.enrolled("ana", people.Member)
		for name, body := range map[string]m{"totp": {"method": "totp", "code": ana.app.next()}, "backup": {"method": "backup", "code": ana.codes[0]}} {
			var in, no atomic.Int64
			var all sync.WaitGroup
			for range 4 {
				token := w.session(ana.User, session.Second)
				all.Go(func() {
					a := w.ask("POST", "/v1/second-factor/verify", token, body)
					switch {
					case a.status == 200:
						in.Add(1)
					case a.status == 422 || a.status == 429:
						no.Add(1)
					default:
						t.Errorf("%s: %d %s", name, a.status, a.raw)
					}
				})
			}
			all.Wait()
			if in.Load() != 1 || no.Load() != 3 {
				t.Errorf("%s: %d of four came in with one code, %d did not", name, in.Load(), no.Load())
			}
		}
	})
}

// R54: the neighbouring step is accepted, and the drift told; after five failures there is a wait.
func TestDriftAndFailures(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.enrolled("ana", people.Member)
		w.pass(5 * time.Minute)
		late := ana.app.code()
		w.pass(30 * time.Second)
		in := w.must(200, "POST", "/v1/second-factor/verify", w.session(ana.User, session.Second), m{"method": "totp", "code": late})
		if in.body["drift_steps"] != -1.0 {
			t.Fatal(in.raw)
		}
		w.pass(30 * time.Second)
		waiting := w.session(ana.User, session.Second)
		for range 5 {
			w.refused("code-wrong", "POST", "/v1/second-factor/verify", waiting, m{"method": "totp", "code": other(ana.app.code())})
		}
		wrong := w.ask("POST", "/v1/second-factor/verify", waiting, m{"method": "totp", "code": other(ana.app.code())})
		a := w.refused("too-many-tries", "POST", "/v1/second-factor/verify", waiting, m{"method": "totp", "code": ana.app.code()})
		if a.status != 429 || a.header.Get("Retry-After") == "" || a.body["retry_after"] == nil {
			t.Fatalf("%s, then %d %v %s", wrong.raw, a.status, a.header, a.raw)
		}
	})
}

// The clock is stepped: back by an hour, no code of before works again; forward, sessions end.
func TestClockStepped(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.enrolled("ana", people.Member)
		w.pass(time.Hour)
		w.must(200, "POST", "/v1/second-factor/verify", w.session(ana.User, session.Second), m{"method": "totp", "code": ana.app.code()})
		w.pass(-time.Hour)
		waiting := w.session(ana.User, session.Second)
		if a := w.ask("POST", "/v1/second-factor/verify", waiting, m{"method": "totp", "code": ana.app.next()}); a.status != 422 {
			t.Fatalf("with the clock an hour back a code of the past works: %d %s", a.status, a.raw)
		}
		if got := w.must(200, "GET", "/v1/time", "", nil).body["unix_ms"]; got != float64(w.now().UnixMilli()) {
			t.Fatalf("the time is told as %v", got)
		}
		// A backup code still helps, and so nobody is locked out.
		w.must(200, "POST", "/v1/second-factor/verify", waiting, m{"method": "backup", "code": ana.codes[0]})
		w.pass(30 * 24 * time.Hour)
		w.refused("sign-in-required", "GET", "/v1/me", ana.token, nil)
		w.must(200, "POST", "/v1/second-factor/verify", w.session(ana.User, session.Second), m{"method": "totp", "code": ana.app.code()})
	})
}

// R09: users see and end their sessions.
func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana, ben := w.enrolled("ana", people.Member), w.enrolled("ben", people.Member)
		phone := w.session(ana.User, session.Nothing)
		w.session(ana.User, session.Nothing)
		list := w.must(200, "GET", "/v1/me/sessions", ana.token, nil).body["sessions"].([]any)
		if len(list) != 3 {
			t.Fatal(list)
		}
		id := w.must(200, "GET", "/v1/session", phone, nil).text("id")
		w.refused("not-found", "DELETE", "/v1/me/sessions/"+id, ben.token, nil)
		w.must(204, "DELETE", "/v1/me/sessions/"+id, ana.token, nil)
		w.refused("not-found", "DELETE", "/v1/me/sessions/"+id, ana.token, nil)
		w.refused("sign-in-required", "GET", "/v1/session", phone, nil)
		if n := w.must(200, "DELETE", "/v1/me/sessions", ana.token, nil).body["ended"]; n != 1.0 {
			t.Fatal(n)
		}
		w.must(200, "GET", "/v1/me", ana.token, nil)
		w.must(200, "GET", "/v1/me", ben.token, nil)
	})
}
