// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package api is what programs see of the service: resources under /v1 with
// JSON bodies, and the endpoints of OAuth 2 that are not pages.
//
// It promises that every endpoint and every answer stands in the OpenAPI
// document that it serves; that it takes a session's or a linked app's token
// from the Authorization header only, never from a cookie; and that whatever is
// wrong with a request is answered with a problem (RFC 9457) of a type that
// stays the same, and changes nothing.
package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
	"github.com/kutano/authenticator/server/web"
)

// Services are the rooms that the API opens to programs.
type Services struct {
	DB      *store.DB
	Clock   moment.Clock
	SignIn  *signin.Service
	Factors *factor.Service
	Desk    *desk.Service
	Links   *link.Service
	// BaseURL is the service's address without a slash at its end.
	BaseURL string
	// Workspace is the name that users know.
	Workspace string
}

// Paths are the patterns of package net/http that New serves.
var Paths = []string{
	"/v1/", "/problems/", "/oauth/token", "/oauth/device_authorization", "/oauth/revoke", "/.well-known/oauth-authorization-server",
}

// New returns the API. It has to be inside web.Wrap.
func New(s Services) http.Handler {
	mux := http.NewServeMux()
	allowed := map[string][]string{}
	for _, rt := range routes() {
		mux.Handle(rt.method+" "+rt.path, s.handler(rt))
		allowed[rt.path] = append(allowed[rt.path], rt.method)
	}
	for path, methods := range allowed {
		for _, pattern := range others(path, methods, allowed) {
			mux.Handle(pattern, s.notAllowed(methods))
		}
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.problem(w, r, refusal.New(refusal.NotFound))
	})
	return mux
}

// routes are all endpoints.
func routes() []route {
	return slices.Concat(signInRoutes(), secondRoutes(), meRoutes(), enrolRoutes(), deskRoutes(), oauthRoutes(), metaRoutes())
}

// others are the patterns for the methods that a path does not have. Where a wildcard
// of another path stands for this one too, the mux wants each method named.
func others(path string, methods []string, all map[string][]string) []string {
	shadowed := false
	for other := range all {
		shadowed = shadowed || other != path && standsFor(other, path)
	}
	if !shadowed {
		return []string{path}
	}
	var patterns []string
	for _, m := range []string{
		http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodConnect,
	} {
		if !slices.Contains(methods, m) {
			patterns = append(patterns, m+" "+path)
		}
	}
	return patterns
}

// standsFor tells whether a path with wildcards stands for another path too.
func standsFor(path, other string) bool {
	all, parts := strings.Split(path, "/"), strings.Split(other, "/")
	if len(all) != len(parts) {
		return false
	}
	for i, part := range all {
		if part != parts[i] && !strings.HasPrefix(part, "{") {
			return false
		}
	}
	return true
}

func (s Services) notAllowed(methods []string) http.HandlerFunc {
	if slices.Contains(methods, http.MethodGet) {
		methods = append(methods, http.MethodHead)
	}
	slices.Sort(methods)
	allow := strings.Join(methods, ", ")
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allow)
		s.problem(w, r, refusal.New(web.MethodNot))
	}
}

func (s Services) problem(w http.ResponseWriter, r *http.Request, err error) {
	web.ProblemOf(r, s.BaseURL, err).Write(w)
}
