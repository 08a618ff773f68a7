// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// onRecord are numbers on record of who calls: kept free in Sweden for books and films.
var onRecord = map[string]string{"dan@example.com": "+46313900612", "ela@example.com": "+46313900634"}

// recorded is how long they have stood there: long enough to be called back.
const recorded = 60 * 24 * time.Hour

// persons are the sample users as they are now.
func (p *Practice) persons() []Person {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.people)
}

// remember notes that a sample user has another app or other codes now.
func (p *Practice) remember(who Person) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.people {
		if p.people[i].Email == who.Email {
			p.people[i] = who
		}
	}
}

// ring makes a caller of a scenario, whose account is in order but for what the
// scenario is about.
func (p *Practice) ring(ctx context.Context, s scenario) (*caller, error) {
	c := &caller{practice: p, has: s.has}
	for _, who := range p.persons() {
		if who.Email == s.Email {
			c.who = who
		}
	}
	var err error
	if c.user, err = people.ByEmail(ctx, p.db, s.Email); err == nil {
		err = p.mend(ctx, c)
	}
	if err == nil {
		err = c.arrive(ctx)
	}
	if err == nil && s.has.ahead != 0 {
		err = c.fail(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("prepare a call: %w", err)
	}
	return c, nil
}

// fail types the three codes before this one, which are not taken.
func (c *caller) fail(ctx context.Context) error {
	secret, err := secretOf(c.who.Secret)
	if err != nil {
		return err
	}
	now := otp.Step(c.practice.Now().Add(c.has.ahead))
	for c.used = now - 4; c.used < now-1; {
		c.used++
		code, err := otp.Code(secret, c.used)
		if err != nil {
			return err
		}
		if _, err := c.practice.Service.Factors.Verify(ctx, c.in, factor.TOTP, code); refusal.Of(err) == nil && err != nil {
			return err
		}
	}
	return nil
}

// mend takes away what calls before have left, and sets the method up where it is gone.
func (p *Practice) mend(ctx context.Context, c *caller) error {
	st, err := p.Service.Factors.Status(ctx, c.user.ID)
	if err != nil {
		return err
	}
	as := sampleOf(c.who.Email)
	if string(st.Method) != as.Method || st.CodesLeft == 0 {
		c.who.Method, c.who.Phone = as.Method, as.Phone
		if err := p.renew(ctx, c); err != nil {
			return err
		}
	}
	now := p.Now()
	return p.db.Tx(ctx, func(q store.Q) error {
		for _, query := range []string{
			"DELETE FROM guards WHERE user_id = ?",
			"DELETE FROM bypass_codes WHERE user_id = ?",
			"DELETE FROM resyncs WHERE user_id = ?",
			"DELETE FROM sms_codes WHERE user_id = ?",
			"UPDATE factors SET resync = 0, drift = 0, last_step = 0 WHERE user_id = ?",
			"UPDATE users SET enrol_by = 0, suspended_at = 0, reported_at = 0 WHERE id = ?",
		} {
			if _, err := q.Exec(ctx, query, c.user.ID); err != nil {
				return err
			}
		}
		if _, err := q.Exec(ctx, "DELETE FROM limits"); err != nil {
			return err
		}
		if _, err := session.EndAll(ctx, q, c.user.ID, "", now); err != nil {
			return err
		}
		return p.record(ctx, q, c.user.ID, onRecord[c.who.Email], now)
	})
}

// record puts a number on record for a user.
func (p *Practice) record(ctx context.Context, q store.Q, id, number string, now time.Time) error {
	sealed := p.Service.Factors.Keys.Seal(seal.Place{Table: "users", Row: id, Column: "contact_phone"}, []byte(number))
	_, err := q.Exec(ctx, "UPDATE users SET contact_phone = ?, contact_since = ? WHERE id = ?", sealed, store.Millis(now.Add(-recorded)), id)
	return err
}

func sampleOf(email string) Person {
	for _, one := range samples() {
		if one.Email == email {
			return one
		}
	}
	return Person{}
}

// renew sets the caller's method up anew.
func (p *Practice) renew(ctx context.Context, c *caller) error {
	var in session.Session
	err := p.db.Tx(ctx, func(q store.Q) (err error) {
		if err := p.Service.Factors.Remove(ctx, q, c.user.ID); err != nil {
			return err
		}
		in, _, err = session.Start(ctx, q, c.user.ID, "email", "making the samples", session.Nothing, p.Now())
		return err
	})
	if err != nil {
		return err
	}
	if c.who.Method == string(factor.SMS) {
		c.who.Secret, c.who.KeyURI = "", ""
	}
	if err := p.enrol(ctx, in, &c.who, p.inbox); err != nil {
		return err
	}
	p.remember(c.who)
	return nil
}
