// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package session_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var start = time.UnixMilli(1_800_000_000_000).UTC()

// desk is a database with two users.
type desk struct {
	db       *store.DB
	ana, ben people.User
}

func each(t *testing.T, f func(t *testing.T, d desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		d := desk{db: db}
		d.tx(t, func(q store.Q) (err error) {
			if d.ana, err = people.Create(t.Context(), q, "ana@example.org", "Ana", people.Member, start); err != nil {
				return err
			}
			d.ben, err = people.Create(t.Context(), q, "ben@example.org", "Ben", people.Member, start)
			return err
		})
		f(t, d)
	})
}

func (d desk) tx(t *testing.T, f func(q store.Q) error) {
	t.Helper()
	if err := d.db.Tx(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func (d desk) start(t *testing.T, u people.User, need session.Need, at time.Time) (s session.Session, token string) {
	t.Helper()
	d.tx(t, func(q store.Q) (err error) {
		s, token, err = session.Start(t.Context(), q, u.ID, "email", "Firefox on Linux", need, at)
		return err
	})
	return s, token
}

// live tells whether a token is good at a time.
func (d desk) live(t *testing.T, token string, at time.Time) bool {
	t.Helper()
	_, _, err := session.Find(t.Context(), d.db, token, at)
	if err != nil && !errors.Is(err, session.ErrEnded) {
		t.Fatal(err)
	}
	return err == nil
}

// ASVS 7.2.1, 7.2.2: a token leads to its session and its user, and no other text does.
func TestFind(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		s, token := d.start(t, d.ana, session.Second, start)
		d.start(t, d.ben, session.Nothing, start)
		got, u, err := session.Find(t.Context(), d.db, token, start)
		if err != nil || got.ID != s.ID || u.ID != d.ana.ID || got.Ready() || got.AAL() != 1 || got.Device != "Firefox on Linux" {
			t.Fatalf("%+v, %+v, %v", got, u, err)
		}
		for _, no := range []string{"", s.ID, token[1:], token + "A", d.ana.ID} {
			if d.live(t, no, start) {
				t.Errorf("%q is good", no)
			}
		}
		var kept []byte
		if err := d.db.Row(t.Context(), "SELECT token_hash FROM sessions WHERE id = ?", []any{s.ID}, &kept); err != nil || string(kept) == token {
			t.Fatalf("the token itself is kept: %v", err)
		}
	})
}

// R08, ASVS 7.3.1, 7.3.2: a session ends after 30 minutes without use, after 12
// hours, and after 15 minutes when its second factor does not come.
func TestEnds(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, idle := d.start(t, d.ana, session.Nothing, start)
		if d.live(t, idle, start.Add(session.Idle)) {
			t.Error("good after 30 minutes without use")
		}
		_, used := d.start(t, d.ana, session.Nothing, start)
		at := start
		for at.Sub(start) < session.Absolute-29*time.Minute {
			at = at.Add(29 * time.Minute)
			if !d.live(t, used, at) {
				t.Fatalf("not good after %v, though it was used", at.Sub(start))
			}
		}
		if !d.live(t, used, start.Add(session.Absolute-time.Millisecond)) || d.live(t, used, start.Add(session.Absolute)) {
			t.Error("it does not end after 12 hours")
		}
		_, half := d.start(t, d.ana, session.Second, start)
		if !d.live(t, half, start.Add(10*time.Minute)) || d.live(t, half, start.Add(session.Pending)) {
			t.Error("one that waits does not end after 15 minutes")
		}
	})
}

// ASVS 7.2.4: each factor brings a new token, and the old one is worth nothing.
func TestRaise(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		s, first := d.start(t, d.ana, session.Second, start)
		later := start.Add(14 * time.Minute)
		var second string
		d.tx(t, func(q store.Q) (err error) {
			s, second, err = session.Raise(t.Context(), q, s, session.Nothing, time.Time{}, later, later)
			return err
		})
		if second == first || d.live(t, first, later) || !d.live(t, second, later.Add(20*time.Minute)) {
			t.Fatal("the token did not change")
		}
		got, _, err := session.Find(t.Context(), d.db, second, later)
		if err != nil || !got.Ready() || got.AAL() != 2 || !got.First.Equal(start) || !got.Second.Equal(later) || !got.Created.Equal(later) {
			t.Fatalf("%+v, %v", got, err)
		}
		d.tx(t, func(q store.Q) error { return session.End(t.Context(), q, d.ana.ID, s.ID, later) })
		err = d.db.Tx(t.Context(), func(q store.Q) error {
			_, _, err := session.Raise(t.Context(), q, s, session.Nothing, later, later, later)
			return err
		})
		if !errors.Is(err, session.ErrEnded) {
			t.Fatalf("a session that ended was raised: %v", err)
		}
	})
}

