// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin_test

import (
	"bytes"
	"os"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/outbox/keep"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/signin"
	"github.com/kutano/authenticator/server/store"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var here = signin.Browser{Device: "Firefox on Linux", Mark: "mark", Address: "192.0.2.7"}

// rig is a service with a clock, an inbox and one user, Ana.
type rig struct {
	*testing.T
	db   *store.DB
	keys *seal.Keys
	ms   atomic.Int64
	s    *signin.Service
	box  *keep.Memory
	ana  people.User
}

func newRig(t *testing.T, db *store.DB) *rig {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{9}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{T: t, db: db, keys: keys, box: keep.NewMemory(100)}
	r.ms.Store(1_800_000_000_000)
	writer := &notice.Writer{Keys: keys, BaseURL: "https://app.kutano.example", Workspace: "Harbour School", Host: "app.kutano.example"}
	r.s = &signin.Service{DB: db, Keys: keys, Clock: r.now, Notices: writer, BaseURL: "https://app.kutano.example"}
	r.tx(func(q store.Q) error {
		r.ana, err = people.Create(t.Context(), q, "ana@example.org", "Ana", people.Member, r.now())
		return err
	})
	return r
}

func (r *rig) now() time.Time          { return time.UnixMilli(r.ms.Load()).UTC() }
func (r *rig) advance(d time.Duration) { r.ms.Add(d.Milliseconds()) }

func (r *rig) tx(f func(q store.Q) error) {
	r.Helper()
	if err := r.db.Tx(r.Context(), f); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) exec(query string, args ...any) {
	r.Helper()
	if _, err := r.db.Exec(r.Context(), query, args...); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) count(query string, args ...any) (n int) {
	r.Helper()
	if err := r.db.Row(r.Context(), query, args, &n); err != nil {
		r.Fatal(err)
	}
	return n
}

// inbox returns all messages that were sent so far, the newest first.
func (r *rig) inbox() []outbox.Message {
	r.Helper()
	w := outbox.Worker{DB: r.db, Keys: r.keys, Clock: r.now, Mail: r.box, SMS: r.box}
	if _, err := w.Once(r.Context()); err != nil {
		r.Fatal(err)
	}
	return r.box.Messages()
}

var digits = regexp.MustCompile(`(?m)^    (\d{6})$`)

// code is the newest code that was sent to an address.
func (r *rig) code(address string) string {
	r.Helper()
	for _, m := range r.inbox() {
		if found := digits.FindStringSubmatch(m.Text); m.To == address && found != nil {
			return found[1]
		}
	}
	r.Fatalf("no code came to %s", address)
	return ""
}

// other is a code that is not this one.
func other(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func (r *rig) email(address string) signin.Flow {
	r.Helper()
	f, err := r.s.Email(r.Context(), address, here)
	if err != nil {
		r.Fatal(err)
	}
	return f
}

// signIn signs Ana in by mail.
func (r *rig) signIn() signin.In {
	r.Helper()
	f := r.email("ana@example.org")
	in, err := r.s.VerifyEmail(r.Context(), f.ID, r.code("ana@example.org"), here)
	if err != nil {
		r.Fatal(err)
	}
	return in
}

// enrol gives Ana a second factor.
func (r *rig) enrol() {
	r.Helper()
	r.exec("INSERT INTO factors (user_id, method, created_at) VALUES (?, 'totp', ?)", r.ana.ID, r.ms.Load())
}

func (r *rig) alive(token string) bool {
	r.Helper()
	var err error
	r.tx(func(q store.Q) error {
		_, _, err = session.Find(r.Context(), q, token, r.now())
		return nil
	})
	return err == nil
}

// refused fails the test unless err is a refusal of a kind.
func (r *rig) refused(err error, kind refusal.Kind) *refusal.Error {
	r.Helper()
	r.mustRefuse(err, kind)
	return refusal.Of(err)
}

func (r *rig) mustRefuse(err error, kind refusal.Kind) {
	r.Helper()
	if !refusal.Is(err, kind) {
		r.Fatalf("got %v, not a refusal of the kind %s", err, kind)
	}
}
