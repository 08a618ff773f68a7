// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package walk

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/kutano/authenticator/server/people"
)

// listen is an app that waits for its code at an address of this machine (RFC 8252, 7.3).
func listen(t *testing.T, host string) (address string, got chan url.Values) {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Skipf("this machine has no %s: %v", host, err)
	}
	got = make(chan url.Values, 4)
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/back" {
			got <- r.URL.Query()
		}
		fmt.Fprint(w, "<title>app</title><p>Back in the app")
	})}
	t.Cleanup(func() { _ = s.Close() })
	go s.Serve(l) //nolint:errcheck // it ends with the test
	return "http://" + l.Addr().String() + "/back", got
}

// The form of the consent leads to the app: Chromium applies the policy for
// forms to redirections, and a policy cannot name an IPv6 address.
func TestAnAppIsLinked(t *testing.T) {
	h := build(t)
	h.person("ana@harbour.example", "Ana Moreau", people.Member)
	b := h.open(t, onDesk)
	for n, host := range []string{"127.0.0.1", "::1"} {
		address, got := listen(t, host)
		ask := "/oauth/authorize?" + url.Values{
			"client_id": {"kutano-companion"}, "response_type": {"code"}, "redirect_uri": {address}, "state": {"abc"},
			"code_challenge_method": {"S256"}, "code_challenge": {strings.Repeat("a", 43)},
		}.Encode()
		if n == 0 { // who is not signed in comes here after it
			b.visit(ask).sees("Sign in").fill("E-mail address", "ana@harbour.example").press("Send me a code")
			b.fill("Code from your e-mail", h.code("ana@harbour.example")).press("Sign in").shoot("40-link-an-app")
		}
		b.visit(ask).sees("Link Kutano Authenticator?").press("Do not allow")
		if back := <-got; back.Get("error") != "access_denied" || back.Get("state") != "abc" {
			t.Errorf("%s: the app hears %v", host, back)
		}
		b.visit(ask).press("Allow")
		if back := <-got; back.Get("code") == "" || back.Get("state") != "abc" {
			t.Errorf("%s: the app hears %v", host, back)
		}
	}
}

// An app that may work at the desk is a thing of its own: the page says what and for
// how long, and whoever has no role there cannot allow it.
func TestAnAppForTheDesk(t *testing.T) {
	h := build(t)
	h.person("ana@harbour.example", "Ana Moreau", people.Member)
	address, got := listen(t, "127.0.0.1")
	ask := "/oauth/authorize?" + url.Values{
		"client_id": {"kutano-companion"}, "response_type": {"code"}, "redirect_uri": {address}, "state": {"abc"}, "scope": {"desk"},
		"code_challenge_method": {"S256"}, "code_challenge": {strings.Repeat("a", 43)},
	}.Encode()
	ana := h.open(t, onDesk)
	ana.signIn("ana@harbour.example").visit(ask).sees("Your role has no rights at the helpdesk").press("Do not allow")
	if back := <-got; back.Get("error") != "access_denied" {
		t.Errorf("the app hears %v", back)
	}
	henk := h.atDesk(t, "henk@harbour.example", "Henk de Vries", people.Helpdesk)
	henk.visit(ask).sees("Help callers in your name", "for ten minutes after you signed in", "It ends by itself after an hour.").shoot("45-link-the-desk").press("Allow")
	if back := <-got; back.Get("code") == "" {
		t.Errorf("the app hears %v", back)
	}
	h.pass(11 * time.Minute)
	henk.visit(ask).press("Allow").sees("Prove that it is you again")
}

// R66: ten minutes after the sign-in, both factors are proved again before anything changes.
func TestProvingAgain(t *testing.T) {
	h := build(t)
	h.person("ana@harbour.example", "Ana Moreau", people.Member)
	b := h.open(t, onDesk)
	key, _ := b.signIn("ana@harbour.example").setUpApp()
	h.pass(11 * time.Minute)
	b.visit("/settings/security").press("Make new backup codes").sees("Prove that it is you again").shoot("41-prove-again")
	b.press("Send a code to ana@harbour.example").fill("Code from your e-mail", h.code("ana@harbour.example")).press("Continue")
	b.sees("Enter your verification code").seesNot("Use a code from your helpdesk")
	b.fill("Verification code", h.app(key)).press("Verify").sees("Make new backup codes", "the old ones then work no longer").shoot("42-new-codes")
	b.press("Make new backup codes").sees("These replace the codes from before")
}

// R01 R11: everything can be done with the keyboard alone, and the focus is where one expects it.
func TestWithTheKeyboard(t *testing.T) {
	h := build(t)
	h.person("ana@harbour.example", "Ana Moreau", people.Member)
	b := h.open(t, onDesk)
	b.visit("/signin")
	b.focused("email")
	b.do(chromedp.KeyEvent("ana@harbour.example"))
	b.lead("Enter", chromedp.KeyEvent("\r"))
	b.focused("code")
	b.do(chromedp.KeyEvent(h.code("ana@harbour.example")))
	b.lead("Enter", chromedp.KeyEvent("\r")).sees("Hello, Ana Moreau")
	b.do(chromedp.KeyEvent("\t"))
	if got := ask(b, chromedp.Evaluate[string]("document.activeElement.textContent")); got != "Skip to the content" {
		t.Errorf("the first stop is %q", got)
	}
	b.do(chromedp.KeyEvent("\r"))
	b.focused("main")
}

// focused waits until an element has the focus: a browser gives it some time after
// the page is there.
func (b *tab) focused(id string) {
	b.t.Helper()
	got := ""
	for range 100 {
		if got = ask(b, chromedp.Evaluate[string]("document.activeElement.id")); got == id {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("the focus is on %q, not on %q", got, id)
}
