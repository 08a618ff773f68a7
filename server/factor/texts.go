// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"cmp"
	"context"
	"time"

	"github.com/kutano/authenticator/server/limit"
	"github.com/kutano/authenticator/server/store"
)

// TextsPerHour is how many text messages with codes go in an hour for all users
// together, where a Service does not say otherwise. It bounds what someone can make
// the workspace pay who has many accounts (OWASP ASVS 5, 2.4.1).
const TextsPerHour = 1000

// textsOfUserDay bounds what one account can make the workspace pay.
var textsOfUserDay = limit.Limit{Name: "sms-user-day", Most: 20, Window: 24 * time.Hour}

// takeTotals counts a text message towards the limits that hold whatever it is for.
// That of all users comes last: its row is held only while the message is written.
func (s *Service) takeTotals(ctx context.Context, q store.Q, userID string, now time.Time) error {
	if err := s.takeText(ctx, q, textsOfUserDay, userID, now); err != nil {
		return err
	}
	all := limit.Limit{Name: "sms-all", Most: cmp.Or(s.TextsPerHour, TextsPerHour), Window: time.Hour}
	return s.takeText(ctx, q, all, "", now)
}
