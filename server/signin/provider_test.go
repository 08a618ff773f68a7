// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/issuer"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
)

// abroad is a rig with a Google and an Apple. Ana is known at both as "ana-at-…".
type abroad struct {
	*rig
	google, apple *issuer.Issuer
	servers       map[string]*httptest.Server
}

func newAbroad(t *testing.T, db *store.DB) *abroad {
	t.Helper()
	a := &abroad{rig: newRig(t, db), servers: map[string]*httptest.Server{}}
	a.google, a.apple = a.add("google"), a.add("apple")
	a.tx(func(q store.Q) error {
		for _, p := range a.s.Providers {
			if err := people.AddIdentity(t.Context(), q, a.ana.ID, p.Name, p.Issuer, "ana-at-"+p.Name, a.now()); err != nil {
				return err
			}
		}
		return nil
	})
	return a
}

func (a *abroad) add(name string) *issuer.Issuer {
	a.Helper()
	var i *issuer.Issuer
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { i.ServeHTTP(w, r) }))
	a.Cleanup(server.Close)
	i, err := issuer.New(issuer.Config{
		Name: name, URL: server.URL, ClientID: "kutano", ClientSecret: "practice", Clock: a.now, TextVerified: name == "apple",
		Redirects: []string{"https://app.kutano.example/signin/" + name + "/callback"},
		Users: []issuer.User{
			{Subject: "ana-at-" + name, Email: "ana@example.org", Name: "Ana"},
			{Subject: "eve", Email: "ana@example.org", Name: "Eve", Unverified: true},
			{Subject: "ana-again", Email: "ana@example.org", Name: "Ana"},
			{Subject: "stranger", Email: "stranger@example.org", Name: "Stranger"},
			{Subject: "hidden", Name: "Hidden"},
		},
	})
	if err != nil {
		a.Fatal(err)
	}
	a.servers[name] = server
	a.s.Providers = append(a.s.Providers, signin.Provider{
		Name: name, Issuer: server.URL, ClientID: "kutano", ClientSecret: "practice", HTTP: server.Client(),
	})
	return i
}

// visit goes to a provider as a subject, and returns what came back with the mark of the browser.
func (a *abroad) visit(provider, subject string, elevate *session.Session) (url.Values, string) {
	a.Helper()
	address, mark, err := a.s.Begin(a.Context(), provider, "/settings?tab=security", elevate, here)
	if err != nil {
		a.Fatal(err)
	}
	back, err := issuer.Visit(a.Context(), a.servers[provider].Client(), address, subject)
	if err != nil {
		a.Fatal(err)
	}
	return back, mark
}

func (a *abroad) end(provider string, back url.Values, mark string) (signin.In, error) {
	return a.s.Return(a.Context(), provider, signin.Back{State: back.Get("state"), Code: back.Get("code"), Issuer: back.Get("iss")}, mark, here)
}

func (a *abroad) signInAs(provider, subject string) (signin.In, error) {
	a.Helper()
	back, mark := a.visit(provider, subject, nil)
	return a.end(provider, back, mark)
}

// R02: Google and Apple sign in. R03, R04: an enrolled user is asked for the second
// factor, and has no session that can be used before.
func TestSignInAtProviders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		a := newAbroad(t, db)
		for _, need := range []session.Need{session.Nothing, session.Second} {
			for _, name := range []string{"google", "apple"} {
				in, err := a.signInAs(name, "ana-at-"+name)
				if err != nil {
					t.Fatal(err)
				}
				if in.User.ID != a.ana.ID || in.Session.Via != name || in.Session.Need != need || in.Session.AAL() != 1 || in.ReturnTo != "/settings?tab=security" {
					t.Fatalf("%s: %+v", name, in)
				}
			}
			if need == session.Nothing {
				a.enrol()
			}
		}
	})
}

func TestRequestToProvider(t *testing.T) {
	a := newAbroad(t, dbtest.SQLite(t))
	for _, name := range []string{"google", "apple"} {
		address, mark, err := a.s.Begin(t.Context(), name, "", nil, here)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		if len(q.Get("state")) != 43 || len(q.Get("nonce")) != 43 || len(q.Get("code_challenge")) != 43 || q.Get("code_challenge_method") != "S256" ||
			q.Get("scope") != "openid email" || q.Get("response_type") != "code" || q.Get("prompt") != map[string]string{"google": "select_account"}[name] || len(mark) != 43 {
			t.Errorf("%s is asked by %v", name, q)
		}
		if q.Get("redirect_uri") != "https://app.kutano.example/signin/"+name+"/callback" || (q.Get("response_mode") == "form_post") != (name == "apple") {
			t.Errorf("%s answers to %q as %q", name, q.Get("redirect_uri"), q.Get("response_mode"))
		}
		if strings.Contains(address, mark) || strings.Contains(address, "practice") {
			t.Errorf("%s is told what it must not know: %s", name, address)
		}
	}
}

