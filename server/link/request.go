// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kutano/authenticator/server/session"
)

// Sizes past which a request is not one of an app.
const (
	mostRedirect = 512
	mostState    = 512
)

// A challenge is 32 bytes of SHA-256 as base64url (RFC 7636, 4.2); a verifier
// has 43 to 128 unreserved characters (4.1).
var (
	challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)
	verifierForm  = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)
)

// values are the parameters of a request, each once. One without a value is
// treated as left out, and none may come twice (RFC 6749, 3.1 and 3.2).
type values map[string]string

func once(form map[string][]string) (values, *OAuthError) {
	v := values{}
	for name, all := range form {
		if len(all) > 1 {
			return nil, oauth("invalid_request", "a parameter is given twice")
		}
		if len(all) == 1 && all[0] != "" {
			v[name] = all[0]
		}
	}
	return v, nil
}

// Parse reads an authorization request; *OAuthError otherwise. Where client or
// redirect address are not right, the error has no Redirect: nobody must be
// sent to an address that is not the app's (RFC 6749, 4.1.2.1).
func (s *Service) Parse(query map[string][]string) (Request, error) {
	v, bad := once(query)
	if bad != nil {
		return Request{}, bad
	}
	c, ok := clientOf(v["client_id"])
	if !ok {
		return Request{}, oauth("invalid_request", "this app is not known")
	}
	r := Request{Client: c, RedirectURI: v["redirect_uri"], State: v["state"], Challenge: v["code_challenge"]}
	if !loopback(r.RedirectURI) {
		return Request{}, oauth("invalid_request", "redirect_uri must be http://127.0.0.1:PORT/ or http://[::1]:PORT/")
	}
	if len(r.State) > mostState {
		r.State = "" // it is not sent back either
		return Request{}, s.toApp(r, oauth("invalid_request", "state is too long"))
	}
	switch {
	case v["response_type"] == "":
		return Request{}, s.toApp(r, oauth("invalid_request", "response_type is missing"))
	case v["response_type"] != "code":
		return Request{}, s.toApp(r, oauth("unsupported_response_type", "only code is supported"))
	case v["code_challenge_method"] != "S256" || !challengeForm.MatchString(r.Challenge):
		return Request{}, s.toApp(r, oauth("invalid_request", "a code_challenge by S256 is required"))
	}
	if r.Scopes, bad = parseScopes(v["scope"]); bad != nil {
		return Request{}, s.toApp(r, bad)
	}
	return r, nil
}

// loopback tells whether an address is one that only programs on the user's own
// machine listen at: a literal address with any port (RFC 8252, 7.3). A name,
// even localhost, can be made to lead elsewhere (8.3).
func loopback(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || len(raw) > mostRedirect || u.String() != raw || u.Scheme != "http" || u.User != nil || u.Opaque != "" {
		return false
	}
	if strings.ContainsAny(raw, "#?") || u.Hostname() != "127.0.0.1" && !strings.HasPrefix(u.Host, "[::1]:") {
		return false
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && port != 0
}

// parseScopes reads a scope (RFC 6749, 3.3); without one it is to see the
// status. Who may do more may see it too.
func parseScopes(scope string) ([]session.Scope, *OAuthError) {
	all := []session.Scope{session.Read}
	if scope == "" {
		return all, nil
	}
	for one := range strings.SplitSeq(scope, " ") {
		switch session.Scope(one) {
		case session.Read:
		case session.EnrolOnly, session.DeskWork:
			if !slices.Contains(all, session.Scope(one)) {
				all = append(all, session.Scope(one))
			}
		default:
			return nil, oauth("invalid_scope", "there is no such scope")
		}
	}
	return all, nil
}

// ParseScopes reads the scope parameter of a device authorization request, with
// spaces between scopes; *OAuthError otherwise. An empty one is to see the status.
func ParseScopes(scope string) ([]session.Scope, error) {
	all, bad := parseScopes(scope)
	if bad != nil {
		return nil, bad
	}
	return all, nil
}

// scopeText is how scopes are stored and sent.
func scopeText(scopes []session.Scope) string {
	all := make([]string, len(scopes))
	for i, s := range scopes {
		all[i] = string(s)
	}
	return strings.Join(all, " ")
}

// scopesOf reads what scopeText wrote.
func scopesOf(text string) []session.Scope {
	var all []session.Scope
	for one := range strings.FieldsSeq(text) {
		all = append(all, session.Scope(one))
	}
	return all
}

// toApp adds to an error where the browser goes with it.
func (s *Service) toApp(r Request, e *OAuthError) *OAuthError {
	e.Redirect = s.back(r, url.Values{"error": {e.Code}, "error_description": {e.Description}})
	return e
}

// back is the redirect address of a request with an answer. It names who
// answers (RFC 9207), so that an app with several services mixes none up.
func (s *Service) back(r Request, answer url.Values) string {
	answer.Set("iss", s.BaseURL)
	if r.State != "" {
		answer.Set("state", r.State)
	}
	return r.RedirectURI + "?" + answer.Encode()
}
