// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package link lets a native app act for a user who allowed it: OAuth 2 with
// PKCE and a loopback redirect (RFC 8252, RFC 7636), or a code typed in a
// browser (RFC 8628). It sees the status; changing the second factor is a scope
// of its own, and good for ten minutes after a fresh sign-in. So is helping callers
// at the desk, which takes a role there and a second factor, ends after an hour, and
// is never allowed by a code that is typed: somebody else may have begun it.
//
// It keeps to the best current practice of RFC 9700: no implicit grant and no
// password grant, PKCE by S256 only, exact redirect addresses, codes that work
// once, and refresh tokens that are rotated, of which an old one that is seen
// again ends the link.
package link

import (
	"context"
	"time"

	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// How long things last.
const (
	// CodeLife is how long an authorization code is good. RFC 6749, 4.1.2 allows ten minutes; an app asks at once.
	CodeLife = time.Minute
	// AccessLife is how long an access token is good.
	AccessLife = time.Hour
	// RefreshIdle is how long a link lives without use.
	RefreshIdle = 90 * 24 * time.Hour
	// LinkLife is how long a link lives at most: then the user is asked again (OWASP ASVS 5, 10.4.8).
	LinkLife = 365 * 24 * time.Hour
	// DeskLife is how long a link that may work at the desk lives at most: an agent's
	// rights are not left lying about.
	DeskLife = time.Hour
	// DeviceLife is how long a device grant waits for its user code.
	DeviceLife = 10 * time.Minute
	// DeviceInterval is how long an app waits between two questions; each that comes too soon adds as much (RFC 8628, 3.5).
	DeviceInterval = 5 * time.Second
	// seenEvery is how exactly the last use of a link is kept.
	seenEvery = time.Minute
)

// Client is an app that may ask. All are public clients: they keep no secret.
type Client struct{ ID, Name string }

// Clients are the apps that are known.
var Clients = []Client{{ID: "kutano-companion", Name: "Kutano Authenticator"}}

func clientOf(id string) (Client, bool) {
	for _, c := range Clients {
		if c.ID == id {
			return c, true
		}
	}
	return Client{}, false
}

// Teller tells users what happened; *notice.Writer is one.
type Teller interface {
	Tell(ctx context.Context, q store.Q, u people.User, e notice.Event, f notice.Facts, now time.Time) error
}

// Service links apps.
type Service struct {
	DB      *store.DB
	Keys    *seal.Keys
	Clock   moment.Clock
	Notices Teller
	BaseURL string // also the issuer (RFC 9207), without a slash at the end
}

// Request is an authorization request (RFC 6749, 4.1.1; RFC 7636, 4.3).
type Request struct {
	Client      Client
	RedirectURI string // http://127.0.0.1:PORT/… or http://[::1]:PORT/…
	State       string
	Challenge   string // S256
	Scopes      []session.Scope
}

// OAuthError is an error as RFC 6749, 4.1.2.1 and 5.2 and RFC 8628, 3.5 name it.
type OAuthError struct {
	Code        string
	Description string
	// Redirect is set where the app may be told by a redirect.
	Redirect string
}

func (e *OAuthError) Error() string { return "oauth: " + e.Code }

func oauth(code, description string) *OAuthError {
	return &OAuthError{Code: code, Description: description}
}

// Tokens are what an app gets (RFC 6749, 5.1).
type Tokens struct {
	Access, Refresh string
	ExpiresIn       time.Duration
	Scopes          []session.Scope
}

// Device is a device authorization response (RFC 8628, 3.2).
type Device struct {
	DeviceCode, UserCode string
	VerificationURI      string
	ExpiresIn, Interval  time.Duration
}

// Linked is an app that a user allowed.
type Linked struct {
	ID, Name         string
	Scopes           []session.Scope
	Created, LastUse time.Time
}
