// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

func TestFind(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 25 {
			w.add(t, fmt.Sprintf("Zoë_%02d 100%%", i), people.Member)
		}
		for query, want := range map[string]int{
			"zoë": 20, " ZO": 20, "Zoë_07": 1, "00%": 20, "%%": 0, "__": 0, "r 1": 3, "owner": 2, "@KUTANO": 20, "nobody": 0, `' OR 1=1 --`: 0,
		} {
			found, err := w.Find(w.ctx, w.agents["helpdesk 1"], query)
			if err != nil || len(found) != want {
				t.Errorf("%q: %d, %v", query, len(found), err)
			}
		}
		const others = "audit WHERE action NOT IN ('desk.searched', 'desk.refused')"
		before := w.count(t, others)
		for _, wrong := range []string{"", " z ", strings.Repeat("z", 300), "z\x00z", "z\xff"} {
			_, err := w.Find(w.ctx, w.agents["admin 1"], wrong)
			wantKind(t, err, refusal.Invalid)
		}
		_, err := w.Find(w.ctx, w.agents["auditor 1"], "zoë")
		wantKind(t, err, refusal.Forbidden)
		_, err = w.Find(w.ctx, w.agents["user 1"], "zoë")
		wantKind(t, err, refusal.Forbidden)
		if w.count(t, others) != before || w.count(t, "audit WHERE detail LIKE '%zo%'") != 0 {
			t.Fatal("what was looked for is in the audit log")
		}
	})
}

func TestSubject(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s, err := w.Subject(w.ctx, w.agents["helpdesk 1"], w.id("user 1"))
		if err != nil || s.User.Name != "user 1" || s.Status.Method != "totp" || s.Sessions != 1 || s.CallBack != "+49 •••• •••••78" || !s.CallBackOK {
			t.Fatalf("%+v, %v", s, err)
		}
		if !slices.Equal(s.May, []desk.Action{desk.LookUp, desk.SignOut, desk.Unlock, desk.Resync, desk.Bypass}) ||
			!reflect.DeepEqual(s.MayNot, map[desk.Action]string{desk.Reset: "forbidden", desk.Suspend: "forbidden", desk.Restore: "forbidden"}) {
			t.Fatalf("may %v, may not %v", s.May, s.MayNot)
		}
		if got := w.events(t, "user 1"); !slices.Equal(got, []audit.Action{audit.DeskLookedUp}) {
			t.Fatalf("the audit log has %v", got)
		}
		s, err = w.Subject(w.ctx, w.agents["admin 1"], w.id("admin 1"))
		if err != nil || len(s.May) != 1 || s.MayNot[desk.Reset] != "not-for-oneself" {
			t.Fatalf("%+v, %v", s, err)
		}
		if _, err := w.Subject(w.ctx, w.agents["helpdesk 1"], w.id("owner 1")); !refusal.Is(err, refusal.Forbidden) || len(w.events(t, "owner 1")) != 0 {
			t.Fatalf("%v", err)
		}
	})
}

func TestSubjectShowsTenCases(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 12 {
			r := record(func(r *desk.Record) { r.Reason = fmt.Sprintf("call number %d", i) })
			if _, err := w.Unlock(w.ctx, w.signIn(t, "admin 1"), w.id("user 1"), r); err != nil {
				t.Fatal(err)
			}
			w.pass(time.Second)
		}
		s, err := w.Subject(w.ctx, w.agents["admin 1"], w.id("user 1"))
		if err != nil || len(s.Cases) != 10 || s.Cases[0].Reason != "call number 11" {
			t.Fatalf("%+v, %v", s.Cases, err)
		}
	})
}

