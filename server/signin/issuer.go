// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/kutano/authenticator/server/refusal"
)

// issuer is a provider that was asked for its addresses and keys.
type issuer struct {
	Provider
	client   *http.Client
	endpoint oauth2.Endpoint
	redirect string
	verifier *oidc.IDTokenVerifier
}

// issuer returns a provider by its name, and asks it once for what it publishes.
func (s *Service) issuer(ctx context.Context, name string) (*issuer, error) {
	i := slices.IndexFunc(s.Providers, func(p Provider) bool { return p.Name == name })
	if i < 0 {
		return nil, refusal.New(refusal.NotFound)
	}
	s.mu.Lock()
	known := s.found[name]
	s.mu.Unlock()
	if known != nil {
		return known, nil
	}
	p, err := s.discover(ctx, s.Providers[i])
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.found == nil {
		s.found = map[string]*issuer{}
	}
	s.found[name] = p
	return p, nil
}

// discover asks an issuer for its configuration (OpenID Connect Discovery 1.0).
func (s *Service) discover(ctx context.Context, p Provider) (*issuer, error) {
	u, err := url.Parse(p.Issuer)
	if err != nil || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, fmt.Errorf("the issuer of %s is no https address", p.Name)
	}
	client := careful(p.HTTP)
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, client), p.Issuer)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, refusal.New(refusal.ProviderAway)
	}
	var published struct {
		Methods []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := found.Claims(&published); err != nil {
		return nil, refusal.New(refusal.ProviderAway)
	}
	e := found.Endpoint()
	// Never by trying: a first try that is refused would use the code up.
	e.AuthStyle = oauth2.AuthStyleInParams
	if len(published.Methods) > 0 && !slices.Contains(published.Methods, "client_secret_post") {
		e.AuthStyle = oauth2.AuthStyleInHeader
	}
	return &issuer{
		Provider: p, client: client, endpoint: e,
		redirect: strings.TrimSuffix(s.BaseURL, "/") + "/signin/" + p.Name + "/callback",
		verifier: found.Verifier(&oidc.Config{ClientID: p.ClientID, Now: s.Clock, SupportedSigningAlgs: algorithms}),
	}, nil
}

// algorithms are what ID tokens may be signed with: what Google and Apple use. What
// an issuer publishes must not widen it (OWASP ASVS 5, 9.1.2).
var algorithms = []string{oidc.RS256, oidc.ES256}

// careful is a client that follows no redirect, which would carry the client secret
// and the code to someone else (OWASP ASVS 5, 15.3.2), and reads no endless answer.
func careful(given *http.Client) *http.Client {
	client := http.Client{Timeout: 10 * time.Second}
	if given != nil {
		client = *given
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if client.Transport == nil {
		client.Transport = http.DefaultTransport
	}
	client.Transport = short{client.Transport}
	return &client
}

// short cuts answers off after so many bytes.
type short struct{ http.RoundTripper }

const longest = 1 << 20

func (t short) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(answer.Body, longest), answer.Body}
	return answer, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (p *issuer) config(secret string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: secret, Endpoint: p.endpoint, RedirectURL: p.redirect,
		Scopes: []string{oidc.ScopeOpenID, oidc.ScopeEmail},
	}
}

// claims is what a provider vouches for.
type claims struct {
	identity identity
	email    string
	verified bool      // the provider says that the address is its user's
	signedIn time.Time // auth_time; zero where it is not told
}

// redeem trades a code for an ID token and checks all of it (OpenID Connect Core
// 1.0, 3.1.3.7). reason says in a word why it does not hold. err is ProviderAway or a fault.
func (s *Service) redeem(ctx context.Context, p *issuer, f providerFlow, back Back) (c claims, reason string, err error) {
	switch {
	case back.Issuer != "" && back.Issuer != p.Issuer:
		return c, "issuer", nil
	case back.Code == "":
		return c, "denied", nil
	}
	secret := p.ClientSecret
	if p.Secret != nil {
		if secret, err = p.Secret(s.Clock()); err != nil {
			return c, "", fmt.Errorf("make the client secret of %s: %w", p.Name, err)
		}
	}
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := p.config(secret).Exchange(ctx, back.Code, oauth2.VerifierOption(f.verifier))
	if err != nil {
		reason, err = sortOf(err, "exchange")
		return c, reason, err
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return c, "no-id-token", nil
	}
	token, err := p.verifier.Verify(ctx, raw)
	if err != nil {
		reason, err = sortOf(err, "id-token")
		return c, reason, err
	}
	return p.read(token, f.nonce)
}

// read takes what matters from an ID token whose signature, issuer, audience and time are right.
func (p *issuer) read(token *oidc.IDToken, nonce string) (c claims, reason string, err error) {
	var said struct {
		Party    string `json:"azp"`
		Email    any    `json:"email"`
		Verified any    `json:"email_verified"`
		AuthTime int64  `json:"auth_time"`
	}
	switch err := token.Claims(&said); {
	case err != nil:
		return c, "claims", nil
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1:
		return c, "nonce", nil
	case said.Party != "" && said.Party != p.ClientID, said.Party == "" && len(token.Audience) > 1:
		return c, "party", nil
	case token.Subject == "" || len(token.Subject) > 255:
		return c, "subject", nil
	}
	// The issuer as it is configured: Google's tokens spell it in two ways.
	c.identity = identity{provider: p.Name, issuer: p.Issuer, subject: token.Subject}
	c.email, _ = said.Email.(string)
	c.verified = said.Verified == true || said.Verified == "true" // Apple sends a text
	if said.AuthTime > 0 {
		c.signedIn = time.Unix(said.AuthTime, 0)
	}
	return c, "", nil
}

// sortOf tells a provider that is away from one that refuses. The errors' own words
// can hold what the provider sent, and go no further.
func sortOf(err error, reason string) (string, error) {
	var answer *oauth2.RetrieveError
	var network *url.Error
	var shape *json.SyntaxError
	switch {
	case errors.Is(err, context.Canceled):
		return "", context.Canceled
	case errors.As(err, &answer) && answer.Response != nil && answer.Response.StatusCode >= 500,
		errors.As(err, &network), errors.As(err, &shape), errors.Is(err, context.DeadlineExceeded):
		return "", refusal.New(refusal.ProviderAway)
	}
	return reason, nil
}
