// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/pages"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// route is a page as the source registers it.
type route struct{ method, path, may string }

var registered = regexp.MustCompile(`p\.handle\(("[^,]+), (anyone|signedIn|enrolling|ready),`)

// routes reads the pages out of the source, so that a new one cannot be left out.
func routes(t *testing.T) []route {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []route
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range registered.FindAllStringSubmatch(string(source), -1) {
			pattern := strings.NewReplacer(`"+dialog+"`, "/settings/security/two-factor", `"+dialog`, "/settings/security/two-factor", `"`, "").Replace(m[1])
			method, path, ok := strings.Cut(pattern, " ")
			if ok {
				all = append(all, route{method, strings.TrimSuffix(path, "{$}"), m[2]})
			}
		}
	}
	if len(all) < 60 {
		t.Fatalf("only %d pages were found", len(all))
	}
	return all
}

var slot = regexp.MustCompile(`\{[a-z]+\}`)

// fill puts something into the slots of a path.
func (r route) fill(subject string) string {
	path := strings.ReplaceAll(r.path, "/desk/users/{id}", "/desk/users/"+subject)
	path = strings.ReplaceAll(path, "{action}", "unlock")
	return slot.ReplaceAllString(path, "google")
}

// Every page is sound, and nothing of it is kept or can be put into a frame.
func TestEachPageInABrowser(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ana := w.user("ana@harbour.example", "Ana", people.Member)
	olga := w.as(w.user("olga@harbour.example", "Olga", people.Owner), true)
	olga.setUpApp()
	for _, r := range routes(t) {
		if r.method != http.MethodGet || strings.HasSuffix(r.path, ".png") || strings.HasSuffix(r.path, ".txt") {
			continue
		}
		for _, b := range []*browser{w.browser(), olga} {
			b.get(r.fill(ana.ID))
			if b.status >= http.StatusInternalServerError {
				t.Errorf("%s: status %d", r.path, b.status)
			}
			pages.Sound(t, b.page)
			if t.Failed() {
				t.Fatalf("at %s (%s)", r.path, b.at)
			}
			for name, want := range map[string]string{
				"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
				"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			} {
				if got := b.header.Get(name); got != want {
					t.Errorf("%s: %s is %q", r.path, name, got)
				}
			}
		}
	}
}

// A session that lacks something gets nowhere else. R03 R04 R05 R60
func TestNoWayAroundAStep(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ana := w.user("ana@harbour.example", "Ana", people.Owner)
	for _, r := range routes(t) {
		if r.may == "anyone" {
			continue
		}
		for need, to := range map[session.Need]string{session.Second: "/second", session.Enrol: "/enrol", "none": "/signin"} {
			if r.may == "signedIn" && need != "none" || r.may == "enrolling" && need == session.Enrol {
				continue
			}
			b := w.browser()
			if need != "none" {
				b = w.with(ana, need)
			}
			b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			if r.method == http.MethodGet {
				b.get(r.fill(ana.ID))
			} else {
				b.post(r.fill(ana.ID), url.Values{})
			}
			at, _, _ := strings.Cut(b.header.Get("Location"), "?")
			if b.status != http.StatusSeeOther || at != to {
				t.Errorf("%s %s with need %q: %d to %q", r.method, r.path, need, b.status, at)
			}
		}
	}
}

// with is the browser of someone whose session lacks something.
func (w *world) with(u people.User, need session.Need) *browser {
	w.t.Helper()
	b := w.browser()
	err := w.db.Tx(context.Background(), func(q store.Q) error {
		_, token, err := session.Start(context.Background(), q, u.ID, "email", "Firefox on Linux", need, w.clock())
		b.client.Jar.SetCookies(b.url("/"), []*http.Cookie{{Name: "kutano", Value: token, Path: "/"}})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// A form without its token, with someone else's, or from another site changes nothing.
func TestFormsOfOthersAreRefused(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ana := w.user("ana@harbour.example", "Ana", people.Owner)
	b, other := w.as(ana, true), w.as(ana, true)
	theirs := other.get("/settings/sessions").forms()[0].fields.Get("form_token")
	own := b.get("/settings/sessions").forms()[0].fields.Get("form_token")
	before := w.browser().get("/signin").forms()[0].fields.Get("form_token")
	if own == theirs || own == "" || before == "" {
		t.Fatal("the tokens are the same, or there are none")
	}
	for _, r := range routes(t) {
		if r.method != http.MethodPost {
			continue
		}
		for name, token := range map[string]string{"none": "", "another session's": theirs, "a visitor's": before, "no token": "AAAA", "no base64": "§"} {
			if b.post(r.fill(ana.ID), url.Values{"form_token": {token}, "sure": {"yes"}}); b.status != http.StatusForbidden {
				t.Errorf("%s with %s token: status %d", r.path, name, b.status)
			}
		}
		req, err := http.NewRequest(http.MethodPost, b.url(r.fill(ana.ID)).String(), strings.NewReader(url.Values{"form_token": {own}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		if b.take(b.client.Do(req)); b.status != http.StatusForbidden {
			t.Errorf("%s from another site: status %d", r.path, b.status)
		}
		b.sees("This form did not come from a page of ours")
	}
	if all, err := session.List(t.Context(), w.db, ana.ID, w.clock()); err != nil || len(all) != 2 {
		t.Errorf("%d sessions are left, %v", len(all), err)
	}
}

// Under TLS the cookies are for this host and https alone, and out of reach for scripts.
func TestCookies(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	rooms := w.rooms
	rooms.BaseURL = "https://kutano.example"
	w.serve(rooms)
	w.user("ana@harbour.example", "Ana", people.Member)
	res, err := w.server.Client().Get(w.server.URL + "/signin")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if len(res.Cookies()) == 0 {
		t.Fatal("no cookie")
	}
	for _, c := range res.Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-kutano") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("the cookie %s is %+v", c.Name, c)
		}
	}
}

// The token of a session is another one after each factor.
func TestTheTokenChangesWithEachFactor(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ana := w.user("ana@harbour.example", "Ana", people.Member)
	b := w.as(ana, false)
	seen := map[string]bool{b.session(): true}
	key, _ := b.setUpApp()
	seen[b.session()] = true
	b.get("/home").submit("/signout")
	b.signIn("ana@harbour.example")
	seen[b.session()] = true
	w.pass(time.Minute)
	b.submit("/second", "code", w.appCode(key)).is("/home")
	seen[b.session()] = true
	if len(seen) != 4 {
		t.Errorf("%d tokens in four steps", len(seen))
	}
}

// session is the token of the browser's session.
func (b *browser) session() string {
	for _, c := range b.client.Jar.Cookies(b.url("/")) {
		if c.Name == "kutano" {
			return c.Value
		}
	}
	return ""
}
