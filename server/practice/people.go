// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/outbox/keep"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Person is a sample user.
type Person struct {
	Email string      `json:"email"`
	Name  string      `json:"name"`
	Role  people.Role `json:"role"`
	// About says what the person is good for.
	About string `json:"about"`
	// Method is the second factor that the person begins with: "totp", "sms" or "".
	Method string `json:"method,omitempty"`
	// Secret is the key of the person's app, as base32 text; KeyURI the same for a QR code.
	Secret string `json:"secret,omitempty"`
	KeyURI string `json:"key_uri,omitempty"`
	Phone  string `json:"phone,omitempty"`
	// Codes are the backup codes that the person begins with.
	Codes []string `json:"backup_codes,omitempty"`
	// Google and Apple are the person's identities there.
	Google string `json:"google,omitempty"`
	Apple  string `json:"apple,omitempty"`
}

// samples are the people of each practice. The number is one that Sweden keeps
// for books and films (PTS, 070-1740605 and on).
func samples() []Person {
	return []Person{
		{Email: "ana@example.com", Name: "Ana", Role: people.Member, About: "has no second step yet; signs in by e-mail"},
		{Email: "ben@example.com", Name: "Ben", Role: people.Member, About: "has no second step yet; signs in with Google, too", Google: "google-ben"},
		{Email: "cleo@example.com", Name: "Cleo", Role: people.Member, About: "has no second step yet; signs in with Apple, too", Apple: "apple-cleo"},
		{Email: "dan@example.com", Name: "Dan", Role: people.Member, About: "uses an app, and is good at losing his phone", Method: "totp", Google: "google-dan"},
		{Email: "ela@example.com", Name: "Ela", Role: people.Member, About: "gets her codes by text message", Method: "sms", Phone: "+46701740605"},
		{Email: "hana@example.com", Name: "Hana", Role: people.Helpdesk, About: "answers the phone at the helpdesk", Method: "totp"},
		{Email: "ada@example.com", Name: "Ada", Role: people.Admin, About: "administers the workspace", Method: "totp"},
		{Email: "amir@example.com", Name: "Amir", Role: people.Admin, About: "is the second administrator, whom some things need", Method: "totp"},
		{Email: "olga@example.com", Name: "Olga", Role: people.Owner, About: "owns the workspace", Method: "totp"},
		{Email: "uma@example.com", Name: "Uma", Role: people.Auditor, About: "reads the audit log and nothing else", Method: "totp"},
	}
}

// settle makes the sample users, or finds those of last time.
func (p *Practice) settle(ctx context.Context) error {
	path := filepath.Join(p.folder, "people.json")
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		if err := json.Unmarshal(text, &p.people); err != nil {
			return fmt.Errorf("the people of this practice: %w", err)
		}
	case errors.Is(err, os.ErrNotExist):
		if err := p.invent(ctx); err != nil {
			return fmt.Errorf("make the sample users: %w", err)
		}
		text, err := json.MarshalIndent(p.people, "", "  ") //nolint:gosec // keys of samples, which everyone here sees anyway
		if err != nil {
			return fmt.Errorf("keep the sample users: %w", err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return fmt.Errorf("keep the sample users: %w", err)
		}
	default:
		return fmt.Errorf("the people of this practice: %w", err)
	}
	if err := p.identify(ctx); err != nil {
		return err
	}
	return p.introduce()
}

// cheap is how slow the hash of the samples' backup codes is: they are shown to everyone anyway.
var cheap = otp.Cost{Memory: 64, Passes: 1, Threads: 1}

func (p *Practice) invent(ctx context.Context) error {
	f, out := p.Service.Factors, p.Service.Outbox
	cost, mail, sms := f.Cost, out.Mail, out.SMS
	defer func() { f.Cost, out.Mail, out.SMS = cost, mail, sms }()
	aside := keep.NewMemory(kept) // what making the samples sends is nobody's business
	f.Cost, out.Mail, out.SMS = cheap, aside, aside
	all := samples()
	for i := range all {
		if err := p.add(ctx, &all[i], aside); err != nil {
			return fmt.Errorf("%s: %w", all[i].Name, err)
		}
	}
	p.people = all
	return p.clean(ctx)
}

