// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// deeds are all that is done with a record.
var deeds = map[desk.Action]func(w *world, agent, user string, r desk.Record) (desk.Done, error){
	desk.Unlock: func(w *world, agent, user string, r desk.Record) (desk.Done, error) {
		return w.Unlock(w.ctx, w.agents[agent], w.id(user), r)
	},
	desk.Resync: func(w *world, agent, user string, r desk.Record) (desk.Done, error) {
		return w.Resync(w.ctx, w.agents[agent], w.id(user), r)
	},
	desk.Bypass: func(w *world, agent, user string, r desk.Record) (desk.Done, error) {
		return w.Bypass(w.ctx, w.agents[agent], w.id(user), r)
	},
	desk.Reset: func(w *world, agent, user string, r desk.Record) (desk.Done, error) {
		return w.Reset(w.ctx, w.agents[agent], w.id(user), r)
	},
}

// TestRightsAreHeld: what the table of rights says holds for each deed, and a refusal changes nothing; only itself is noted.
func TestRightsAreHeld(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for action, do := range deeds {
			for _, agent := range people.Roles {
				for _, user := range people.Roles {
					for _, self := range []bool{false, true} {
						by, of := string(agent)+" 1", string(user)+" 2"
						if self {
							of = by
						}
						why := desk.MayNot(agent, action, w.agents[of].User.Role, self)
						if why == "" {
							continue
						}
						const done = "audit WHERE action <> 'desk.refused'"
						before := w.count(t, done)
						_, err := do(w, by, of, record())
						if !refusal.Is(err, why) || w.count(t, done)+w.count(t, "cases") != before {
							t.Errorf("%s by %s for %s: %v, want %s", action, by, of, err, why)
						}
					}
				}
			}
		}
	})
}

// TestAgents: nobody acts with less than a fresh proof of both factors.
func TestAgents(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		good := w.agents["admin 1"]
		try := func(change func(a *desk.Agent)) (look, act error) {
			a := good
			change(&a)
			_, look = w.Subject(w.ctx, a, w.id("user 1"))
			_, act = w.Unlock(w.ctx, a, w.id("user 1"), record())
			return look, act
		}
		for name, c := range map[string]struct {
			change    func(a *desk.Agent)
			look, act refusal.Kind
		}{
			"first factor only":   {func(a *desk.Agent) { a.Session.Need, a.Session.Second = session.Second, time.Time{} }, refusal.NeedsSecond, refusal.NeedsSecond},
			"must enrol":          {func(a *desk.Agent) { a.Session.Need = session.Enrol }, refusal.NeedsEnrolment, refusal.NeedsEnrolment},
			"signed in before":    {func(a *desk.Agent) { a.Session.Second = time.Time{} }, refusal.NeedsSecond, refusal.NeedsSecond},
			"linked app":          {func(a *desk.Agent) { a.Session.App = "kutano-companion" }, refusal.Forbidden, refusal.Forbidden},
			"another's session":   {func(a *desk.Agent) { a.User = w.agents["admin 2"].User }, refusal.Forbidden, refusal.Forbidden},
			"stale second factor": {func(a *desk.Agent) { a.Session.Second = w.now.Add(-session.Fresh) }, "", refusal.NeedsElevation},
			"stale first factor":  {func(a *desk.Agent) { a.Session.First = w.now.Add(-session.Fresh) }, "", refusal.NeedsElevation},
		} {
			look, act := try(c.change)
			if c.look == "" && look != nil || c.look != "" && !refusal.Is(look, c.look) || !refusal.Is(act, c.act) {
				t.Errorf("%s: look %v, act %v", name, look, act)
			}
		}
		w.do(t, "DELETE FROM factors WHERE user_id = ?", good.User.ID)
		look, act := try(func(*desk.Agent) {})
		wantKind(t, look, refusal.NeedsEnrolment)
		wantKind(t, act, refusal.NeedsEnrolment)
		good = w.agents["admin 2"]
		w.do(t, "UPDATE users SET role = 'user' WHERE id = ?", good.User.ID) // a moment ago
		_, act = try(func(*desk.Agent) {})
		wantKind(t, act, refusal.Forbidden)
		good = w.agents["owner 1"]
		w.tx(t, func(q store.Q) error { return session.End(w.ctx, q, good.User.ID, good.Session.ID, w.now) })
		if _, act = try(func(*desk.Agent) {}); !errors.Is(act, session.ErrEnded) {
			t.Errorf("a session that ended: %v", act)
		}
	})
}

