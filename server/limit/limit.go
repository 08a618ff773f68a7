// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package limit counts in the database how often something happened, so that
// limits hold across restarts and across all instances of the service.
package limit

import (
	"context"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// Limit is so many times in a window of time. A window begins with the first time.
type Limit struct {
	Name   string
	Most   int
	Window time.Duration
}

// Take counts one more time for who, which is kept as a keyed hash only. Past
// the limit it is a refusal of the kind TooManyTries with the time to wait, and
// nothing is counted. The transaction must be committed whatever else is refused.
func (l Limit) Take(ctx context.Context, q store.Q, keys *seal.Keys, who string, now time.Time) error {
	hash := keys.MAC("limit", l.Name, who)
	var start int64
	var n int
	// One statement, so that of two at once each is counted. A window that begins
	// more than two days ahead was begun by a clock that was set back since.
	const over = "(limits.expires_at <= excluded.window_start OR limits.window_start > excluded.window_start + 172800000)"
	err := q.Row(ctx, "INSERT INTO limits (name, hash, window_start, n, expires_at) VALUES (?, ?, ?, 1, ?)"+
		" ON CONFLICT (name, hash) DO UPDATE SET"+
		" n = CASE WHEN "+over+" THEN 1 WHEN limits.n > ? THEN limits.n ELSE limits.n + 1 END,"+
		" window_start = CASE WHEN "+over+" THEN excluded.window_start ELSE limits.window_start END,"+
		" expires_at = CASE WHEN "+over+" THEN excluded.expires_at ELSE limits.expires_at END"+
		" RETURNING window_start, n",
		[]any{l.Name, hash, store.Millis(now), store.Millis(now.Add(l.Window)), l.Most}, &start, &n)
	if err != nil {
		return fmt.Errorf("count towards a limit: %w", err)
	}
	if n > l.Most {
		return refusal.After(refusal.TooManyTries, min(l.Window, store.Time(start).Add(l.Window).Sub(now)))
	}
	return nil
}

// Forget begins anew for who, after a success that shows that it was no attack.
func (l Limit) Forget(ctx context.Context, q store.Q, keys *seal.Keys, who string) error {
	for _, hash := range keys.Fingerprints("limit", l.Name, who) {
		if _, err := q.Exec(ctx, "DELETE FROM limits WHERE name = ? AND hash = ?", l.Name, hash); err != nil {
			return fmt.Errorf("begin to count anew: %w", err)
		}
	}
	return nil
}
