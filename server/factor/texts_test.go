// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
)

// One account sends no more than twenty texts a day, to whatever numbers. ASVS 2.4.1
func TestTextsADay(t *testing.T) {
	each(t, func(w *world) {
		for n := range 20 {
			if _, err := w.Enrol(w.ctx, w.signIn(session.Nothing), factor.SMS, fmt.Sprintf("+4917012345%02d", n)); err != nil {
				w.t.Fatal(n, err)
			}
			w.clock.pass(time.Hour)
		}
		_, err := w.Enrol(w.ctx, w.signIn(session.Nothing), factor.SMS, mobile)
		if e := w.why(err, refusal.TooManySent); e.RetryAfter != 4*time.Hour {
			w.t.Errorf("wait %v", e.RetryAfter)
		}
	})
}

// All users together send no more than so many an hour. ASVS 2.4.1
func TestTextsOfAll(t *testing.T) {
	each(t, func(w *world) {
		w.TextsPerHour = 2
		w.enrolSMS(w.signIn(session.Nothing), mobile)
		other := w.signIn(session.Second)
		if _, err := w.SendCode(w.ctx, other); err != nil {
			w.t.Fatal(err)
		}
		ana := w.addUser("someone@else.example")
		w.user = ana
		_, err := w.Enrol(w.ctx, w.signIn(session.Nothing), factor.SMS, "+491701234567")
		w.refused(err, refusal.TooManySent)
		w.clock.pass(time.Hour)
		if _, err := w.Enrol(w.ctx, w.signIn(session.Nothing), factor.SMS, "+491701234567"); err != nil {
			w.t.Fatal(err)
		}
	})
}
