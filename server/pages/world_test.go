// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/outbox/keep"
	"github.com/kutano/authenticator/server/pages"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
	"github.com/kutano/authenticator/server/web"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var start = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// world is a service with real rooms, a clock of its own and a box for what it sends.
type world struct {
	t      testing.TB
	db     *store.DB
	keys   *seal.Keys
	rooms  pages.Services
	server *httptest.Server
	box    *keep.Memory
	worker *outbox.Worker
	log    bytes.Buffer

	handler http.Handler
	key     []byte // of an app that a test set up

	mu  sync.Mutex
	now time.Time
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func newWorld(t testing.TB, db *store.DB, providers ...signin.Provider) *world {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: db, keys: keys, now: start, box: keep.NewMemory(500)}
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.handler.ServeHTTP(rw, r) }))
	t.Cleanup(w.server.Close)
	base := w.server.URL
	notices := &notice.Writer{Keys: keys, BaseURL: base, Workspace: "Harbour School", Host: "127.0.0.1"}
	factors := &factor.Service{DB: db, Keys: keys, Clock: w.clock, Notices: notices, Issuer: "Kutano", Cost: otp.Cost{Memory: 8, Passes: 1, Threads: 1}}
	log := slog.New(slog.NewTextHandler(&w.log, nil))
	w.rooms = pages.Services{
		DB: db, Keys: keys, Clock: w.clock, Factors: factors, Workspace: "Harbour School", BaseURL: base, Contact: "Ada in IT", Log: log,
		SignIn: &signin.Service{DB: db, Keys: keys, Clock: w.clock, Notices: notices, BaseURL: base, Providers: providers},
		Desk:   &desk.Service{DB: db, Keys: keys, Clock: w.clock, Notices: notices, Factors: factors},
		Links:  &link.Service{DB: db, Keys: keys, Clock: w.clock, Notices: notices, BaseURL: base},
	}
	w.serve(w.rooms)
	w.worker = &outbox.Worker{DB: db, Keys: keys, Clock: w.clock, Mail: w.box, SMS: w.box}
	return w
}

// serve answers with pages over rooms.
func (w *world) serve(rooms pages.Services) {
	w.handler = web.Wrap(pages.New(rooms), web.Options{Log: rooms.Log, BaseURL: rooms.BaseURL, TLS: strings.HasPrefix(rooms.BaseURL, "https:"), Fail: pages.Fail(rooms)})
}

func (w *world) user(email, name string, role people.Role) people.User {
	w.t.Helper()
	u, err := people.Create(context.Background(), w.db, email, name, role, w.clock())
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// messages sends what waits and returns all that was sent, the newest first.
func (w *world) messages() []outbox.Message {
	w.t.Helper()
	for {
		n, err := w.worker.Once(context.Background())
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			return w.box.Messages()
		}
	}
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// code is the newest code that was sent to someone.
func (w *world) code(to string) string {
	w.t.Helper()
	for _, m := range w.messages() {
		if m.To == to {
			if code := sixDigits.FindString(m.Text); code != "" {
				return code
			}
		}
	}
	w.t.Fatalf("no code was sent to %s", to)
	return ""
}

// browser is a browser without JavaScript.
type browser struct {
	*world
	client *http.Client
	page   string // what it shows
	status int
	header http.Header
	at     *url.URL
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &browser{world: w, client: &http.Client{Jar: jar}}
}

// as is the browser of someone who is signed in, with both factors fresh where both is set.
func (w *world) as(u people.User, both bool) *browser {
	w.t.Helper()
	b := w.browser()
	var token string
	err := w.db.Tx(context.Background(), func(q store.Q) error {
		s, first, err := session.Start(context.Background(), q, u.ID, "email", "Firefox on Linux", session.Nothing, w.clock())
		if token = first; err != nil || !both {
			return err
		}
		_, token, err = session.Raise(context.Background(), q, s, session.Nothing, w.clock(), w.clock(), w.clock())
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	b.client.Jar.SetCookies(b.url("/"), []*http.Cookie{{Name: "kutano", Value: token, Path: "/"}})
	return b
}

func (w *world) url(path string) *url.URL {
	u, err := url.Parse(w.server.URL + path)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

func (b *browser) take(res *http.Response, err error) *browser {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.page, b.status, b.header, b.at = string(body), res.StatusCode, res.Header, res.Request.URL
	return b
}

func (b *browser) get(path string) *browser {
	b.t.Helper()
	return b.take(b.client.Get(b.url(path).String()))
}

// form is a form of a page.
type form struct {
	action string
	fields url.Values
}

func (b *browser) forms() []form {
	root, err := html.Parse(strings.NewReader(b.page))
	if err != nil {
		b.t.Fatal(err)
	}
	var all []form
	for n := range root.Descendants() {
		if n.Data == "form" {
			f := form{action: attr(n, "action"), fields: url.Values{}}
			for i := range n.Descendants() {
				if i.Data == "input" && attr(i, "type") == "hidden" {
					f.fields.Set(attr(i, "name"), attr(i, "value"))
				}
			}
			all = append(all, f)
		}
	}
	return all
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// submit fills in the form that goes to action (its end) and sends it.
func (b *browser) submit(action string, pairs ...string) *browser {
	b.t.Helper()
	for _, f := range b.forms() {
		if !strings.HasSuffix(f.action, action) {
			continue
		}
		for i := 0; i < len(pairs); i += 2 {
			f.fields.Set(pairs[i], pairs[i+1])
		}
		return b.post(f.action, f.fields)
	}
	b.t.Fatalf("there is no form to %s on %s:\n%s", action, b.at, b.text())
	return b
}

func (b *browser) post(path string, fields url.Values) *browser {
	b.t.Helper()
	return b.take(b.client.PostForm(b.url(path).String(), fields))
}

// text is what is to be read on the page.
func (b *browser) text() string {
	root, err := html.Parse(strings.NewReader(b.page))
	if err != nil {
		b.t.Fatal(err)
	}
	var all []string
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" {
			all = append(all, n.Data)
		}
	}
	return strings.Join(strings.Fields(strings.Join(all, " ")), " ")
}

func (b *browser) sees(texts ...string) *browser {
	b.t.Helper()
	page := b.text()
	for _, want := range texts {
		if !strings.Contains(page, want) {
			b.t.Fatalf("%s (%d) does not say %q:\n%s", b.at, b.status, want, page)
		}
	}
	return b
}

func (b *browser) is(path string) *browser {
	b.t.Helper()
	if b.at.Path != path {
		b.t.Fatalf("the browser is at %s, not at %s:\n%s", b.at.Path, path, b.text())
	}
	return b
}

// key reads the secret of an app off the page.
func (b *browser) key() []byte {
	b.t.Helper()
	found := regexp.MustCompile(`id="key">([A-Z2-7 ]+)<`).FindStringSubmatch(b.page)
	if found == nil {
		b.t.Fatalf("no key on %s:\n%s", b.at, b.text())
	}
	return secretOf(b.t, found[1])
}

// appCode is what an app shows that holds a key.
func (w *world) appCode(key []byte) string {
	w.t.Helper()
	code, err := otp.Code(key, otp.Step(w.clock()))
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

var backupForm = regexp.MustCompile(`<li><code>([0-9A-Z]{5}-[0-9A-Z]{5})</code></li>`)

func (b *browser) backupCodes() []string {
	b.t.Helper()
	var all []string
	for _, m := range backupForm.FindAllStringSubmatch(b.page, -1) {
		all = append(all, m[1])
	}
	if len(all) != 10 {
		b.t.Fatalf("%d backup codes on %s:\n%s", len(all), b.at, b.text())
	}
	return all
}
