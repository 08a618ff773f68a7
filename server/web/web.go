// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package web is what the pages and the API have in common: limits of size and
// time, headers, the log of requests, metrics, who asks from where, and what a
// refusal or a fault is in HTTP.
//
// It promises that no value of a request (path, query, body, address, header)
// reaches the log or a metric, and that a handler that panics is answered with
// an error instead of taking the service down.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/seal"
)

// Limits of a request.
const (
	// MostBody is how many bytes a body may have; more is answered with 413.
	MostBody = 64 << 10
	// Within is how long a request may take where Options does not say.
	Within = 15 * time.Second
)

// Options are what Wrap needs to know.
type Options struct {
	Log *slog.Logger // nil logs nothing
	// TLS tells that users come by https, here or at a proxy before the service.
	TLS bool
	// TrustedProxies are the addresses of proxies whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	// Within is how long a request may take; 0 is the constant Within. What the
	// database has not done by then is answered with 503.
	Within time.Duration
	// BaseURL is the service's address, for the types of problems.
	BaseURL string
	// Fail answers a request that failed outside of its handler: too large by its
	// own account, or a panic. nil is FailPlainly.
	Fail func(w http.ResponseWriter, r *http.Request, status int, kind string)
}

type contextKey struct{}

// about is what Wrap finds out of a request.
type about struct {
	id      string
	address netip.Addr
	tls     bool
}

func aboutOf(ctx context.Context) about {
	a, _ := ctx.Value(contextKey{}).(about)
	return a
}

// RequestID is the id of a request: it stands in the answer's X-Request-Id and in the log.
func RequestID(ctx context.Context) string { return aboutOf(ctx).id }

// Wrap puts around a handler what all of the service needs. Handlers must pass
// the request on that they were given (not a copy), so that the route that
// served it is known afterwards.
func Wrap(h http.Handler, o Options) http.Handler {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Within == 0 {
		o.Within = Within
	}
	if o.Fail == nil {
		o.Fail = func(w http.ResponseWriter, r *http.Request, status int, kind string) {
			FailPlainly(w, r, o.BaseURL, status, kind)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		elapsed := moment.Watch()
		a := about{id: seal.NewID(), address: Address(r, o.TrustedProxies), tls: o.TLS}
		ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), contextKey{}, a), o.Within)
		defer cancel()
		r = r.WithContext(ctx)
		seen := &recorder{ResponseWriter: w}
		w.Header().Set("X-Request-Id", a.id)
		protect(w.Header(), a.tls)
		serve(h, seen, r, o)
		note(ctx, o.Log, r, seen.status, elapsed(), a.id)
	})
}

// Protect puts around a handler the headers that suit every answer, and that Wrap
// sets too: for what is answered outside of Wrap, as ServeMux's own redirections
// are. tls is as in Options.
func Protect(h http.Handler, tls bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header(), tls)
		h.ServeHTTP(w, r)
	})
}

// defaultPolicy is for what is no page: nothing is loaded, run, framed or sent from it (OWASP ASVS 5, 3.2.1, 3.4.3).
const defaultPolicy = "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

// protect sets what suits every answer; a handler may set another value.
func protect(h http.Header, tls bool) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", defaultPolicy)
	h.Set("Referrer-Policy", "same-origin") // with "no-referrer" browsers send forms with "Origin: null"
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if tls {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// serve runs the handler within the limits.
func serve(h http.Handler, w *recorder, r *http.Request, o Options) {
	defer func() {
		if p := recover(); p != nil {
			failed(w, r, o, p)
		}
	}()
	if r.ContentLength > MostBody {
		w.Header().Set("Connection", "close") // the rest is not read
		o.Fail(w, r, http.StatusRequestEntityTooLarge, string(TooLarge))
		return
	}
	if r.Body != nil {
		r.Body = http.MaxBytesReader(w, r.Body, MostBody)
	}
	h.ServeHTTP(w, r)
}

// Server returns a server for a wrapped handler with limits of time and size
// against clients that are slow on purpose.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // its lines hold addresses
	}
}
