// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// A delay is counted down, and nothing is taken while it runs; what was typed
// and not looked at stays.
func TestDelayCountsDown(t *testing.T) {
	r := newRig(t, kutanoURI)
	m := &moody{Vault: r.vault.Vault}
	r.vault.Vault = m
	r.lock()
	m.set(2300 * time.Millisecond)
	r.unlock(fourWords)
	r.mustSee("Wait 3 seconds, then try again. Nothing is lost.")
	m.set(0)
	r.key(fyne.KeyReturn)
	if !r.u.Locked() || !r.u.gate.open.Disabled() {
		t.Fatal("an answer was taken during the delay")
	}
	for _, step := range []struct {
		pass time.Duration
		says string
	}{
		{300 * time.Millisecond, "Wait 2 seconds, then try again."},
		{time.Second, "Wait 1 second, then try again."},
	} {
		r.clock.set(r.clock.Now().Add(step.pass))
		r.later.fire()
		r.mustSee(step.says)
	}
	r.clock.set(r.clock.Now().Add(time.Second))
	r.later.fire()
	if r.sees("Wait") || r.later.tick != nil || r.u.gate.open.Disabled() {
		t.Error("the delay does not end")
	}
	r.press("Unlock")
	if r.u.Locked() {
		t.Error("what was typed before the delay is lost")
	}
	r.u.after = after
	r.lock()
	m.set(time.Minute)
	r.unlock(fourWords)
	r.u.Stop()
	if r.u.gate.stop != nil || r.u.gate.tire != nil {
		t.Error("a timer outlives the app")
	}
}

// Unlocking takes its time elsewhere: the window answers, and is not asked twice.
func TestUnlockDoesNotHoldTheWindow(t *testing.T) {
	r := newRig(t, kutanoURI)
	m := &moody{Vault: r.vault.Vault, hold: make(chan struct{})}
	r.vault.Vault = m
	r.lock()
	r.entry("Passphrase").SetText(fourWords)
	r.u.gate.open.Tapped(nil)
	r.mustSee("One moment…")
	r.u.gate.open.Tapped(nil)
	r.u.gate.submit()
	close(m.hold)
	r.settle()
	if r.u.Locked() {
		t.Error("still locked")
	}
}

// The start asks on the same page, and a delay from before the start is waited
// for there, without asking the vault over and over.
func TestDelayAtTheStart(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.u.Stop()
	real, opens := r.vault.Vault, 0
	wait := 8 * time.Second
	r.build(func(ctx context.Context, passphrase func(context.Context, bool) (secret.Value, error)) (Vault, error) {
		opens++
		if w := wait; w > 0 {
			wait = 0
			return nil, fmt.Errorf("open: %w", &vault.WaitError{For: w})
		}
		p, err := passphrase(ctx, false)
		switch {
		case err != nil:
			return nil, err
		case p.Reveal() != fourWords:
			wait = 4 * time.Second
			return nil, keystore.ErrPassphrase
		}
		return real, nil
	})
	r.u.askPassphrase(<-r.u.Opening.asks)
	r.mustSee("Type your passphrase to open your accounts.", "Wait 8 seconds, then try again. Nothing is lost.")
	if r.sees("That is not the passphrase.") || opens != 1 {
		t.Errorf("opened %d times, or blamed for nothing", opens)
	}
	page := r.u.gate
	r.clock.set(noon.Add(8 * time.Second))
	r.later.fire()
	r.unlock("wrong words")
	r.u.askPassphrase(<-r.u.Opening.asks)
	r.mustSee("Wait 4 seconds, then try again. Nothing is lost.")
	r.clock.set(noon.Add(12 * time.Second))
	r.later.fire()
	r.mustSee("That is not the passphrase.")
	if r.u.gate != page || opens != 3 {
		t.Errorf("another page, or opened %d times", opens)
	}
	r.entry("Passphrase").SetText(fourWords)
	r.u.gate.submit()
	if o := <-r.u.Opening.done; o.err != nil || opens != 4 {
		t.Errorf("%v, opened %d times", o.err, opens)
	}
}

// The way out for who has forgotten it is there when somebody offers it.
func TestForgotten(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.u.Forgotten = func() { kit.ShowMessage(r.w.Canvas(), kit.Calm, "A new passphrase", kit.Message{What: "x"}, nil) }
	r.lock()
	r.press("Forgotten?")
	r.mustSee("A new passphrase")
	if !r.u.Locked() {
		t.Error("unlocked without a passphrase")
	}
}

// The cursor rests when nobody types, and comes back with the next key or with
// the window: a blinking cursor is all that would move on a locked page.
func TestCursorRests(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.lock()
	c, field := r.w.Canvas(), r.entry("Passphrase")
	r.typed("fo")
	r.later.rest()
	if c.Focused() != field {
		t.Fatal("it rests while somebody types")
	}
	r.later.rest()
	if c.Focused() != nil || r.later.tire != nil {
		t.Fatal("it blinks for nobody")
	}
	r.typed("ur words for test")
	if c.Focused() != field {
		t.Error("a key does not bring it back")
	}
	r.later.rest()
	r.later.rest()
	r.u.inFront()
	if c.Focused() != field {
		t.Error("the window does not bring it back")
	}
	r.typed("s")
	r.later.rest()
	r.later.rest()
	r.key(fyne.KeyReturn)
	if r.u.Locked() || r.later.tire != nil {
		t.Errorf("not unlocked by what was typed, %q", field.Text)
	}
}
