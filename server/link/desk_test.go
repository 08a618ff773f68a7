// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link_test

import (
	"testing"
	"time"

	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
)

func (b *bench) role(t *testing.T, r people.Role) {
	t.Helper()
	if _, err := b.DB.Exec(b.ctx, "UPDATE users SET role = ? WHERE id = ?", string(r), b.ana.ID); err != nil {
		t.Fatal(err)
	}
}

// TestDeskIsForWhoHelps: only who has a role at the desk and proved a second factor just now can let an app work there.
func TestDeskIsForWhoHelps(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		r, err := b.Parse(query("scope", "desk"))
		if err != nil || len(r.Scopes) != 2 {
			t.Fatalf("%v, %v", r.Scopes, err)
		}
		for _, role := range people.Roles {
			b.role(t, role)
			_, err := b.Allow(b.ctx, b.in, r)
			if helps := role == people.Helpdesk || role == people.Admin || role == people.Owner; helps && err != nil {
				t.Errorf("%s: %v", role, err)
			} else if !helps {
				wantKind(t, err, refusal.Forbidden)
			}
		}
		b.role(t, people.Helpdesk)
		fresh := b.in
		for _, stale := range []func(s *session.Session){
			func(s *session.Session) { s.First = b.now.Add(-session.Fresh) },
			func(s *session.Session) { s.Second = b.now.Add(-session.Fresh) },
		} {
			in := fresh
			stale(&in)
			_, err := b.Allow(b.ctx, in, r)
			wantKind(t, err, refusal.NeedsElevation)
		}
		if _, err := b.DB.Exec(b.ctx, "DELETE FROM factors"); err != nil {
			t.Fatal(err)
		}
		_, err = b.Allow(b.ctx, fresh, r)
		wantKind(t, err, refusal.NeedsEnrolment)
	})
}

// TestDeskLinkEndsAfterAnHour: the proofs are those of the session that allowed it, and no refreshing makes the hour longer.
func TestDeskLinkEndsAfterAnHour(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.role(t, people.Helpdesk)
		allowed := b.now
		b.now = b.now.Add(4 * time.Minute)
		tokens := b.linked(t, "desk")
		in, _, err := b.Find(b.ctx, tokens.Access, b.now)
		if err != nil || !in.May(session.DeskWork) || in.May(session.EnrolOnly) || !in.IsFresh(b.now, true) || !in.First.Equal(allowed) || !in.Second.Equal(allowed) {
			t.Fatalf("%+v, %v", in, err)
		}
		if in.IsFresh(allowed.Add(session.Fresh), true) {
			t.Fatal("it is fresh for longer than the session that allowed it")
		}
		b.now = b.now.Add(45 * time.Minute)
		if tokens, err = b.refresh(tokens.Refresh); err != nil || tokens.ExpiresIn != 15*time.Minute {
			t.Fatalf("%v, %v", tokens.ExpiresIn, err)
		}
		if in, _, err = b.Find(b.ctx, tokens.Access, b.now); err != nil || in.IsFresh(b.now, true) {
			t.Fatalf("refreshing makes it fresh: %v", err)
		}
		b.now = b.now.Add(15 * time.Minute)
		if !b.ended(t, tokens.Access) {
			t.Fatal("it lives for more than an hour")
		}
		_, err = b.refresh(tokens.Refresh)
		wantOAuth(t, err, "invalid_grant")
		if all, err := b.List(b.ctx, b.ana.ID); err != nil || len(all) != 0 {
			t.Fatalf("it is listed still: %v, %v", all, err)
		}
	})
}

// TestDeskIsNotForATypedCode: a code that somebody else began, and that an agent is talked
// into typing, must not give the desk away (RFC 8628, 5.4).
func TestDeskIsNotForATypedCode(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.role(t, people.Helpdesk)
		for _, scopes := range [][]session.Scope{{session.DeskWork}, {session.Read, session.EnrolOnly, session.DeskWork}} {
			_, err := b.BeginDevice(b.ctx, app, scopes, "192.0.2.1")
			wantOAuth(t, err, "invalid_scope")
		}
		if n := b.count(t, "link_devices"); n != 0 {
			t.Fatalf("%d codes wait to be typed", n)
		}
	})
}
