// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/issuer"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
)

// signIn is the first step by e-mail.
func (b *browser) signIn(email string) *browser {
	b.t.Helper()
	b.get("/signin").submit("/signin/email", "email", email).is("/signin/code")
	return b.submit("/signin/code", "code", b.code(email))
}

func TestSigningInByMail(t *testing.T) { // R02 R05 R07 R08 R09
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.user("ana@harbour.example", "Ana", people.Member)
		b := w.browser()
		b.get("/settings/security").is("/signin").sees("There is no password.")
		b.submit("/signin/email", "email", "ana@").is("/signin").sees("This is no e-mail address.")
		if !strings.Contains(b.page, `value="ana@"`) {
			t.Error("what was typed is gone")
		}
		b.submit("/signin/email", "email", " Ana@Harbour.example").is("/signin/code")
		b.submit("/signin/code", "code", "abc").is("/signin/code").sees("This does not look like a code")
		b.submit("/signin/code/again").sees("A code was sent a short while ago", "Try again in")
		b.submit("/signin/code", "code", w.code("ana@harbour.example")).is("/settings/security") // where it was going
		key, _ := b.setUpApp()
		b.get("/home").sees("Two-factor authentication is on") // R09: not asked again
		w.pass(31 * time.Minute)
		b.get("/home").is("/signin").sees("Your session has ended") // R08
		b.signIn("ana@harbour.example").is("/second").sees("Enter your verification code")
		b.submit("/second", "code", "999 999")
		b.get("/second?use=nonsense").sees("Enter your verification code")
		w.pass(time.Minute)
		b.get("/second").submit("/second", "code", w.appCode(key)).is("/home")
	})
}

// An address that nobody has gets the same answer.
func TestUnknownAddressesAreAnsweredAlike(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.user("ana@harbour.example", "Ana", people.Member)
	answer := func(email string) (string, int) {
		b := w.browser()
		b.get("/signin").submit("/signin/email", "email", email).is("/signin/code")
		sent := strings.ReplaceAll(b.text(), email, "ADDRESS")
		b.submit("/signin/code", "code", "000000")
		return sent + strings.ReplaceAll(b.text(), email, "ADDRESS"), b.status
	}
	known, status := answer("ana@harbour.example")
	unknown, other := answer("eve@harbour.example")
	if known != unknown || status != other {
		t.Errorf("they differ:\n%s\n%s", known, unknown)
	}
}

func TestSigningInLeadsNowhereElse(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.user("ana@harbour.example", "Ana", people.Member)
	for _, to := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "/%09/evil.example", "javascript:alert(1)"} {
		b := w.browser()
		b.get("/signin?return_to="+strings.ReplaceAll(to, `\`, "%5C")).submit("/signin/email", "email", "ana@harbour.example")
		b.submit("/signin/code", "code", w.code("ana@harbour.example"))
		if b.at.Host != b.url("/").Host || b.at.Path != "/home" && b.status != http.StatusNotFound {
			t.Errorf("return_to=%s leads to %s", to, b.at)
		}
		w.pass(time.Hour)
	}
}

// provided is a world with an issuer that stands in for Google and Apple.
func provided(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := newWorld(t, db)
	var all []signin.Provider
	for _, name := range []string{"google", "apple"} {
		var h http.Handler
		s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { h.ServeHTTP(rw, r) }))
		t.Cleanup(s.Close)
		i, err := issuer.New(issuer.Config{
			Name: name, URL: s.URL, ClientID: "kutano", ClientSecret: "practice", Clock: w.clock,
			Redirects: []string{w.server.URL + "/signin/" + name + "/callback"},
			Users:     []issuer.User{{Subject: "ana-" + name, Email: "ana@harbour.example", Name: "Ana"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		h = i
		all = append(all, signin.Provider{Name: name, Issuer: s.URL, ClientID: "kutano", ClientSecret: "practice"})
	}
	w.rooms.SignIn.Providers = all
	return w
}

// at a provider the browser is on another site: its forms are sent by their full address.
func (b *browser) elsewhere(pairs ...string) *browser {
	b.t.Helper()
	f := b.forms()[0]
	for i := 0; i < len(pairs); i += 2 {
		f.fields.Set(pairs[i], pairs[i+1])
	}
	to, err := b.at.Parse(f.action)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.take(b.client.PostForm(to.String(), f.fields))
}

func TestSigningInByGoogleAndApple(t *testing.T) { // R02 R03 R04
	w := provided(t, dbtest.SQLite(t))
	w.user("ana@harbour.example", "Ana", people.Member)
	for _, name := range []string{"google", "apple"} {
		b := w.browser()
		first := func() *browser {
			b.get("/signin/"+name+"?return_to=/settings").sees("Practice sign-in").elsewhere("user", "ana-"+name)
			if name == "apple" {
				b.elsewhere() // Apple answers with a form
			}
			return b
		}
		first().is("/signin/code").sees("Prove your address once")
		b.submit("/signin/code", "code", w.code("ana@harbour.example"))
		if name == "google" {
			b.is("/settings").get("/home")
		} else { // the second factor that was set up below is asked for after Apple too
			b.is("/second")
			w.pass(time.Minute)
			b.submit("/second", "code", w.appCode(w.key)).is("/settings").get("/home")
		}
		if w.key == nil {
			w.key, _ = b.setUpApp()
		}
		b.get("/home").submit("/signout")
		first().is("/second").sees("Enter your verification code") // known now
		b.get("/settings").is("/second")
		w.pass(time.Minute)
		b.submit("/second", "code", w.appCode(w.key)).is("/settings")
		b.get("/home").submit("/signout")
		b.get("/signin/"+name).elsewhere("user", "")
		if name == "apple" {
			b.elsewhere()
		}
		b.is("/signin").sees("The sign-in at Google or Apple did not work.")
		w.pass(time.Hour)
	}
	w.browser().get("/signin/google/callback?state=x&code=y").is("/signin").sees("This took too long")
}
