// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages_test

import (
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/store"
)

func TestSwitchingBothWays(t *testing.T) { // R43 R44 R66
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		b := w.as(w.user("ana@harbour.example", "Ana", people.Member), true)
		old := b.setUpSMS(mobile)
		b.get("/settings/security/two-factor").sees("What you have now works until the new method is proved")
		b.get("/settings/security/two-factor/app").submit("/two-factor/app")
		b.get("/settings/security").sees("Text message (SMS)") // the old one stays
		_, codes := b.setUpApp()
		b.sees("What you used before works no longer")
		if codes[0] == old[0] {
			t.Error("the backup codes are the old ones")
		}
		b.get("/settings/security").sees("Authenticator app")
		w.pass(2 * time.Minute)
		b.setUpSMS(mobile)
		b.get("/settings/security").sees("Text message (SMS)", "10 of 10")
	})
}

func TestDisabling(t *testing.T) { // R45 R46 R47
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		b := w.as(w.user("ana@harbour.example", "Ana", people.Member), true)
		b.setUpApp()
		b.get("/settings/security/two-factor").sees("Disable two-factor authentication")
		b.get("/settings/security/two-factor/disable").sees(
			"Warning: Disabling 2FA makes your account less secure. Only disable it if absolutely necessary.", "Cancel")
		b.get("/settings/security").sees("On") // cancelling changes nothing
		b.get("/settings/security/two-factor/disable").submit("/disable").sees("This needs your confirmation")
		b.get("/settings/security").sees("On")
		b.get("/settings/security/two-factor/disable").submit("/disable", "sure", "yes").is("/settings/security").sees("is off", "Off")
		b.get("/settings/security/two-factor/disable").is("/settings/security")
	})
}

func TestNewBackupCodes(t *testing.T) { // R63
	w := newWorld(t, dbtest.SQLite(t))
	b := w.as(w.user("ana@harbour.example", "Ana", people.Member), true)
	_, old := b.setUpApp()
	b.get("/settings/security/codes/new").sees("the old ones then work no longer").submit("/codes/new")
	b.sees("These replace the codes from before")
	if b.backupCodes()[0] == old[0] {
		t.Error("the codes are the old ones")
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ana := w.user("ana@harbour.example", "Ana", people.Member)
	b, other, third := w.as(ana, false), w.as(ana, false), w.as(ana, false)
	b.get("/settings/sessions").sees("Firefox on Linux", "This one")
	b.submit("/end").sees("The session has ended.")
	b.submit("/others/end").sees("1 other session has ended.")
	for _, gone := range []*browser{other, third} {
		gone.get("/settings").is("/signin").sees("Your session has ended")
	}
	b.get("/settings").is("/settings")
	b.submit("/signout").is("/signin").sees("You are signed out.")
	b.get("/settings").is("/signin")
}
