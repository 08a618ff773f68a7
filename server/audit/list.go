// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/kutano/authenticator/server/store"
)

// MostListed is how many events List returns at most.
const MostListed = 200

// List returns events, the newest first: at most most of them (1 to MostListed),
// with ids below before (0 the newest), about subject ("" all).
func List(ctx context.Context, q store.Q, subject string, before int64, most int) ([]Event, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	where, args := "id < ?", []any{before}
	if subject != "" {
		where, args = where+" AND subject = ?", append(args, subject)
	}
	var all []Event
	err := q.Rows(ctx, "SELECT "+rowColumns+", COALESCE(seq, 0) FROM audit WHERE "+where+" ORDER BY id DESC LIMIT ?",
		append(args, min(max(most, 1), MostListed)), func(scan func(...any) error) error {
			var r row
			var e Event
			if err := scan(append(r.fields(), &e.Seq)...); err != nil {
				return err
			}
			e.ID, e.At, e.Actor, e.Subject, e.Action = r.id, store.Time(r.at), r.actor, r.subject, Action(r.action)
			all = append(all, e)
			return json.Unmarshal([]byte(r.detail), &all[len(all)-1].Detail)
		})
	if err != nil {
		return nil, fmt.Errorf("list the audit log: %w", err)
	}
	return all, nil
}
