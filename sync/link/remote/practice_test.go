// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/practicetest"
	"github.com/kutano/authenticator/sync/link/remote"
	"github.com/kutano/authenticator/vault/secret"
)

func TestMain(m *testing.M) { os.Exit(practicetest.Main(m)) }

const (
	ana = "ana@example.com" // has no second factor
	dan = "dan@example.com" // uses an app
	ela = "ela@example.com" // gets text messages
	ada = "ada@example.com" // an administrator
)

// drawer keeps permissions in memory.
type drawer struct {
	mu    sync.Mutex
	items map[string]string
	err   error // what everything fails with; nil for nothing
	full  error // what setting fails with
	sets  int
}

func (d *drawer) Keepsake(_ context.Context, name string) (secret.Value, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil {
		return secret.Value{}, d.err
	}
	return secret.FromString(d.items[name]), nil
}

func (d *drawer) SetKeepsake(_ context.Context, name string, v secret.Value) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := errors.Join(d.err, d.full); err != nil {
		return err
	}
	if d.items == nil {
		d.items = map[string]string{}
	}
	d.sets++
	if d.items[name] = v.Reveal(); v.Len() == 0 {
		delete(d.items, name)
	}
	return nil
}

func (d *drawer) has() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.items)
}

// world is a service and an app that can be linked with it.
type world struct {
	*practicetest.Service
	watch  *practicetest.Watcher
	home   *remote.Home
	drawer *drawer
	clock  *turned
}

// turned is the device's clock.
type turned struct {
	mu sync.Mutex
	by time.Duration
}

func (c *turned) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return clock.Wall{}.Now().Add(c.by)
}

func (c *turned) turn(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by = by
}

func build(t *testing.T) *world {
	t.Helper()
	w := &world{Service: practicetest.Start(t), watch: practicetest.Watch(t), drawer: &drawer{}, clock: &turned{}}
	w.home = w.another(t.TempDir(), w.drawer)
	return w
}

// another is an app on another device, or this one started again.
func (w *world) another(dir string, d *drawer) *remote.Home {
	return &remote.Home{Client: &remote.Client{Clock: w.clock, Via: w.watch.Via}, Dir: dir, Secrets: d}
}

