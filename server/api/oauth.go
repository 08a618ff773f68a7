// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/web"
)

func oauthRoutes() []route {
	return []route{
		{http.MethodPost, "/oauth/token", open, noApp, http.StatusOK, token},
		{http.MethodPost, "/oauth/device_authorization", open, noApp, http.StatusOK, beginDevice},
		{http.MethodPost, "/oauth/revoke", open, noApp, http.StatusOK, revoke},
		{http.MethodGet, "/.well-known/oauth-authorization-server", open, noApp, http.StatusOK, asks(metadata)},
	}
}

// form reads the body of a request to an endpoint of OAuth. A parameter stands
// there once (RFC 6749, 3.2); parameters in the address are not looked at.
func (c *call) form() (url.Values, error) {
	body, err := content(c.r, formType)
	if err != nil {
		return nil, err
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, badRequest("the form is not understood")
	}
	for _, all := range values {
		if len(all) != 1 {
			return nil, badRequest("a parameter is there twice")
		}
		if !utf8.ValidString(all[0]) || strings.ContainsRune(all[0], 0) {
			return nil, badRequest("a parameter is not text")
		}
	}
	return values, nil
}

func badRequest(why string) *link.OAuthError {
	return &link.OAuthError{Code: "invalid_request", Description: why}
}

type tokensView struct {
	Access    string `json:"access_token"`
	Type      string `json:"token_type"`
	ExpiresIn int64  `json:"expires_in"`
	Refresh   string `json:"refresh_token,omitempty"`
	Scope     string `json:"scope"`
}

func token(c *call) (any, error) {
	form, err := c.form()
	if err != nil {
		return nil, err
	}
	t, err := c.Links.Token(c.ctx, form)
	return tokensView{Access: t.Access, Type: "Bearer", ExpiresIn: seconds(t.ExpiresIn), Refresh: t.Refresh, Scope: scopeText(t.Scopes)}, err
}

func scopeText(all []session.Scope) string {
	return strings.Join(list(all, func(s session.Scope) string { return string(s) }), " ")
}

type deviceView struct {
	DeviceCode string `json:"device_code"`
	UserCode   string `json:"user_code"`
	URI        string `json:"verification_uri"`
	ExpiresIn  int64  `json:"expires_in"`
	Interval   int64  `json:"interval"`
}

func beginDevice(c *call) (any, error) {
	form, err := c.form()
	if err != nil {
		return nil, err
	}
	var scopes []session.Scope
	for _, s := range strings.Fields(form.Get("scope")) {
		scopes = append(scopes, session.Scope(s))
	}
	d, err := c.Links.BeginDevice(c.ctx, form.Get("client_id"), scopes, web.Browser(c.r).Address)
	return deviceView{d.DeviceCode, d.UserCode, d.VerificationURI, seconds(d.ExpiresIn), seconds(d.Interval)}, err
}

// revoke ends a link (RFC 7009). A token that is not known is no error.
func revoke(c *call) (any, error) {
	form, err := c.form()
	if err != nil {
		return nil, err
	}
	if form.Get("token") == "" {
		return nil, badRequest("the token is missing")
	}
	return struct{}{}, c.Links.Revoke(c.ctx, form.Get("token"))
}

// oauthError answers with an error of OAuth (RFC 6749, 5.2; RFC 8628, 3.5), if err is one.
func (c *call) oauthError(err error) bool {
	var e *link.OAuthError
	if !errors.As(err, &e) {
		return false
	}
	status := http.StatusBadRequest
	if e.Code == "invalid_client" {
		status = http.StatusUnauthorized
	}
	body, err := json.Marshal(struct {
		Error       string `json:"error"`
		Description string `json:"error_description,omitempty"`
	}{e.Code, e.Description})
	if err != nil {
		c.problem(c.w, c.r, err)
		return true
	}
	c.answer(status, file{kind: jsonType, body: body})
	return true
}

type metadataView struct {
	Issuer    string   `json:"issuer"`
	Authorize string   `json:"authorization_endpoint"`
	Token     string   `json:"token_endpoint"`
	Device    string   `json:"device_authorization_endpoint"`
	Revoke    string   `json:"revocation_endpoint"`
	Doc       string   `json:"service_documentation"`
	Scopes    []string `json:"scopes_supported"`
	Responses []string `json:"response_types_supported"`
	Grants    []string `json:"grant_types_supported"`
	Methods   []string `json:"token_endpoint_auth_methods_supported"`
	RMethods  []string `json:"revocation_endpoint_auth_methods_supported"`
	PKCE      []string `json:"code_challenge_methods_supported"`
	Iss       bool     `json:"authorization_response_iss_parameter_supported"` // RFC 9207
}

// metadata is RFC 8414's.
func metadata(c *call) (metadataView, error) {
	b := c.BaseURL
	return metadataView{
		Issuer: b, Authorize: b + "/oauth/authorize", Token: b + "/oauth/token", Device: b + "/oauth/device_authorization",
		Revoke: b + "/oauth/revoke", Doc: b + "/v1/openapi.json",
		Scopes: []string{string(session.Read), string(session.EnrolOnly), string(session.DeskWork)}, Responses: []string{"code"},
		Grants:  []string{"authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"},
		Methods: []string{"none"}, RMethods: []string{"none"}, PKCE: []string{"S256"}, Iss: true,
	}, nil
}

type problemView struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Advice string `json:"advice"`
}

// describe tells what a type of problems is, at its address.
func describe(c *call) (problemView, error) {
	kind := refusal.Kind(c.r.PathValue("kind"))
	about, ok := web.Problems[kind]
	if !ok {
		return problemView{}, refusal.New(refusal.NotFound)
	}
	return problemView{c.BaseURL + "/problems/" + string(kind), about.Title, about.Status, about.Advice}, nil
}
