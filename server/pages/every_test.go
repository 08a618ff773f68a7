// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/pages"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/web"
)

// still makes a browser show where it is sent instead of going there.
func (b *browser) still() *browser {
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b
}

// ASVS 3.5.3: to look at a page changes nothing of an account.
func TestLookingChangesNothing(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	owner := w.user("ana@harbour.example", "Ana", people.Owner)
	b := w.as(owner, true)
	b.setUpApp()
	state := func() (s string) {
		t.Helper()
		err := w.db.Row(context.Background(), "SELECT (SELECT COUNT(*) || ':' || SUM(enrol_by + suspended_at) FROM users)"+
			" || (SELECT GROUP_CONCAT(method || last_step || created_at) FROM factors) || (SELECT COUNT(*) FROM enrolments) || (SELECT GROUP_CONCAT(id) FROM backup_sets)"+
			" || (SELECT COUNT(*) FROM sessions WHERE ended_at = 0) || (SELECT COUNT(*) FROM links) || (SELECT COUNT(*) FROM cases) || (SELECT COUNT(*) FROM outbox)", nil, &s)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	before := state()
	b.still()
	for _, p := range routes(t) {
		if p.method == http.MethodGet {
			if b.get(p.fill(owner.ID)); b.status >= http.StatusInternalServerError {
				t.Errorf("%s: %d", p.path, b.status)
			}
			if after := state(); after != before {
				t.Fatalf("%s changed something: %s, before %s", p.path, after, before)
			}
		}
	}
}

// ASVS 1.1.2, 1.2.1, 3.2.2, 15.3.7: what people are called and what they type is text.
func TestNamesAreText(t *testing.T) {
	const evil = `"'><script>alert(1)</script>{{.Token}}`
	w := newWorld(t, dbtest.SQLite(t))
	w.user("evil@harbour.example", evil, people.Member)
	owner := w.user("ana@harbour.example", evil, people.Owner)
	b := w.as(owner, true)
	b.setUpApp()
	check := func() {
		t.Helper()
		if strings.Contains(b.page, "<script>alert") || strings.Contains(b.page, `"'>`) {
			t.Errorf("%s runs what a name says", b.at)
		}
	}
	for _, p := range routes(t) {
		if p.method == http.MethodGet && !strings.Contains(p.path, "{provider}") {
			b.get(p.fill(owner.ID) + "?user_code=" + url.QueryEscape(evil) + "&return_to=" + url.QueryEscape(evil))
			check()
		}
	}
	b.get("/desk").submit("/desk/find", "q", `<script>alert`).sees(evil)
	check()
	b.get("/desk").submit("/desk/find", "q", evil)
	check()
	fresh := w.browser()
	fresh.get("/signin").submit("/signin/email", "email", evil).sees("e-mail")
	if strings.Contains(fresh.page, "<script>alert") {
		t.Error("a form runs what was typed")
	}
}

// ASVS 7.4.4: who is signed in can sign out on every page, also half way.
func TestEveryPageSignsOut(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	owner := w.user("ana@harbour.example", "Ana", people.Owner)
	ready := w.as(owner, true)
	ready.setUpApp()
	shown := 0
	for _, b := range []*browser{ready.still(), w.with(owner, session.Second).still(), w.with(owner, session.Enrol).still()} {
		for _, p := range routes(t) {
			if p.method != http.MethodGet || p.path == "/settings/security/codes.txt" {
				continue
			}
			if b.get(p.fill(owner.ID)); b.status == http.StatusSeeOther {
				continue
			}
			shown++
			if !strings.Contains(b.page, `action="/signout"`) {
				t.Errorf("%s (%d) has no way to sign out", p.path, b.status)
			}
		}
	}
	if shown < 20 {
		t.Fatalf("only %d pages were seen", shown)
	}
}

// ASVS 7.4.1: after signing out the old cookie is worth nothing, and no page was kept.
func TestSignedOut(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	b := w.as(w.user("ana@harbour.example", "Ana", people.Member), false)
	old := b.client.Jar.Cookies(b.url("/"))
	b.get("/settings")
	if b.header.Get("Cache-Control") != "no-store" {
		t.Error("the browser keeps the page")
	}
	b.still().submit("/signout")
	if b.header.Get("Clear-Site-Data") != `"cache", "storage"` {
		t.Errorf("the browser clears %q", b.header.Get("Clear-Site-Data"))
	}
	b.client.Jar.SetCookies(b.url("/"), old)
	if b.get("/settings"); b.status != http.StatusSeeOther || !strings.HasPrefix(b.header.Get("Location"), "/signin") {
		t.Errorf("the old cookie is good: %d", b.status)
	}
}

// ASVS 7.2.4: who signs in anew in a browser leaves no session behind.
func TestSigningInAnewEndsTheOldSession(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	b := w.as(w.user("ana@harbour.example", "Ana", people.Member), false)
	ben := w.user("ben@harbour.example", "Ben", people.Member)
	old := b.client.Jar.Cookies(b.url("/"))
	token := b.get("/settings").forms()[0].fields // the page would lead her on; a form that lay open does not
	token.Set("email", ben.Email)
	b.post("/signin/email", token)
	token.Set("code", w.code(ben.Email))
	b.post("/signin/code", token).get("/settings").is("/settings").sees("Ben")
	other := w.browser()
	other.client.Jar.SetCookies(other.url("/"), old)
	other.get("/settings").is("/signin")
}

// ASVS 7.5.2: ending other sessions takes a proof of ten minutes at most; signing out takes none.
func TestEndingOthersTakesAProof(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ana := w.user("ana@harbour.example", "Ana", people.Member)
	b, other := w.as(ana, false), w.as(ana, false)
	w.pass(11 * time.Minute)
	b.get("/settings/sessions").submit("/others/end").is("/elevate")
	b.get("/settings/sessions").submit("/end").is("/elevate")
	other.get("/settings").is("/settings")
	b.get("/settings").submit("/signout").is("/signin")
}

// ASVS 7.6.2: a link elsewhere signs nobody in by a session at Google that lives still.
func TestALinkElsewhereSignsNobodyIn(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	b := w.as(w.user("ana@harbour.example", "Ana", people.Member), false).still()
	for path, to := range map[string]string{"/signin/google?return_to=/help": "/signin?return_to=%2Fhelp", "/elevate/with/google": "/elevate"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.url(path).String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if b.take(b.client.Do(r)); b.header.Get("Location") != to {
			t.Errorf("%s led to %d %s", path, b.status, b.header.Get("Location"))
		}
	}
}

// ASVS 8.2.2: with the id of something of somebody else's nothing is seen and nothing done.
func TestOthersThings(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ana, ben := w.user("ana@harbour.example", "Ana", people.Member), w.user("ben@harbour.example", "Ben", people.Member)
	a, b := w.as(ana, false), w.as(ben, false)
	list, err := session.List(context.Background(), w.db, ben.ID, w.clock())
	if err != nil || len(list) != 1 {
		t.Fatal(len(list), err)
	}
	b.get("/settings/security/two-factor/app").submit("/two-factor/app")
	scan, key := b.at.Path, b.key()
	token := a.get("/settings").forms()[0].fields
	a.post("/settings/sessions/"+list[0].ID+"/end", token)
	for _, step := range []string{"scan", "code", "qr.png"} {
		a.get(strings.TrimSuffix(scan, "scan") + step)
		if a.status == http.StatusOK && strings.HasPrefix(a.at.Path, strings.TrimSuffix(scan, "scan")) || strings.Contains(a.page, `id="key"`) {
			t.Errorf("%s of Ben's set-up is shown to Ana", step)
		}
	}
	token.Set("code", a.appCode(key))
	a.post(strings.TrimSuffix(scan, "scan")+"code", token)
	token.Del("code")
	a.post(strings.TrimSuffix(scan, "scan")+"cancel", token)
	b.get("/settings").is("/settings") // Ben's session lives
	b.get(strings.TrimSuffix(scan, "scan")+"code").submit("/code", "code", b.appCode(key)).is("/settings/security/codes")
	for _, path := range []string{"/desk", "/desk/audit", "/desk/waiting", "/desk/people/new", "/desk/users/" + ben.ID} {
		if a.get(path); a.status != http.StatusForbidden {
			t.Errorf("%s for a user: %d", path, a.status)
		}
	}
}

// ASVS 5.4.1, 5.4.2: the download has a name of ours.
func TestDownloadHasAFixedName(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	b := w.as(w.user("ana@harbour.example", "Ana", people.Member), true)
	_, codes := b.setUpApp()
	b.get("/settings/security/codes.txt?filename=evil.html")
	if b.header.Get("Content-Disposition") != `attachment; filename="kutano-backup-codes.txt"` || !strings.HasPrefix(b.header.Get("Content-Type"), "text/plain") {
		t.Errorf("%v", b.header)
	}
	if !strings.Contains(b.page, codes[9]) {
		t.Error("the codes are not in it")
	}
	w.pass(11 * time.Minute)
	if b.get("/settings/security/codes.txt"); strings.Contains(b.page, codes[9]) {
		t.Error("the codes are shown for longer than ten minutes")
	}
}

// ASVS 3.3.1–3.3.4, 14.3.3: every cookie is for this host alone, by HTTPS alone, and for no script.
func TestCookiesOfASignIn(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.user("ana@harbour.example", "Ana", people.Member)
	rooms := w.rooms
	rooms.BaseURL = "https://app.kutano.example"
	h := web.Wrap(pages.New(rooms), web.Options{TLS: true})
	jar := map[string]*http.Cookie{}
	ask := func(r *http.Request) string {
		t.Helper()
		for _, c := range jar {
			r.AddCookie(c)
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		for _, c := range rec.Result().Cookies() {
			jar[c.Name] = c
			if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
				t.Errorf("%s %s sets %s", r.Method, r.URL.Path, c)
			}
			if strings.Contains(rec.Body.String(), c.Value) && c.Value != "" {
				t.Errorf("%s stands in a page", c.Name)
			}
		}
		return rec.Body.String()
	}
	token := regexp.MustCompile(`name="form_token" value="([^"]+)"`)
	submit := func(page, path string, fields url.Values) {
		t.Helper()
		found := token.FindStringSubmatch(page)
		if found == nil {
			t.Fatalf("no form for %s", path)
		}
		fields.Set("form_token", found[1])
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		ask(r)
	}
	get := func(path string) string { return ask(httptest.NewRequest(http.MethodGet, path, nil)) }
	submit(get("/signin"), "/signin/email", url.Values{"email": {"ana@harbour.example"}})
	submit(get("/signin/code"), "/signin/code", url.Values{"code": {w.code("ana@harbour.example")}})
	get("/home")
	if jar["__Host-kutano"] == nil || len(jar) < 4 {
		t.Fatalf("the sign-in did not work: %d cookies", len(jar))
	}
}

// ASVS 1.2.3, 3.4.3, 3.4.6, 14.2.3: no script but our own, no frame, nothing from elsewhere; also where something is wrong.
func TestPolicy(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	b := w.browser().still()
	for _, path := range []string{"/signin", "/help", "/nothing", "/settings", "/objection?t=x", "/oauth/authorize"} {
		b.get(path)
		all := map[string]string{}
		for d := range strings.SplitSeq(b.header.Get("Content-Security-Policy"), ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(d), " ")
			all[name] = value
		}
		for name, want := range map[string]string{
			"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'",
		} {
			if all[name] != want {
				t.Errorf("%s: %s is %q", path, name, all[name])
			}
		}
		if object := all["object-src"]; object != "" && object != "'none'" {
			t.Errorf("%s: object-src is %q", path, object)
		}
		if strings.Contains(b.header.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s: %s", path, b.header.Get("Content-Security-Policy"))
		}
	}
}

// R16, R23, ASVS 6.6.1: the choice of a method says what is weaker about text messages, and offers the app beside them.
func TestTheRisksOfTextMessagesAreSaid(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	b := w.as(w.user("ana@harbour.example", "Ana", people.Member), false)
	b.get("/settings/security/two-factor").sees("Less secure than authenticator apps", "Use authentication app", "More secure than SMS")
}
