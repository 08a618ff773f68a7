// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// R43, R44: the old method works until the new one is proved, then only the new one.
func TestSwitch(t *testing.T) {
	each(t, func(w *world) {
		secret, app := w.enrolApp(w.signIn(session.Nothing))
		w.notes.events()
		e, err := w.Enrol(w.ctx, app.Session, factor.SMS, mobile)
		if err != nil {
			w.t.Fatal(err)
		}
		code := w.texted()
		w.clock.pass(time.Minute)
		w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0)))
		if st := w.status(); st.Method != factor.TOTP || st.Pending == nil || st.Pending.Method != factor.SMS {
			w.t.Fatalf("%+v", st)
		}
		sms, err := w.VerifyEnrolment(w.ctx, app.Session, e.ID, code)
		if err != nil {
			w.t.Fatal(err)
		}
		in := w.signIn(session.Second)
		w.clock.pass(time.Minute)
		_, err = w.Verify(w.ctx, in, factor.TOTP, w.code(secret, 0))
		w.refused(err, refusal.MethodMismatch)
		_, err = w.Verify(w.ctx, in, factor.Backup, app.Codes[0])
		w.refused(err, refusal.CodeWrong) // the old codes are dead
		if w.count("factors WHERE secret IS NOT NULL") != 0 {
			w.t.Fatal("the old secret is kept")
		}

		// R44, and back: the old phone is told too.
		w.notes.told = nil
		secret, app = w.enrolApp(sms.Session)
		told := w.notes.told
		if len(told) != 1 || told[0].event != notice.MethodChanged || told[0].facts.Method != "totp" || told[0].facts.Phone != "+41791234542" {
			w.t.Fatalf("told %+v", told)
		}
		_, err = w.SendCode(w.ctx, in)
		w.refused(err, refusal.MethodMismatch)
		w.clock.pass(time.Minute)
		w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0)))
		w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.Backup, app.Codes[9]))
		if w.count("factors WHERE phone IS NOT NULL") != 0 || w.count("factors") != 1 || w.count("backup_sets") != 1 {
			w.t.Fatal("more than one method is kept")
		}
	})
}

// R66: a new number is verified again; the old one works until then.
func TestNewNumber(t *testing.T) {
	each(t, func(w *world) {
		first := w.enrolSMS(w.signIn(session.Nothing), mobile)
		e, err := w.Enrol(w.ctx, first.Session, factor.SMS, other)
		if err != nil {
			w.t.Fatal(err)
		}
		code := w.texted()
		in := w.signIn(session.Second)
		if sent, err := w.SendCode(w.ctx, in); err != nil || sent.PhoneHint != "+41 •• ••• •• 42" {
			w.t.Fatalf("%+v, %v", sent, err)
		}
		old := w.texted()
		if _, err := w.VerifyEnrolment(w.ctx, first.Session, e.ID, code); err != nil {
			w.t.Fatal(err)
		}
		last := w.notes.told[len(w.notes.told)-1]
		if last.event != notice.MethodChanged || last.facts.Phone != "+41791234542" {
			w.t.Fatalf("the old number has to be told: %+v", last)
		}
		_, err = w.Verify(w.ctx, in, factor.SMS, old) // a code sent to the old number
		w.refused(err, refusal.CodeExpired)
		in = w.signIn(session.Second)
		if sent, err := w.SendCode(w.ctx, in); err != nil || sent.PhoneHint != "+41 •• ••• •• 21" {
			w.t.Fatalf("%+v, %v", sent, err)
		}
		if n := len(w.notes.texts); w.notes.texts[n-1].phone != "+41787654321" {
			w.t.Fatal("sent to another number")
		}
		w.must(w.Verify(w.ctx, in, factor.SMS, w.texted()))
	})
}

// R55: scanning again is a new secret; the old one is dead only when the new one is proved.
func TestScanAgain(t *testing.T) {
	each(t, func(w *world) {
		old, first := w.enrolApp(w.signIn(session.Nothing))
		secret, _ := w.enrolApp(first.Session)
		w.clock.pass(time.Minute)
		in := w.signIn(session.Second)
		if c := w.code(old, 0); c != w.code(secret, 0) {
			_, err := w.Verify(w.ctx, in, factor.TOTP, c)
			w.refused(err, refusal.CodeWrong)
		}
		w.must(w.Verify(w.ctx, in, factor.TOTP, w.code(secret, 0)))
	})
}