// An answer is good once, in the browser that began, at its own provider, in time.
func TestAnswersThatAreNotTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		a := newAbroad(t, db)
		for name, tt := range map[string]struct {
			change func(back url.Values, mark *string)
			at     string
			want   refusal.Kind
		}{
			"another browser":  {change: func(_ url.Values, mark *string) { *mark = "another" }, want: refusal.FlowEnded},
			"no mark":          {change: func(_ url.Values, mark *string) { *mark = "" }, want: refusal.FlowEnded},
			"another state":    {change: func(b url.Values, _ *string) { b.Set("state", "another") }, want: refusal.FlowEnded},
			"another provider": {at: "apple", want: refusal.FlowEnded},
			"mixed up":         {change: func(b url.Values, _ *string) { b.Set("iss", "https://evil.example") }, want: refusal.ProviderRefused},
			"another code":     {change: func(b url.Values, _ *string) { b.Set("code", "another") }, want: refusal.ProviderRefused},
			"the user said no": {change: func(b url.Values, _ *string) { b.Del("code") }, want: refusal.ProviderRefused},
			"late":             {change: func(url.Values, *string) { a.advance(10 * time.Minute) }, want: refusal.FlowEnded},
		} {
			back, mark := a.visit("google", "ana-at-google", nil)
			if tt.change != nil {
				tt.change(back, &mark)
			}
			at := "google"
			if tt.at != "" {
				at = tt.at
			}
			if _, err := a.end(at, back, mark); !refusal.Is(err, tt.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		back, mark := a.visit("google", "ana-at-google", nil)
		if _, err := a.end("google", back, mark); err != nil {
			t.Fatal(err)
		}
		_, err := a.end("google", back, mark)
		a.mustRefuse(err, refusal.FlowEnded)
		if n := a.count("SELECT COUNT(*) FROM sessions"); n != 1 {
			t.Fatalf("%d sessions", n)
		}
		_, _, err = a.s.Begin(t.Context(), "other", "", nil, here)
		a.mustRefuse(err, refusal.NotFound)
	})
}

func TestAnswersRace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		a := newAbroad(t, db)
		back, mark := a.visit("google", "ana-at-google", nil)
		var in atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, err := a.end("google", back, mark); err == nil {
					in.Add(1)
				} else if !refusal.Is(err, refusal.FlowEnded) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if in.Load() != 1 {
			t.Fatalf("%d of four came in", in.Load())
		}
	})
}

// What a provider says is believed only where all of it holds.
func TestProvidersThatMisbehave(t *testing.T) {
	a := newAbroad(t, dbtest.SQLite(t))
	for name, tt := range map[string]struct {
		knobs issuer.Knobs
		want  refusal.Kind
	}{
		"another nonce":        {issuer.Knobs{Nonce: "another"}, refusal.ProviderRefused},
		"another audience":     {issuer.Knobs{Audience: "another"}, refusal.ProviderRefused},
		"another issuer":       {issuer.Knobs{Issuer: "https://accounts.google.com"}, refusal.ProviderRefused},
		"another party":        {issuer.Knobs{Party: "another"}, refusal.ProviderRefused},
		"expired":              {issuer.Knobs{Expired: true}, refusal.ProviderRefused},
		"signed by another":    {issuer.Knobs{OtherKey: true}, refusal.ProviderRefused},
		"a long subject":       {issuer.Knobs{Subject: strings.Repeat("x", 256)}, refusal.ProviderRefused},
		"no token":             {issuer.Knobs{NoIDToken: true}, refusal.ProviderRefused},
		"refuses":              {issuer.Knobs{TokenStatus: http.StatusBadRequest}, refusal.ProviderRefused},
		"is broken":            {issuer.Knobs{TokenStatus: http.StatusBadGateway}, refusal.ProviderAway},
		"behaves, as it turns": {issuer.Knobs{}, ""},
	} {
		a.google.Misbehave(tt.knobs)
		_, err := a.signInAs("google", "ana-at-google")
		if tt.want == "" && err != nil || tt.want != "" && !refusal.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := a.count("SELECT COUNT(*) FROM sessions"); n != 1 {
		t.Fatalf("%d sessions", n)
	}
	if n := a.count("SELECT COUNT(*) FROM audit WHERE action = 'signin.refused'"); n != 9 {
		t.Fatalf("%d refusals are in the log", n)
	}
}

// A provider that sends us elsewhere with the client secret in hand is not followed.
func TestProviderThatRedirects(t *testing.T) {
	a := newAbroad(t, dbtest.SQLite(t))
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("we went there") }))
	defer elsewhere.Close()
	back, mark := a.visit("google", "ana-at-google", nil)
	a.servers["google"].Config.Handler = http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect)
	if _, err := a.end("google", back, mark); !refusal.Is(err, refusal.ProviderRefused) {
		t.Fatal(err)
	}
}

