// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package service

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/kutano/authenticator/server/api"
	"github.com/kutano/authenticator/server/pages"
	"github.com/kutano/authenticator/server/web"
)

// Handler answers what browsers, apps and balancers ask.
func (s *Service) Handler() http.Handler { return s.handler }

func (s *Service) routes() http.Handler {
	rooms := http.NewServeMux()
	programs := api.New(api.Services{
		DB: s.DB, Clock: s.Clock, SignIn: s.SignIn, Factors: s.Factors, Desk: s.Desk, Links: s.Links,
		BaseURL: s.config.BaseURL, Workspace: s.config.Workspace,
	})
	for _, path := range api.Paths {
		rooms.Handle(path, programs)
	}
	shown := pages.Services{
		DB: s.DB, Keys: s.Keys, Clock: s.Clock, SignIn: s.SignIn, Factors: s.Factors, Desk: s.Desk, Links: s.Links,
		Workspace: s.config.Workspace, BaseURL: s.config.BaseURL, Contact: s.config.Contact, Inbox: s.config.Inbox, Log: s.Log,
	}
	rooms.Handle("/", pages.New(shown))
	page := pages.Fail(shown)
	fail := func(w http.ResponseWriter, r *http.Request, status int, kind string) {
		if _, pattern := rooms.Handler(r); pattern != "/" { // a program asks
			web.FailPlainly(w, r, s.config.BaseURL, status, kind)
			return
		}
		page(w, r, status, kind)
	}

	all := http.NewServeMux()
	all.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, health{OK: true}) })
	all.HandleFunc("GET /readyz", s.readyz) // both out of the log: balancers ask each second
	all.Handle("/", web.Wrap(s.whenPrepared(rooms), web.Options{
		Log: s.Log, TLS: s.tls(), TrustedProxies: s.config.TrustedProxies, BaseURL: s.config.BaseURL, Fail: fail,
	}))
	return web.Protect(all, s.tls())
}

// tls tells that users come by HTTPS, here or at a proxy before the service.
func (s *Service) tls() bool { return strings.HasPrefix(s.config.BaseURL, "https://") }

// health is what /healthz and /readyz answer.
type health struct {
	OK       bool   `json:"ok"`
	Database string `json:"database,omitempty"` // "ok", "preparing", "unavailable"
	// ClockOffset is how many seconds the clock is ahead, where it was measured.
	ClockOffset *float64 `json:"clock_offset_seconds,omitempty"`
}

func (s *Service) readyz(w http.ResponseWriter, r *http.Request) {
	h := health{OK: true, Database: "ok"}
	if offset, ok := s.Offset(); ok {
		seconds := offset.Seconds()
		h.ClockOffset = &seconds
	}
	status := http.StatusOK
	if err := s.Ready(r.Context()); err != nil {
		h.OK, h.Database, status = false, "unavailable", http.StatusServiceUnavailable
		if errors.Is(err, errPreparing) {
			h.Database = "preparing"
		}
	}
	answer(w, status, h)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who went away needs no answer
}

// always are what needs no database: the time is asked for when everything else is in doubt.
var always = []string{"/v1/time", "/v1/openapi.", "/problems/", "/static/"}

// whenPrepared answers 503 until the tables are up to date: a query would fail
// as if the service were broken, while all that is needed is to wait.
func (s *Service) whenPrepared(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.prepared.Load() || slices.ContainsFunc(always, func(path string) bool { return strings.HasPrefix(r.URL.Path, path) }) {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Retry-After", "5")
		web.FailPlainly(w, r, s.config.BaseURL, http.StatusServiceUnavailable, string(web.Unavailable))
	})
}
