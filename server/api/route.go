// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/web"
)

// level is how far a sign-in must have come for an endpoint.
type level int

const (
	open      level = iota // nobody needs to be signed in
	pending                // the first factor was proved
	enrolling              // nothing is missing but perhaps a second factor that has to be set up
	ready                  // nothing is missing
)

// Scopes that routes name beside those of package session.
const (
	noApp  session.Scope = ""    // linked apps may not
	anyApp session.Scope = "any" // whatever was allowed
)

// route is one endpoint.
type route struct {
	method, path string
	need         level
	scope        session.Scope // what a linked app must have been allowed
	status       int           // when it worked
	run          func(c *call) (any, error)
}

// call is one request with what is known of who makes it.
type call struct {
	Services
	ctx  context.Context
	w    http.ResponseWriter
	r    *http.Request
	now  time.Time
	in   session.Session
	user people.User
}

// none is the body of requests and answers that have none.
type none struct{}

// takes makes the function of an endpoint whose request has a body: read it
// strictly, then call f.
func takes[In, Out any](f func(c *call, in In) (Out, error)) func(*call) (any, error) {
	return func(c *call) (any, error) {
		var in In
		if err := readBody(c.r, &in); err != nil {
			return nil, err
		}
		return f(c, in)
	}
}

// asks makes the function of an endpoint whose request has no body. One that
// changes something takes an empty object too.
func asks[Out any](f func(c *call) (Out, error)) func(*call) (any, error) {
	return func(c *call) (any, error) {
		if c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
			if err := readNothing(c.r); err != nil {
				return nil, err
			}
		}
		return f(c)
	}
}

func (s Services) handler(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{Services: s, ctx: r.Context(), w: w, r: r, now: s.Clock()}
		err := c.admit(rt)
		if err == nil {
			err = c.placesOK(rt.path)
		}
		var out any
		if err == nil {
			out, err = rt.run(c)
		}
		if err != nil {
			c.refuse(err)
			return
		}
		c.answer(rt.status, out)
	}
}

// admit finds out who asks, and whether they may.
func (c *call) admit(rt route) error {
	if rt.need == open {
		return nil
	}
	token, ok := bearer(c.r)
	if !ok {
		c.w.Header().Set("WWW-Authenticate", `Bearer realm="kutano"`)
		return refusal.New(refusal.NeedsSignIn)
	}
	err := c.find(token)
	if errors.Is(err, session.ErrEnded) {
		c.w.Header().Set("WWW-Authenticate", `Bearer realm="kutano", error="invalid_token"`) // RFC 6750, 3.1
	}
	if err != nil {
		return err
	}
	if err := c.scopeOK(rt.scope); err != nil {
		return err
	}
	switch {
	case c.in.Need == session.Second && rt.need > pending:
		return refusal.New(refusal.NeedsSecond)
	case c.in.Need == session.Enrol && rt.need > enrolling:
		return refusal.New(refusal.NeedsEnrolment)
	}
	return nil
}

func (c *call) find(token string) (err error) {
	c.in, c.user, err = session.Find(c.ctx, c.DB, token, c.now)
	if errors.Is(err, session.ErrEnded) {
		c.in, c.user, err = c.Links.Find(c.ctx, token, c.now)
	}
	return err
}

func (c *call) scopeOK(scope session.Scope) error {
	if c.in.App == "" || scope == anyApp || scope != noApp && c.in.May(scope) {
		return nil
	}
	challenge := `Bearer realm="kutano", error="insufficient_scope"`
	if scope != noApp {
		challenge += `, scope="` + string(scope) + `"`
	}
	c.w.Header().Set("WWW-Authenticate", challenge)
	return refusal.New(web.NotScope)
}

// bearer is the token of an Authorization header (RFC 6750, 2.1).
func bearer(r *http.Request) (string, bool) {
	all := r.Header.Values("Authorization")
	if len(all) != 1 {
		return "", false
	}
	scheme, token, _ := strings.Cut(all[0], " ")
	token = strings.TrimSpace(token)
	return token, strings.EqualFold(scheme, "Bearer") && token != ""
}

var (
	wildcard = regexp.MustCompile(`\{(\w+)\}`)
	idForm   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

// placesOK refuses ids in the path that cannot be any, so that nothing odd reaches the database.
func (c *call) placesOK(path string) error {
	for _, name := range wildcard.FindAllStringSubmatch(path, -1) {
		if !idForm.MatchString(c.r.PathValue(name[1])) {
			return refusal.New(refusal.NotFound)
		}
	}
	return nil
}

// refuse answers with what is wrong: as OAuth says it, where it was said so.
func (c *call) refuse(err error) {
	if c.oauthError(err) {
		return
	}
	c.problem(c.w, c.r, err)
}

// answer writes what an endpoint brought: nothing for none, bytes as they are, JSON otherwise.
func (c *call) answer(status int, out any) {
	if _, ok := out.(none); ok {
		c.w.WriteHeader(http.StatusNoContent)
		return
	}
	if u, ok := out.(unlike); ok {
		status, out = u.status, u.out
	}
	f, ok := out.(file)
	if !ok {
		body, err := json.Marshal(out)
		if err != nil {
			c.refuse(err)
			return
		}
		f = file{kind: "application/json", body: append(body, '\n')}
	}
	c.w.Header().Set("Content-Type", f.kind)
	c.w.WriteHeader(status)
	_, _ = c.w.Write(f.body) // a client that is gone
}

// unlike is an answer with another status than the route's.
type unlike struct {
	status int
	out    any
}

// file is an answer that is not made of a value.
type file struct {
	kind string
	body []byte
}
