// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practicetest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Browser is a browser without scripts, in which a user is signed in.
type Browser struct {
	service    *Service
	client     *http.Client
	email, key string
}

// Browser signs a user in, who has the second factor of the beginning.
func (s *Service) Browser(t testing.TB, email string) *Browser { return s.BrowserWith(t, email, "") }

// BrowserWith signs a user in; key is the address of the key of the user's app.
func (s *Service) BrowserWith(t testing.TB, email, key string) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &Browser{service: s, client: &http.Client{Jar: jar}, email: email, key: key}
	page := b.visit(t, s.URL+"/signin")
	b.submit(t, page, "/signin/email", url.Values{"email": {email}})
	at, page := b.now(t, "/signin/code")
	if at != "/signin/code" {
		t.Fatalf("%s stands at %s", email, at)
	}
	b.submit(t, page, "/signin/code", url.Values{"code": {s.Code(t, email)}})
	b.second(t)
	return b
}

// second proves the second factor, where one is asked for.
func (b *Browser) second(t testing.TB) {
	t.Helper()
	at, page := b.now(t, "/home")
	if !strings.HasPrefix(at, "/second") {
		return
	}
	who := b.service.Person(t, b.email)
	var code string
	if key := cmp.Or(b.key, who.KeyURI); key != "" {
		code = b.service.App(t, key)
	} else {
		code = b.service.Code(t, who.Phone)
	}
	b.submit(t, page, "/second", url.Values{"code": {code}})
}

// now visits a page, and tells where that led.
func (b *Browser) now(t testing.TB, path string) (at, page string) {
	t.Helper()
	resp, err := b.client.Get(b.service.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	return resp.Request.URL.Path, text(t, resp)
}

func text(t testing.TB, resp *http.Response) string {
	t.Helper()
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func (b *Browser) visit(t testing.TB, address string) string {
	t.Helper()
	resp, err := b.client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	return text(t, resp)
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// submit sends the form of a page that goes to an address, filled in, and follows where that leads.
func (b *Browser) submit(t testing.TB, page, action string, fields url.Values) string {
	t.Helper()
	_, form, ok := strings.Cut(page, `action="`+action+`"`)
	if !ok {
		t.Fatalf("no form goes to %s:\n%s", action, page)
	}
	form, _, _ = strings.Cut(form, "</form>")
	for _, f := range hidden.FindAllStringSubmatch(form, -1) {
		if !fields.Has(f[1]) {
			fields.Set(f[1], html.UnescapeString(f[2]))
		}
	}
	resp, err := b.client.PostForm(b.service.URL+action, fields)
	if err != nil {
		t.Fatal(err)
	}
	return text(t, resp)
}

// Open shows an address of a link, as the system's browser does, and answers it: an
// app whose address it is hears of it. It can be given to link.Service.Browser.
func (b *Browser) Open(t testing.TB, allow bool) func(address string) error {
	return func(address string) error {
		go func() {
			b.submit(t, b.visit(t, address), "/oauth/authorize", url.Values{"decision": {decision(allow)}})
		}()
		return nil
	}
}

func decision(allow bool) string {
	if allow {
		return "allow"
	}
	return "deny"
}

// Type types the code that an app shows, and answers what it asks for.
func (b *Browser) Type(t testing.TB, code string, allow bool) {
	t.Helper()
	page := b.submit(t, b.visit(t, b.service.URL+"/oauth/device"), "/oauth/device", url.Values{"user_code": {code}})
	b.submit(t, page, "/oauth/device/confirm", url.Values{"decision": {decision(allow)}})
}

// User is a user who is signed in by the API, as elsewhere.
type User struct {
	ID      string
	service *Service
	token   string
}

// User signs a user in, second factor included; key is the address of the key of the
// user's app where it is another than at the beginning.
func (s *Service) User(t testing.TB, email, key string) *User {
	t.Helper()
	u := &User{service: s}
	flow := u.Do(t, http.MethodPost, "/v1/signin/email", map[string]any{"email": email})
	in := u.Do(t, http.MethodPost, fmt.Sprintf("/v1/signin/email/%v/verify", flow["flow_id"]), map[string]any{"code": s.Code(t, email)})
	u.take(t, in)
	if session, _ := in["session"].(map[string]any); session["required"] == "second-factor" {
		who := s.Person(t, email)
		proof := map[string]any{"method": "totp"}
		switch {
		case key != "":
			proof["code"] = s.App(t, key)
		case who.KeyURI != "":
			proof["code"] = s.App(t, who.KeyURI)
		default:
			u.Do(t, http.MethodPost, "/v1/second-factor/sms/send", nil)
			proof = map[string]any{"method": "sms", "code": s.Code(t, who.Phone)}
		}
		u.take(t, u.Do(t, http.MethodPost, "/v1/second-factor/verify", proof))
	}
	me := u.Do(t, http.MethodGet, "/v1/me", nil)
	u.ID, _ = me["id"].(string)
	return u
}

func (u *User) take(t testing.TB, in map[string]any) {
	t.Helper()
	token, ok := in["token"].(string)
	if !ok {
		t.Fatalf("no session: %v", in)
	}
	u.token = token
}

// Do asks the API, and fails where it refuses.
func (u *User) Do(t testing.TB, method, path string, body map[string]any) map[string]any {
	t.Helper()
	var b []byte
	if body != nil {
		var err error
		if b, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	r, err := http.NewRequest(method, u.service.URL+path, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if u.token != "" {
		r.Header.Set("Authorization", "Bearer "+u.token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	out := text(t, resp)
	if resp.StatusCode >= 300 {
		t.Fatalf("%s %s: %s\n%s", method, path, resp.Status, out)
	}
	if out == "" {
		return nil
	}
	var v map[string]any
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// SetUp sets a method up elsewhere, and returns the address of the key of an app.
func (u *User) SetUp(t testing.TB, method, phone string) (key string) {
	t.Helper()
	body := map[string]any{"method": method}
	if phone != "" {
		body["phone"] = phone
	}
	e := u.Do(t, http.MethodPost, "/v1/me/2fa/enrolments", body)
	var code string
	if key, _ = e["key_uri"].(string); key != "" {
		code = u.service.App(t, key)
	} else {
		code = u.service.Code(t, phone)
	}
	u.take(t, u.Do(t, http.MethodPost, fmt.Sprintf("/v1/me/2fa/enrolments/%v/verify", e["id"]), map[string]any{"code": code}))
	return key
}

// EndLinks ends what the user's linked apps are allowed.
func (u *User) EndLinks(t testing.TB) (ended int) {
	t.Helper()
	all, _ := u.Do(t, http.MethodGet, "/v1/me/links", nil)["links"].([]any)
	for _, one := range all {
		if l, ok := one.(map[string]any); ok {
			u.Do(t, http.MethodDelete, fmt.Sprintf("/v1/me/links/%v", l["id"]), nil)
			ended++
		}
	}
	return ended
}

// Reset takes another user's second factor off, as an administrator does.
func (u *User) Reset(t testing.TB, id string) {
	t.Helper()
	u.Do(t, http.MethodPost, "/v1/admin/users/"+id+"/2fa/reset", map[string]any{
		"reason": "Lost the phone on a journey", "checks": []string{"video-id", "manager"}, "ticket": "IT-1042", "confirmed": true,
	})
}
