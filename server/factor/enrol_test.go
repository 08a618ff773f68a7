// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// R35, R39, R40, R42: the path of the authenticator app.
func TestAppPath(t *testing.T) {
	each(t, func(w *world) {
		// R01: it is optional; off is where an account begins.
		if st := w.status(); st.Method != "" || st.NewCodesAdvised || st.CodesAll != 0 || st.Pending != nil {
			w.t.Fatalf("%+v", st)
		}
		in, before := w.signInToken(session.Nothing)
		_, elsewhere := w.signInToken(session.Nothing)
		e, err := w.Enrol(w.ctx, in, factor.TOTP, "")
		if err != nil {
			w.t.Fatal(err)
		}
		secret := w.secretOf(e)
		if len(secret) != otp.SecretSize || e.Secret != otp.SecretText(secret) || !e.Expires.Equal(w.clock.time().Add(10*time.Minute)) {
			w.t.Fatalf("%+v", e)
		}
		again, err := w.Pending(w.ctx, in, e.ID)
		if err != nil || again != e {
			w.t.Fatalf("the page loaded anew shows %+v, %v, not %+v", again, err, e)
		}
		if p := w.status().Pending; p == nil || p.ID != e.ID || p.KeyURI != "" || p.Secret != "" {
			w.t.Fatalf("pending: %+v", p)
		}
		// R39: on only after a right code.
		bad := w.wrong(secret)
		_, err = w.VerifyEnrolment(w.ctx, in, e.ID, bad)
		if r := w.why(err, refusal.CodeWrong); r.Left != factor.EnrolTriesTOTP-1 {
			w.t.Fatalf("%d tries left", r.Left)
		}
		_, err = w.VerifyEnrolment(w.ctx, in, e.ID, "12345")
		w.refused(err, refusal.CodeMalformed)
		if st := w.status(); st.Method != "" || st.Failures != 0 {
			w.t.Fatalf("on after a wrong code: %+v", st)
		}
		got, err := w.VerifyEnrolment(w.ctx, in, e.ID, w.code(secret, -1))
		if err != nil {
			w.t.Fatal(err)
		}
		if got.Method != factor.TOTP || len(got.Codes) != otp.SetSize || !got.Session.Ready() || got.Session.AAL() != 2 {
			w.t.Fatalf("%+v", got)
		}
		if w.lives(before) || w.lives(elsewhere) || !w.lives(got.Token) {
			w.t.Fatal("the session has to have a new token, and the others to be ended")
		}
		st := w.status()
		if st.Method != factor.TOTP || !st.Since.Equal(w.clock.time()) || !st.LastUsed.IsZero() || st.Drift != -1 ||
			st.CodesAll != 10 || st.CodesLeft != 10 || st.CodesSaved || st.NewCodesAdvised || st.Pending != nil {
			w.t.Fatalf("%+v", st)
		}
		if ev := w.notes.events(); !slices.Equal(ev, []notice.Event{notice.MethodAdded}) {
			w.t.Fatalf("told %v", ev)
		}
		// The enrolment code counts as used.
		waiting := w.signIn(session.Second)
		_, err = w.Verify(w.ctx, waiting, factor.TOTP, w.code(secret, -1))
		w.refused(err, refusal.CodeUsed)
		// R42: last used.
		w.clock.pass(time.Minute)
		w.must(w.Verify(w.ctx, waiting, factor.TOTP, w.code(secret, 0)))
		if st := w.status(); !st.LastUsed.Equal(w.clock.time()) || st.Drift != 0 {
			w.t.Fatalf("%+v", st)
		}
	})
}

// R28, R29, R30, R50: the path of the text message.
func TestSMSPath(t *testing.T) {
	each(t, func(w *world) {
		in := w.signIn(session.Nothing)
		// R26: not every number can receive codes.
		_, err := w.Enrol(w.ctx, in, factor.SMS, "+41 44 668 18 00")
		w.refused(err, refusal.PhoneInvalid)
		e, err := w.Enrol(w.ctx, in, factor.SMS, mobile)
		if err != nil {
			w.t.Fatal(err)
		}
		if e.PhoneHint != "+41 •• ••• •• 42" || e.Resend != time.Minute || e.KeyURI != "" || e.Secret != "" {
			w.t.Fatalf("%+v", e)
		}
		// R27: a code goes to that number.
		if len(w.notes.texts) != 1 || w.notes.texts[0].phone != "+41791234542" {
			w.t.Fatalf("%+v", w.notes.texts)
		}
		code := w.texted()
		_, err = w.VerifyEnrolment(w.ctx, in, e.ID, not(code))
		if r := w.why(err, refusal.CodeWrong); r.Left != 4 {
			w.t.Fatalf("%d tries left", r.Left)
		}
		if st := w.status(); st.Method != "" {
			w.t.Fatal("on after a wrong code")
		}
		got, err := w.VerifyEnrolment(w.ctx, in, e.ID, code[:3]+" "+code[3:])
		if err != nil || len(got.Codes) != 10 {
			w.t.Fatalf("%+v, %v", got, err)
		}
		if st := w.status(); st.Method != factor.SMS || st.PhoneHint != e.PhoneHint {
			w.t.Fatalf("%+v", st)
		}
		_, err = w.VerifyEnrolment(w.ctx, got.Session, e.ID, code)
		w.refused(err, refusal.EnrolExpired)
	})
}