func TestAddUser(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u, err := w.AddUser(w.ctx, w.agents["admin 1"], " New@Kutano.example", " Nia ", people.Helpdesk)
		if err != nil || u.Email != "new@kutano.example" || u.Name != "Nia" || u.Role != people.Helpdesk {
			t.Fatalf("%+v, %v", u, err)
		}
		for _, c := range []struct {
			by, email, name string
			role            people.Role
			kind            refusal.Kind
			field           string
		}{
			{"admin 1", "NEW@kutano.example", "Nia", people.Member, refusal.Invalid, "email"},
			{"admin 1", "no address", "Nia", people.Member, refusal.EmailInvalid, ""},
			{"admin 1", "a@kutano.example", " ", people.Member, refusal.Invalid, "name"},
			{"admin 1", "a@kutano.example", "N\nB", people.Member, refusal.Invalid, "name"},
			{"admin 1", "a@kutano.example", strings.Repeat("n", 101), people.Member, refusal.Invalid, "name"},
			{"admin 1", "a@kutano.example", "Nia", "root", refusal.Invalid, "role"},
			{"admin 1", "a@kutano.example", "Nia", people.Admin, refusal.Forbidden, ""},
			{"admin 1", "a@kutano.example", "Nia", people.Owner, refusal.Forbidden, ""},
			{"helpdesk 1", "a@kutano.example", "Nia", people.Member, refusal.Forbidden, ""},
			{"auditor 1", "a@kutano.example", "Nia", people.Member, refusal.Forbidden, ""},
			{"user 1", "a@kutano.example", "Nia", people.Member, refusal.Forbidden, ""},
		} {
			_, err := w.AddUser(w.ctx, w.agents[c.by], c.email, c.name, c.role)
			if e := refusal.Of(err); e == nil || e.Kind != c.kind || e.Field != c.field {
				t.Errorf("%+v: %v", c, err)
			}
		}
		if _, err := w.AddUser(w.ctx, w.agents["owner 1"], "o@kutano.example", "Ola", people.Owner); err != nil {
			t.Fatal(err)
		}
		if w.count(t, "audit WHERE action = 'user.added'") != 2 {
			t.Fatal("the audit log tells something else")
		}
	})
}

func TestSetRole(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		set := func(by, of string, role people.Role) error { return w.SetRole(w.ctx, w.agents[by], w.id(of), role) }
		for _, by := range []string{"user 1", "auditor 1", "helpdesk 1", "admin 1"} {
			wantKind(t, set(by, "user 2", people.Helpdesk), refusal.Forbidden)
			wantKind(t, set(by, "owner 1", people.Member), refusal.Forbidden)
		}
		wantKind(t, set("owner 1", "user 2", "root"), refusal.Invalid)
		wantKind(t, w.SetRole(w.ctx, w.agents["owner 1"], "nobody", people.Admin), refusal.NotFound)
		if err := set("owner 1", "user 2", people.Admin); err != nil {
			t.Fatal(err)
		}
		if _, s := w.has(t, "user 2"); s != 1 {
			t.Fatal("who gained rights was signed out")
		}
		w.linked(t, "admin 1")
		if err := set("owner 1", "admin 1", people.Helpdesk); err != nil {
			t.Fatal(err)
		}
		if _, s := w.has(t, "admin 1"); s != 0 || w.count(t, "links WHERE ended_at = 0") != 0 {
			t.Fatal("who lost rights was not signed out")
		}
		all, err := audit.List(w.ctx, w.DB, w.id("admin 1"), 0, 1)
		if err != nil || len(all) != 1 || !reflect.DeepEqual(all[0].Detail, map[string]string{"from": "admin", "to": "helpdesk"}) {
			t.Fatalf("%+v, %v", all, err)
		}
		if err := set("owner 1", "owner 2", people.Admin); err != nil {
			t.Fatal(err)
		}
		wantKind(t, set("owner 1", "owner 1", people.Admin), refusal.Forbidden)
		w.do(t, "UPDATE users SET role = 'owner', suspended_at = 1 WHERE id = ?", w.id("owner 2"))
		wantKind(t, set("owner 1", "owner 1", people.Admin), refusal.Forbidden) // one who is suspended does not count
		w.do(t, "UPDATE users SET suspended_at = 0 WHERE id = ?", w.id("owner 2"))
		if err := set("owner 1", "owner 1", people.Admin); err != nil {
			t.Fatal(err)
		}
	})
}

