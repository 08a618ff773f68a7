// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package session

import (
	"context"
	"strconv"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/store"
)

// SignOut ends a session for its user, be it in itself or another of theirs, and notes it
// in the audit log; ErrEnded if there is no such live one. To end another takes a
// session that IsRecent: a refusal of the kind NeedsElevation otherwise.
func SignOut(ctx context.Context, q store.Q, in Session, id string, now time.Time) error {
	if id != in.ID && !in.IsRecent(now) {
		return refusal.New(refusal.NeedsElevation)
	}
	if err := End(ctx, q, in.UserID, id, now); err != nil {
		return err
	}
	_, err := audit.Write(ctx, q, audit.Event{
		At: now, Actor: in.UserID, Subject: in.UserID, Action: audit.SessionEnded, Detail: map[string]string{"session": id},
	})
	return err
}

// SignOutOthers ends all sessions of the user but in, and notes it in the audit
// log. It returns how many ended. A refusal as of SignOut.
func SignOutOthers(ctx context.Context, q store.Q, in Session, now time.Time) (int64, error) {
	if !in.IsRecent(now) {
		return 0, refusal.New(refusal.NeedsElevation)
	}
	n, err := EndAll(ctx, q, in.UserID, in.ID, now)
	if err != nil || n == 0 {
		return n, err
	}
	_, err = audit.Write(ctx, q, audit.Event{
		At: now, Actor: in.UserID, Subject: in.UserID, Action: audit.SessionsEnded,
		Detail: map[string]string{"count": strconv.FormatInt(n, 10)},
	})
	return n, err
}
