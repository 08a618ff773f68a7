// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pquerna/otp/totp"

	"github.com/kutano/authenticator/server/api"
	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
	"github.com/kutano/authenticator/server/web"
)

func TestMain(m *testing.M) {
	flag.Parse()
	code := dbtest.Run(m)
	if code == 0 && flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.fuzz").Value.String() == "" && flag.Lookup("test.list").Value.String() == "" {
		code = everyOperationWorked()
	}
	os.Exit(code)
}

// worked are the operations that some test saw succeed: "POST /v1/…".
var worked sync.Map

// everyOperationWorked makes sure that the checks of answers have seen each
// operation of the document succeed at least once.
func everyOperationWorked() int {
	text, err := os.ReadFile("openapi.json")
	if err != nil {
		panic(err)
	}
	var d struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(text, &d); err != nil {
		panic(err)
	}
	code := 0
	for path, item := range d.Paths {
		for method := range item {
			name := strings.ToUpper(method) + " " + path
			if _, ok := worked.Load(name); !ok {
				fmt.Println("no test saw this succeed:", name)
				code = 1
			}
		}
	}
	return code
}

// world is a service with its API, reached by HTTP.
type world struct {
	t        testing.TB
	db       *store.DB
	keys     *seal.Keys
	clock    atomic.Int64
	services api.Services
	server   *httptest.Server
	client   *http.Client
}

const base = "http://kutano.test"

// start is when all tests begin.
var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func (w *world) now() time.Time { return time.UnixMilli(w.clock.Load()).UTC() }

func (w *world) pass(d time.Duration) { w.clock.Add(d.Milliseconds()) }

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *store.DB) { f(t, newWorld(t, db)) })
}

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: db, keys: keys}
	w.clock.Store(start.UnixMilli())
	notices := &notice.Writer{Keys: keys, BaseURL: base, Workspace: "Kutano", Host: "kutano.test"}
	factors := &factor.Service{DB: db, Keys: keys, Clock: w.now, Notices: notices, Issuer: "Kutano", Cost: otp.Cost{Memory: 8, Passes: 1, Threads: 1}}
	w.services = api.Services{
		DB: db, Clock: w.now, BaseURL: base, Workspace: "Kutano",
		SignIn:  &signin.Service{DB: db, Keys: keys, Clock: w.now, Notices: notices, BaseURL: base},
		Factors: factors,
		Desk:    &desk.Service{DB: db, Keys: keys, Clock: w.now, Notices: notices, Factors: factors},
		Links:   &link.Service{DB: db, Keys: keys, Clock: w.now, Notices: notices, BaseURL: base},
	}
	w.server = httptest.NewServer(web.Wrap(api.New(w.services), web.Options{BaseURL: base}))
	t.Cleanup(w.server.Close)
	w.client = &http.Client{Transport: checked(t, w.server.Client().Transport)}
	return w
}

// checker is a RoundTripper that compares each answer with the document.
type checker struct {
	t    testing.TB
	next http.RoundTripper
	v    validator.Validator
	mux  *http.ServeMux // finds the operation
}

// always are the headers of every answer, whatever the operation.
var always = []string{
	"X-Request-Id", "X-Content-Type-Options", "X-Frame-Options", "Content-Security-Policy", "Referrer-Policy",
	"Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Cache-Control",
}

// free are places whose members the document does not name: details of the audit log, and the document itself.
var free = []string{
	"$.body.events[*].detail.*", "$.body.openapi", "$.body.info", "$.body.servers", "$.body.tags", "$.body.paths", "$.body.components",
}

var loaded = sync.OnceValues(func() (validator.Validator, error) {
	text, err := os.ReadFile("openapi.yaml")
	if err != nil {
		return nil, err
	}
	d, err := libopenapi.NewDocument(text)
	if err != nil {
		return nil, err
	}
	v, errs := validator.NewValidator(d, config.WithFormatAssertions(), config.WithStrictMode(), config.WithStrictIgnorePaths(free...),
		config.WithStrictIgnoredHeadersExtra(always...))
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return v, nil
})

func checked(t testing.TB, next http.RoundTripper) http.RoundTripper {
	t.Helper()
	v, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return &checker{t: t, next: next, v: v, mux: api.New(api.Services{}).(*http.ServeMux)}
}

