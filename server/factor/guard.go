// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"strconv"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Failures of all second factors of an account, in a row. At most Stop guesses
// go to codes of six digits, where NIST SP 800-63B-4, 3.2.2 allows 100.
const (
	Free        = 5                // so many tries without a wait
	FirstWait   = 30 * time.Second // then this, doubling
	LongestWait = 15 * time.Minute
	Stop        = 50 // from here on only a backup code or an administrator helps
)

// waitAfter is how long to wait after so many failures in a row.
func waitAfter(failures int) time.Duration {
	if failures < Free {
		return 0
	}
	return min(FirstWait<<min(failures-Free, 10), LongestWait)
}

// waitLeft is how long to wait still. It is never longer than the failures cost:
// a clock that was ahead when they happened must not lock anyone out for so long.
func waitLeft(failures int, notBefore int64, now time.Time) time.Duration {
	return min(store.Time(notBefore).Sub(now), waitAfter(failures))
}

// admit refuses a try that comes too early, or that failures have closed the way for.
func (s *Service) admit(ctx context.Context, q store.Q, a *account, m Method, now time.Time) error {
	if a.failures >= Stop && m != Backup && m != Bypass {
		return refusal.New(refusal.Blocked)
	}
	wait := waitLeft(a.failures, a.notBefore, now)
	if wait <= 0 {
		return nil
	}
	if until := store.Millis(now.Add(wait)); until < a.notBefore { // the clock was set back: the wait counts from now
		a.notBefore = until
		if err := a.save(ctx, q); err != nil {
			return err
		}
	}
	return refusal.After(refusal.TooManyTries, wait)
}

// save writes the failures of an account.
func (a *account) save(ctx context.Context, q store.Q) error {
	_, err := exec(ctx, q, "count failures", "UPDATE guards SET failures = ?, not_before = ? WHERE user_id = ?",
		a.failures, a.notBefore, a.userID)
	return err
}

// count counts one more failure.
func (a *account) count(ctx context.Context, q store.Q, now time.Time) error {
	a.failures++
	a.notBefore = 0
	if wait := waitAfter(a.failures); wait > 0 {
		a.notBefore = store.Millis(now.Add(wait))
	}
	return a.save(ctx, q)
}

// clear forgets the failures after a right code.
func (a *account) clear(ctx context.Context, q store.Q) error {
	if a.failures == 0 && a.notBefore == 0 {
		return nil
	}
	a.failures, a.notBefore = 0, 0
	return a.save(ctx, q)
}

// failed notes a failure that was counted, tells the user, and returns the refusal.
func (s *Service) failed(ctx context.Context, q store.Q, a *account, in session.Session, m Method, why refusal.Kind, now time.Time) error {
	_, err := audit.Write(ctx, q, audit.Event{
		At: now, Actor: in.UserID, Subject: a.userID, Action: audit.SecondRefused,
		Detail: map[string]string{"method": string(m), "reason": string(why), "failures": strconv.Itoa(a.failures)},
	})
	if err != nil {
		return err
	}
	if err := s.warn(ctx, q, a, now); err != nil {
		return err
	}
	e := refusal.After(why, waitAfter(a.failures))
	e.Left = max(0, Free-a.failures)
	return e
}

// warn tells the user of failures after a good first factor, and when they have
// closed the way. A mail for each try is what notice keeps from happening.
func (s *Service) warn(ctx context.Context, q store.Q, a *account, now time.Time) error {
	if a.failures != Stop {
		return s.tell(ctx, q, a.userID, notice.SecondFailed, notice.Facts{}, now)
	}
	if _, err := audit.Write(ctx, q, audit.Event{At: now, Subject: a.userID, Action: audit.SecondBlocked}); err != nil {
		return err
	}
	return s.tell(ctx, q, a.userID, notice.SecondBlocked, notice.Facts{}, now)
}
