// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/kutano/authenticator/sync/link"
)

// wellKnown is where a service describes itself (RFC 8414, 3).
const wellKnown = "/.well-known/oauth-authorization-server"

// service is a two-factor service that was found at its address.
type service struct {
	client *Client
	meta   metadata
}

// metadata is what RFC 8414, 2 says of a service.
type metadata struct {
	Issuer    string   `json:"issuer"`
	Authorize string   `json:"authorization_endpoint"`
	Token     string   `json:"token_endpoint"`
	Device    string   `json:"device_authorization_endpoint"`
	Revoke    string   `json:"revocation_endpoint"`
	Scopes    []string `json:"scopes_supported"`
	PKCE      []string `json:"code_challenge_methods_supported"`
	Iss       bool     `json:"authorization_response_iss_parameter_supported"`
}

// Discover finds the service at an address as a person types it, see [ParseAddress].
func (c *Client) Discover(ctx context.Context, address string) (link.Service, error) {
	base, err := link.ParseAddress(address)
	if err != nil {
		return nil, err
	}
	m, err := c.metadata(ctx, base)
	if err != nil {
		return nil, err
	}
	return &service{client: c, meta: m}, nil
}

func (c *Client) metadata(ctx context.Context, base string) (metadata, error) {
	a, err := c.ask(ctx, request{method: http.MethodGet, url: describedAt(base)})
	if err != nil {
		return metadata{}, err
	}
	if a.status >= 500 {
		return metadata{}, a.byStatus()
	}
	if a.status != http.StatusOK {
		return metadata{}, link.ErrNotService
	}
	return decodeMetadata(a.body, base)
}

// describedAt puts the well-known part between host and path (RFC 8414, 3.1).
func describedAt(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base + wellKnown
	}
	u.Path = wellKnown + u.Path
	return u.String()
}

// decodeMetadata takes what names the service itself and nobody else (RFC 8414,
// 3.3), with PKCE by S256 and an answer that names who answers (RFC 9207).
func decodeMetadata(body []byte, base string) (metadata, error) {
	var m metadata
	if err := decodeInto(body, &m); err != nil {
		return metadata{}, link.ErrNotService
	}
	if strings.TrimRight(m.Issuer, "/") != base {
		return metadata{}, link.ErrNotService
	}
	for _, one := range []string{m.Authorize, m.Token, m.Revoke} {
		if !link.Within(base, one) {
			return metadata{}, link.ErrNotService
		}
	}
	if m.Device != "" && !link.Within(base, m.Device) {
		return metadata{}, link.ErrNotService
	}
	if !m.Iss || !slices.Contains(m.PKCE, "S256") || !slices.Contains(m.Scopes, string(link.ReadStatus)) {
		return metadata{}, link.ErrNotService
	}
	return m, nil
}

func (s *service) Address() string { return strings.TrimRight(s.meta.Issuer, "/") }

func (s *service) Host() string { return link.HostOf(s.Address()) }

func (s *service) CanDevice() bool { return s.meta.Device != "" }

// Time asks a service for its time, and tells how far this device's clock is ahead
// of it; half of the way there and back is taken off.
func (c *Client) Time(ctx context.Context, address string) (service time.Time, ahead time.Duration, err error) {
	sent := c.Clock.Now()
	a, err := c.ask(ctx, request{method: http.MethodGet, url: address + "/v1/time"})
	if err != nil {
		return time.Time{}, 0, err
	}
	if a.status != http.StatusOK {
		return time.Time{}, 0, a.refused()
	}
	came := c.Clock.Now()
	var v struct {
		UnixMS *int64 `json:"unix_ms"`
	}
	if err := decodeInto(a.body, &v); err != nil {
		return time.Time{}, 0, err
	}
	if v.UnixMS == nil || *v.UnixMS <= 0 || !sane(time.UnixMilli(*v.UnixMS)) {
		return time.Time{}, 0, strange("unix_ms")
	}
	service = time.UnixMilli(*v.UnixMS).UTC()
	return service, sent.Add(came.Sub(sent) / 2).Sub(service), nil
}

// giveBack revokes a permission (RFC 7009).
func (c *Client) giveBack(ctx context.Context, p link.Permission) error {
	m, err := c.metadata(ctx, p.Address)
	if err != nil {
		return err
	}
	a, err := c.form(ctx, m.Revoke, url.Values{"token": {string(p.Refresh.Bytes())}, "token_type_hint": {"refresh_token"}, "client_id": {link.ClientID}})
	if err != nil {
		return err
	}
	if err := a.oauth(); !errors.Is(err, link.ErrEnded) {
		return err
	}
	return nil
}
