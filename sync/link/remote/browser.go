// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
)

func (s *service) Browser(ctx context.Context, scopes []link.Scope, open func(url string) error) (link.Permission, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return link.Permission{}, fmt.Errorf("%w: %w", link.ErrNoBrowser, err)
	}
	r := redirect{
		state: random(), verifier: random(), issuer: s.meta.Issuer,
		address: "http://" + l.Addr().String() + callbackPath, came: make(chan result, 1),
	}
	server := &http.Server{Handler: &r, ReadHeaderTimeout: link.Timeout, MaxHeaderBytes: 16 << 10}
	go func() { _ = server.Serve(l) }()
	defer stop(server)
	if err := open(s.authorize(r, scopes)); err != nil {
		return link.Permission{}, fmt.Errorf("%w: %w", link.ErrNoBrowser, err)
	}
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	late := make(chan struct{})
	go func() {
		defer close(late)
		_ = s.client.wait(waiting, link.BrowserLife) // whichever way it ends
	}()
	select {
	case got := <-r.came:
		if got.err != nil {
			return link.Permission{}, got.err
		}
		return s.exchange(ctx, r, got.code, scopes)
	case <-late:
		if ctx.Err() != nil {
			return link.Permission{}, fmt.Errorf("wait for the browser: %w", ctx.Err())
		}
		return link.Permission{}, link.ErrExpired
	}
}

// stop lets a page that is being sent get there.
func stop(s *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if s.Shutdown(ctx) != nil {
		_ = s.Close()
	}
}

// random is 256 bits as a text that fits into an address.
func random() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// authorize is the address to show in the browser (RFC 6749, 4.1.1; RFC 7636, 4.3).
func (s *service) authorize(r redirect, scopes []link.Scope) string {
	sum := sha256.Sum256([]byte(r.verifier))
	return s.meta.Authorize + "?" + url.Values{
		"response_type": {"code"}, "client_id": {link.ClientID}, "redirect_uri": {r.address}, "scope": {scopeText(scopes)}, "state": {r.state},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}.Encode()
}

func (s *service) exchange(ctx context.Context, r redirect, code string, scopes []link.Scope) (link.Permission, error) {
	p, err := s.client.permission(ctx, s.meta, url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {r.address}, "code_verifier": {r.verifier},
	})
	if errors.Is(err, link.ErrEnded) { // the code is good for a minute
		return link.Permission{}, fmt.Errorf("%w: %w", link.ErrExpired, err)
	}
	if err != nil {
		return link.Permission{}, err
	}
	return granted(p, scopes)
}

const callbackPath = "/kutano"

// redirect takes what the browser brings back.
type redirect struct {
	state, verifier, issuer, address string
	came                             chan result
}

type result struct {
	code string
	err  error
}

// mostCode is the longest authorization code that is taken.
const mostCode = 1024

// ServeHTTP answers the browser. What does not know the state is no answer of the
// service, whoever sent it: the wait goes on.
func (r *redirect) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Connection", "close")
	if q.Method != http.MethodGet || q.URL.Path != callbackPath || "http://"+q.Host+callbackPath != r.address {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	got, ok := r.read(q.URL.Query())
	if !ok {
		page(w, http.StatusBadRequest, words.T("This page belongs to another link. Go back to Kutano Authenticator and begin again there."))
		return
	}
	page(w, http.StatusOK, words.T("You can close this page. Kutano Authenticator goes on from here."))
	select {
	case r.came <- got:
	default: // the page was loaded again
	}
}

func page(w http.ResponseWriter, status int, text string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<!doctype html><meta charset=utf-8><title>Kutano Authenticator</title><p>%s</p>\n", html.EscapeString(text)) // who went away needs no page
}

// read takes an answer apart (RFC 6749, 4.1.2; RFC 9207, 2.4).
func (r *redirect) read(v url.Values) (result, bool) {
	for _, all := range v {
		if len(all) != 1 {
			return result{}, false
		}
	}
	if subtle.ConstantTimeCompare([]byte(v.Get("state")), []byte(r.state)) != 1 || v.Get("iss") != r.issuer {
		return result{}, false
	}
	if e := v.Get("error"); e != "" {
		return result{err: oauthError(e)}, true
	}
	code := v.Get("code")
	if code == "" || len(code) > mostCode {
		return result{err: strange("code")}, true
	}
	return result{code: code}, true
}
