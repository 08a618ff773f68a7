// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// The grants of the token endpoint.
const (
	grantCode    = "authorization_code"
	grantRefresh = "refresh_token"
	grantDevice  = "urn:ietf:params:oauth:grant-type:device_code"
)

// Token answers the token endpoint's form; *OAuthError otherwise.
func (s *Service) Token(ctx context.Context, form map[string][]string) (Tokens, error) {
	v, bad := once(form)
	if bad != nil {
		return Tokens{}, bad
	}
	if v["grant_type"] == "" {
		return Tokens{}, oauth("invalid_request", "grant_type is missing")
	}
	c, ok := clientOf(v["client_id"])
	if !ok {
		return Tokens{}, oauth("invalid_client", "this app is not known")
	}
	var grant func(context.Context, store.Q, Client, values, time.Time) (Tokens, *OAuthError, error)
	switch v["grant_type"] {
	case grantCode:
		grant = s.byCode
	case grantRefresh:
		grant = s.byRefresh
	case grantDevice:
		grant = s.byDevice
	default:
		return Tokens{}, oauth("unsupported_grant_type", "this grant_type is not supported")
	}
	var t Tokens
	now := s.Clock()
	// What a refusal leaves behind stays: a link that ended, a device that asked too often.
	err := s.DB.Tx(ctx, func(q store.Q) (err error) {
		t, bad, err = grant(ctx, q, c, v, now)
		return err
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("give an app its tokens: %w", err)
	}
	if bad != nil {
		return Tokens{}, bad
	}
	return t, nil
}

// grant is what a user allowed.
type grant struct {
	user, client, scope string
	first, second       int64
}

// byCode exchanges an authorization code. One that is used twice is refused, and
// the link that was made of it ends (RFC 6749, 4.1.2).
func (s *Service) byCode(ctx context.Context, q store.Q, c Client, v values, now time.Time) (Tokens, *OAuthError, error) {
	if v["code"] == "" || v["redirect_uri"] == "" || !verifierForm.MatchString(v["code_verifier"]) {
		return Tokens{}, oauth("invalid_request", "code, redirect_uri and code_verifier are required"), nil
	}
	var g grant
	var redirect, challenge, used string
	var expires int64
	hash := seal.Hash(v["code"])
	err := q.Row(ctx, "SELECT user_id, client, redirect_uri, challenge, scope, first_at, second_at, expires_at, link_id FROM link_codes WHERE code_hash = ?"+q.Lock(),
		[]any{hash}, &g.user, &g.client, &redirect, &challenge, &g.scope, &g.first, &g.second, &expires, &used)
	if errors.Is(err, store.ErrNone) {
		return Tokens{}, oauth("invalid_grant", "there is no such code"), nil
	}
	if err != nil {
		return Tokens{}, nil, err
	}
	sum := sha256.Sum256([]byte(v["code_verifier"]))
	proof := base64.RawURLEncoding.EncodeToString(sum[:])
	switch {
	case used != "":
		return Tokens{}, oauth("invalid_grant", "the code was used before"), s.endFor(ctx, q, used, "code used twice", now)
	case !now.Before(store.Time(expires)):
		return Tokens{}, oauth("invalid_grant", "the code has expired"), nil
	case g.client != c.ID || redirect != v["redirect_uri"] || subtle.ConstantTimeCompare([]byte(proof), []byte(challenge)) != 1:
		return Tokens{}, oauth("invalid_grant", "the code belongs to another request"), nil
	}
	t, id, bad, err := s.begin(ctx, q, g, now)
	if bad != nil || err != nil {
		return Tokens{}, bad, err
	}
	_, err = q.Exec(ctx, "UPDATE link_codes SET link_id = ? WHERE code_hash = ?", id, hash)
	return t, nil, err
}

// begin makes a link of what a user allowed, and tells the user.
func (s *Service) begin(ctx context.Context, q store.Q, g grant, now time.Time) (Tokens, string, *OAuthError, error) {
	u, err := people.ByID(ctx, q, g.user)
	if err != nil {
		return Tokens{}, "", nil, err
	}
	if !u.Suspended.IsZero() {
		return Tokens{}, "", oauth("invalid_grant", "the account is suspended"), nil
	}
	id := seal.NewID()
	t := s.tokens(id, g.scope)
	until := earlier(now.Add(RefreshIdle), now.Add(lifeOf(t.Scopes)))
	_, err = q.Exec(ctx, "INSERT INTO links (id, user_id, client, scope, access_hash, refresh_hash, first_at, second_at, created_at, used_at, access_until, refresh_until)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		id, g.user, g.client, g.scope, seal.Hash(t.Access), seal.Hash(t.Refresh), g.first, g.second,
		store.Millis(now), store.Millis(now), store.Millis(now.Add(AccessLife)), store.Millis(until))
	if err != nil {
		return Tokens{}, "", nil, err
	}
	_, err = audit.Write(ctx, q, audit.Event{
		At: now, Actor: g.user, Subject: g.user, Action: audit.AppLinked,
		Detail: map[string]string{"client": g.client, "scope": g.scope, "link": id},
	})
	if err != nil {
		return Tokens{}, "", nil, err
	}
	c, _ := clientOf(g.client)
	return t, id, nil, s.Notices.Tell(ctx, q, u, notice.AppLinked, notice.Facts{Device: c.Name}, now)
}

// tokens makes the tokens of a link. A refresh token names its link and is
// signed, so that any of the link's that is seen again is known for one of the
// link's, however old it is (RFC 9700, 4.14.2).
func (s *Service) tokens(id, scope string) Tokens {
	body := id + "." + seal.Token()
	return Tokens{
		Access: seal.Token(), Refresh: body + "." + base64.RawURLEncoding.EncodeToString(s.Keys.MAC(refreshUse, body)),
		ExpiresIn: AccessLife, Scopes: scopesOf(scope),
	}
}

const refreshUse = "link refresh token"

// linkOf is the link that a refresh token was made for, at any time.
func (s *Service) linkOf(refresh string) (id string, ok bool) {
	at := strings.LastIndexByte(refresh, '.')
	if at < 0 {
		return "", false
	}
	mac, err := base64.RawURLEncoding.DecodeString(refresh[at+1:])
	if err != nil || !s.Keys.Match(mac, refreshUse, refresh[:at]) {
		return "", false
	}
	id, _, ok = strings.Cut(refresh[:at], ".")
	return id, ok
}

// byRefresh exchanges a refresh token for new tokens. An old one that is seen
// again ends the link: either the app or a thief holds the newer, and nobody
// can tell which (RFC 9700, 4.14.2).
func (s *Service) byRefresh(ctx context.Context, q store.Q, c Client, v values, now time.Time) (Tokens, *OAuthError, error) {
	refresh := v["refresh_token"]
	if refresh == "" {
		return Tokens{}, oauth("invalid_request", "refresh_token is required"), nil
	}
	asked, bad := parseScopes(v["scope"])
	if bad != nil {
		return Tokens{}, bad, nil
	}
	var id, client, scope string
	var created, until, ended, suspended int64
	err := q.Row(ctx, "SELECT l.id, l.client, l.scope, l.created_at, l.refresh_until, l.ended_at FROM links l WHERE l.refresh_hash = ?"+q.Lock(),
		[]any{seal.Hash(refresh)}, &id, &client, &scope, &created, &until, &ended)
	if errors.Is(err, store.ErrNone) {
		bad = oauth("invalid_grant", "there is no such refresh token")
		if old, ok := s.linkOf(refresh); ok {
			return Tokens{}, bad, s.endFor(ctx, q, old, "refresh token used twice", now)
		}
		return Tokens{}, bad, nil
	}
	if err != nil {
		return Tokens{}, nil, err
	}
	if err := q.Row(ctx, "SELECT suspended_at FROM users WHERE id = (SELECT user_id FROM links WHERE id = ?)", []any{id}, &suspended); err != nil {
		return Tokens{}, nil, err
	}
	if client != c.ID || ended != 0 || suspended != 0 || !now.Before(store.Time(until)) {
		return Tokens{}, oauth("invalid_grant", "the link has ended"), nil
	}
	granted := session.Session{App: client, Scopes: scopesOf(scope)}
	for _, one := range asked {
		if !granted.May(one) {
			return Tokens{}, oauth("invalid_scope", "this scope was not allowed"), nil
		}
	}
	t := s.tokens(id, scope)
	last := store.Time(created).Add(lifeOf(t.Scopes))
	t.ExpiresIn = min(AccessLife, last.Sub(now))
	_, err = q.Exec(ctx, "UPDATE links SET access_hash = ?, refresh_hash = ?, used_at = ?, access_until = ?, refresh_until = ? WHERE id = ?",
		seal.Hash(t.Access), seal.Hash(t.Refresh), store.Millis(now), store.Millis(now.Add(t.ExpiresIn)), store.Millis(earlier(now.Add(RefreshIdle), last)), id)
	return t, nil, err
}

// lifeOf is how long a link lives at most.
func lifeOf(scopes []session.Scope) time.Duration {
	if slices.Contains(scopes, session.DeskWork) {
		return DeskLife
	}
	return LinkLife
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// endFor ends a link that is live, and notes why.
func (s *Service) endFor(ctx context.Context, q store.Q, id, why string, now time.Time) error {
	var user string
	err := q.Row(ctx, "UPDATE links SET ended_at = ? WHERE id = ? AND ended_at = 0 RETURNING user_id", []any{store.Millis(now), id}, &user)
	if errors.Is(err, store.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = audit.Write(ctx, q, audit.Event{
		At: now, Subject: user, Action: audit.AppUnlinked, Detail: map[string]string{"link": id, "why": why},
	})
	return err
}