// R28, R39: an enrolment that is too late, has had too many tries, is another's or was dropped.
func TestEnrolmentEnds(t *testing.T) {
	type begun struct {
		in    session.Session
		e     factor.Enrolment
		right string
	}
	spoils := func(tries int) map[string]func(w *world, b *begun) refusal.Kind {
		return map[string]func(w *world, b *begun) refusal.Kind{
			"late": func(w *world, _ *begun) refusal.Kind {
				w.clock.pass(10 * time.Minute)
				return refusal.EnrolExpired
			},
			"just in time": func(w *world, _ *begun) refusal.Kind {
				w.clock.pass(20 * time.Second)
				return ""
			},
			"tried out": func(w *world, b *begun) refusal.Kind {
				for i := range tries {
					_, err := w.VerifyEnrolment(w.ctx, b.in, b.e.ID, not(b.right))
					if r := w.why(err, refusal.CodeWrong); r.Left != tries-1-i {
						w.t.Fatalf("%d tries left after %d of %d", r.Left, i+1, tries)
					}
				}
				return refusal.EnrolExpired
			},
			"one try left": func(w *world, b *begun) refusal.Kind {
				for range tries - 1 {
					_, err := w.VerifyEnrolment(w.ctx, b.in, b.e.ID, not(b.right))
					w.refused(err, refusal.CodeWrong)
				}
				return ""
			},
			"another session": func(w *world, b *begun) refusal.Kind {
				b.in = w.signIn(session.Nothing)
				return refusal.EnrolExpired
			},
			"dropped": func(w *world, b *begun) refusal.Kind {
				if err := w.Cancel(w.ctx, b.in, b.e.ID); err != nil {
					w.t.Fatal(err)
				}
				return refusal.EnrolExpired
			},
			"dropped by another": func(w *world, b *begun) refusal.Kind {
				if err := w.Cancel(w.ctx, w.signIn(session.Nothing), b.e.ID); err != nil {
					w.t.Fatal(err)
				}
				return ""
			},
			"begun again": func(w *world, b *begun) refusal.Kind { // R55: with a new secret
				e, err := w.Enrol(w.ctx, b.in, factor.TOTP, "")
				if err != nil || e.Secret == b.e.Secret || e.ID == b.e.ID {
					w.t.Fatalf("%+v, %v", e, err)
				}
				return refusal.EnrolExpired
			},
		}
	}
	each(t, func(w *world) {
		for m, tries := range map[factor.Method]int{factor.TOTP: 10, factor.SMS: 5} {
			for what, spoil := range spoils(tries) {
				w = w.another()
				b := begun{in: w.signIn(session.Nothing)}
				var err error
				if b.e, err = w.Enrol(w.ctx, b.in, m, mobile); err != nil {
					w.t.Fatal(m, what, err)
				}
				if m == factor.SMS {
					b.right = w.texted()
				} else {
					b.right = w.code(w.secretOf(b.e), 0)
				}
				want := spoil(w, &b)
				_, err = w.VerifyEnrolment(w.ctx, b.in, b.e.ID, b.right)
				if want == "" && err != nil || want != "" && !refusal.Is(err, want) {
					w.t.Errorf("%s, %s: got %v, want %q", m, what, err, want)
				}
				if on := w.status().Method != ""; on != (want == "") {
					w.t.Errorf("%s, %s: on: %v", m, what, on)
				}
			}
		}
	})
}

