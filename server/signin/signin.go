// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package signin is the first step of a sign-in: a code by e-mail, or Google or
// Apple by OpenID Connect. There is no password.
//
// It does not tell whether an address has an account: for one that nobody has,
// the same statements run, a message is written that is never sent, and a code is
// waited for that was never told. A suspended account is like none.
//
// An identity of a provider is found by (issuer, subject), never by an e-mail
// address that the provider names (OWASP ASVS 5, 6.8.1): when it comes for the
// first time, a code sent to the account's address decides whose it is.
package signin

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Provider is who vouches for a user by OpenID Connect.
type Provider struct {
	Name         string // "google" or "apple"; stands in addresses
	Issuer       string // any issuer URL; https, but for loopback
	ClientID     string
	ClientSecret string
	// Secret makes the client secret anew each time, for providers that want one that
	// is signed (AppleSecret); nil is ClientSecret.
	Secret func(now time.Time) (string, error)
	// HTTP asks the issuer; nil is a client with a time limit.
	HTTP *http.Client
}

// Service signs users in. It must not be copied.
type Service struct {
	DB        *store.DB
	Keys      *seal.Keys
	Clock     moment.Clock
	Notices   *notice.Writer
	BaseURL   string
	Providers []Provider
	// RequireSecondFactor lets nobody in without a second factor: who has none sets one
	// up first. Otherwise that is asked of the desk's people alone.
	RequireSecondFactor bool

	mu    sync.Mutex
	found map[string]*issuer // by the provider's name, once it was asked
}

// Browser is what is known of who asks.
type Browser struct {
	Device  string // as shown in the list of sessions: "Firefox on Windows"
	Mark    string // random token that this browser or app keeps, "" none: new devices are noticed by it
	Address string // IP address, for limits only
}

// Flow is a sign-in by e-mail that waits for its code.
type Flow struct {
	ID      string
	Resend  time.Duration // until the code can be sent again
	Expires time.Time
}

// In is a first factor that was proved.
type In struct {
	Session session.Session
	User    people.User
	Token   string
	// ReturnTo is where a browser wanted to go before it had to sign in.
	ReturnTo string
	// Flow is set beside a refusal of the kind IdentityUnlinked, and nothing else then:
	// a code went to the account's address, and with VerifyEmail the identity is the user's.
	Flow Flow
}

// commit runs f in a transaction that is committed also where f refuses, so that
// tries and limits are counted.
func (s *Service) commit(ctx context.Context, f func(store.Q) error) error {
	var refused *refusal.Error
	err := s.DB.Tx(ctx, func(q store.Q) error {
		err := f(q)
		if refused = refusal.Of(err); refused != nil {
			return nil
		}
		return err
	})
	if err == nil && refused != nil {
		return refused
	}
	return err
}
