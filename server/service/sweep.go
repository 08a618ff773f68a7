// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package service

import (
	"context"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/store"
)

// over are the rows that nobody needs any more: each table with its primary key,
// what must hold, and how long after that rows stay, so that a latecomer is
// told "too late" and not "never heard of it".
var over = []struct {
	table, key, where string
	keep              time.Duration
}{
	{"limits", "name, hash", "expires_at <= ?", 0},
	{"mail_flows", "id", "expires_at <= ?", 24 * time.Hour},
	{"provider_flows", "state_hash", "expires_at <= ?", 24 * time.Hour},
	{"sms_codes", "session_id", "expires_at <= ?", 24 * time.Hour},
	{"enrolments", "id", "expires_at <= ?", 24 * time.Hour},
	{"bypass_codes", "user_id", "expires_at <= ?", 24 * time.Hour},
	{"resyncs", "user_id", "expires_at <= ?", 24 * time.Hour},
	{"link_codes", "code_hash", "expires_at <= ?", 24 * time.Hour},
	{"link_devices", "device_hash", "expires_at <= ?", 24 * time.Hour},
	{"objections", "token_hash", "expires_at <= ?", 24 * time.Hour},
	// A session lives twelve hours; one with a code by SMS goes after the code.
	{"sessions", "id", "created_at <= ? AND NOT EXISTS (SELECT 1 FROM sms_codes c WHERE c.session_id = sessions.id)", 48 * time.Hour},
	{"links", "id", "refresh_until <= ?", 30 * 24 * time.Hour},
	{"outbox", "id", "created_at <= ? AND (sent_at > 0 OR failed_at > 0)", 30 * 24 * time.Hour},
}

// batch is how many rows are deleted at once, so that nobody waits for it.
const batch = 500

// Sweep deletes rows that are over, in small transactions.
func (s *Service) Sweep(ctx context.Context) error {
	for _, o := range over {
		before := store.Millis(s.Clock().Add(-o.keep))
		query := fmt.Sprintf("DELETE FROM %s WHERE (%s) IN (SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT %d)",
			o.table, o.key, o.key, o.table, o.where, o.key, batch)
		for {
			n, err := s.DB.Exec(ctx, query, before)
			if err != nil {
				return fmt.Errorf("delete old rows of %s: %w", o.table, err)
			}
			if n < batch {
				break
			}
		}
	}
	return nil
}
