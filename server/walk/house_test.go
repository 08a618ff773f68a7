// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package walk

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/issuer"
	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/outbox/keep"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/service"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
)

// house is a service with people in it, a clock that the walk turns and a box for what it sends.
type house struct {
	t      *testing.T
	db     *store.DB
	base   string
	box    *keep.Memory
	worker *outbox.Worker

	mu  sync.Mutex
	now time.Time
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// pass lets time go by.
func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func build(t *testing.T) *house {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{5}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: dbtest.SQLite(t), box: keep.NewMemory(500), now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)}
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	h.base = server.URL
	s, err := service.New(service.Config{
		DB: h.db, Keys: keys, BaseURL: h.base, Workspace: "Harbour School", Contact: "Ada Okoye in IT, extension 12", Clock: h.clock,
		Providers: h.providers(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	handler = s.Handler()
	h.worker = &outbox.Worker{DB: h.db, Keys: keys, Clock: h.clock, Mail: h.box, SMS: h.box}
	return h
}

// providers are stand-ins for Google and Apple.
func (h *house) providers(t *testing.T) []signin.Provider {
	t.Helper()
	var all []signin.Provider
	for name, label := range map[string]string{"google": "Google", "apple": "Apple"} {
		var i *issuer.Issuer
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { i.ServeHTTP(w, r) }))
		t.Cleanup(s.Close)
		var err error
		i, err = issuer.New(issuer.Config{
			Name: label, URL: s.URL, ClientID: "kutano", ClientSecret: "practice", Clock: h.clock, Redirects: []string{h.base + "/signin/" + name + "/callback"},
			Users: []issuer.User{{Subject: "ana at " + name, Email: "ana@harbour.example", Name: "Ana Moreau"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, signin.Provider{Name: name, Issuer: s.URL, ClientID: "kutano", ClientSecret: "practice"})
	}
	slices.SortFunc(all, func(a, b signin.Provider) int { return cmp.Compare(b.Name, a.Name) })
	return all
}

func (h *house) person(email, name string, role people.Role) people.User {
	h.t.Helper()
	u, err := people.Create(context.Background(), h.db, email, name, role, h.clock())
	if err != nil {
		h.t.Fatal(err)
	}
	return u
}

func (h *house) received(to string) []outbox.Message {
	h.t.Helper()
	for {
		n, err := h.worker.Once(context.Background())
		if err != nil {
			h.t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	var all []outbox.Message
	for _, m := range h.box.Messages() {
		if m.To == to {
			all = append(all, m)
		}
	}
	return all
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// code is the newest code that somebody received.
func (h *house) code(to string) string {
	h.t.Helper()
	for _, m := range h.received(to) {
		if c := sixDigits.FindString(m.Text); c != "" {
			return c
		}
	}
	h.t.Fatalf("no code came to %s", to)
	return ""
}

// app is what an authenticator app with a key shows now.
func (h *house) app(key []byte) string {
	h.t.Helper()
	return h.appAt(key, 0)
}

// appAt is what the app shows on a device whose clock is ahead by so much.
func (h *house) appAt(key []byte, ahead time.Duration) string {
	h.t.Helper()
	c, err := otp.Code(key, otp.Step(h.clock().Add(ahead)))
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// signIn is the first step: a code by e-mail.
func (b *tab) signIn(email string) *tab {
	b.t.Helper()
	b.visit("/signin").fill("E-mail address", email).press("Send me a code")
	return b.fill("Code from your e-mail", b.code(email)).press("Sign in")
}

var backupForm = regexp.MustCompile(`[0-9A-Z]{5}-[0-9A-Z]{5}`)

func (b *tab) backupCodes() []string {
	b.t.Helper()
	all := backupForm.FindAllString(b.text(), -1)
	if len(all) != 10 {
		b.t.Fatalf("%d backup codes are shown:\n%s", len(all), b.text())
	}
	return all
}

// setUpApp goes from the security settings to the end of the set-up by app.
func (b *tab) setUpApp() (key []byte, codes []string) {
	b.t.Helper()
	b.visit("/settings/security").press("Change two-factor authentication").press("Use authentication app").press("Continue")
	key = b.scan()
	b.press("Continue").fill("Verification code", b.app(key)).press("Verify").sees("The setup is complete")
	codes = b.backupCodes()
	b.tick("I have saved them").press("Done")
	return key, codes
}

const mobile, number = "+49 151 23456789", "+4915123456789"

// setUpSMS goes the same way by text message.
func (b *tab) setUpSMS() []string {
	b.t.Helper()
	b.visit("/settings/security").press("Change two-factor authentication").press("Use text message").press("Get started")
	b.fill("Mobile phone number", mobile).press("Verify phone number")
	b.fill("Verification code", b.code(number)).press("Verify").sees("The setup is complete")
	codes := b.backupCodes()
	b.tick("I have saved them").press("Done")
	return codes
}

func wrong(code string) string {
	if strings.HasPrefix(code, "1") {
		return "2" + code[1:]
	}
	return "1" + code[1:]
}
