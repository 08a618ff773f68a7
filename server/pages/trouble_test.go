// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/pages"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/store"
)

func TestWhatIsNotThere(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	b := w.as(w.user("ana@harbour.example", "Ana", people.Member), false)
	for _, path := range []string{"/nothing", "/settings/security/two-factor/set-up/x/qr.png", "/signin/github"} {
		b.get(path)
		if path == "/signin/github" {
			b.is("/home") // a refusal on the sign-in page, which sends home who is signed in
			continue
		}
		if b.status != http.StatusNotFound && b.status != http.StatusGone {
			t.Errorf("%s: status %d", path, b.status)
		}
		pages.Sound(t, b.page)
		b.sees("Go to the first page")
	}
}

func TestAFormThatIsTooLarge(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	b := w.browser().get("/signin")
	large := url.Values{"email": {strings.Repeat("a", 70<<10)}}.Encode()
	for name, body := range map[string]io.Reader{"that says so": strings.NewReader(large), "that does not": io.MultiReader(strings.NewReader(large))} {
		req, err := http.NewRequest(http.MethodPost, b.url("/signin/email").String(), body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		b.take(b.client.Do(req))
		if b.status != http.StatusRequestEntityTooLarge || !strings.Contains(b.text(), "What was sent is too large.") {
			t.Errorf("a form %s: %d %s", name, b.status, b.text())
		}
		pages.Sound(t, b.page)
	}
}

// The database goes away and comes back: 503 with a sentence, then all is as it was.
func TestTheDatabaseIsAway(t *testing.T) {
	server, dsn := dbtest.Private(t)
	db, err := store.Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // the server may be gone
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, db)
	b := w.as(w.user("ana@harbour.example", "Ana", people.Member), false)
	b.get("/settings/security/two-factor/app")
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	form := *b
	form.submit("/two-factor/app")
	for _, away := range []*browser{&form, b.get("/settings/security")} {
		if away.status != http.StatusServiceUnavailable || away.header.Get("Retry-After") == "" {
			t.Errorf("%s: status %d", away.at, away.status)
		}
		away.sees("We cannot reach our database just now.", "Nothing was changed.")
		pages.Sound(t, away.page)
	}
	w.browser().get("/signin").sees("Sign in") // what needs no database works
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	b.get("/settings/security").sees("Off")
}

// Nothing that a person typed or received gets into the log, on any way through the pages.
func TestTheLogHoldsNoSecrets(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	user := w.user("canary@harbour.example", "Canary Bird", people.Owner)
	b := w.as(user, true)
	old := b.session()
	codes := b.setUpSMS(mobile)
	b.get("/home").submit("/signout")
	b.signIn("canary@harbour.example").get("/second?use=backup").submit("/second", "code", codes[0])
	b.get("/desk").submit("/desk/find", "q", "canary@")
	rooms := w.rooms
	rooms.Factors = nil // a fault
	var fault bytes.Buffer
	rooms.Log = slog.New(slog.NewTextHandler(&fault, nil))
	w.serve(rooms)
	if b.get("/settings/security"); b.status != http.StatusInternalServerError {
		t.Errorf("status %d", b.status)
	}
	b.sees("Something went wrong on our side.", "Your account is safe.")
	pages.Sound(t, b.page)
	all := w.log.String() + fault.String()
	if !strings.Contains(all, "/settings/security") {
		t.Fatal("the log is empty")
	}
	for _, secret := range []string{"canary", "Canary", "23456789", codes[0], strings.ReplaceAll(codes[0], "-", ""), old, b.session(), user.ID} {
		if strings.Contains(all, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
