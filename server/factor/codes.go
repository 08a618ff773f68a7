// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// backupSet is a set of backup codes; the codes and hashes are of a new one only.
type backupSet struct {
	id     string
	salt   []byte
	cost   otp.Cost
	codes  []string
	hashes [][]byte
}

// newSet makes a set. It takes as long as that many slow hashes.
func (s *Service) newSet(ctx context.Context) (backupSet, error) {
	set := backupSet{id: seal.NewID(), salt: otp.NewSalt(), cost: s.Cost, codes: otp.BackupSet()}
	if set.cost == (otp.Cost{}) {
		set.cost = otp.DefaultCost
	}
	for _, shown := range set.codes {
		code, err := otp.NormaliseBackup(shown)
		if err != nil {
			return backupSet{}, fmt.Errorf("make backup codes: %w", err)
		}
		hash, err := otp.HashBackup(ctx, code, set.salt, set.cost)
		if err != nil {
			return backupSet{}, fmt.Errorf("make backup codes: %w", err)
		}
		set.hashes = append(set.hashes, hash)
	}
	return set, nil
}

// put makes a set the only one of a user.
func (b *backupSet) put(ctx context.Context, q store.Q, userID, actor string, now time.Time) error {
	const doing = "keep backup codes"
	if _, err := exec(ctx, q, doing, "DELETE FROM backup_sets WHERE user_id = ?", userID); err != nil { // its codes go with it
		return err
	}
	if _, err := exec(ctx, q, doing, "INSERT INTO backup_sets (user_id, id, salt, cost, created_at) VALUES (?, ?, ?, ?, ?)",
		userID, b.id, b.salt, b.cost.String(), store.Millis(now)); err != nil {
		return err
	}
	var args []any
	for _, hash := range b.hashes {
		args = append(args, b.id, hash)
	}
	if _, err := exec(ctx, q, doing, "INSERT INTO backup_codes (set_id, hash) VALUES (?, ?)"+strings.Repeat(", (?, ?)", len(b.hashes)-1), args...); err != nil {
		return err
	}
	_, err := audit.Write(ctx, q, audit.Event{
		At: now, Actor: actor, Subject: userID, Action: audit.BackupMade,
		Detail: map[string]string{"count": strconv.Itoa(len(b.hashes))},
	})
	return err
}

// NewCodes makes a new set of backup codes; the old ones are worth nothing from then on.
//
// Refusals: NotEnrolled, NeedsElevation, Forbidden for a linked app, and what the session lacks.
func (s *Service) NewCodes(ctx context.Context, in session.Session) ([]string, error) {
	now := s.Clock()
	may := func(q store.Q) error {
		a, err := s.lock(ctx, q, in.UserID)
		if err != nil {
			return err
		}
		if err := maySettle(in, a.enrolled(), now); err != nil {
			return err
		}
		return alive(ctx, q, in)
	}
	if err := s.tx(ctx, may); err != nil { // before the slow hashes
		return nil, err
	}
	set, err := s.newSet(ctx)
	if err != nil {
		return nil, err
	}
	err = s.tx(ctx, func(q store.Q) error {
		if err := may(q); err != nil {
			return err
		}
		if err := set.put(ctx, q, in.UserID, in.UserID, now); err != nil {
			return err
		}
		return s.tell(ctx, q, in.UserID, notice.CodesRenewed, notice.Facts{Left: len(set.codes)}, now)
	})
	if err != nil {
		return nil, err
	}
	return set.codes, nil
}

// CodesSaved notes that the user said "I have saved them"; NoCodes where there are none.
func (s *Service) CodesSaved(ctx context.Context, in session.Session) error {
	switch {
	case in.Need == session.Second:
		return refusal.New(refusal.NeedsSecond)
	case in.Need == session.Enrol:
		return refusal.New(refusal.NeedsEnrolment)
	case !in.May(session.EnrolOnly):
		return refusal.New(refusal.Forbidden)
	}
	now := s.Clock()
	return s.tx(ctx, func(q store.Q) error {
		const doing = "note that backup codes were saved"
		n, err := exec(ctx, q, doing, "UPDATE backup_sets SET confirmed_at = ? WHERE user_id = ? AND confirmed_at = 0", store.Millis(now), in.UserID)
		if err != nil {
			return err
		}
		if n > 0 {
			_, err = audit.Write(ctx, q, audit.Event{At: now, Actor: in.UserID, Subject: in.UserID, Action: audit.BackupSaved})
			return err
		}
		var one int
		found, err := row(ctx, q, doing, "SELECT 1 FROM backup_sets WHERE user_id = ?", []any{in.UserID}, &one)
		if err == nil && !found {
			return refusal.New(refusal.NoCodes)
		}
		return err
	})
}
