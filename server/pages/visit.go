// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/web"
)

// visit is one request of one visitor.
type visit struct {
	*site
	w       http.ResponseWriter
	r       *http.Request
	now     time.Time
	session session.Session // ID "" for who is not signed in
	user    people.User
	// before names a visitor who is not signed in.
	before string
	// ended: there was a session, but it is over.
	ended bool
	left  map[note][]byte // notes that this answer leaves
	lacks []string        // what an identity check lacks, for the next page
}

// who may see a page.
type who int

const (
	anyone    who = iota
	signedIn      // has proved the first factor
	enrolling     // may set up a second factor: also who has to
	ready         // has proved all that is needed
)

// handle registers a page. What do returns is shown as an error page, unless it asks for another step first.
func (p *site) handle(pattern string, may who, do func(*visit) error) {
	p.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		v := &visit{site: p, w: w, r: r, now: p.Clock(), left: map[note][]byte{}}
		if err := v.serve(may, do); err != nil {
			v.fail(err)
		}
	})
}

func (v *visit) serve(may who, do func(*visit) error) error {
	if err := v.identify(); err != nil {
		return err
	}
	if v.r.Method == http.MethodPost {
		if err := v.r.ParseForm(); err != nil {
			return unreadable(err)
		}
	}
	if to := v.detour(may); to != "" {
		v.see(to)
		return nil
	}
	if v.r.Method == http.MethodPost && v.r.Pattern != fromApple && !v.hasToken() {
		return errForeign
	}
	return do(v)
}

// unreadable tells a form that is too large from one that is none.
func unreadable(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return refusal.New(refusal.Invalid)
}

// identify finds the session of the request, and gives who has none a name for the time before it.
func (v *visit) identify() error {
	v.before = cookie(v.r, v.cookies.before)
	if len(v.before) != len(seal.Token()) {
		v.before = seal.Token()
		v.setCookie(v.w, v.cookies.before, v.before, 0)
	}
	token := cookie(v.r, v.cookies.session)
	if token == "" {
		return nil
	}
	s, u, err := session.Find(v.ctx(), v.DB, token, v.now)
	if errors.Is(err, session.ErrEnded) {
		v.ended = true
		v.setCookie(v.w, v.cookies.session, "", -1)
		return nil
	}
	if err != nil {
		return err
	}
	v.session, v.user = s, u
	return nil
}

// detour is where a visitor has to go first, "" nowhere.
func (v *visit) detour(may who) string {
	here := ""
	if v.r.Method == http.MethodGet {
		here = v.r.URL.RequestURI()
	}
	switch {
	case may == anyone:
		return ""
	case v.session.ID == "":
		if v.ended {
			v.say(saying{Text: "Your session has ended. Nothing is lost: sign in again to go on."})
		}
		return with("/signin", here)
	case may == signedIn:
		return ""
	case v.session.Need == session.Second: // R03, R04, R05: no usable session before it
		if here != "" {
			v.leave(wayNote, here, session.Pending)
		}
		return "/second"
	case v.session.Need == session.Enrol && may == ready: // R60
		return "/enrol"
	}
	return ""
}

func (v *visit) ctx() context.Context { return v.r.Context() }

func (v *visit) form(name string) string { return v.r.PostFormValue(name) }

func (v *visit) browser() signin.Browser {
	web.KeepDevice(v.w, v.r)
	return web.Browser(v.r)
}

// see sends the browser to another page of this site, with GET.
func (v *visit) see(to string) { http.Redirect(v.w, v.r, to, http.StatusSeeOther) }

// adopt makes a session that was begun or raised the browser's.
func (v *visit) adopt(s session.Session, token string) {
	v.session = s
	v.setCookie(v.w, v.cookies.session, token, session.Absolute)
}

// token is what each form of this visitor carries: a keyed hash of the session, or of the time before it.
func (v *visit) token() string {
	use, owner := "form", v.session.ID
	if owner == "" {
		use, owner = "form before", v.before
	}
	return base64.RawURLEncoding.EncodeToString(v.Keys.MAC(use, owner))
}

func (v *visit) hasToken() bool {
	mac, err := base64.RawURLEncoding.DecodeString(v.form("form_token"))
	if err != nil {
		return false
	}
	if v.session.ID == "" {
		return v.Keys.Match(mac, "form before", v.before)
	}
	return v.Keys.Match(mac, "form", v.session.ID)
}

// status is the state of the user's second factor.
func (v *visit) status() (factor.Status, error) { return v.Factors.Status(v.ctx(), v.user.ID) }
