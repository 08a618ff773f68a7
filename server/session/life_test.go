// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package session_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// R09: a live session on a known device is not asked again: it stays what it is, and
// its use is noted to the minute, so that not every page writes.
func TestUseIsNoted(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, token := d.start(t, d.ana, session.Nothing, start)
		for _, tt := range []struct{ after, want time.Duration }{{59 * time.Second, 0}, {time.Minute, time.Minute}, {90 * time.Second, time.Minute}} {
			s, u, err := session.Find(t.Context(), d.db, token, start.Add(tt.after))
			if err != nil || u.ID != d.ana.ID || !s.Ready() || !s.Seen.Equal(start.Add(tt.want)) || !s.Ends.Equal(s.Seen.Add(session.Idle)) {
				t.Errorf("after %v: %+v, %v", tt.after, s, err)
			}
		}
	})
}

// Proving a factor again makes no session live longer.
func TestRaiseKeepsTheEnd(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		s, _ := d.start(t, d.ana, session.Nothing, start)
		later := start.Add(20 * time.Minute)
		d.tx(t, func(q store.Q) (err error) {
			s, _, err = session.Raise(t.Context(), q, s, session.Nothing, later, time.Time{}, later)
			return err
		})
		if !s.Created.Equal(start) || !s.First.Equal(later) || !s.Second.IsZero() {
			t.Fatalf("%+v", s)
		}
	})
}

func TestByID(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		s, _ := d.start(t, d.ana, session.Nothing, start)
		by := func(id string, at time.Time) (got session.Session, err error) {
			d.tx(t, func(q store.Q) error {
				got, err = session.ByID(t.Context(), q, id, at)
				return nil
			})
			return got, err
		}
		if got, err := by(s.ID, start); err != nil || got.UserID != d.ana.ID {
			t.Fatalf("%+v, %v", got, err)
		}
		if _, err := by(s.ID, start.Add(session.Idle)); !errors.Is(err, session.ErrEnded) {
			t.Fatalf("one that is over: %v", err)
		}
		if _, err := by("none", start); !errors.Is(err, session.ErrEnded) {
			t.Fatalf("one that never was: %v", err)
		}
	})
}

// A user has so many sessions, and the one that was not used for the longest goes.
// Those that wait for their second factor push none out that is in use.
func TestMost(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		count := func(need session.Need, at time.Time) (n int, oldest time.Time) {
			all, err := session.List(t.Context(), d.db, d.ana.ID, at)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range all {
				if s.Need == need {
					n, oldest = n+1, s.Created
				}
			}
			return n, oldest
		}
		var waiting session.Session
		at := start
		for i := range session.Most + 5 {
			at = start.Add(time.Duration(i) * time.Second)
			d.start(t, d.ana, session.Nothing, at)
			waiting, _ = d.start(t, d.ana, session.Second, at)
		}
		for _, need := range []session.Need{session.Nothing, session.Second} {
			if n, oldest := count(need, at); n != session.Most || !oldest.Equal(start.Add(5*time.Second)) {
				t.Errorf("%d sessions that need %q, the oldest of %v", n, need, oldest)
			}
		}
		d.tx(t, func(q store.Q) error {
			_, _, err := session.Raise(t.Context(), q, waiting, session.Nothing, time.Time{}, at, at)
			return err
		})
		if n, oldest := count(session.Nothing, at); n != session.Most || !oldest.Equal(start.Add(6*time.Second)) {
			t.Errorf("%d sessions after the second factor, the oldest of %v", n, oldest)
		}
	})
}

// Where the clock was set back, nothing that was proved "later" is fresh.
func TestFreshIsNotAhead(t *testing.T) {
	s := session.Session{First: start, Second: start}
	for ago, want := range map[time.Duration]bool{0: true, -time.Minute: true, -2 * time.Minute: false, session.Fresh: false} {
		if got := s.IsFresh(start.Add(ago), true); got != want {
			t.Errorf("%v after the proof: %v", ago, got)
		}
	}
}

// However a session is used, it never lives longer than its limits.
func TestLife(t *testing.T) {
	db, ctx := dbtest.SQLite(t), context.Background()
	var ana people.User
	err := db.Tx(ctx, func(q store.Q) (err error) {
		ana, err = people.Create(ctx, q, "ana@example.org", "Ana", people.Member, start)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var token string
		need := rapid.SampledFrom([]session.Need{session.Nothing, session.Second, session.Enrol}).Draw(t, "need")
		err := db.Tx(ctx, func(q store.Q) (err error) {
			_, token, err = session.Start(ctx, q, ana.ID, "email", "", need, start)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		life := session.Absolute
		switch need {
		case session.Second:
			life = session.Pending
		case session.Enrol:
			life = session.Enrolling
		case session.Nothing:
		}
		now, seen := start, start
		for _, minutes := range rapid.SliceOfN(rapid.IntRange(0, 45), 1, 30).Draw(t, "uses") {
			now = now.Add(time.Duration(minutes) * time.Minute)
			var found error
			if err := db.Tx(ctx, func(q store.Q) error { _, _, found = session.Find(ctx, q, token, now); return nil }); err != nil {
				t.Fatal(err)
			}
			want := now.Sub(start) < life && now.Sub(seen) < session.Idle
			if (found == nil) != want {
				t.Fatalf("%v after its beginning, %v after its last use: %v", now.Sub(start), now.Sub(seen), found)
			}
			if !want {
				return
			}
			seen = now
		}
	})
}
