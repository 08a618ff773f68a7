// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/store"
)

// atDesk is the browser of someone of the desk, with a second factor.
func (w *world) atDesk(email string, role people.Role) *browser {
	w.t.Helper()
	b := w.as(w.user(email, "Of the desk", role), true)
	b.setUpApp()
	return b
}

// record fills the form of an action in.
func record(more ...string) []string {
	return append([]string{"reason", "The phone is lost.", "check-manager", "yes", "check-video-id", "yes", "confirmed", "yes"}, more...)
}

func TestTheDeskByRole(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ana := w.user("ana@harbour.example", "Ana", people.Member)
	other := w.user("other@harbour.example", "Other", people.Admin)
	paths := []string{"/desk", "/desk/users/" + ana.ID, "/desk/users/" + other.ID, "/desk/users/" + ana.ID + "/do/reset", "/desk/waiting", "/desk/audit", "/desk/people/new"}
	for role, want := range map[people.Role][]int{
		people.Member:   {403, 403, 403, 403, 403, 403, 403},
		people.Auditor:  {200, 403, 403, 403, 403, 200, 403}, // the first page of an auditor is the log
		people.Helpdesk: {200, 200, 403, 200, 403, 403, 403}, // the reset leads back, and says why not
		people.Admin:    {200, 200, 200, 200, 200, 200, 200},
		people.Owner:    {200, 200, 200, 200, 200, 200, 200},
	} {
		b := w.atDesk(string(role)+"@harbour.example", role)
		for i, path := range paths {
			if b.get(path); b.status != want[i] {
				t.Errorf("%s at %s: status %d, not %d", role, path, b.status, want[i])
			}
		}
		if role == people.Helpdesk {
			b.get(paths[3]).is("/desk/users/" + ana.ID).sees("Your role does not allow this.")
		}
	}
}

func TestTheDeskNeedsASecondFactor(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ana := w.user("ana@harbour.example", "Ana", people.Member)
	ada := w.user("ada@harbour.example", "Ada", people.Admin)
	b := w.as(ada, false)
	b.get("/desk/users/" + ana.ID).is("/settings/security").sees("Two-factor authentication has to be set up first.")
	key, _ := b.setUpApp()
	b.get("/desk/users/" + ana.ID).is("/desk/users/" + ana.ID)
	w.pass(11 * time.Minute) // looking needs no fresh proof, acting does
	b.get("/desk/users/" + ana.ID).is("/desk/users/" + ana.ID)
	b.get("/desk/users/" + ana.ID + "/do/unlock").is("/elevate").submit("/elevate/email")
	b.submit("/elevate/code", "code", w.code("ada@harbour.example")).is("/elevate/second")
	b.submit("/elevate/second", "code", w.appCode(key)).is("/desk/users/" + ana.ID + "/do/unlock")
}

var bypassForm = regexp.MustCompile(`\b[BCDFGHJKLMNPQRSTVWXZ]{8}\b`)

func TestABypassCodeLeadsToASetUp(t *testing.T) { // R57 R59 R60
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		user := w.user("ana@harbour.example", "Ana", people.Member)
		ana := w.as(user, true)
		ana.setUpApp()
		henk := w.atDesk("henk@harbour.example", people.Helpdesk)
		henk.get("/desk").submit("/desk/find", "q", "ana@").sees("Ana", "ana@harbour.example")
		if strings.Contains(henk.at.String(), "ana") {
			t.Error("the address that was looked for stands in the address of the page")
		}
		henk.get("/desk/users/" + user.ID + "/do/bypass-code")
		henk.submit("/bypass-code", "reason", "lost", "check-manager", "yes").sees(
			"Two identity checks of different kinds are needed, beside a call back; 1 kind is ticked.", "The reason needs 10 to 500 characters.", "Confirm that there was no pressure")
		if !strings.Contains(henk.page, `name="check-manager" value="yes" checked`) {
			t.Error("what was ticked is gone")
		}
		code := bypassForm.FindString(henk.submit("/bypass-code", record()...).sees("Read it aloud like this").text())
		again := "/desk/users/" + user.ID + "/do/bypass-code"
		henk.get(henk.at.Path).sees("That code is shown once") // not again
		henk.get(again).submit("/bypass-code", record()...).sees("was shown once; it is not shown again.").is("/desk/users/" + user.ID)
		b := w.browser()
		b.signIn("ana@harbour.example").get("/second?use=helpdesk").submit("/second", "code", strings.ToLower(code)).is("/enrol")
		b.get("/home").is("/enrol")
		b.setUpApp()
		b.get("/home").is("/home")
	})
}

