// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
)

// R57, R62, R63, R71: a backup code stands in for both methods, works once, and new ones are advised.
func TestBackupCodes(t *testing.T) {
	each(t, func(w *world) {
		for _, m := range []factor.Method{factor.TOTP, factor.SMS} {
			w = w.another()
			var first factor.Enrolled
			if m == factor.TOTP {
				_, first = w.enrolApp(w.signIn(session.Nothing))
			} else {
				first = w.enrolSMS(w.signIn(session.Nothing), mobile)
			}
			w.notes.events()
			typed := strings.ToLower(strings.ReplaceAll(first.Codes[4], "-", " "))
			got := w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.Backup, typed))
			if got.CodesLeft != 9 || got.Method != factor.Backup || !got.Session.Ready() || got.Session.AAL() != 2 {
				w.t.Fatalf("%+v", got)
			}
			if len(w.notes.told) != 1 || w.notes.told[0].event != notice.CodeUsed || w.notes.told[0].facts.Left != 9 {
				w.t.Fatalf("told %+v", w.notes.told)
			}
			st := w.status()
			if st.CodesLeft != 9 || st.CodesAll != 10 || !st.NewCodesAdvised || st.Failures != 0 {
				w.t.Fatalf("%+v", st)
			}
			_, err := w.Verify(w.ctx, w.signIn(session.Second), factor.Backup, first.Codes[4])
			w.refused(err, refusal.CodeUsed)
			if w.status().Failures != 1 {
				w.t.Fatal("a used code is a failure")
			}
			for i, c := range slices.Delete(slices.Clone(first.Codes), 4, 5) {
				if got := w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.Backup, c)); got.CodesLeft != 8-i {
					w.t.Fatalf("%d left", got.CodesLeft)
				}
			}
			_, err = w.Verify(w.ctx, w.signIn(session.Second), factor.Backup, first.Codes[0])
			w.refused(err, refusal.NoCodes)
			if w.status().Failures != 0 {
				w.t.Fatal("without codes there is nothing to fail at")
			}
		}
	})
}

// R63: new codes; the old are worth nothing.
func TestNewCodes(t *testing.T) {
	each(t, func(w *world) {
		_, first := w.enrolApp(w.signIn(session.Nothing))
		in := first.Session
		w.notes.events()
		if err := w.CodesSaved(w.ctx, in); err != nil || !w.status().CodesSaved {
			w.t.Fatal(err)
		}
		if err := w.CodesSaved(w.ctx, in); err != nil { // twice is no harm
			w.t.Fatal(err)
		}
		w.clock.pass(time.Minute)
		codes, err := w.NewCodes(w.ctx, in)
		if err != nil || len(codes) != 10 {
			w.t.Fatal(codes, err)
		}
		if st := w.status(); st.CodesSaved || st.CodesLeft != 10 || !st.CodesMade.Equal(w.clock.time()) || st.NewCodesAdvised {
			w.t.Fatalf("%+v", st)
		}
		if ev := w.notes.events(); !slices.Equal(ev, []notice.Event{notice.CodesRenewed}) {
			w.t.Fatalf("told %v", ev)
		}
		_, err = w.Verify(w.ctx, w.signIn(session.Second), factor.Backup, first.Codes[0])
		w.refused(err, refusal.CodeWrong)
		w.must(w.Verify(w.ctx, w.signIn(session.Second), factor.Backup, codes[0]))
		if n := w.count("backup_codes"); n != 10 {
			w.t.Fatalf("%d codes are kept", n)
		}
		if n := w.count("audit WHERE action = 'backup.saved'"); n != 1 {
			w.t.Fatalf("noted %d times that they were saved", n)
		}
	})
}

// Someone else's codes are nobody's.
func TestCodesAreTheirOwners(t *testing.T) {
	each(t, func(w *world) {
		_, ana := w.enrolApp(w.signIn(session.Nothing))
		w.user = w.addUser("ben@kutano.example")
		w.enrolApp(w.signIn(session.Nothing))
		_, err := w.Verify(w.ctx, w.signIn(session.Second), factor.Backup, ana.Codes[0])
		w.refused(err, refusal.CodeWrong)
	})
}
