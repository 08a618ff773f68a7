// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"image"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/keystore"
)

// Locked means: no code and no key in any widget or in the clipboard, nothing
// of ours ticks; and afterwards all is as it was.
func TestLockAndUnlock(t *testing.T) {
	r := newRig(t, kutanoURI, githubURI)
	r.u.started = true
	r.u.ticker.Start()
	r.tick(noon.Add(12 * time.Second)) // the next code is shown too
	r.key(fyne.KeyDown)
	r.key(fyne.KeyReturn)
	r.waitFor(func() bool { return r.lent.holds() != "" })
	r.typed("ana")
	marked := r.u.codes.Selected()
	if said := r.everything(); !strings.Contains(said, grouped(codeOf(t, githubURI, noon))) || marked == "" {
		t.Fatalf("no code to lock away in:\n%s", said)
	}
	r.lock()
	r.mustBeSealed(kutanoURI, githubURI)
	r.waitFor(func() bool { return r.lent.holds() == "" })
	r.mustSee("Kutano Authenticator", "Locked. Type your passphrase to see your codes.", "Unlock", "Quit")
	if r.sees("Forgotten?") || r.u.shell.Toast().Visible() {
		t.Error("a way that leads nowhere, or a message from before")
	}
	if title := r.w.Title(); strings.Contains(title, "GitHub") || strings.Contains(title, "ana") {
		t.Errorf("the window is called %q", title)
	}
	if r.w.Canvas().Focused() != r.entry("Passphrase") {
		t.Error("the passphrase has not the focus")
	}
	r.tick(noon.Add(14 * time.Second)) // one that was under way
	r.u.Lock()
	r.mustBeSealed(kutanoURI, githubURI)

	r.unlock("something else")
	r.mustSee("That is not the passphrase.")
	r.mustBeSealed(kutanoURI, githubURI)
	r.unlock(fourWords)
	if r.u.Locked() || r.vault.Locked() || !r.u.ticker.Running() || !r.u.watcher.Running() {
		t.Error("not everything goes on")
	}
	r.tick(noon.Add(15 * time.Second))
	r.mustSee(grouped(codeOf(t, kutanoURI, noon)), grouped(codeOf(t, githubURI, noon)))
	if r.u.model.Query() != "ana" || r.u.codes.Search.Text != "ana" || r.u.codes.Selected() != marked {
		t.Errorf("the search is %q, the mark %q", r.u.model.Query(), r.u.codes.Selected())
	}
	if strings.Contains(r.everything(), fourWords) {
		t.Error("the passphrase stays in the window")
	}
}

// While locked nothing answers but Unlock and Quit.
func TestNothingAnswersWhileLocked(t *testing.T) {
	r := newRig(t, kutanoURI, githubURI)
	r.lock()
	r.u.gate.submit() // says what Enter is going to say
	before := r.everything()
	c := r.w.Canvas()
	c.Unfocus()
	for _, s := range r.u.shortcuts() {
		if s.text != "Quit" {
			s.run(r.u)
		}
	}
	r.u.command(r.u.adding.Paste)
	r.key(fyne.KeyDown)
	r.key(fyne.KeyReturn)
	r.key(fyne.KeyDelete)
	r.typed("git")
	r.u.Dropped([]fyne.URI{storage.NewFileURI("/nowhere.png")})
	r.u.fail(keystore.ErrSealed)
	r.u.reload()
	r.u.refreshCodes()
	r.u.inBack()
	r.u.inFront()
	r.mustSee("Type your passphrase first.") // what Enter says; the rest went into the field
	if got := r.u.gate.first.Text; got != "git" {
		t.Errorf("typed %q", got)
	}
	r.u.gate.first.SetText("")
	r.settle()
	if after := r.everything(); after != before {
		t.Errorf("the window says\n%s\nand before\n%s", after, before)
	}
	r.mustBeSealed(kutanoURI, githubURI)
	if len(r.vault.Accounts()) != 2 || r.lent.holds() != "" {
		t.Error("something was done")
	}
	r.u.quit()
	if !r.u.stopped {
		t.Error("it cannot be left")
	}
}

// A link that comes while locked is read afterwards.
func TestLinkWaitsForTheUnlock(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.lock()
	r.u.Take(githubURI)
	r.settle()
	r.mustBeSealed(kutanoURI)
	r.unlock(fourWords)
	r.press("Add this account")
	if n := len(r.vault.Accounts()); n != 2 {
		t.Errorf("%d accounts", n)
	}
}

// Whatever lies over the window is gone with the lock, and stays away.
func TestLockClosesWhatIsOpen(t *testing.T) {
	open := map[string]func(r *rig){
		"QR code": func(r *rig) {
			for _, item := range r.u.codes.Menu(r.vault.Accounts()[0]).Items {
				if item.Label == "Show QR code" {
					item.Action()
				}
			}
			r.press("Show it")
		},
		"QR code on its way": func(r *rig) {
			for _, item := range r.u.codes.Menu(r.vault.Accounts()[0]).Items {
				if item.Label == "Show QR code" {
					item.Action()
				}
			}
			kit.TopSheet(r.w.Canvas()).Main.Tapped(nil)
		},
		"what is to be added": func(r *rig) {
			r.eyes.screens = []image.Image{screenWith(r.t, githubURI)}
			r.u.adding.Scan()
			r.settle()
			r.mustSee("Add this account")
		},
		"what was added": func(r *rig) {
			r.u.adding.Link(githubURI)
			r.settle()
			r.press("Add this account")
			r.mustSee("Now go back to GitHub and type")
		},
		"what is being looked at": func(r *rig) {
			r.eyes.hang = true
			r.u.adding.Scan()
		},
		"typed by hand": func(r *rig) {
			r.u.adding.Type()
			for _, o := range test.LaidOutObjects(r.w.Canvas().Overlays().Top()) {
				if e, ok := o.(*kit.Entry); ok {
					e.SetText(otherKey)
				}
			}
		},
		"menu":    func(r *rig) { r.key(fyne.KeyDown); r.key("Menu") },
		"edit":    func(r *rig) { r.key(fyne.KeyDown); r.key(fyne.KeyF2) },
		"message": func(r *rig) { r.u.fail(keystore.ErrTimeout) },
	}
	for name, do := range open {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, kutanoURI)
			do(r)
			r.u.Lock()
			r.settle()
			r.tick(noon.Add(time.Second))
			r.mustBeSealed(kutanoURI, githubURI)
			if r.w.Canvas().Focused() != r.entry("Passphrase") {
				t.Errorf("the focus is on %T", r.w.Canvas().Focused())
			}
			r.unlock(fourWords)
			if kit.TopSheet(r.w.Canvas()) != nil || strings.Contains(r.everything(), otherKey) {
				t.Error("it comes back after the unlock")
			}
			r.mustSee(grouped(codeOf(t, kutanoURI, noon)))
		})
	}
}
