// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package pages is what a browser sees of the service: pages in plain HTML, in
// the words and the order of Kutano's guide.
//
// Everything works without JavaScript; a small script only adds comfort. Each
// form carries a token that belongs to the session, each change is answered
// with a redirection, and no page is kept by the browser. The pages decide
// nothing: they ask the rooms below, and say in a sentence what those refuse.
package pages

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
)

// Services are the rooms that the pages ask, and what they tell of the instance.
type Services struct {
	DB      *store.DB
	Keys    *seal.Keys
	Clock   moment.Clock
	SignIn  *signin.Service
	Factors *factor.Service
	Desk    *desk.Service
	Links   *link.Service
	// Workspace is the name that users know.
	Workspace string
	// BaseURL is the address of the service; with https, cookies are for https only.
	BaseURL string
	// Contact says whom to ask who cannot get in: "Ada in IT, extension 12". It may be empty.
	Contact string
	// Inbox is a path of this site where the messages of practice are shown, "" where it is none.
	Inbox string
	Log   *slog.Logger
}

// site is the handler of all pages.
type site struct {
	Services
	mux     *http.ServeMux
	looks   looks
	secure  bool
	cookies names
}

// New returns the handler of all pages.
func New(s Services) http.Handler {
	p := newSite(s)
	p.routes()
	cross := http.NewCrossOriginProtection()
	cross.AddInsecureBypassPattern(fromApple)
	cross.SetDenyHandler(http.HandlerFunc(p.foreign))
	return p.headers(cross.Handler(p.mux))
}

func newSite(s Services) *site {
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	secure := strings.HasPrefix(s.BaseURL, "https://")
	return &site{Services: s, mux: http.NewServeMux(), looks: mustLooks(), secure: secure, cookies: namesFor(secure)}
}

// headers sets what holds for each page. Pages that lead elsewhere by a form widen the policy.
func (p *site) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy("'self'"))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin") // a POST needs its origin
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// policy is the Content-Security-Policy (W3C CSP 3): nothing but our own style,
// script and pictures, and forms only to where forms says.
func policy(forms string) string {
	return "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action " + forms +
		"; frame-ancestors 'none'; base-uri 'none'"
}

func (p *site) routes() {
	p.assetRoutes()
	p.signInRoutes()
	p.secondRoutes()
	p.settingsRoutes()
	p.setUpRoutes()
	p.codeRoutes()
	p.elevationRoutes()
	p.consentRoutes()
	p.deskRoutes()
	p.handle("GET /{$}", anyone, (*visit).start)
	p.handle("GET /home", ready, (*visit).home)
	p.handle("GET /help", anyone, (*visit).help)
	p.handle("POST /signout", signedIn, (*visit).signOut)
	p.handle("GET /objection", anyone, (*visit).askObjection)
	p.handle("POST /objection", anyone, (*visit).object)
	p.handle("GET /objection/done", anyone, (*visit).objected)
	p.handle("/", anyone, (*visit).nothing)
}