func (p *Practice) add(ctx context.Context, who *Person, inbox *keep.Memory) error {
	var u people.User
	err := p.db.Tx(ctx, func(q store.Q) (err error) {
		u, err = people.Create(ctx, q, who.Email, who.Name, who.Role, p.Now())
		if number := onRecord[who.Email]; err == nil && number != "" {
			err = p.record(ctx, q, u.ID, number, p.Now())
		}
		return err
	})
	if err != nil || who.Method == "" {
		return err
	}
	var in session.Session
	err = p.db.Tx(ctx, func(q store.Q) (err error) {
		in, _, err = session.Start(ctx, q, u.ID, "email", "making the samples", session.Nothing, p.Now())
		return err
	})
	if err != nil {
		return err
	}
	if err := p.enrol(ctx, in, who, inbox); err != nil {
		return err
	}
	return p.db.Tx(ctx, func(q store.Q) error {
		_, err := session.EndAll(ctx, q, u.ID, "", p.Now())
		return err
	})
}

// enrol sets a person's method up in the same way as a user does.
func (p *Practice) enrol(ctx context.Context, in session.Session, who *Person, inbox *keep.Memory) error {
	pending, err := p.Service.Factors.Enrol(ctx, in, factor.Method(who.Method), who.Phone)
	if err != nil {
		return err
	}
	var code string
	if pending.Method == factor.TOTP {
		who.Secret, who.KeyURI = pending.Secret, pending.KeyURI
		// The step before: so the present code can be used at once.
		code, err = who.code(p.Now().Add(-otp.Period))
	} else {
		code, err = p.texted(ctx, inbox)
	}
	if err != nil {
		return err
	}
	done, err := p.Service.Factors.VerifyEnrolment(ctx, in, pending.ID, code)
	if err != nil {
		return err
	}
	who.Codes = done.Codes
	return p.Service.Factors.CodesSaved(ctx, done.Session)
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// texted is the code in the newest text message.
func (p *Practice) texted(ctx context.Context, inbox *keep.Memory) (string, error) {
	if _, err := p.Service.Outbox.Once(ctx); err != nil {
		return "", err
	}
	for _, m := range inbox.Messages() {
		if m.Channel == outbox.SMS {
			return sixDigits.FindString(m.Text), nil
		}
	}
	return "", errors.New("no text message came")
}

// clean forgets what making the samples left that would only be in the way.
func (p *Practice) clean(ctx context.Context) error {
	for _, table := range []string{"outbox", "objections", "limits"} {
		if _, err := p.db.Exec(ctx, "DELETE FROM "+table); err != nil {
			return err
		}
	}
	return nil
}

// identify gives people their identities at the stand-ins for Google and Apple,
// whose addresses differ where the port does.
func (p *Practice) identify(ctx context.Context) error {
	for _, who := range p.people {
		for provider, subject := range map[string]string{"google": who.Google, "apple": who.Apple} {
			if subject == "" {
				continue
			}
			err := p.db.Tx(ctx, func(q store.Q) error {
				_, err := people.ByIdentity(ctx, q, p.issuerURL(provider), subject)
				if !errors.Is(err, people.ErrNobody) {
					return err
				}
				u, err := people.ByEmail(ctx, q, who.Email)
				if err != nil {
					return err
				}
				return people.AddIdentity(ctx, q, u.ID, provider, p.issuerURL(provider), subject, p.Now())
			})
			if err != nil {
				return fmt.Errorf("introduce %s: %w", who.Name, err)
			}
		}
	}
	return nil
}

// code is what the person's app shows at a time.
func (who Person) code(at time.Time) (string, error) {
	secret, err := secretOf(who.Secret)
	if err != nil {
		return "", err
	}
	return otp.Code(secret, otp.Step(at))
}
