// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
	"github.com/kutano/authenticator/server/web"
)

// errForeign is a form that did not come from our own page, or from one that is too old.
var errForeign = errors.New("a form without its token")

// trouble is what an error page says.
type trouble struct {
	sentence
	Status int
	Number string // for a fault: to find it in the log
	Wait   string
}

// fail answers a request that could not be done.
func (v *visit) fail(err error) {
	if errors.Is(err, session.ErrEnded) {
		err = refusal.New(refusal.NeedsSignIn)
	}
	if no := refusal.Of(err); no != nil {
		v.refused(no)
		return
	}
	t := fault(err)
	if t.Status >= http.StatusInternalServerError {
		t.Number = web.RequestID(v.ctx())
		v.Log.LogAttrs(v.ctx(), levelOf(t.Status), "a page failed", logged(t.Number, v.r.Pattern, err)...)
	}
	if t.Status == http.StatusServiceUnavailable {
		v.w.Header().Set("Retry-After", "10")
	}
	v.show(t.Status, "trouble", t)
}

// fault is what an error that is no refusal looks like.
func fault(err error) trouble {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return trouble{sentence: tooLarge, Status: http.StatusRequestEntityTooLarge}
	case errors.Is(err, errForeign):
		return trouble{sentence: foreignForm, Status: http.StatusForbidden}
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return trouble{sentence: unavailable, Status: http.StatusServiceUnavailable}
	}
	return trouble{sentence: broken, Status: http.StatusInternalServerError}
}

// refused leads to the step that is missing, or says why not.
func (v *visit) refused(no *refusal.Error) {
	if v.otherStep(no.Kind) {
		return
	}
	t := trouble{sentence: sentences[no.Kind], Status: statusOf(no.Kind)}
	if no.RetryAfter > 0 {
		t.Wait = span(no.RetryAfter)
		v.w.Header().Set("Retry-After", strconv.Itoa(int((no.RetryAfter+time.Second-1)/time.Second)))
	}
	v.show(t.Status, "trouble", t)
}

// otherStep sends the browser to the step that a refusal asks for, and tells whether it did.
func (v *visit) otherStep(k refusal.Kind) bool {
	back := local(v.form("from"), "")
	if v.r.Method == http.MethodGet {
		back = v.r.URL.RequestURI()
	}
	switch k {
	case refusal.NeedsSignIn:
		v.setCookie(v.w, v.cookies.session, "", -1)
		v.session = session.Session{}
		v.say(saying{Kind: k, Left: -1})
		v.see(with("/signin", back))
	case refusal.NeedsSecond:
		if v.session.Ready() { // set up in another session: here it was never proved
			v.see(with("/elevate", back))
			return true
		}
		v.see("/second")
	case refusal.NeedsEnrolment:
		if v.session.Ready() {
			v.say(saying{Kind: k, Left: -1})
			v.see("/settings/security")
			return true
		}
		v.see("/enrol")
	case refusal.NeedsElevation:
		v.see(with("/elevate", back))
	default:
		return false
	}
	return true
}

// statusOf is the status of a page that says a refusal and nothing else.
func statusOf(k refusal.Kind) int {
	switch k {
	case refusal.NotFound:
		return http.StatusNotFound
	case refusal.Forbidden, refusal.Yourself:
		return http.StatusForbidden
	case refusal.TooManyTries, refusal.TooManySent:
		return http.StatusTooManyRequests
	case refusal.FlowEnded, refusal.EnrolExpired:
		return http.StatusGone
	case refusal.Invalid:
		return http.StatusBadRequest
	}
	return http.StatusConflict
}

// nothing answers for paths that there are not.
func (v *visit) nothing() error { return refusal.New(refusal.NotFound) }

// Fail answers as a page what failed before a page was reached: a body that is too
// large by its own account, a panic, a database that is not ready. It suits web.Options.
func Fail(s Services) func(w http.ResponseWriter, r *http.Request, status int, kind string) {
	p := newSite(s)
	return func(w http.ResponseWriter, r *http.Request, status int, _ string) {
		p.headers(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			t := trouble{sentence: broken, Status: status, Number: web.RequestID(r.Context())}
			switch status {
			case http.StatusRequestEntityTooLarge:
				t.sentence, t.Number = tooLarge, ""
			case http.StatusServiceUnavailable:
				t.sentence = unavailable
				w.Header().Set("Retry-After", "10")
			}
			v := &visit{site: p, w: w, r: r, now: p.Clock()}
			v.show(status, "trouble", t)
		})).ServeHTTP(w, r)
	}
}

// foreign answers a form that another site sent.
func (p *site) foreign(w http.ResponseWriter, r *http.Request) {
	v := &visit{site: p, w: w, r: r, now: p.Clock()}
	v.show(http.StatusForbidden, "trouble", trouble{sentence: foreignForm, Status: http.StatusForbidden})
}