func TestProviderAway(t *testing.T) {
	a := newAbroad(t, dbtest.SQLite(t))
	a.servers["google"].Close()
	_, _, err := a.s.Begin(t.Context(), "google", "", nil, here)
	a.mustRefuse(err, refusal.ProviderAway)
	back, mark := a.visit("apple", "ana-at-apple", nil)
	a.servers["apple"].Close()
	_, err = a.end("apple", back, mark)
	a.mustRefuse(err, refusal.ProviderAway)
	a.signIn() // the code by mail works
}

// An issuer must be reached by https, but on this machine.
func TestIssuerNeedsTLS(t *testing.T) {
	a := newRig(t, dbtest.SQLite(t))
	a.s.Providers = []signin.Provider{{Name: "google", Issuer: "http://accounts.example.org"}}
	if _, _, err := a.s.Begin(t.Context(), "google", "", nil, here); err == nil || refusal.Of(err) != nil {
		t.Fatalf("got %v", err)
	}
}

// A new identity belongs to nobody, whatever address the provider names: a code to
// the account's address decides (OWASP ASVS 5, 6.8.1).
func TestNewIdentity(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		a := newAbroad(t, db)
		a.enrol()
		in, err := a.signInAs("google", "ana-again")
		a.mustRefuse(err, refusal.IdentityUnlinked)
		if in.Token != "" || in.Session.ID != "" || in.User.ID != "" || in.Flow.ID == "" || in.ReturnTo == "" {
			t.Fatalf("with the refusal: %+v", in)
		}
		if n := a.count("SELECT COUNT(*) FROM sessions"); n != 0 {
			t.Fatal("somebody is signed in")
		}
		code := a.code("ana@example.org")
		_, err = a.s.VerifyEmail(t.Context(), in.Flow.ID, other(code), here)
		a.mustRefuse(err, refusal.CodeWrong)
		proved, err := a.s.VerifyEmail(t.Context(), in.Flow.ID, code, here)
		if err != nil || proved.User.ID != a.ana.ID || proved.Session.Via != "google" || proved.Session.Need != session.Second || proved.ReturnTo != "/settings?tab=security" {
			t.Fatalf("%+v, %v", proved, err)
		}
		again, err := a.signInAs("google", "ana-again")
		if err != nil || again.User.ID != a.ana.ID {
			t.Fatalf("the next time: %v", err)
		}
		var told int
		for _, m := range a.inbox() {
			if m.Subject == "A new way to sign in was added" && m.To == "ana@example.org" {
				told++
			}
		}
		if told != 1 || a.count("SELECT COUNT(*) FROM audit WHERE action = 'signin.identity_linked'") != 1 {
			t.Fatalf("told %d times", told)
		}
	})
}

// Who has no account, whose address the provider did not check, and who names none
// get the same answer, and nobody gets a mail.
func TestNewIdentityOfNobody(t *testing.T) {
	a := newAbroad(t, dbtest.SQLite(t))
	for _, subject := range []string{"stranger", "eve", "hidden"} {
		in, err := a.signInAs("google", subject)
		a.mustRefuse(err, refusal.IdentityUnlinked)
		if len(in.Flow.ID) != 32 || in.Flow.Resend != time.Minute {
			t.Errorf("%s: %+v", subject, in)
		}
		_, err = a.s.VerifyEmail(t.Context(), in.Flow.ID, a.wrong(in.Flow.ID), here)
		a.mustRefuse(err, refusal.CodeWrong)
	}
	if sent := a.inbox(); len(sent) != 0 {
		t.Fatalf("a mail went to %s", sent[0].To)
	}
}

