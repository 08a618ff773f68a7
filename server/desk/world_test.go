// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

func TestMain(m *testing.M) {
	if dsn := os.Getenv(victimEnv); dsn != "" { // see kill_test.go
		os.Exit(victim(dsn))
	}
	os.Exit(dbtest.Run(m))
}

const day = 24 * time.Hour

// world is a desk with two people of every role, all with a second factor and signed in freshly.
type world struct {
	*desk.Service
	ctx    context.Context
	agents map[string]desk.Agent // "user 1", "admin 2", …

	mu   sync.Mutex
	now  time.Time
	told []told
}

type told struct {
	who   string
	event notice.Event
	facts notice.Facts
}

func (w *world) Tell(_ context.Context, _ store.Q, u people.User, e notice.Event, f notice.Facts, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, told{u.Name, e, f})
	return nil
}

// mute is a Teller that fails.
type mute struct{}

func (mute) Tell(context.Context, store.Q, people.User, notice.Event, notice.Facts, time.Time) error {
	return errors.New("no notice")
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// fakeFactors does to rows what the desk counts on, and no more.
type fakeFactors struct{ db *store.DB }

func (f fakeFactors) Status(ctx context.Context, userID string) (st factor.Status, err error) {
	err = f.db.Row(ctx, "SELECT method FROM factors WHERE user_id = ?", []any{userID}, &st.Method)
	if errors.Is(err, store.ErrNone) {
		err = nil
	}
	return st, err
}

func (f fakeFactors) Unlock(ctx context.Context, q store.Q, userID string) error {
	_, err := q.Exec(ctx, "DELETE FROM guards WHERE user_id = ?", userID)
	return err
}

func (f fakeFactors) InviteResync(ctx context.Context, q store.Q, userID, by string) (time.Time, error) {
	expires := time.UnixMilli(1_800_000_000_000).UTC().Add(factor.ResyncLife)
	_, err := q.Exec(ctx, "INSERT INTO resyncs (user_id, opened_by, created_at, expires_at) VALUES (?, ?, 1, 2)"+
		" ON CONFLICT (user_id) DO UPDATE SET created_at = resyncs.created_at + 1", userID, by)
	return expires, err
}

func (f fakeFactors) IssueBypass(ctx context.Context, q store.Q, userID, by string) (string, time.Time, error) {
	_, err := q.Exec(ctx, "INSERT INTO bypass_codes (user_id, code_mac, issued_by, created_at, expires_at) VALUES (?, ?, ?, 1, 2)"+
		" ON CONFLICT (user_id) DO UPDATE SET created_at = bypass_codes.created_at + 1", userID, []byte{1}, by)
	return "BCDFGHJK", time.UnixMilli(2), err
}

func (f fakeFactors) Withdraw(ctx context.Context, q store.Q, userID string) error {
	for _, table := range []string{"enrolments", "bypass_codes", "resyncs"} {
		if _, err := q.Exec(ctx, "DELETE FROM "+table+" WHERE user_id = ?", userID); err != nil {
			return err
		}
	}
	return nil
}

func (f fakeFactors) Remove(ctx context.Context, q store.Q, userID string) error {
	_, err := q.Exec(ctx, "DELETE FROM factors WHERE user_id = ?", userID)
	return err
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *store.DB) { f(t, newWorld(t, db)) })
}

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{ctx: context.Background(), now: time.UnixMilli(1_800_000_000_000).UTC(), agents: map[string]desk.Agent{}}
	w.Service = &desk.Service{DB: db, Keys: keys, Clock: w.clock, Notices: w, Factors: fakeFactors{db}}
	for _, role := range people.Roles {
		for i := 1; i <= 2; i++ {
			w.add(t, fmt.Sprintf("%s %d", role, i), role)
		}
	}
	return w
}

// add makes a user with a second factor and a number on record that is old enough.
func (w *world) add(t testing.TB, name string, role people.Role) {
	t.Helper()
	w.tx(t, func(q store.Q) error {
		u, err := people.Create(w.ctx, q, fmt.Sprintf("%s%d@kutano.example", role, len(w.agents)), name, role, w.now)
		if err != nil {
			return err
		}
		w.agents[name] = desk.Agent{User: u}
		if _, err := q.Exec(w.ctx, "INSERT INTO factors (user_id, method, created_at) VALUES (?, 'totp', 0)", u.ID); err != nil {
			return err
		}
		_, err = q.Exec(w.ctx, "UPDATE users SET contact_phone = ?, contact_since = ? WHERE id = ?",
			w.Keys.Seal(seal.Place{Table: "users", Row: u.ID, Column: "contact_phone"}, []byte("+4915112345678")), store.Millis(w.now.Add(-30*day)), u.ID)
		return err
	})
	w.signIn(t, name)
}

// signIn gives someone a session that is ready and fresh.
func (w *world) signIn(t testing.TB, name string) desk.Agent {
	t.Helper()
	a := w.agents[name]
	w.tx(t, func(q store.Q) (err error) {
		if a.User, err = people.ByID(w.ctx, q, a.User.ID); err != nil {
			return err
		}
		if a.Session, _, err = session.Start(w.ctx, q, a.User.ID, "email", "Firefox", session.Nothing, w.now); err != nil {
			return err
		}
		a.Session, _, err = session.Raise(w.ctx, q, a.Session, session.Nothing, time.Time{}, w.now, w.now)
		return err
	})
	w.agents[name] = a
	return a
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) id(name string) string { return w.agents[name].User.ID }

func (w *world) tx(t testing.TB, f func(store.Q) error) {
	t.Helper()
	if err := w.DB.Tx(w.ctx, f); err != nil {
		t.Fatal(err)
	}
}

func (w *world) do(t testing.TB, query string, args ...any) {
	t.Helper()
	if _, err := w.DB.Exec(w.ctx, query, args...); err != nil {
		t.Fatal(err)
	}
}

func (w *world) count(t testing.TB, query string, args ...any) (n int) {
	t.Helper()
	if err := w.DB.Row(w.ctx, "SELECT COUNT(*) FROM "+query, args, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// has tells whether someone still has a second factor and a live session.
func (w *world) has(t testing.TB, name string) (factors, sessions int) {
	t.Helper()
	return w.count(t, "factors WHERE user_id = ?", w.id(name)), w.count(t, "sessions WHERE user_id = ? AND ended_at = 0", w.id(name))
}

// events are what the audit log tells of someone that was done, the oldest first.
func (w *world) events(t testing.TB, name string) []audit.Action {
	t.Helper()
	all, err := audit.List(w.ctx, w.DB, w.id(name), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var actions []audit.Action
	for _, e := range slices.Backward(all) {
		if e.Action != audit.DeskRefused {
			actions = append(actions, e.Action)
		}
	}
	return actions
}

// notices are what someone was told.
func (w *world) notices(name string) []notice.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []notice.Event
	for _, n := range w.told {
		if n.who == name {
			all = append(all, n.event)
		}
	}
	return all
}

func record(change ...func(*desk.Record)) desk.Record {
	r := desk.Record{Reason: "lost the phone on a train", Checks: []desk.Check{desk.VideoWithID, desk.Manager}, Ticket: "HD-17", Confirmed: true}
	for _, f := range change {
		f(&r)
	}
	return r
}

func checks(all ...desk.Check) func(*desk.Record) {
	return func(r *desk.Record) { r.Checks = all }
}

func wantKind(t testing.TB, err error, k refusal.Kind) {
	t.Helper()
	if !refusal.Is(err, k) {
		t.Fatalf("got %v, want %s", err, k)
	}
}
