// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/session"
)

var objectionLink = regexp.MustCompile(`/objection\?t=[A-Za-z0-9_%-]+`)

// "This wasn't me": looking at the link changes nothing, pressing the button ends all sessions.
func TestObjecting(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ana := w.user("ana@harbour.example", "Ana", people.Member)
	w.as(ana, true).setUpApp()
	path := ""
	for _, m := range w.messages() {
		if path = objectionLink.FindString(m.Text); path != "" {
			break
		}
	}
	stranger := w.browser()
	stranger.get(path).sees("Was this not you?", "Two-factor authentication was set up")
	if all, err := session.List(t.Context(), w.db, ana.ID, w.clock()); err != nil || len(all) == 0 {
		t.Fatalf("looking at the link ended the sessions: %v", err)
	}
	stranger.submit("/objection").is("/objection/done").sees("Everyone is signed out of your account")
	if all, err := session.List(t.Context(), w.db, ana.ID, w.clock()); err != nil || len(all) != 0 {
		t.Errorf("%d sessions are left, %v", len(all), err)
	}
	for _, bad := range []string{"/objection", "/objection?t=x"} {
		if stranger.get(bad); stranger.status != http.StatusNotFound {
			t.Errorf("%s: status %d", bad, stranger.status)
		}
	}
	b := w.browser()
	b.signIn("ana@harbour.example").is("/second") // nobody is locked out, and nothing is open
}

func TestLinkingByACode(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	b := w.as(w.user("ana@harbour.example", "Ana", people.Member), false)
	d, err := w.rooms.Links.BeginDevice(t.Context(), "kutano-companion", []session.Scope{session.Read}, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	b.get("/oauth/device").submit("/oauth/device", "user_code", "BBBB-BBBB").is("/oauth/device").sees("This code is not right.")
	b.submit("/oauth/device", "user_code", strings.ToLower(d.UserCode)).sees("Link Kutano Authenticator?", "See the status")
	b.submit("/confirm", "decision", "allow").is("/oauth/device/done")
	tokens, err := w.rooms.Links.Token(t.Context(), map[string][]string{
		"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "device_code": {d.DeviceCode}, "client_id": {"kutano-companion"},
	})
	if err != nil || tokens.Access == "" {
		t.Fatalf("the app gets nothing: %v", err)
	}
	b.get("/settings/apps").sees("Kutano Authenticator").submit("/end").sees("The app is no longer linked.", "No app is linked.")

	d, err = w.rooms.Links.BeginDevice(t.Context(), "kutano-companion", []session.Scope{session.Read}, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	b.get("/oauth/device?user_code="+d.UserCode).submit("/oauth/device", "user_code", d.UserCode)
	b.submit("/confirm", "decision", "deny").sees("The app was not linked.", "No app is linked.")
}

func TestAnAppThatAsksWrongly(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	b := w.as(w.user("ana@harbour.example", "Ana", people.Member), false)
	for _, query := range []string{"", "client_id=evil", "client_id=kutano-companion&redirect_uri=https://evil.example/"} {
		b.get("/oauth/authorize?" + query).sees("The app asked in a way that we do not understand.")
		if b.status != http.StatusBadRequest || b.at.Host != b.url("/").Host {
			t.Errorf("%q: %d at %s", query, b.status, b.at)
		}
	}
}
