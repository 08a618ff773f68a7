// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
)

const sound = "all administrators lost their phones"

func (w *world) broken(t *testing.T) int {
	return w.count(t, "audit WHERE action = ? AND actor = ''", string(audit.BreakGlass))
}

func TestFirstOwner(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.do(t, "UPDATE users SET role = 'user' WHERE role = 'owner'")
		var made atomic.Int64
		var all sync.WaitGroup
		for _, email := range []string{"first@kutano.example", "second@kutano.example"} {
			all.Go(func() {
				if _, err := w.MakeOwner(w.ctx, email, "Olga", ""); err == nil {
					made.Add(1)
				}
			})
		}
		all.Wait()
		if n := w.count(t, "users WHERE role = 'owner'"); made.Load() != 1 || n != 1 {
			t.Fatalf("of two first owners at once %d were told yes, %d are", made.Load(), n)
		}
		if w.broken(t) != 1 {
			t.Error("it is not in the audit log")
		}
	})
}

func TestOwnerByBreakingTheGlass(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for reason, kind := range map[string]refusal.Kind{"": refusal.Forbidden, "short": refusal.Invalid, "bell\aaaaaaaaaaa": refusal.Invalid} {
			if _, err := w.MakeOwner(w.ctx, "new@kutano.example", "New", reason); !refusal.Is(err, kind) {
				t.Errorf("%q: %v", reason, err)
			}
		}
		if _, err := w.MakeOwner(w.ctx, "no address", "New", sound); !refusal.Is(err, refusal.EmailInvalid) {
			t.Errorf("no address: %v", err)
		}
		if w.broken(t) != 0 {
			t.Error("what was refused is in the audit log")
		}
		u, err := w.MakeOwner(w.ctx, w.agents["user 1"].User.Email, "ignored", sound)
		if err != nil || u.Role != people.Owner || u.Name != "user 1" {
			t.Fatalf("%+v, %v", u, err)
		}
		if w.broken(t) != 1 || w.count(t, "cases WHERE user_id = ? AND reason = ? AND requested_by = ''", u.ID, sound) != 1 {
			t.Error("it was not written down")
		}
	})
}

func TestResetByMachine(t *testing.T) { // R59
	each(t, func(t *testing.T, w *world) {
		email := func(name string) string { return w.agents[name].User.Email }
		for name, tt := range map[string]struct {
			email, reason string
			kind          refusal.Kind
		}{
			"a user":               {email("user 1"), sound, refusal.Forbidden},
			"others can":           {email("owner 1"), sound, refusal.Forbidden},
			"no reason":            {email("owner 1"), "", refusal.Invalid},
			"nobody":               {"nobody@kutano.example", sound, refusal.NotFound},
			"an address that none": {"@", sound, refusal.EmailInvalid},
		} {
			if _, err := w.ResetByMachine(w.ctx, tt.email, tt.reason); !refusal.Is(err, tt.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		// One other administrator with a second factor is too few for the desk.
		w.do(t, "DELETE FROM factors WHERE user_id IN (?, ?)", w.id("owner 2"), w.id("admin 1"))
		done, err := w.ResetByMachine(w.ctx, email("owner 1"), sound)
		if err != nil || done.AuditID == 0 {
			t.Fatalf("%+v, %v", done, err)
		}
		if factors, sessions := w.has(t, "owner 1"); factors != 0 || sessions != 0 {
			t.Errorf("%d factors, %d sessions are left", factors, sessions)
		}
		if w.broken(t) != 1 || len(w.told) != 1 {
			t.Errorf("%d in the audit log, %d told", w.broken(t), len(w.told))
		}
		if _, err := w.ResetByMachine(w.ctx, email("admin 1"), sound); !refusal.Is(err, refusal.NotEnrolled) {
			t.Errorf("who has nothing to reset: %v", err)
		}
	})
}
