// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

const bypassUse = "bypass-code"

// verifyBypass works with a second factor and without one. It never tells
// whether there is a live code: without one, what is typed is wrong.
func (s *Service) verifyBypass(ctx context.Context, in session.Session, typed string) (Accepted, error) {
	code, err := otp.NormaliseBypass(typed)
	if err != nil {
		return Accepted{}, err
	}
	now := s.Clock()
	var got Accepted
	err = s.tx(ctx, func(q store.Q) error {
		a, err := s.lock(ctx, q, in.UserID)
		if err != nil {
			return err
		}
		if err := s.admit(ctx, q, &a, Bypass, now); err != nil {
			return err
		}
		var mac []byte
		var expires int64
		if _, err := row(ctx, q, "look for a bypass code", "SELECT code_mac, expires_at FROM bypass_codes WHERE user_id = ?"+q.Lock(),
			[]any{a.userID}, &mac, &expires); err != nil {
			return err
		}
		right, late := s.Keys.Match(mac, bypassUse, a.userID, code), !now.Before(store.Time(expires))
		if !right || late {
			why := refusal.CodeWrong
			if right {
				why = refusal.CodeExpired
			}
			if err := a.count(ctx, q, now); err != nil {
				return err
			}
			return s.failed(ctx, q, &a, in, Bypass, why, now)
		}
		if _, err := exec(ctx, q, "take a bypass code", "DELETE FROM bypass_codes WHERE user_id = ?", a.userID); err != nil {
			return err
		}
		if _, err := audit.Write(ctx, q, audit.Event{At: now, Actor: in.UserID, Subject: in.UserID, Action: audit.BypassUsed}); err != nil {
			return err
		}
		got, err = s.accept(ctx, q, &a, in, Accepted{Method: Bypass}, now)
		return err
	})
	return got, err
}