// TestLastOwnerStays: also where two owners take each other's role away at the same time.
func TestLastOwnerStays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 5 {
			w.do(t, "UPDATE users SET role = 'owner' WHERE id IN (?, ?)", w.id("owner 1"), w.id("owner 2"))
			a, b := w.signIn(t, "owner 1"), w.signIn(t, "owner 2")
			var wg sync.WaitGroup
			wg.Go(func() { _ = w.SetRole(w.ctx, a, b.User.ID, people.Member) })
			wg.Go(func() { _ = w.SetRole(w.ctx, b, a.User.ID, people.Member) })
			wg.Go(func() { _ = w.SetRole(w.ctx, a, a.User.ID, people.Member) })
			wg.Wait()
			if n := w.count(t, "users WHERE role = 'owner'"); n != 1 {
				t.Fatalf("%d owners are left", n)
			}
		}
	})
}

// TestSetContact: a number that is set is sealed, new, and told at the one before. R66
func TestSetContact(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		set := func(by, of, phone string) error { return w.SetContact(w.ctx, w.signIn(t, by), w.id(of), phone) }
		contact := func() (phone string, since time.Time) {
			var sealed []byte
			var at int64
			if err := w.DB.Row(w.ctx, "SELECT contact_phone, contact_since FROM users WHERE id = ?", []any{w.id("user 1")}, &sealed, &at); err != nil {
				t.Fatal(err)
			}
			if sealed == nil {
				return "", store.Time(at)
			}
			plain, err := w.Keys.Open(seal.Place{Table: "users", Row: w.id("user 1"), Column: "contact_phone"}, sealed)
			if err != nil {
				t.Fatal(err)
			}
			return string(plain), store.Time(at)
		}
		_, before := contact()
		if err := set("admin 1", "user 1", "+49 1511 2345678"); err != nil {
			t.Fatal(err)
		}
		if phone, since := contact(); phone != "+4915112345678" || !since.Equal(before) || len(w.told) != 0 {
			t.Fatalf("the same number: %s since %v", phone, since)
		}
		if err := set("admin 1", "user 1", "+44 (0)7911 123456"); err != nil {
			t.Fatal(err)
		}
		if phone, since := contact(); phone != "+447911123456" || !since.Equal(w.now) {
			t.Fatalf("%s since %v", phone, since)
		}
		want := []told{{"user 1", notice.ContactChanged, notice.Facts{Phone: "+4915112345678"}}}
		if !reflect.DeepEqual(w.told, want) {
			t.Fatalf("told %+v", w.told)
		}
		for _, wrong := range []string{"07911 123456", "112", "+0", "call me", "+44 7911 123456 7890 1234"} {
			wantKind(t, set("admin 1", "user 1", wrong), refusal.PhoneInvalid)
		}
		wantKind(t, set("helpdesk 1", "user 1", "+4915112345678"), refusal.Forbidden)
		wantKind(t, set("admin 1", "admin 1", "+4915112345678"), refusal.Yourself)
		if err := set("owner 1", "user 1", ""); err != nil {
			t.Fatal(err)
		}
		if phone, since := contact(); phone != "" || !since.IsZero() {
			t.Fatalf("%q since %v", phone, since)
		}
		if w.count(t, "audit WHERE action = 'user.contact_set' AND detail = '{}'") != 2 {
			t.Fatal("the audit log tells something else")
		}
	})
}

func TestAudit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if _, err := w.Subject(w.ctx, w.agents["helpdesk 1"], w.id("user 1")); err != nil {
			t.Fatal(err)
		}
		for _, by := range []string{"auditor 1", "admin 1", "owner 1"} {
			all, err := w.Audit(w.ctx, w.agents[by], w.id("user 1"), 0, 10)
			if err != nil || len(all) != 1 || all[0].Actor != w.id("helpdesk 1") {
				t.Fatalf("%s: %+v, %v", by, all, err)
			}
		}
		for _, by := range []string{"user 1", "helpdesk 1"} {
			_, err := w.Audit(w.ctx, w.agents[by], "", 0, 10)
			wantKind(t, err, refusal.Forbidden)
		}
	})
}
