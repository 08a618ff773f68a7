// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"context"
	"errors"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// identity is someone as a provider knows them.
type identity struct{ provider, issuer, subject string }

// arrive does what a provider's word is good for.
func (s *Service) arrive(ctx context.Context, q store.Q, f providerFlow, c claims, from Browser, now time.Time) (In, error) {
	if f.purpose == forLinking {
		return s.linkTo(ctx, q, f, c, now)
	}
	u, err := active(people.ByIdentity(ctx, q, c.identity.issuer, c.identity.subject))
	switch {
	case err != nil:
		return In{}, err
	case f.purpose == forElevation:
		return s.elevateBy(ctx, q, f, u, c, now)
	case u.ID == "":
		return s.unlinked(ctx, q, f, c, from, now)
	}
	return s.land(ctx, q, u, c.identity.provider, from, now)
}

// linkTo makes an identity that of a session's user. The address that the provider
// names does not matter: who is signed in asked for it.
func (s *Service) linkTo(ctx context.Context, q store.Q, f providerFlow, c claims, now time.Time) (In, error) {
	of, err := session.ByID(ctx, q, f.session, now)
	if err != nil {
		return In{}, err
	}
	if err := elevatable(of); err != nil {
		return In{}, err
	}
	u, err := hold(ctx, q, of.UserID)
	if err != nil {
		return In{}, err
	}
	return In{Session: of, User: u}, s.bind(ctx, q, u, c.identity, now)
}

// elevateBy proves the first factor of a session again: only an identity of the
// session's own user does, from a sign-in that is recent where the provider tells.
func (s *Service) elevateBy(ctx context.Context, q store.Q, f providerFlow, u people.User, c claims, now time.Time) (In, error) {
	of, err := session.ByID(ctx, q, f.session, now)
	if err != nil {
		return In{}, err
	}
	stale := !c.signedIn.IsZero() && now.Sub(c.signedIn) > recently
	if u.ID == "" || u.ID != of.UserID || stale {
		reason := "other-user"
		if stale {
			reason = "stale"
		}
		_, err := audit.Write(ctx, q, audit.Event{
			At: now, Actor: of.UserID, Subject: of.UserID, Action: audit.SignInRefused,
			Detail: map[string]string{"via": c.identity.provider, "reason": reason},
		})
		if err != nil {
			return In{}, err
		}
		return In{}, refusal.New(refusal.ProviderRefused)
	}
	return raise(ctx, q, f.session, u, c.identity.provider, now)
}

// unlinked asks whose a new identity is, by a code to the account's address. The
// address that the provider names only says which account to ask; where it is
// none, or not verified there, nobody is asked, and the answer is the same.
func (s *Service) unlinked(ctx context.Context, q store.Q, f providerFlow, c claims, from Browser, now time.Time) (In, error) {
	address, err := people.Address(c.email)
	if err != nil || !c.verified {
		// A place of its own, so that all of these have no limit in common.
		address = whoOf(s.Keys.MAC("nowhere", c.identity.issuer, c.identity.subject))[:32] + nowhere
	}
	u, err := s.holder(ctx, q, address)
	if err != nil {
		return In{}, err
	}
	flow, err := s.start(ctx, q, mailFlow{purpose: forBinding, user: u.ID, identity: c.identity, returnTo: f.returnTo}, address, from, now)
	if err != nil {
		return In{}, err
	}
	return In{Flow: flow}, refusal.New(refusal.IdentityUnlinked)
}

// bind makes an identity the user's. One that someone else got meanwhile is refused.
func (s *Service) bind(ctx context.Context, q store.Q, u people.User, i identity, now time.Time) error {
	has, err := people.ByIdentity(ctx, q, i.issuer, i.subject)
	switch {
	case err == nil && has.ID == u.ID:
		return nil
	case err == nil:
		return refusal.New(refusal.FlowEnded)
	case !errors.Is(err, people.ErrNobody):
		return err
	}
	if err := people.AddIdentity(ctx, q, u.ID, i.provider, i.issuer, i.subject, now); err != nil {
		return err
	}
	_, err = audit.Write(ctx, q, audit.Event{
		At: now, Actor: u.ID, Subject: u.ID, Action: audit.IdentityLinked, Detail: map[string]string{"provider": i.provider},
	})
	if err != nil {
		return err
	}
	return s.Notices.Tell(ctx, q, u, notice.IdentityLinked, notice.Facts{Method: i.provider}, now)
}