// R01, R46: off again, and nothing of it is left; cancelling a set-up changes nothing.
func TestDisable(t *testing.T) {
	each(t, func(w *world) {
		first := w.enrolSMS(w.signIn(session.Nothing), mobile)
		if _, err := w.SendCode(w.ctx, w.signIn(session.Second)); err != nil {
			w.t.Fatal(err)
		}
		e, err := w.Enrol(w.ctx, first.Session, factor.TOTP, "")
		if err != nil {
			w.t.Fatal(err)
		}
		before := w.status()
		before.Pending = nil
		if err := w.Cancel(w.ctx, first.Session, e.ID); err != nil || w.status() != before {
			w.t.Fatalf("%+v, %v", w.status(), err)
		}
		_, elsewhere := w.signInToken(session.Nothing)
		w.notes.told = nil
		if err := w.Disable(w.ctx, first.Session); err != nil {
			w.t.Fatal(err)
		}
		if told := w.notes.told; len(told) != 1 || told[0].event != notice.MethodRemoved || told[0].facts.Phone != "+41791234542" {
			w.t.Fatalf("told %+v", told)
		}
		if st := w.status(); st != (factor.Status{}) {
			w.t.Fatalf("%+v", st)
		}
		for _, table := range []string{"factors", "backup_sets", "backup_codes", "enrolments", "sms_codes"} {
			if n := w.count(table); n != 0 {
				w.t.Errorf("%s has %d rows", table, n)
			}
		}
		if !w.lives(first.Token) || w.lives(elsewhere) {
			w.t.Error("the other sessions have to end, and this one not")
		}
	})
}

// Before any change both factors have to be fresh.
func TestFreshness(t *testing.T) {
	each(t, func(w *world) {
		stale := w.signIn(session.Nothing)
		w.clock.pass(10 * time.Minute)
		_, err := w.Enrol(w.ctx, stale, factor.TOTP, "")
		w.refused(err, refusal.NeedsElevation)

		secret, first := w.enrolApp(w.signIn(session.Nothing))
		in := first.Session
		begun, err := w.Enrol(w.ctx, in, factor.SMS, mobile)
		if err != nil {
			w.t.Fatal(err)
		}
		w.clock.pass(10*time.Minute - time.Second)
		if codes, err := w.NewCodes(w.ctx, in); err != nil || len(codes) != 10 {
			w.t.Fatal(err)
		}
		w.clock.pass(time.Second)
		second := w.must(w.Verify(w.ctx, in, factor.TOTP, w.code(secret, 0))).Session // the second alone is not enough
		old := in
		old.First = w.clock.time() // nor is the first
		for _, in := range []session.Session{in, second, old} {
			_, enrol := w.Enrol(w.ctx, in, factor.SMS, mobile)
			_, codes := w.NewCodes(w.ctx, in)
			for what, err := range map[string]error{"enrol": enrol, "new codes": codes, "disable": w.Disable(w.ctx, in)} {
				if !refusal.Is(err, refusal.NeedsElevation) {
					w.t.Errorf("%s: %v", what, err)
				}
			}
		}
		if st := w.status(); st.Method != factor.TOTP {
			w.t.Fatalf("%+v", st)
		}
		_, err = w.VerifyEnrolment(w.ctx, second, begun.ID, w.texted())
		w.refused(err, refusal.EnrolExpired)
	})
}

// What began fresh may be finished: ten minutes are for the whole of a set-up.
func TestFinishWhatBeganFresh(t *testing.T) {
	each(t, func(w *world) {
		in := w.signIn(session.Nothing)
		w.clock.pass(9 * time.Minute)
		e, err := w.Enrol(w.ctx, in, factor.TOTP, "")
		if err != nil {
			w.t.Fatal(err)
		}
		w.clock.pass(9 * time.Minute)
		if _, err := w.VerifyEnrolment(w.ctx, in, e.ID, w.code(w.secretOf(e), 0)); err != nil {
			w.t.Fatal(err)
		}
	})
}