func (w *world) discover(t *testing.T) link.Service {
	t.Helper()
	s, err := w.home.Client.Discover(t.Context(), w.URL)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// allow links by the browser.
func (w *world) allow(t *testing.T, b *practicetest.Browser, scopes ...link.Scope) link.Permission {
	t.Helper()
	p, err := w.discover(t).Browser(t.Context(), scopes, b.Open(t, true))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (w *world) linked(t *testing.T, email string) {
	t.Helper()
	if _, err := w.home.Take(t.Context(), w.allow(t, w.Browser(t, email))); err != nil {
		t.Fatal(err)
	}
}

func (w *world) refresh(t *testing.T) (link.Status, []link.Event) {
	t.Helper()
	s, events, err := w.home.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s, events
}

// R42: linked by the browser, the app sees whose account it is and its status, and can do nothing else.
func TestBrowser(t *testing.T) {
	w := build(t)
	s := w.discover(t)
	if s.Address() != w.URL || "http://"+s.Host() != w.URL || !s.CanDevice() {
		t.Errorf("found %s, %s", s.Address(), s.Host())
	}
	before, ok, err := w.home.Linked()
	if ok || err != nil || !before.Watched {
		t.Errorf("linked before it was: %+v, %v", before, err)
	}
	b := w.Browser(t, dan)
	p := w.allow(t, b)
	if len(p.Scopes) != 1 || !p.May(link.ReadStatus) || p.May(link.Enrol) {
		t.Errorf("allowed %v", p.Scopes)
	}
	l, err := w.home.Take(t.Context(), p)
	if err != nil || l.Who.Email != dan || l.Who.Name != "Dan" || l.Address != w.URL || l.Ended || l.Since.IsZero() || l.Host() != s.Host() {
		t.Fatalf("linked %+v, %v", l, err)
	}
	status, events := w.refresh(t)
	if !status.Enabled || status.Method != link.TOTP || status.Codes.Left != 10 || status.Codes.All != 10 || status.Since.IsZero() || len(events) > 0 {
		t.Errorf("status %+v, events %v", status, events)
	}
	again := w.another(w.home.Dir, w.drawer)
	if l, ok, err := again.Linked(); !ok || err != nil || l.Who.Email != dan || !l.Seen.Since.Equal(status.Since) || l.SeenAt.IsZero() {
		t.Errorf("after a restart: %+v, %t, %v", l, ok, err)
	}
	if _, err := w.home.Enrolling(t.Context()); !errors.Is(err, link.ErrScope) {
		t.Errorf("to enrol without being allowed to: %v", err)
	}
	read, err := w.home.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := read.Enrol(t.Context(), link.TOTP, ""); !errors.Is(err, link.ErrScope) {
		t.Errorf("the service let who may only read enrol: %v", err)
	}
	if err := w.home.Unlink(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := w.home.Linked(); ok || err != nil || w.drawer.has() > 0 {
		t.Errorf("unlinked: %t, %v, %d permissions left", ok, err, w.drawer.has())
	}
	if n := w.User(t, ela, "").EndLinks(t); n != 0 {
		t.Errorf("%d links of another user", n)
	}
}

func TestBrowserRefused(t *testing.T) {
	w := build(t)
	if _, err := w.discover(t).Browser(t.Context(), nil, w.Browser(t, ana).Open(t, false)); !errors.Is(err, link.ErrDenied) {
		t.Errorf("denied: %v", err)
	}
	_, err := w.discover(t).Browser(t.Context(), nil, func(string) error { return errors.New("no display") })
	if !errors.Is(err, link.ErrNoBrowser) {
		t.Errorf("no browser: %v", err)
	}
	// The user gives up, or the browser never comes back.
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := w.discover(t).Browser(ctx, nil, func(string) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	w.home.Client.Wait = func(context.Context, time.Duration) error { return nil }
	if _, err := w.discover(t).Browser(t.Context(), nil, func(string) error { return nil }); !errors.Is(err, link.ErrExpired) {
		t.Errorf("a browser that never comes back: %v", err)
	}
}

// R42: linked by a code that is typed in a browser on another machine.
func TestDevice(t *testing.T) {
	w := build(t)
	b := w.Browser(t, ela)
	for _, allow := range []bool{false, true} {
		d, err := w.discover(t).Device(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(d.Address, w.URL) || len(d.UserCode) != 9 || !strings.Contains(d.Complete, d.UserCode) || d.Expires.IsZero() {
			t.Errorf("the device shows %q at %q", d.UserCode, d.Address)
		}
		// The first question comes before the code was typed, and the service wants to wait five seconds until the next.
		asked := 0
		w.home.Client.Wait = func(_ context.Context, by time.Duration) error {
			if asked++; asked == 2 {
				b.Type(t, d.UserCode, allow)
			}
			if asked > 1 {
				w.Turn(t, w.Now().Sub(clock.Wall{}.Now())+by+time.Second)
			}
			return nil
		}
		p, err := d.Wait(t.Context())
		if !allow {
			if !errors.Is(err, link.ErrDenied) {
				t.Errorf("denied: %v", err)
			}
			continue
		}
		if err != nil || asked != 2 {
			t.Fatalf("after %d questions: %v", asked, err)
		}
		l, err := w.home.Take(t.Context(), p)
		if err != nil || l.Who.Email != ela {
			t.Fatalf("linked %+v, %v", l, err)
		}
		if s, _ := w.refresh(t); s.Method != link.SMS || !strings.HasSuffix(s.PhoneHint, "05") {
			t.Errorf("status %+v", s)
		}
	}
}

func TestDeviceExpired(t *testing.T) {
	w := build(t)
	d, err := w.discover(t).Device(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	w.home.Client.Wait = func(context.Context, time.Duration) error { w.Turn(t, 11*time.Minute); return nil }
	if _, err := d.Wait(t.Context()); !errors.Is(err, link.ErrExpired) {
		t.Errorf("nobody typed it: %v", err)
	}
	if d, err = w.discover(t).Device(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	w.home.Client.Wait = nil
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// The permission is made new when it is due, kept before it is used, and by one process at a time.
func TestPermissionIsMadeNew(t *testing.T) {
	w := build(t)
	w.linked(t, dan)
	w.clock.turn(61 * time.Minute) // the access is over by this device's clock
	w.Turn(t, 61*time.Minute)
	w.refresh(t)
	if n := count(w.watch.Seen(), "token"); n != 2 {
		t.Errorf("%d permissions, want the first and a new one", n)
	}
	w.Turn(t, 130*time.Minute) // over by the service's clock alone
	w.refresh(t)
	if n := count(w.watch.Seen(), "token"); n != 3 {
		t.Errorf("%d permissions, want one more", n)
	}
	w.Turn(t, 200*time.Minute)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, _, err := w.another(w.home.Dir, w.drawer).Refresh(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := count(w.watch.Seen(), "token"); n != 4 {
		t.Errorf("%d permissions, want one more for four at once", n)
	}
	w.Kill()
	if _, _, err := w.home.Refresh(t.Context()); !errors.Is(err, link.ErrUnreachable) {
		t.Errorf("the service is stopped: %v", err)
	}
	w.Run(t)
	w.refresh(t)
}

func count(all []string, one string) int {
	return len(all) - len(slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == one }))
}

// A store that cannot be written must not cost the link.
func TestPermissionCannotBeKept(t *testing.T) {
	w := build(t)
	w.linked(t, dan)
	w.Turn(t, 61*time.Minute)
	shut := errors.New("the keyring is locked")
	s, err := w.home.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.watch.Break = func(r *http.Request, answer *http.Response) error {
		if answer != nil && answer.StatusCode == http.StatusUnauthorized {
			w.drawer.mu.Lock()
			w.drawer.err = shut
			w.drawer.mu.Unlock()
		}
		return nil
	}
	if _, err := s.Status(t.Context()); !errors.Is(err, shut) {
		t.Errorf("with the keyring locked: %v", err)
	}
	w.watch.Break, w.drawer.err = nil, nil
	w.refresh(t)
}