// R60: after a reset nothing can be done before a method is set up, and then all is open.
func TestInsistsOnEnrolment(t *testing.T) {
	each(t, func(w *world) {
		by := w.clock.time().Add(72 * time.Hour)
		if _, err := w.DB.Exec(w.ctx, "UPDATE users SET enrol_by = ? WHERE id = ?", store.Millis(by), w.user.ID); err != nil {
			w.t.Fatal(err)
		}
		in := w.signIn(session.Enrol)
		if st := w.status(); !st.EnrolBy.Equal(by) {
			w.t.Fatalf("%+v", st)
		}
		_, codes := w.NewCodes(w.ctx, in)
		_, send := w.SendCode(w.ctx, in)
		_, verify := w.Verify(w.ctx, in, factor.Bypass, "BCDFGHJK")
		for what, err := range map[string]error{
			"disable": w.Disable(w.ctx, in), "new codes": codes, "send": send, "verify": verify, "saved": w.CodesSaved(w.ctx, in),
		} {
			if !refusal.Is(err, refusal.NeedsEnrolment) {
				w.t.Errorf("%s: %v", what, err)
			}
		}
		w.clock.pass(20 * time.Minute) // such a session needs not be fresh
		_, got := w.enrolApp(in)
		if !got.Session.Ready() || got.Session.AAL() != 2 || !w.status().EnrolBy.IsZero() {
			w.t.Fatalf("%+v, %+v", got, w.status())
		}
	})
}

// The slow hash with its real cost, once.
func TestDefaultCost(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.Cost = otp.Cost{}
	_, got := w.enrolApp(w.signIn(session.Nothing))
	var cost string
	if err := w.DB.Row(w.ctx, "SELECT cost FROM backup_sets", nil, &cost); err != nil || cost != otp.DefaultCost.String() {
		t.Fatalf("%s, %v", cost, err)
	}
	w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.Backup, got.Codes[3]))
}

// What cannot be told does not happen.
func TestToldOrNotDone(t *testing.T) {
	each(t, func(w *world) {
		secret, got := w.enrolApp(w.signIn(session.Nothing))
		w.notes.broken = errors.New("no outbox")
		_, codes := w.NewCodes(w.ctx, got.Session)
		_, used := w.Verify(w.ctx, w.signIn(session.Second), factor.Backup, got.Codes[0])
		e, err := w.Enrol(w.ctx, got.Session, factor.TOTP, "")
		if err != nil {
			w.t.Fatal(err)
		}
		_, changed := w.VerifyEnrolment(w.ctx, got.Session, e.ID, w.code(w.secretOf(e), 0))
		_, sent := w.Enrol(w.ctx, got.Session, factor.SMS, mobile)
		for what, err := range map[string]error{
			"disable": w.Disable(w.ctx, got.Session), "new codes": codes, "backup code": used, "change": changed, "SMS": sent,
		} {
			if !errors.Is(err, w.notes.broken) {
				w.t.Errorf("%s: %v", what, err)
			}
		}
		w.notes.broken = nil
		if st := w.status(); st.Method != factor.TOTP || st.CodesLeft != 10 || st.Pending == nil || st.Pending.ID != e.ID {
			w.t.Fatalf("%+v", st)
		}
		w.clock.pass(time.Minute)
		w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.TOTP, w.code(secret, 0)))
		w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.Backup, got.Codes[0]))
	})
}

// Nothing that must stay secret is in the database in the clear, or in the audit log at all.
func TestNothingSecretInTheDatabase(t *testing.T) {
	each(t, func(w *world) {
		secret, first := w.enrolApp(w.signIn(session.Nothing))
		in := first.Session
		e, err := w.Enrol(w.ctx, in, factor.SMS, mobile)
		if err != nil {
			w.t.Fatal(err)
		}
		codes := []string{w.texted(), string(secret), "791234542", strings.ReplaceAll(first.Codes[0], "-", ""), first.Codes[0]}
		w.refused(func() error { _, err := w.VerifyEnrolment(w.ctx, in, e.ID, not(w.texted())); return err }(), refusal.CodeWrong)
		for _, column := range []string{
			"factors.secret", "enrolments.phone", "enrolments.code_mac", "backup_codes.hash", "audit.detail", "enrolments.phone_hint", "limits.hash",
		} {
			table, name, _ := strings.Cut(column, ".")
			err := w.DB.Rows(w.ctx, "SELECT "+name+" FROM "+table, nil, func(scan func(...any) error) error {
				var b []byte
				if err := scan(&b); err != nil {
					return err
				}
				for _, c := range codes {
					if strings.Contains(string(b), c) {
						w.t.Errorf("%s holds a secret", column)
					}
				}
				return nil
			})
			if err != nil {
				w.t.Fatal(err)
			}
		}
	})
}

func TestStatusOfNobody(t *testing.T) {
	each(t, func(w *world) {
		if _, err := w.Status(context.Background(), "nobody"); !errors.Is(err, people.ErrNobody) {
			w.t.Fatal(err)
		}
	})
}