// TestRecord: a deed without a whole record is refused, and the refusal says what is missing.
func TestRecord(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, c := range map[string]struct {
			change func(*desk.Record)
			kind   refusal.Kind // "" accepted
			field  string
			one    bool // accepted where one check is enough
		}{
			"no reason":           {func(r *desk.Record) { r.Reason = "" }, refusal.ChecksMissing, "reason", false},
			"reason of spaces":    {func(r *desk.Record) { r.Reason = "lost" + strings.Repeat(" ", 20) }, refusal.ChecksMissing, "reason", false},
			"nine characters":     {func(r *desk.Record) { r.Reason = "ninechars" }, refusal.ChecksMissing, "reason", false},
			"ten wide characters": {func(r *desk.Record) { r.Reason = strings.Repeat("ü", 10) }, "", "", true},
			"500 characters":      {func(r *desk.Record) { r.Reason = strings.Repeat("ü", 500) }, "", "", true},
			"501 characters":      {func(r *desk.Record) { r.Reason = strings.Repeat("r", 501) }, refusal.ChecksMissing, "reason", false},
			"control characters":  {func(r *desk.Record) { r.Reason = "lost the phone\x00" }, refusal.Invalid, "reason", false},
			"no UTF-8":            {func(r *desk.Record) { r.Reason = "lost the phone \xff" }, refusal.Invalid, "reason", false},
			"long ticket":         {func(r *desk.Record) { r.Ticket = strings.Repeat("t", 101) }, refusal.Invalid, "ticket", false},
			"not confirmed":       {func(r *desk.Record) { r.Confirmed = false }, refusal.ChecksMissing, "confirmed", false},
			"no check":            {checks(), refusal.ChecksMissing, "checks", false},
			"unknown check":       {checks(desk.Manager, desk.VideoWithID, "birthday"), refusal.Invalid, "checks", false},
			"one check":           {checks(desk.Manager), refusal.ChecksMissing, "checks", true},
			"the same twice":      {checks(desk.Manager, desk.Manager), refusal.ChecksMissing, "checks", true},
			"two of one group":    {checks(desk.VideoWithID, desk.InPerson), refusal.ChecksMissing, "checks", true},
			"two groups":          {checks(desk.InPerson, desk.KnownChannel), "", "", true},
			"two, called back":    {checks(desk.CalledBack, desk.Manager, desk.KnownChannel), "", "", true},
			"called back, one":    {checks(desk.CalledBack, desk.KnownChannel), refusal.ChecksMissing, "checks", true},
		} {
			for action, do := range deeds {
				w.pass(2 * time.Minute)
				w.signIn(t, "admin 1")
				w.do(t, "INSERT INTO factors (user_id, method, created_at) VALUES (?, 'totp', 0) ON CONFLICT DO NOTHING", w.id("user 1"))
				_, err := do(w, "admin 1", "user 1", record(c.change))
				if c.kind == "" || c.one && (action == desk.Unlock || action == desk.Resync) {
					if err != nil {
						t.Errorf("%s, %s: %v", name, action, err)
					}
					continue
				}
				if e := refusal.Of(err); e == nil || e.Kind != c.kind || e.Field != c.field {
					t.Errorf("%s, %s: %v, want %s (%s)", name, action, err, c.kind, c.field)
				}
			}
		}
	})
}

// TestNewNumberIsNotCalledBack: a number on record that was changed lately identifies nobody. R66
func TestNewNumberIsNotCalledBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		called := record(checks(desk.CalledBack))
		if err := w.SetContact(w.ctx, w.agents["admin 1"], w.id("user 1"), "+44 7911 123456"); err != nil {
			t.Fatal(err)
		}
		try := func(after time.Duration) (error, bool) {
			w.pass(after)
			w.signIn(t, "helpdesk 1")
			s, err := w.Subject(w.ctx, w.agents["helpdesk 1"], w.id("user 1"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.Unlock(w.ctx, w.agents["helpdesk 1"], w.id("user 1"), called)
			return err, s.CallBackOK
		}
		for _, after := range []time.Duration{0, 7 * day} {
			err, ok := try(after)
			if e := refusal.Of(err); ok || e == nil || e.Kind != refusal.ChecksMissing || e.Field != "checks" || !strings.Contains(e.Detail, "seven days") {
				t.Fatalf("%v after the change: %v, %v", after, err, ok)
			}
		}
		if err, ok := try(time.Millisecond); err != nil || !ok {
			t.Fatalf("after seven days: %v, %v", err, ok)
		}
		w.do(t, "UPDATE users SET contact_phone = NULL, contact_since = 0 WHERE id = ?", w.id("user 1"))
		err, ok := try(2 * time.Minute)
		wantKind(t, err, refusal.ChecksMissing)
		if ok {
			t.Fatal("no number can be called back")
		}
	})
}

