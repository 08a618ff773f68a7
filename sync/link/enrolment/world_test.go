// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package enrolment_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/enrolment"
	"github.com/kutano/authenticator/sync/link/practicetest"
	"github.com/kutano/authenticator/sync/link/remote"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// begunVar makes the test program an app that begins to set a method up in a data
// folder and is killed before anything else.
const begunVar = "KUTANO_TEST_ENROL"

func TestMain(m *testing.M) {
	keystore.SetEffort(-1)
	if dir := os.Getenv(begunVar); dir != "" {
		os.Exit(begin(dir))
	}
	os.Exit(practicetest.Main(m))
}

const (
	ana      = "ana@example.com" // has no second factor
	dan      = "dan@example.com" // uses an app
	ela      = "ela@example.com" // gets text messages
	elaPhone = "+46701740605"
	mobile   = "+46701740606"
)

var errCut = errors.New("the connection was cut")

// world is a service, and an app with a vault that is linked with it.
type world struct {
	*practicetest.Service
	t      *testing.T
	watch  *practicetest.Watcher
	dir    string
	vault  *vault.Vault
	home   *remote.Home
	m      *enrolment.Machine
	broken *brokenAccounts
}

// serviceClock is a device's clock that is as right as the service's.
type serviceClock struct{ s *practicetest.Service }

func (c serviceClock) Now() time.Time { return c.s.Now() }

// brokenAccounts is a vault that can be made to fail.
type brokenAccounts struct {
	enrolment.InVault
	keep, accept error
}

func (b *brokenAccounts) Keep(ctx context.Context, k otpauth.Key) (id, old vault.ID, err error) {
	if b.keep != nil {
		return "", "", b.keep
	}
	return b.InVault.Keep(ctx, k)
}

func (b *brokenAccounts) Accept(ctx context.Context, id, old vault.ID, name string) (vault.ID, error) {
	if b.accept != nil {
		return "", b.accept
	}
	return b.InVault.Accept(ctx, id, old, name)
}

func openVault(dir string) (*vault.Vault, error) {
	return vault.Open(context.Background(), vault.Options{
		Dir: dir, Store: keystore.File, Now: clock.Wall{}.Now,
		Passphrase: func(context.Context, bool) (secret.Value, error) { return secret.FromString("a test passphrase"), nil },
	})
}

// start starts the app, or starts it again.
func (w *world) start() {
	w.t.Helper()
	v, err := openVault(w.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = v.Close() })
	w.vault = v
	w.home = &remote.Home{Client: &remote.Client{Clock: serviceClock{w.Service}, Via: w.watch.Via}, Dir: w.dir, Secrets: v}
	w.broken = &brokenAccounts{InVault: enrolment.InVault{Vault: v, Now: clock.Wall{}.Now}}
	w.m = &enrolment.Machine{Home: w.home, Accounts: w.broken, Clock: serviceClock{w.Service}}
}

// build links the app of a user, who allows it to set a method up.
func build(t *testing.T, email string) *world {
	t.Helper()
	w := &world{Service: practicetest.Start(t), t: t, watch: practicetest.Watch(t), dir: t.TempDir()}
	w.start()
	b := w.Browser(t, email)
	if _, err := w.home.Take(t.Context(), w.allow(b)); err != nil {
		t.Fatal(err)
	}
	w.allowEnrol(b)
	return w
}

func (w *world) allow(b *practicetest.Browser, scopes ...link.Scope) link.Permission {
	w.t.Helper()
	s, err := w.home.Client.Discover(w.t.Context(), w.URL)
	if err != nil {
		w.t.Fatal(err)
	}
	p, err := s.Browser(w.t.Context(), scopes, b.Open(w.t, true))
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *world) allowEnrol(b *practicetest.Browser) {
	w.t.Helper()
	if err := w.home.TakeEnrol(w.t.Context(), w.allow(b, link.Enrol)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) begin(method link.Method, phone string) enrolment.Standing {
	w.t.Helper()
	st, err := w.m.Begin(w.t.Context(), method, phone)
	if err != nil || st.State != enrolment.Waiting {
		w.t.Fatalf("begin: %s, %v", st.State, err)
	}
	return st
}

// is fails unless something stands as it should, and nothing is noted at its end.
func (w *world) is(want enrolment.State, st enrolment.Standing, err error) {
	w.t.Helper()
	if st.State != want || err != nil {
		w.t.Fatalf("%s, %v; want %s", st.State, err, want)
	}
	if _, noted, err := w.m.Noted(); err != nil || noted != (want == enrolment.Waiting) {
		w.t.Errorf("noted: %t, %v", noted, err)
	}
}

// names are those of the accounts.
func (w *world) names() []string {
	var all []string
	for _, a := range w.vault.Accounts() {
		all = append(all, a.Name)
	}
	return all
}

// signsIn fails unless the account's codes are those that the service takes.
func (w *world) signsIn(email string, id vault.ID) {
	w.t.Helper()
	k, err := w.vault.Key(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Turn(w.t, w.Now().Sub(clock.Wall{}.Now())+30*time.Second) // past the code that was proved with
	if u := w.User(w.t, email, k.URI().Reveal()); u.ID == "" {
		w.t.Error("nobody signed in")
	}
}