// An identity that two accounts want at once goes to the one that proves it first.
func TestIdentityIsTakenMeanwhile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		a := newAbroad(t, db)
		in, err := a.signInAs("google", "ana-again")
		a.mustRefuse(err, refusal.IdentityUnlinked)
		code := a.code("ana@example.org")
		a.tx(func(q store.Q) error {
			ben, err := people.Create(t.Context(), q, "ben@example.org", "Ben", people.Member, a.now())
			if err != nil {
				return err
			}
			return people.AddIdentity(t.Context(), q, ben.ID, "google", a.servers["google"].URL, "ana-again", a.now())
		})
		_, err = a.s.VerifyEmail(t.Context(), in.Flow.ID, code, here)
		a.mustRefuse(err, refusal.FlowEnded)
		if n := a.count("SELECT COUNT(*) FROM sessions"); n != 0 {
			t.Fatal("somebody is signed in")
		}
	})
}

func TestSuspendedAtProvider(t *testing.T) {
	a := newAbroad(t, dbtest.SQLite(t))
	a.exec("UPDATE users SET suspended_at = 1 WHERE id = ?", a.ana.ID)
	_, err := a.signInAs("google", "ana-at-google")
	a.mustRefuse(err, refusal.IdentityUnlinked)
	if len(a.inbox()) != 0 {
		t.Fatal("a suspended user got a mail")
	}
}

// The first factor is proved again at a provider, by the same user and just now.
func TestElevationAtProvider(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		a := newAbroad(t, db)
		in, err := a.signInAs("google", "ana-at-google")
		if err != nil {
			t.Fatal(err)
		}
		a.advance(20 * time.Minute)
		address, _, err := a.s.Begin(t.Context(), "google", "", &in.Session, here)
		if err != nil || !strings.Contains(address, "prompt=select_account") || !strings.Contains(address, "auth_time") || !strings.Contains(address, "max_age=0") {
			t.Fatalf("%s, %v", address, err)
		}
		back, mark := a.visit("google", "stranger", &in.Session)
		_, err = a.end("google", back, mark)
		a.mustRefuse(err, refusal.ProviderRefused)
		a.google.Misbehave(issuer.Knobs{SignedIn: 6 * time.Minute})
		back, mark = a.visit("google", "ana-at-google", &in.Session)
		_, err = a.end("google", back, mark)
		a.mustRefuse(err, refusal.ProviderRefused)
		a.google.Misbehave(issuer.Knobs{})
		back, mark = a.visit("google", "ana-at-google", &in.Session)
		up, err := a.end("google", back, mark)
		if err != nil || up.Session.ID != in.Session.ID || !up.Session.IsFresh(a.now(), false) || a.alive(in.Token) || !a.alive(up.Token) {
			t.Fatalf("%+v, %v", up, err)
		}
		back, mark = a.visit("google", "ana-at-google", &in.Session)
		a.tx(func(q store.Q) error { return session.End(t.Context(), q, a.ana.ID, in.Session.ID, a.now()) })
		if _, err := a.end("google", back, mark); !errors.Is(err, session.ErrEnded) {
			t.Fatalf("of a session that ended: %v", err)
		}
		waiting := session.Session{Need: session.Second}
		_, _, err = a.s.Begin(t.Context(), "google", "", &waiting, here)
		a.mustRefuse(err, refusal.NeedsSecond)
	})
}

func TestReturnTo(t *testing.T) {
	a := newAbroad(t, dbtest.SQLite(t))
	for to, want := range map[string]string{
		"/settings": "/settings", "/a?b=c": "/a?b=c", "": "", "//evil.example": "", "/\\evil.example": "", "https://evil.example": "",
		"evil": "", "/\tx": "", "/a\r\nSet-Cookie: x": "", "/" + strings.Repeat("a", 1024): "",
	} {
		address, mark, err := a.s.Begin(t.Context(), "google", to, nil, here)
		if err != nil {
			t.Fatal(err)
		}
		back, err := issuer.Visit(t.Context(), a.servers["google"].Client(), address, "ana-at-google")
		if err != nil {
			t.Fatal(err)
		}
		if in, err := a.end("google", back, mark); err != nil || in.ReturnTo != want {
			t.Errorf("%q became %q, %v", to, in.ReturnTo, err)
		}
	}
}
