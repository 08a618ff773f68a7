// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/netip"
	"time"

	"github.com/kutano/authenticator/server/limit"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// The limits, in the database and so for all instances together. They hold for
// addresses that nobody has too.
//
// Five tries at each of many mails would let a patient guesser of six digits in
// within a year or two, so that wrong codes are also counted by the day and by the
// month: 300 a month are one account in 270 in a year, of those without a second
// factor. A right code begins all of its address anew but the month.
//
// Whoever knows an address can use its limits up. That must not keep its owner out:
// a browser that the user signed in with before, and a session of theirs, count by
// themselves. And no one network can use up an address's wrong codes of a day alone.
var (
	sendsFromIP     = limit.Limit{Name: "mail-from-ip", Most: 100, Window: time.Hour}
	sendsToAddress  = limit.Limit{Name: "mail-to-address", Most: 10, Window: time.Hour}
	sendsOfADay     = limit.Limit{Name: "mail-to-address-day", Most: 50, Window: 24 * time.Hour}
	wrongFromOne    = limit.Limit{Name: "mail-code-wrong-from", Most: 20, Window: 24 * time.Hour}
	wrongForAddress = limit.Limit{Name: "mail-code-wrong", Most: 50, Window: 24 * time.Hour}
	wrongOfAMonth   = limit.Limit{Name: "mail-code-wrong-month", Most: 300, Window: 30 * 24 * time.Hour}
	sendsKnown      = limit.Limit{Name: "mail-known", Most: 10, Window: time.Hour}
	wrongKnown      = limit.Limit{Name: "mail-code-wrong-known", Most: 50, Window: 24 * time.Hour}
	providerFromIP  = limit.Limit{Name: "provider-from-ip", Most: 200, Window: time.Hour}
)

// whoOf is an address as limits know it.
func whoOf(hash []byte) string { return hex.EncodeToString(hash) }

// counted is a limit and for whom it counts.
type counted struct {
	limit.Limit
	who string
}

// lanes are the limits of a flow: for sending, for wrong codes, and those of the
// latter that no right code ends. Where the asker is known they are the asker's own.
func (s *Service) lanes(ctx context.Context, q store.Q, f mailFlow, from Browser) (send, wrong, always []counted, err error) {
	known := f.user + " " + f.session
	if f.purpose != forElevation {
		if known, err = knownAs(ctx, q, f.user, from); err != nil {
			return nil, nil, nil, err
		}
	}
	if known != "" {
		return []counted{{sendsKnown, known}}, []counted{{wrongKnown, known}}, nil, nil
	}
	return []counted{{sendsToAddress, f.who}, {sendsOfADay, f.who}},
		[]counted{{wrongFromOne, f.who + " " + network(from.Address)}, {wrongForAddress, f.who}},
		[]counted{{wrongOfAMonth, f.who}}, nil
}

// knownAs names a browser that a user signed in with before; "" for any other.
func knownAs(ctx context.Context, q store.Q, user string, from Browser) (string, error) {
	if from.Mark == "" {
		return "", nil
	}
	hash := seal.Hash(from.Mark)
	var n int
	if err := q.Row(ctx, "SELECT COUNT(*) FROM devices WHERE user_id = ? AND hash = ?", []any{user, hash}, &n); err != nil {
		return "", fmt.Errorf("look for a device: %w", err)
	}
	if n == 0 {
		return "", nil
	}
	return user + " " + hex.EncodeToString(hash), nil
}

func (s *Service) take(ctx context.Context, q store.Q, all []counted, now time.Time) error {
	for _, c := range all {
		if err := c.Take(ctx, q, s.Keys, c.who, now); err != nil {
			return err
		}
	}
	return nil
}

// allow counts a mail, or refuses it with TooManySent.
func (s *Service) allow(ctx context.Context, q store.Q, f mailFlow, from Browser, now time.Time) error {
	if err := s.fromIP(ctx, q, sendsFromIP, from, now); err != nil {
		return err
	}
	send, _, _, err := s.lanes(ctx, q, f, from)
	if err != nil {
		return err
	}
	return asSent(s.take(ctx, q, send, now))
}

// guess counts a code that is looked at, or refuses it with TooManyTries.
func (s *Service) guess(ctx context.Context, q store.Q, f mailFlow, from Browser, now time.Time) error {
	_, wrong, always, err := s.lanes(ctx, q, f, from)
	if err != nil {
		return err
	}
	return s.take(ctx, q, append(wrong, always...), now)
}

// beginAnew forgets what was counted before a right code.
func (s *Service) beginAnew(ctx context.Context, q store.Q, f mailFlow, from Browser) error {
	send, wrong, _, err := s.lanes(ctx, q, f, from)
	if err != nil {
		return err
	}
	all := append(send, wrong...)
	all = append(all, counted{sendsToAddress, f.who}, counted{sendsOfADay, f.who}, counted{wrongForAddress, f.who})
	for _, c := range all {
		if err := c.Forget(ctx, q, s.Keys, c.who); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) fromIP(ctx context.Context, q store.Q, l limit.Limit, from Browser, now time.Time) error {
	return asSent(l.Take(ctx, q, s.Keys, network(from.Address), now))
}

// asSent names a limit of what is sent as such.
func asSent(err error) error {
	if e := refusal.Of(err); e != nil && e.Kind == refusal.TooManyTries {
		return refusal.After(refusal.TooManySent, e.RetryAfter)
	}
	return err
}

// network is what an IP address counts as: itself, or the /64 of IPv6 that one
// household has as a whole.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		p, _ := ip.Prefix(64) // 64 is always good for IPv6
		return p.String()
	}
	return ip.String()
}