func (c *checker) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err != nil {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	_, pattern := c.mux.Handler(r)
	if _, _, found := strings.Cut(pattern, " "); !found || resp.StatusCode == http.StatusMethodNotAllowed { // not an operation: 404, 405, 413
		if resp.StatusCode < 400 {
			c.t.Errorf("%s %s, which is no operation: %d", r.Method, r.URL.Path, resp.StatusCode)
		}
		return resp, nil
	}
	if resp.StatusCode < 300 {
		worked.Store(pattern, true)
	}
	asked := r.Clone(context.Background())
	asked.Body = nil
	if ok, wrong := c.v.ValidateHttpResponse(asked, resp); !ok {
		for _, e := range wrong {
			c.t.Errorf("%s: the answer %d is not in the document: %v\n%s", pattern, resp.StatusCode, e, body)
		}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

// kind is the last part of a problem's type.
func (a answer) kind() string {
	t, _ := a.body["type"].(string)
	return strings.TrimPrefix(t, base+"/problems/")
}

func (a answer) text(name string) string {
	s, _ := a.body[name].(string)
	return s
}

func (a answer) codes() []string {
	var all []string
	list, _ := a.body["backup_codes"].([]any)
	for _, c := range list {
		all = append(all, c.(string))
	}
	return all
}

type m = map[string]any

// ask makes a request. body is nil, a text as it is to be sent, or what becomes JSON.
func (w *world) ask(method, path, token string, body any) answer {
	w.t.Helper()
	var text string
	switch b := body.(type) {
	case nil:
	case string:
		text = b
	default:
		j, err := json.Marshal(b)
		if err != nil {
			w.t.Fatal(err)
		}
		text = string(j)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, w.server.URL+path, strings.NewReader(text))
	if err != nil {
		w.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return w.send(r)
}

func (w *world) send(r *http.Request) answer {
	w.t.Helper()
	resp, err := w.client.Do(r)
	if err != nil {
		w.t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
		return answer{}
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Error(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &a.body) // what is not JSON has no members
	return a
}

// must makes a request that has to be answered with a status.
func (w *world) must(status int, method, path, token string, body any) answer {
	w.t.Helper()
	a := w.ask(method, path, token, body)
	if a.status != status {
		w.t.Fatalf("%s %s: %d, not %d: %s", method, path, a.status, status, a.raw)
	}
	return a
}

// refused makes a request that has to be refused for a reason.
func (w *world) refused(kind, method, path, token string, body any) answer {
	w.t.Helper()
	a := w.ask(method, path, token, body)
	if a.kind() != kind {
		w.t.Fatalf("%s %s: %d %s, not %s", method, path, a.status, a.raw, kind)
	}
	return a
}

func (w *world) user(name string, role people.Role) people.User {
	w.t.Helper()
	var u people.User
	err := w.db.Tx(context.Background(), func(q store.Q) (err error) {
		u, err = people.Create(context.Background(), q, name+"@example.com", name, role, w.now())
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// session begins a session as after a first factor.
func (w *world) session(u people.User, need session.Need) string {
	w.t.Helper()
	var token string
	err := w.db.Tx(context.Background(), func(q store.Q) (err error) {
		_, token, err = session.Start(context.Background(), q, u.ID, "email", "Firefox on Linux", need, w.now())
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

// app is a person's authenticator app.
type app struct {
	w      *world
	secret string
}

func (a app) code() string {
	a.w.t.Helper()
	code, err := totp.GenerateCode(a.secret, a.w.now())
	if err != nil {
		a.w.t.Fatal(err)
	}
	return code
}

// next waits for the next code.
func (a app) next() string {
	a.w.pass(30 * time.Second)
	return a.code()
}

// member is a user with a session, and what they need to prove themselves.
type member struct {
	people.User
	token string
	app   app
	codes []string
}

// enrolled makes a user with an authenticator app, signed in with both factors.
func (w *world) enrolled(name string, role people.Role) *member {
	w.t.Helper()
	u := &member{User: w.user(name, role)}
	u.token = w.session(u.User, session.Nothing)
	u.enrol(w)
	return u
}

func (u *member) enrol(w *world) {
	w.t.Helper()
	e := w.must(201, "POST", "/v1/me/2fa/enrolments", u.token, m{"method": "totp"})
	u.app = app{w, strings.ReplaceAll(e.text("secret"), " ", "")}
	got := w.must(200, "POST", "/v1/me/2fa/enrolments/"+e.text("id")+"/verify", u.token, m{"code": u.app.code()})
	u.token, u.codes = got.text("token"), got.codes()
}

// second proves the second factor of a session that waits for it, or again.
func (u *member) second(w *world) {
	w.t.Helper()
	u.token = w.must(200, "POST", "/v1/second-factor/verify", u.token, m{"method": "totp", "code": u.app.next()}).text("token")
}

var six = regexp.MustCompile(`\b\d{6}\b`)

// received is the newest message to an address or number, "" for none.
func (w *world) received(to string) string {
	w.t.Helper()
	var last string
	err := w.db.Rows(context.Background(), "SELECT dedupe, body FROM outbox WHERE body IS NOT NULL ORDER BY id", nil, func(scan func(...any) error) error {
		var dedupe string
		var sealed []byte
		if err := scan(&dedupe, &sealed); err != nil {
			return err
		}
		plain, err := w.keys.Open(seal.Place{Table: "outbox", Row: dedupe, Column: "body"}, sealed)
		if err != nil {
			return err
		}
		var msg struct{ To, Text string }
		if err := json.Unmarshal(plain, &msg); err != nil {
			return err
		}
		if msg.To == to {
			last = msg.Text
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return last
}

// codeTo is the code in the newest message to an address or number.
func (w *world) codeTo(to string) string {
	w.t.Helper()
	code := six.FindString(w.received(to))
	if code == "" {
		w.t.Fatalf("no code was received at %s", to)
	}
	return code
}

// elevate proves both factors again.
func (u *member) elevate(w *world) {
	w.t.Helper()
	flow := w.must(202, "POST", "/v1/me/elevation", u.token, nil).text("flow_id")
	u.token = w.must(200, "POST", "/v1/me/elevation/"+flow+"/verify", u.token, m{"code": w.codeTo(u.Email)}).text("token")
	u.second(w)
}