// OWASP ASVS 5, 7.4.2 and 7.4.5: the desk ends sessions and suspends accounts.
func TestSignOutSuspendAndRestore(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	user := w.user("ana@harbour.example", "Ana", people.Member)
	path := "/desk/users/" + user.ID
	ana := w.as(user, true)
	henk, ada := w.atDesk("henk@harbour.example", people.Helpdesk), w.atDesk("ada@harbour.example", people.Admin)
	why := []string{"reason", "Seen to be misused.", "confirmed", "yes"}
	henk.get(path + "/do/suspend").is(path).sees("Your role does not allow this.")
	henk.get(path+"/do/sign-out").sees("No check is needed").submit("/sign-out", why...).sees("All sessions and linked apps of this user are ended.", "Number in the audit log")
	ana.get("/home").is("/signin")
	ada.get(path+"/do/suspend").submit("/suspend", "reason", "short", "confirmed", "yes").sees("The reason needs 10 to 500 characters.")
	ada.submit("/suspend", why...).sees("The account is suspended", "Suspended", "Let the user in again")
	ada.get(path + "/do/suspend").is("/desk/users/" + user.ID + "/do/suspend")
	if ada.status != http.StatusNotFound {
		t.Errorf("suspending twice: status %d", ada.status)
	}
	ada.get(path+"/do/restore").submit("/restore", why...).sees("An identity check is needed.")
	ada.submit("/restore", record()...).sees("The user can sign in again.", "Suspend the account")
	w.browser().signIn("ana@harbour.example").is("/home")
}

func TestAnAdministratorsResetTakesTwo(t *testing.T) { // R59
	w := newWorld(t, dbtest.SQLite(t))
	ada := w.user("ada@harbour.example", "Ada", people.Admin)
	w.as(ada, true).setUpApp()
	olga, omar := w.atDesk("olga@harbour.example", people.Owner), w.atDesk("omar@harbour.example", people.Admin)
	olga.get("/desk/users/"+ada.ID+"/do/reset").submit("/reset", record()...).sees("The reset waits for a second administrator.")
	olga.get("/desk/waiting").sees("Ada", "You asked for it")
	omar.get("/desk/waiting").sees("It can be approved in 24 hours.")
	w.pass(25 * time.Hour)
	omar = w.as(w.userOf("omar@harbour.example"), true)
	omar.get("/desk/waiting").submit("/approve").sees("The reset was approved and is done.")
	w.browser().signIn("ada@harbour.example").is("/enrol")
}

func (w *world) userOf(email string) people.User {
	w.t.Helper()
	u, err := people.ByEmail(w.t.Context(), w.db, email)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

func TestUsersAndRoles(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	olga, omar := w.atDesk("olga@harbour.example", people.Owner), w.atDesk("omar@harbour.example", people.Admin)
	if omar.get("/desk/people/new"); strings.Contains(omar.page, `value="owner"`) || !strings.Contains(omar.page, `value="helpdesk"`) {
		t.Error("an administrator is offered other roles than they may give")
	}
	omar.submit("/people/new", "email", "no", "name", "Ben", "role", "user").sees("This is no e-mail address.")
	omar.submit("/people/new", "email", "ben@harbour.example", "name", "Ben", "role", "user").sees("The account is there.", "Ben")
	ben := omar.at.Path
	if strings.Contains(omar.page, ben+"/role") {
		t.Error("an administrator is offered to change a role")
	}
	omar.get("/desk/people/new").submit("/people/new", "email", "ben@harbour.example", "name", "Ben", "role", "user").sees("This address has an account already.")
	olga.get(ben).submit("/role", "role", "helpdesk").sees("The role is changed.", "Helpdesk")
	olga.submit("/contact", "contact", "12").sees("This number cannot receive text messages")
	olga.submit("/contact", "contact", "+33 6 12 34 56 78").sees("must not be called back for seven days", "New: do not call back on it")
	self := "/desk/users/" + w.userOf("olga@harbour.example").ID
	olga.get(self).sees("Nobody can do this for their own account.").submit("/role", "role", "user").sees("The last owner stays.")
}

func TestTheAuditLogHasPages(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	b := w.atDesk("olga@harbour.example", people.Owner)
	subject := "/desk/users/" + w.userOf("olga@harbour.example").ID
	for range 60 {
		b.get(subject)
	}
	b.get("/desk/audit").sees("desk.looked_up", "Older")
	older := regexp.MustCompile(`/desk/audit\?before=\d+`).FindString(b.page)
	b.get(older).sees("method.added", "Newest")
	if strings.Contains(b.text(), "Older") {
		t.Error("there is more than there was")
	}
	if b.get("/desk/audit?before=x"); b.status != http.StatusBadRequest {
		t.Errorf("status %d", b.status)
	}
	if strings.Contains(b.get("/desk/audit").page, "@harbour") {
		t.Error("an address stands in the log")
	}
}
