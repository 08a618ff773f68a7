// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/ui/away"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/settings"
	"github.com/kutano/authenticator/vault/keystore"
)

// Everything that locks by itself does, by the user's rules.
func TestLocksByItself(t *testing.T) {
	all := func(s *settings.Settings) { s.LockMinimised = true }
	none := func(s *settings.Settings) { s.LockIdleMinutes, s.LockSuspend, s.LockScreen = 0, false, false }
	for name, tc := range map[string]struct {
		rules func(*settings.Settings)
		do    func(r *rig)
		locks bool
	}{
		"slept":             {all, func(r *rig) { r.times.pass(time.Second, time.Hour); r.tick(noon.Add(time.Second)) }, true},
		"slept, in front":   {all, func(r *rig) { r.times.pass(time.Second, time.Hour); r.u.inFront() }, true},
		"slept, no rule":    {none, func(r *rig) { r.times.pass(time.Second, time.Hour); r.tick(noon.Add(time.Second)) }, false},
		"awake":             {all, func(r *rig) { r.times.pass(time.Minute, time.Second); r.tick(noon.Add(time.Second)) }, false},
		"hidden":            {all, func(r *rig) { r.u.hide() }, true},
		"hidden, no rule":   {none, func(r *rig) { r.u.hide() }, false},
		"minimised":         {all, func(r *rig) { r.u.Minimised = func() bool { return true }; r.u.unseen() }, true},
		"minimised, no one": {none, func(r *rig) { r.u.Minimised = func() bool { return true }; r.u.unseen() }, false},
		"shortcut": {none, func(r *rig) {
			for _, s := range r.u.shortcuts() {
				if s.text == "Lock" {
					s.run(r.u)
				}
			}
		}, true},
		"tray": {none, func(r *rig) { r.u.trayLock() }, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, kutanoURI)
			s := r.u.Settings.Get()
			tc.rules(&s)
			if err := r.u.Settings.Set(s); err != nil {
				t.Fatal(err)
			}
			r.u.watchBy(s)
			tc.do(r)
			r.settle()
			if r.u.Locked() != tc.locks {
				t.Errorf("locked %v, want %v", r.u.Locked(), tc.locks)
			}
		})
	}
}

// What the system tells goes to the lock; only while there is something to lock.
func TestSignalsLock(t *testing.T) {
	r := newRig(t, kutanoURI)
	said := make(chan func(away.Reason), 8)
	r.u.Signals = func(ctx context.Context, say func(away.Reason)) {
		said <- say
		<-ctx.Done()
	}
	r.u.watcher.Stop()
	r.u.watcher = r.u.newWatcher(r.times)
	r.u.guardChanged()
	say := <-said
	say(away.ScreenLocked)
	r.settle()
	if !r.u.Locked() || r.u.watcher.Running() {
		t.Fatal("the screen's lock does not lock")
	}
	r.unlock(fourWords)
	say(away.ScreenLocked) // from before
	r.settle()
	if r.u.Locked() {
		t.Error("a word from before the unlock locks")
	}
}

// Codes are dots while another window is in front, if the user wants so.
func TestVeiledWhileBehind(t *testing.T) {
	r := newRig(t, kutanoURI)
	code := grouped(codeOf(t, kutanoURI, noon))
	r.u.inBack()
	r.mustSee(code)
	r.u.inFront()
	s := r.u.Settings.Get()
	s.HideUnfocused = true
	if err := r.u.Settings.Set(s); err != nil {
		t.Fatal(err)
	}
	r.u.inBack()
	r.settle()
	if r.mustSee("••• •••"); r.sees(code) {
		t.Error("shown behind another window")
	}
	r.u.inFront()
	r.settle()
	r.mustSee(code)
	r.u.adding.Link(githubURI)
	r.settle()
	r.press("Add this account")
	added := grouped(codeOf(t, githubURI, noon))
	r.mustSee(added)
	r.u.inBack()
	r.settle()
	if r.sees(added) {
		t.Error("the new account's code is shown behind another window")
	}
	r.u.inFront()
	r.settle()
	r.mustSee(added)
}

// A click that brings the window to the front does not move the page under the mouse:
// what gets the keyboard back is left where it is.
func TestComesToTheFront(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.u.Go(placeSettings)
	r.w.Canvas().FocusNext()
	had, ok := r.w.Canvas().Focused().(fyne.CanvasObject)
	if !ok {
		t.Fatal("nothing has the keyboard")
	}
	r.u.inBack()
	if r.u.inFront(); !kit.Returns(had) {
		t.Errorf("%T is brought into view", had)
	}
}

// A passphrase changed by another program locks this one.
func TestSealedElsewhere(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.vault.setFail(fmt.Errorf("read page-0: %w", keystore.ErrSealed))
	r.tick(noon.Add(30 * time.Second))
	r.tick(noon.Add(31 * time.Second))
	if !r.u.Locked() {
		t.Error("not locked")
	}
}
