// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor_test

import (
	"bytes"
	"context"
	"encoding/base32"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	pquerna "github.com/pquerna/otp"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/otp"
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

// cheap keeps tests fast; TestDefaultCost uses the real one.
var cheap = otp.Cost{Memory: 8, Passes: 1, Threads: 1}

const (
	mobile = "+41 79 123 45 42"
	other  = "+41 78 765 43 21"
)

func masterKeys() *seal.Keys {
	k, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		panic(err)
	}
	return k
}

// recorder is a Teller that keeps what users were told.
type recorder struct {
	mu     sync.Mutex
	told   []told
	texts  []text
	broken error // what Tell and TextCode return
}

type told struct {
	user  string
	event notice.Event
	facts notice.Facts
}

type text struct{ phone, code, dedupe string }

func (r *recorder) Tell(_ context.Context, _ store.Q, u people.User, e notice.Event, f notice.Facts, _ time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told = append(r.told, told{u.ID, e, f})
	return r.broken
}

func (r *recorder) TextCode(_ context.Context, _ store.Q, phone, code, dedupe string, _, _ time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.texts = append(r.texts, text{phone, code, dedupe})
	return r.broken
}

// events are the names of what was told since the last call.
func (r *recorder) events() []notice.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []notice.Event
	for _, t := range r.told {
		all = append(all, t.event)
	}
	r.told = nil
	return all
}

// world is a service with one user, whose clock the test holds.
type world struct {
	*factor.Service
	t     testing.TB
	ctx   context.Context
	notes *recorder
	user  people.User
	clock *clock
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	c := &clock{now: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}
	notes := &recorder{}
	w := &world{t: t, ctx: context.Background(), notes: notes, clock: c, Service: &factor.Service{
		DB: db, Keys: masterKeys(), Clock: c.time, Notices: notes, Issuer: "Kutano", Cost: cheap,
	}}
	w.user = w.addUser(seal.NewID() + "@kutano.example")
	return w
}

// another is a world with another user on the same database, a day later.
func (w *world) another() *world {
	w.t.Helper()
	next := newWorld(w.t, w.DB)
	next.clock.now = w.clock.now.Add(24 * time.Hour)
	return next
}

// each runs a test on both databases.
func each(t *testing.T, f func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *store.DB) { f(newWorld(t, db)) })
}

func (w *world) tx(f func(q store.Q) error) {
	w.t.Helper()
	if err := w.DB.Tx(w.ctx, f); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) addUser(email string) people.User {
	w.t.Helper()
	var u people.User
	w.tx(func(q store.Q) (err error) {
		u, err = people.Create(w.ctx, q, email, "Ana", people.Member, w.clock.time())
		return err
	})
	return u
}

// signIn begins a session of the user after a first factor.
func (w *world) signIn(need session.Need) session.Session {
	w.t.Helper()
	in, _ := w.signInToken(need)
	return in
}

func (w *world) signInToken(need session.Need) (session.Session, string) {
	w.t.Helper()
	var in session.Session
	var token string
	w.tx(func(q store.Q) (err error) {
		in, token, err = session.Start(w.ctx, q, w.user.ID, "email", "Firefox on Linux", need, w.clock.time())
		return err
	})
	return in, token
}

// lives tells whether a token can be used.
func (w *world) lives(token string) bool {
	w.t.Helper()
	_, _, err := session.Find(w.ctx, w.DB, token, w.clock.time())
	return err == nil
}

func (w *world) status() factor.Status {
	w.t.Helper()
	st, err := w.Status(w.ctx, w.user.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return st
}

// code is the code of a device that is off by so many steps.
func (w *world) code(secret []byte, off int) string {
	w.t.Helper()
	c, err := otp.Code(secret, otp.Step(w.clock.time())+int64(off))
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// wrong is a code that no step near now has.
func (w *world) wrong(secret []byte) string {
	w.t.Helper()
	for n := 0; ; n++ {
		c := fmt.Sprintf("%06d", n)
		near := false
		for off := -25; off <= 25; off++ {
			near = near || w.code(secret, off) == c
		}
		if !near {
			return c
		}
	}
}

// secretOf reads a key URI as an app does.
func (w *world) secretOf(e factor.Enrolment) []byte {
	w.t.Helper()
	key, err := pquerna.NewKeyFromURL(e.KeyURI)
	if err != nil {
		w.t.Fatal(err)
	}
	b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(key.Secret())
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// enrolApp sets an authenticator app up.
func (w *world) enrolApp(in session.Session) ([]byte, factor.Enrolled) {
	w.t.Helper()
	e, err := w.Enrol(w.ctx, in, factor.TOTP, "")
	if err != nil {
		w.t.Fatal(err)
	}
	secret := w.secretOf(e)
	got, err := w.VerifyEnrolment(w.ctx, in, e.ID, w.code(secret, 0))
	if err != nil {
		w.t.Fatal(err)
	}
	return secret, got
}

// enrolSMS sets a phone up.
func (w *world) enrolSMS(in session.Session, phone string) factor.Enrolled {
	w.t.Helper()
	e, err := w.Enrol(w.ctx, in, factor.SMS, phone)
	if err != nil {
		w.t.Fatal(err)
	}
	got, err := w.VerifyEnrolment(w.ctx, in, e.ID, w.texted())
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

// texted is the code of the last text message.
func (w *world) texted() string {
	w.t.Helper()
	w.notes.mu.Lock()
	defer w.notes.mu.Unlock()
	if len(w.notes.texts) == 0 {
		w.t.Fatal("no code was sent")
	}
	return w.notes.texts[len(w.notes.texts)-1].code
}

// not returns a code that is another one.
func not(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

// why fails the test unless err is a refusal of a kind, which it returns.
func (w *world) why(err error, k refusal.Kind) *refusal.Error {
	w.t.Helper()
	if !refusal.Is(err, k) {
		w.t.Fatalf("got %v, want a refusal: %s", err, k)
	}
	return refusal.Of(err)
}

// refused fails the test unless err is a refusal of a kind.
func (w *world) refused(err error, k refusal.Kind) {
	w.t.Helper()
	if !refusal.Is(err, k) {
		w.t.Fatalf("got %v, want a refusal: %s", err, k)
	}
}

func (w *world) must(got factor.Accepted, err error) factor.Accepted {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

// count is how many rows a table has, for where.
func (w *world) count(from string, args ...any) int {
	w.t.Helper()
	var n int
	if err := w.DB.Row(w.ctx, "SELECT COUNT(*) FROM "+from, args, &n); err != nil {
		w.t.Fatal(err)
	}
	return n
}
