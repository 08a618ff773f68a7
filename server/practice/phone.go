// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// caller is somebody at the phone, who sits before a page of the service and does
// there, for real, what a user would.
type caller struct {
	practice *Practice
	has      device
	who      Person
	user     people.User
	in       session.Session // a sign-in that waits for its second factor
	used     int64           // the last step of the app whose code was typed
}

// arrive begins a sign-in, its first step done.
func (c *caller) arrive(ctx context.Context) error {
	p := c.practice
	return p.db.Tx(ctx, func(q store.Q) (err error) {
		c.in, _, err = session.Start(ctx, q, c.user.ID, "email", "the caller’s browser", session.Second, p.Now())
		return err
	})
}

// there tells whether the sign-in waits still; one that ended is begun again.
func (c *caller) there(ctx context.Context) error {
	if _, err := session.ByID(ctx, c.practice.db, c.in.ID, c.practice.Now()); errors.Is(err, session.ErrEnded) {
		return c.arrive(ctx)
	} else if err != nil {
		return fmt.Errorf("look at the caller's page: %w", err)
	}
	return nil
}

// tried is what came of something that the caller did: in, or what they say of it.
func tried(err error, worked string) (says string, in bool, fault error) {
	no := refusal.Of(err)
	switch {
	case err == nil:
		return worked, true, nil
	case no == nil:
		return "", false, err
	case no.Kind == refusal.TooManyTries, no.Kind == refusal.Blocked:
		return saysTooMany, false, nil
	}
	return saysNotRight, false, nil
}

// next is the code that the app shows after the last one that was typed.
func (c *caller) next(later int64) (string, error) {
	secret, err := secretOf(c.who.Secret)
	if err != nil {
		return "", err
	}
	c.used = max(otp.Step(c.practice.Now().Add(c.has.ahead)), c.used+later)
	return otp.Code(secret, c.used)
}

// app types the code that comes next.
func (c *caller) app(ctx context.Context) (says string, in bool, err error) {
	if err := c.there(ctx); err != nil {
		return "", false, err
	}
	code, err := c.next(1)
	if err != nil {
		return "", false, err
	}
	_, err = c.practice.Service.Factors.Verify(ctx, c.in, factor.TOTP, code)
	return tried(err, saysIn)
}

// backup types a backup code that was not used yet.
func (c *caller) backup(ctx context.Context, worked string) (says string, in bool, err error) {
	if err := c.there(ctx); err != nil {
		return "", false, err
	}
	for _, code := range c.who.Codes {
		if _, err = c.practice.Service.Factors.Verify(ctx, c.in, factor.Backup, code); !refusal.Is(err, refusal.CodeUsed) {
			break
		}
	}
	return tried(err, worked)
}

// twoCodes types two codes in a row, where the helpdesk opened that.
func (c *caller) twoCodes(ctx context.Context) (says string, err error) {
	if err := c.there(ctx); err != nil {
		return "", err
	}
	st, err := c.practice.Service.Factors.Status(ctx, c.user.ID)
	if err != nil || st.Resync.IsZero() {
		return saysNoPage, err
	}
	first, err := c.next(1)
	if err != nil {
		return "", err
	}
	second, err := c.next(1)
	if err != nil {
		return "", err
	}
	_, err = c.practice.Service.Factors.Resync(ctx, c.in, first, second)
	says, _, err = tried(err, saysTwoCodes)
	return says, err
}

// text has a text message sent, and types its code.
func (c *caller) text(ctx context.Context) (says string, in bool, err error) {
	if err := c.there(ctx); err != nil {
		return "", false, err
	}
	since := c.practice.Now()
	if _, err := c.practice.Service.Factors.SendCode(ctx, c.in); err != nil {
		return tried(err, "")
	}
	code, err := c.practice.arrived(ctx, c.who.Phone, since)
	if err != nil {
		return "", false, err
	}
	_, err = c.practice.Service.Factors.Verify(ctx, c.in, factor.SMS, code)
	return tried(err, saysIn)
}

// arrived waits for a text message, as long as one takes.
func (p *Practice) arrived(ctx context.Context, to string, since time.Time) (string, error) {
	limited, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		if _, err := p.Service.Outbox.Once(limited); err != nil {
			return "", err
		}
		for _, m := range p.inbox.Messages() {
			if code := sixDigits.FindString(m.Text); m.Channel == outbox.SMS && m.To == to && !m.Written.Before(since.Truncate(time.Millisecond)) && code != "" {
				return code, nil
			}
		}
		select { // the service's own worker has it just now
		case <-limited.Done():
			return "", errors.New("no text message came")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// bypass types a code for one sign-in and sets up again, if there is one. The caller
// heard it; here another is put in its place, which nobody else is to use.
func (c *caller) bypass(ctx context.Context, worked string) (says string, in bool, err error) {
	if err := c.there(ctx); err != nil {
		return "", false, err
	}
	p := c.practice
	var by, code string
	err = p.db.Tx(ctx, func(q store.Q) error {
		err := q.Row(ctx, "SELECT issued_by FROM bypass_codes WHERE user_id = ? AND expires_at > ?", []any{c.user.ID, store.Millis(p.Now())}, &by)
		if err == nil {
			code, _, err = p.Service.Factors.IssueBypass(ctx, q, c.user.ID, by)
		}
		return err
	})
	if errors.Is(err, store.ErrNone) {
		return saysNoCode, false, nil
	}
	if err != nil {
		return "", false, err
	}
	got, err := p.Service.Factors.Verify(ctx, c.in, factor.Bypass, code)
	if err != nil {
		return tried(err, "")
	}
	c.who.Method = string(factor.TOTP)
	if err := p.enrol(ctx, got.Session, &c.who, p.inbox); err != nil {
		return "", false, err
	}
	p.remember(c.who)
	return worked, true, nil
}