// Two that raise a session at once: one token is good afterwards.
func TestRaiseRace(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		s, first := d.start(t, d.ana, session.Second, start)
		tokens := make([]string, 4)
		var all sync.WaitGroup
		for i := range tokens {
			all.Go(func() {
				err := d.db.Tx(context.WithoutCancel(t.Context()), func(q store.Q) (err error) {
					_, tokens[i], err = session.Raise(t.Context(), q, s, session.Nothing, time.Time{}, start, start)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		good := 0
		for _, token := range tokens {
			if d.live(t, token, start) {
				good++
			}
		}
		if good != 1 || d.live(t, first, start) {
			t.Fatalf("%d tokens are good", good)
		}
	})
}

// ASVS 7.4.1, 7.5.2, 8.2.2: users see and end their own sessions, and nobody else's.
func TestEndAndList(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		one, t1 := d.start(t, d.ana, session.Nothing, start)
		_, t2 := d.start(t, d.ana, session.Nothing, start.Add(time.Minute))
		bens, t3 := d.start(t, d.ben, session.Nothing, start)
		now := start.Add(2 * time.Minute)
		for _, id := range []string{bens.ID, "", "x", t1} {
			if err := d.db.Tx(t.Context(), func(q store.Q) error { return session.End(t.Context(), q, d.ana.ID, id, now) }); !errors.Is(err, session.ErrEnded) {
				t.Fatalf("Ana ended %q: %v", id, err)
			}
		}
		list, err := session.List(t.Context(), d.db, d.ana.ID, now)
		if err != nil || len(list) != 2 || list[1].ID != one.ID {
			t.Fatalf("%+v, %v", list, err)
		}
		d.tx(t, func(q store.Q) error { return session.SignOut(t.Context(), q, one, one.ID, now) })
		if d.live(t, t1, now) || !d.live(t, t2, now) || !d.live(t, t3, now) {
			t.Fatal("the wrong session ended")
		}
		if err := d.db.Tx(t.Context(), func(q store.Q) error { return session.End(t.Context(), q, d.ana.ID, one.ID, now) }); !errors.Is(err, session.ErrEnded) {
			t.Fatalf("ended twice: %v", err)
		}
		if list, err := session.List(t.Context(), d.db, d.ana.ID, now); err != nil || len(list) != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
	})
}

// ASVS 7.4.3, 7.4.5: all sessions of a user can be ended, or all but one.
func TestEndAll(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		one, t1 := d.start(t, d.ana, session.Nothing, start)
		_, t2 := d.start(t, d.ana, session.Second, start)
		_, t3 := d.start(t, d.ben, session.Nothing, start)
		var n int64
		d.tx(t, func(q store.Q) (err error) {
			n, err = session.SignOutOthers(t.Context(), q, one, start)
			return err
		})
		if n != 1 || !d.live(t, t1, start) || d.live(t, t2, start) || !d.live(t, t3, start) {
			t.Fatalf("%d ended, or the wrong ones", n)
		}
		d.tx(t, func(q store.Q) (err error) {
			n, err = session.EndAll(t.Context(), q, d.ana.ID, "", start)
			return err
		})
		if n != 1 || d.live(t, t1, start) || !d.live(t, t3, start) {
			t.Fatalf("%d ended, or the wrong ones", n)
		}
	})
}

// ASVS 7.5.2: to end another session takes a proof that is ten minutes old at most.
func TestEndingOthersIsFresh(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		one, _ := d.start(t, d.ana, session.Nothing, start)
		two, token := d.start(t, d.ana, session.Nothing, start)
		late := start.Add(session.Fresh)
		err := d.db.Tx(t.Context(), func(q store.Q) error { return session.SignOut(t.Context(), q, one, two.ID, late) })
		if !refusal.Is(err, refusal.NeedsElevation) {
			t.Fatalf("ended another: %v", err)
		}
		err = d.db.Tx(t.Context(), func(q store.Q) error {
			_, err := session.SignOutOthers(t.Context(), q, one, late)
			return err
		})
		if !refusal.Is(err, refusal.NeedsElevation) || !d.live(t, token, late) {
			t.Fatalf("ended others: %v", err)
		}
		one.Second = late
		d.tx(t, func(q store.Q) error { return session.SignOut(t.Context(), q, one, two.ID, late) })
		one.Second = time.Time{}
		d.tx(t, func(q store.Q) error { return session.SignOut(t.Context(), q, one, one.ID, late) })
	})
}

// ASVS 7.4.2: who is suspended has no session.
func TestSuspended(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, token := d.start(t, d.ana, session.Nothing, start)
		if _, err := d.db.Exec(t.Context(), "UPDATE users SET suspended_at = ? WHERE id = ?", store.Millis(start), d.ana.ID); err != nil {
			t.Fatal(err)
		}
		if d.live(t, token, start) {
			t.Fatal("a suspended user has a session")
		}
	})
}

// ASVS 7.5.1: what changes the second factor needs proofs of both, ten minutes old at most.
func TestIsFresh(t *testing.T) {
	now := start.Add(time.Hour)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	just, old := 10*time.Minute-time.Millisecond, 10*time.Minute
	for name, tt := range map[string]struct {
		s        session.Session
		enrolled bool
		want     bool
	}{
		"both":                {session.Session{First: ago(just), Second: ago(just)}, true, true},
		"the first is old":    {session.Session{First: ago(old), Second: ago(just)}, true, false},
		"the second is old":   {session.Session{First: ago(just), Second: ago(old)}, true, false},
		"no second":           {session.Session{First: ago(just)}, true, false},
		"none to be proved":   {session.Session{First: ago(just)}, false, true},
		"none, first is old":  {session.Session{First: ago(old)}, false, false},
		"waits for a second":  {session.Session{First: ago(just), Need: session.Second}, true, false},
		"must set up":         {session.Session{First: ago(just), Need: session.Enrol}, false, true},
		"never proved at all": {session.Session{}, false, false},
	} {
		if got := tt.s.IsFresh(now, tt.enrolled); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// ASVS 10.3.2: an app may do what was allowed; a browser's session all.
func TestMay(t *testing.T) {
	app := session.Session{App: "kutano-companion", Scopes: []session.Scope{session.Read}}
	if !app.May(session.Read) || app.May(session.EnrolOnly) || (session.Session{App: "x"}).May(session.Read) || !(session.Session{}).May(session.EnrolOnly) {
		t.Fatal("scopes do not decide")
	}
}