func TestUnlockAndResync(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.do(t, "INSERT INTO guards (user_id, failures, not_before) VALUES (?, 50, 0)", w.id("user 1"))
		done, err := w.Unlock(w.ctx, w.agents["helpdesk 1"], w.id("user 1"), record(checks(desk.Manager)))
		if err != nil || done.AuditID == 0 || done.CaseID == "" || w.count(t, "guards") != 0 {
			t.Fatalf("%+v, %v", done, err)
		}
		if n := w.notices("user 1"); !slices.Equal(n, []notice.Event{notice.Unlocked}) {
			t.Fatalf("told %v", n)
		}
		done, err = w.Resync(w.ctx, w.agents["helpdesk 1"], w.id("user 1"), record(checks(desk.Manager)))
		if err != nil || done.Code != "" || !done.Expires.Equal(w.now.Add(factor.ResyncLife)) {
			t.Fatalf("%+v, %v", done, err)
		}
		if n := w.notices("user 1"); !slices.Equal(n, []notice.Event{notice.Unlocked, notice.ResyncOpened}) {
			t.Fatalf("told %v", n)
		}
		again, err := w.Resync(w.ctx, w.agents["helpdesk 1"], w.id("user 1"), record(checks(desk.Manager)))
		if err != nil || !again.Repeated || !again.Expires.Equal(done.Expires) {
			t.Fatalf("%+v, %v", again, err)
		}
		if got := w.events(t, "user 1"); !slices.Equal(got, []audit.Action{audit.DeskUnlocked, audit.DeskResync}) {
			t.Fatalf("the audit log has %v", got)
		}
	})
}

func TestBypass(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.smsFactor(t, "user 1", "+447911123456")
		done, err := w.Bypass(w.ctx, w.agents["helpdesk 1"], w.id("user 1"), record())
		if err != nil || done.Code != "BCDFGHJK" || done.Expires.IsZero() {
			t.Fatalf("%+v, %v", done, err)
		}
		want := []told{{"user 1", notice.BypassIssued, notice.Facts{Phone: "+4915112345678", Also: "+447911123456"}}}
		if !reflect.DeepEqual(w.told, want) {
			t.Fatalf("told %+v", w.told)
		}
		if f, s := w.has(t, "user 1"); f != 1 || s != 1 {
			t.Fatalf("%d factors, %d sessions: a bypass code changes nothing yet", f, s)
		}
		all, err := audit.List(w.ctx, w.DB, w.id("user 1"), 0, 10)
		if err != nil || len(all) != 1 || all[0].ID != done.AuditID || all[0].Actor != w.id("helpdesk 1") ||
			!reflect.DeepEqual(all[0].Detail, map[string]string{"case": done.CaseID, "checks": "manager,video-id"}) {
			t.Fatalf("%+v, %v", all, err)
		}
	})
}

func (w *world) smsFactor(t testing.TB, name, phone string) {
	t.Helper()
	w.do(t, "UPDATE factors SET method = 'sms', phone = ? WHERE user_id = ?",
		w.Keys.Seal(seal.Place{Table: "factors", Row: w.id(name), Column: "phone"}, []byte(phone)), w.id(name))
}

// TestTwiceIsOnce: what is asked twice within a minute, also at the same time, is done once.
func TestTwiceIsOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for action, do := range deeds {
			var mu sync.Mutex
			var fresh, repeated []desk.Done
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					done, err := do(w, "admin 1", "user 1", record())
					if err != nil {
						t.Errorf("%s: %v", action, err)
					}
					mu.Lock()
					defer mu.Unlock()
					if done.Repeated {
						repeated = append(repeated, done)
					} else {
						fresh = append(fresh, done)
					}
				})
			}
			wg.Wait()
			if len(fresh) != 1 || w.count(t, "cases WHERE action = ?", string(action)) != 1 {
				t.Fatalf("%s was done %d times", action, len(fresh))
			}
			for _, r := range repeated {
				if r.AuditID != fresh[0].AuditID || r.CaseID != fresh[0].CaseID || r.Code != "" {
					t.Fatalf("%s: %+v is not the answer to %+v", action, r, fresh[0])
				}
			}
		}
		w.do(t, "INSERT INTO factors (user_id, method, created_at) VALUES (?, 'totp', 0)", w.id("user 1"))
		other := record(func(r *desk.Record) { r.Reason = "lost it on a plane too" })
		if done, err := w.Reset(w.ctx, w.agents["admin 1"], w.id("user 1"), other); err != nil || done.Repeated {
			t.Fatalf("another record: %+v, %v", done, err)
		}
		w.pass(time.Minute)
		if done, err := w.Bypass(w.ctx, w.agents["admin 1"], w.id("user 1"), record()); err != nil || done.Repeated {
			t.Fatalf("a minute later: %+v, %v", done, err)
		}
	})
}

func TestNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.Unlock(w.ctx, w.agents["admin 1"], "nobody", record())
		wantKind(t, err, refusal.NotFound)
		_, err = w.Subject(w.ctx, w.agents["admin 1"], "nobody")
		wantKind(t, err, refusal.NotFound)
	})
}
