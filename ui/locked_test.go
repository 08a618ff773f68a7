// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/ui/away"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/secret"
)

// sleepy are the watcher's clocks in a test's hands.
type sleepy struct {
	mu  sync.Mutex
	now away.Moment
}

func (s *sleepy) Moment() away.Moment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *sleepy) Slack() time.Duration { return 2 * time.Second }

// pass lets time pass, awake and asleep.
func (s *sleepy) pass(awake, asleep time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now.Awake += awake
	s.now.All += awake + asleep
}

// timers are the timers of the passphrase's page, which a test lets run out.
type timers struct{ tick, tire, remind, look func() }

func (t *timers) after(d time.Duration, f func()) func() {
	slot := &t.tick
	switch d {
	case tiresAfter:
		slot = &t.tire
	case firstReminder, reminderEvery:
		slot = &t.remind
	case firstLook, lookEvery:
		slot = &t.look
	}
	*slot = f
	return func() { *slot = nil }
}

// fire lets the timer of a delay run out, rest that of the cursor.
func (t *timers) fire() { run(&t.tick) }
func (t *timers) rest() { run(&t.tire) }

func run(slot *func()) {
	if f := *slot; f != nil {
		*slot = nil
		f()
	}
}

// moody is a vault that wants a wait, or takes its time.
type moody struct {
	Vault
	mu   sync.Mutex
	wait time.Duration
	hold chan struct{} // Unlock waits for it
}

func (m *moody) Unlock(ctx context.Context, p secret.Value) error {
	m.mu.Lock()
	wait, hold := m.wait, m.hold
	m.mu.Unlock()
	if hold != nil {
		<-hold
	}
	if wait > 0 {
		return fmt.Errorf("unlock: %w", &vault.WaitError{For: wait})
	}
	return m.Vault.Unlock(ctx, p)
}

func (m *moody) set(wait time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wait = wait
}

// everything returns every text in the window, shown or not, and on top of it.
func (r *rig) everything() string {
	var all []string
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *canvas.Text:
			all = append(all, o.Text)
		case *widget.Label:
			all = append(all, o.Text)
		case *kit.CodeText:
			all = append(all, o.Shown())
		case *kit.Entry:
			all = append(all, o.Text)
		case *canvas.Image:
			if o.Image != nil && o.Resource == nil {
				all = append(all, "a picture")
			}
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child)
			}
		}
	}
	walk(r.w.Content())
	walk(r.u.codes.Object()) // also where another place is shown
	for _, o := range r.w.Canvas().Overlays().List() {
		walk(o)
	}
	return strings.ReplaceAll(strings.Join(all, "\n"), "\u2002", " ")
}

// mustBeSealed fails where anything in the window tells a code or a key.
func (r *rig) mustBeSealed(uris ...string) {
	r.t.Helper()
	said := r.everything()
	for _, uri := range uris {
		for _, at := range []time.Time{r.clock.Now(), r.clock.Now().Add(30 * time.Second)} {
			code := codeOf(r.t, uri, at)
			if strings.Contains(said, code) || strings.Contains(said, grouped(code)) {
				r.t.Errorf("the window still holds the code of %v", at)
			}
		}
	}
	for _, bad := range []string{kutanoKey, otherKey, "a picture"} {
		if strings.Contains(said, bad) {
			r.t.Errorf("the window still holds %q", bad)
		}
	}
	if kit.TopSheet(r.w.Canvas()) != nil || len(r.w.Canvas().Overlays().List()) > 0 {
		r.t.Error("something lies over the lock's page")
	}
	if !r.u.Locked() || !r.vault.Locked() || r.u.ticker.Running() || r.u.watcher.Running() || r.later.tick != nil {
		r.t.Errorf("locked %v %v, ticker %v, watcher %v, timer %v",
			r.u.Locked(), r.vault.Locked(), r.u.ticker.Running(), r.u.watcher.Running(), r.later.tick != nil)
	}
}

func (r *rig) lock() {
	r.t.Helper()
	r.u.Lock()
	r.settle()
}

func (r *rig) unlock(passphrase string) {
	r.t.Helper()
	r.entry("Passphrase").SetText(passphrase)
	r.press("Unlock")
}

const githubURI = "otpauth://totp/GitHub:ana?secret=" + otherKey + "&issuer=GitHub"
