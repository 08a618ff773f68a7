// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"strconv"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// verifyBackup hashes between two transactions: the first counts the try, so
// that it counts whatever happens to the second, which takes the code.
func (s *Service) verifyBackup(ctx context.Context, in session.Session, typed string) (Accepted, error) {
	code, err := otp.NormaliseBackup(typed)
	if err != nil {
		return Accepted{}, err
	}
	now := s.Clock()
	set, err := s.reserve(ctx, in, now)
	if err != nil {
		return Accepted{}, err
	}
	hash, err := otp.HashBackup(ctx, code, set.salt, set.cost)
	if err != nil {
		return Accepted{}, err
	}
	var got Accepted
	err = s.tx(ctx, func(q store.Q) error {
		a, err := s.lock(ctx, q, in.UserID)
		if err != nil {
			return err
		}
		got, err = s.takeBackup(ctx, q, &a, in, set.id, hash, now)
		return err
	})
	return got, err
}

// reserve counts a try with a backup code as a failure, until it is known to be right.
func (s *Service) reserve(ctx context.Context, in session.Session, now time.Time) (backupSet, error) {
	var set backupSet
	err := s.tx(ctx, func(q store.Q) error {
		a, err := s.lock(ctx, q, in.UserID)
		if err != nil {
			return err
		}
		if !a.enrolled() {
			return refusal.New(refusal.NotEnrolled)
		}
		if err := s.admit(ctx, q, &a, Backup, now); err != nil {
			return err
		}
		var cost string
		found, err := row(ctx, q, "look for backup codes", "SELECT b.id, b.salt, b.cost FROM backup_sets b"+
			" WHERE b.user_id = ? AND EXISTS (SELECT 1 FROM backup_codes c WHERE c.set_id = b.id AND c.used_at = 0)",
			[]any{in.UserID}, &set.id, &set.salt, &cost)
		if err != nil {
			return err
		}
		if !found {
			return refusal.New(refusal.NoCodes)
		}
		if set.cost, err = otp.ParseCost(cost); err != nil {
			return err
		}
		return a.count(ctx, q, now)
	})
	return set, err
}

func (s *Service) takeBackup(ctx context.Context, q store.Q, a *account, in session.Session, set string, hash []byte, now time.Time) (Accepted, error) {
	const doing = "take a backup code"
	n, err := exec(ctx, q, doing, "UPDATE backup_codes SET used_at = ? WHERE set_id = ? AND hash = ? AND used_at = 0", store.Millis(now), set, hash)
	if err != nil {
		return Accepted{}, err
	}
	if n == 0 {
		var used int64
		found, err := row(ctx, q, doing, "SELECT used_at FROM backup_codes WHERE set_id = ? AND hash = ?", []any{set, hash}, &used)
		if err != nil {
			return Accepted{}, err
		}
		why := refusal.CodeWrong
		if found {
			why = refusal.CodeUsed
		}
		return Accepted{}, s.failed(ctx, q, a, in, Backup, why, now)
	}
	got := Accepted{Method: Backup}
	if _, err := row(ctx, q, doing, "SELECT COUNT(*) FROM backup_codes WHERE set_id = ? AND used_at = 0", []any{set}, &got.CodesLeft); err != nil {
		return Accepted{}, err
	}
	left := map[string]string{"left": strconv.Itoa(got.CodesLeft)}
	if _, err := audit.Write(ctx, q, audit.Event{At: now, Actor: in.UserID, Subject: in.UserID, Action: audit.BackupUsed, Detail: left}); err != nil {
		return Accepted{}, err
	}
	if err := s.tell(ctx, q, in.UserID, notice.CodeUsed, notice.Facts{Left: got.CodesLeft}, now); err != nil {
		return Accepted{}, err
	}
	return s.accept(ctx, q, a, in, got, now)
}
