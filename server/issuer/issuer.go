// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package issuer is an OpenID Connect issuer in process, which stands in for
// Google and Apple in practice and in tests: who comes to it chooses who they are,
// and is believed. It is for loopback only: it refuses an address that is not
// loopback, requests from elsewhere, and requests by another name.
//
// It does the authorization code flow with PKCE (RFC 6749, RFC 7636), answers by
// redirect or by form_post, names itself in the answer (RFC 9207), and signs with
// RS256. Its Knobs make it misbehave.
package issuer

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/kutano/authenticator/server/moment"
)

// User is someone that one can choose to be.
type User struct {
	Subject string // the identity: never changes
	Email   string
	Name    string
	// Unverified says that the provider did not check the address.
	Unverified bool
}

// Config is what an issuer needs to know.
type Config struct {
	Name         string // as shown on its page: "Google"
	URL          string // where it is reached, with or without a path: http://127.0.0.1:8080/practice/google
	ClientID     string
	ClientSecret string
	// Redirects are the addresses that it sends browsers back to, and no others.
	Redirects []string
	Users     []User
	Clock     moment.Clock
	// TextVerified writes email_verified as a text, as Apple does.
	TextVerified bool
}

// Knobs make an issuer misbehave. The zero value is one that behaves.
type Knobs struct {
	Nonce, Audience, Issuer, Party string // in the ID token, in place of the right ones
	Subject                        string
	Expired                        bool          // the ID token is over already
	OtherKey                       bool          // it is signed by a key that is not published
	NoIDToken                      bool          // there is none
	SignedIn                       time.Duration // how long ago the user signed in there, for auth_time
	TokenStatus                    int           // what the token endpoint answers with, and nothing else
}

// Issuer is an http.Handler for everything below its URL's path.
type Issuer struct {
	config Config
	base   *url.URL
	keys   [2]*rsa.PrivateKey // the published one and another
	mux    *http.ServeMux

	mu    sync.Mutex
	knobs Knobs
	codes map[string]grant
}

// grant is what a code stands for. It is good once, for a minute.
type grant struct {
	user                       User
	redirect, nonce, challenge string
	authTime                   bool
	expires                    time.Time
}

// keys are made once a process, which takes a second, and never kept: the
// published one and another.
var keys = sync.OnceValues(func() (k [2]*rsa.PrivateKey, err error) {
	for n := range k {
		if k[n], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return k, fmt.Errorf("make a key: %w", err)
		}
	}
	return k, nil
})

// New returns an issuer.
func New(c Config) (*Issuer, error) {
	base, err := url.Parse(c.URL)
	if err != nil || base.Scheme != "http" || !loopback(base.Host) {
		return nil, errors.New("the issuer for practice is for http on loopback only")
	}
	i := &Issuer{config: c, base: base, codes: map[string]grant{}, mux: http.NewServeMux()}
	if i.keys, err = keys(); err != nil {
		return nil, err
	}
	i.mux.HandleFunc("GET "+base.Path+"/.well-known/openid-configuration", i.discovery)
	i.mux.HandleFunc("GET "+base.Path+"/keys", i.published)
	i.mux.HandleFunc("GET "+base.Path+"/authorize", i.ask)
	i.mux.HandleFunc("POST "+base.Path+"/authorize", i.answer)
	i.mux.HandleFunc("POST "+base.Path+"/token", i.token)
	return i, nil
}

// loopback tells whether a host, with or without a port, is this machine.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Misbehave sets the knobs.
func (i *Issuer) Misbehave(k Knobs) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.knobs = k
}

func (i *Issuer) misbehaviour() Knobs {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.knobs
}

func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !loopback(r.RemoteAddr) || !loopback(r.Host) { // by another name: DNS rebinding
		http.Error(w, "This is for practice on this machine only.", http.StatusForbidden)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	w.Header().Set("Cache-Control", "no-store")
	i.mux.ServeHTTP(w, r)
}

func (i *Issuer) discovery(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]any{
		"issuer": i.config.URL, "authorization_endpoint": i.config.URL + "/authorize", "token_endpoint": i.config.URL + "/token",
		"jwks_uri": i.config.URL + "/keys", "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"}, "scopes_supported": []string{"openid", "email"},
		"response_modes_supported": []string{"query", "form_post"}, "code_challenge_methods_supported": []string{"S256"},
		"token_endpoint_auth_methods_supported":          []string{"client_secret_post", "client_secret_basic"},
		"authorization_response_iss_parameter_supported": true,
	})
}

// keyID names the published key, and the other one too, which so cannot be told by its name.
const keyID = "practice"

func (i *Issuer) published(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: i.keys[0].Public(), KeyID: keyID, Algorithm: string(jose.RS256), Use: "sig"},
	}})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who went away needs no answer
}

// user finds one by its subject.
func (i *Issuer) user(subject string) (User, bool) {
	n := slices.IndexFunc(i.config.Users, func(u User) bool { return u.Subject == subject })
	if n < 0 {
		return User{}, false
	}
	return i.config.Users[n], true
}