// A linked app sets up with its scope while it is fresh, and does nothing else.
func TestLinkedApp(t *testing.T) {
	each(t, func(w *world) {
		now := w.clock.time()
		w.link("link")
		w.link("other")
		reader := session.Session{ID: "link", UserID: w.user.ID, App: "link", Scopes: []session.Scope{session.Read}, First: now}
		writer := reader
		writer.Scopes = []session.Scope{session.Read, session.EnrolOnly}
		_, err := w.Enrol(w.ctx, reader, factor.TOTP, "")
		w.refused(err, refusal.Forbidden)
		w.refused(w.Cancel(w.ctx, reader, "x"), refusal.Forbidden)
		w.refused(w.CodesSaved(w.ctx, reader), refusal.Forbidden)

		_, browser := w.signInToken(session.Nothing)
		e, err := w.Enrol(w.ctx, writer, factor.TOTP, "")
		if err != nil {
			w.t.Fatal(err)
		}
		_, err = w.VerifyEnrolment(w.ctx, reader, e.ID, "123456")
		w.refused(err, refusal.Forbidden)
		got, err := w.VerifyEnrolment(w.ctx, writer, e.ID, w.code(w.secretOf(e), 0))
		if err != nil || got.Token != "" || len(got.Codes) != 10 || got.Session.ID != writer.ID {
			w.t.Fatalf("%+v, %v", got, err)
		}
		if w.lives(browser) {
			w.t.Error("the sessions of browsers have to end")
		}
		if w.count("links WHERE first_at > 0 AND id = 'link'") != 1 || w.count("links WHERE first_at > 0") != 1 {
			w.t.Error("other apps could still change the second factor")
		}
		if err := w.CodesSaved(w.ctx, writer); err != nil {
			w.t.Fatal(err)
		}
		_, codes := w.NewCodes(w.ctx, writer)
		_, verify := w.Verify(w.ctx, writer, factor.TOTP, "123456")
		_, send := w.SendCode(w.ctx, writer)
		for what, err := range map[string]error{"disable": w.Disable(w.ctx, writer), "new codes": codes, "verify": verify, "send": send} {
			if !refusal.Is(err, refusal.Forbidden) {
				w.t.Errorf("%s: %v", what, err)
			}
		}
		writer.Second = now
		if e, err = w.Enrol(w.ctx, writer, factor.SMS, mobile); err != nil {
			w.t.Fatal(err)
		}
		w.clock.pass(session.Fresh)
		_, err = w.Enrol(w.ctx, writer, factor.TOTP, "")
		w.refused(err, refusal.NeedsElevation)
		fresh := writer
		fresh.First, fresh.Second = w.clock.time(), w.clock.time()
		w.tx(func(q store.Q) error {
			_, err := q.Exec(w.ctx, "UPDATE links SET ended_at = 1")
			return err
		})
		if _, err := w.Enrol(w.ctx, fresh, factor.TOTP, ""); !errors.Is(err, session.ErrEnded) {
			w.t.Errorf("an app whose link ended: %v", err)
		}
		_, err = w.VerifyEnrolment(w.ctx, writer, e.ID, w.texted())
		w.refused(err, refusal.NeedsElevation)
	})
}

// link gives the user a linked app that was allowed a moment ago, and what another
// may still fetch.
func (w *world) link(id string) {
	w.t.Helper()
	w.tx(func(q store.Q) error {
		now := store.Millis(w.clock.time())
		_, err := q.Exec(w.ctx, "INSERT INTO links (id, user_id, client, scope, access_hash, refresh_hash, first_at, second_at, created_at, used_at, access_until, refresh_until)"+
			" VALUES (?, ?, 'kutano-companion', 'status enrol', ?, ?, ?, ?, ?, ?, ?, ?)", id, w.user.ID, []byte("a"+id), []byte("r"+id), now, now, now, now, now+1e9, now+1e9)
		return err
	})
}

// When the second factor changes, no linked app is fresh any more, nor one that has
// not fetched its tokens yet; they stay linked. ASVS 7.4.3
func TestChangeLeavesNoAppFresh(t *testing.T) {
	each(t, func(w *world) {
		_, done := w.enrolApp(w.signIn(session.Nothing))
		for _, change := range []func() error{
			func() error { done = w.enrolSMS(done.Session, mobile); return nil },
			func() error { return w.Disable(w.ctx, done.Session) },
		} {
			w.tx(func(q store.Q) error {
				for _, query := range []string{
					"DELETE FROM links", "DELETE FROM link_codes", "DELETE FROM link_devices",
					"INSERT INTO link_codes (code_hash, user_id, client, redirect_uri, challenge, scope, first_at, second_at, expires_at) SELECT token_hash, user_id, '', '', '', '', 1, 1, 1 FROM sessions WHERE ended_at = 0",
					"INSERT INTO link_devices (device_hash, user_code, client, scope, state, user_id, first_at, second_at, slow, expires_at) SELECT token_hash, '', '', '', 'granted', user_id, 1, 1, 5, 1 FROM sessions WHERE ended_at = 0",
				} {
					if _, err := q.Exec(w.ctx, query); err != nil {
						return err
					}
				}
				return nil
			})
			w.link("app")
			if err := change(); err != nil {
				w.t.Fatal(err)
			}
			for _, table := range []string{"links", "link_codes", "link_devices"} {
				if w.count(table) != 1 || w.count(table+" WHERE first_at > 0 OR second_at > 0") != 0 {
					w.t.Errorf("%s: an app is still fresh", table)
				}
			}
			if w.count("links WHERE ended_at = 0") != 1 {
				w.t.Error("the link ended")
			}
		}
	})
}
