// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// loose is a vault in a keyring, whose passphrase can be set and removed.
type loose struct {
	Vault
	pass string // "" for none
}

func (l *loose) Kind() keystore.Kind { return keystore.Keyring }
func (l *loose) Guarded() bool       { return l.pass != "" }
func (l *loose) Locked() bool        { return false }
func (l *loose) Lock() error         { return nil }

func (l *loose) Unlock(_ context.Context, p secret.Value) error { return l.right(p) }

func (l *loose) right(p secret.Value) error {
	if p.Reveal() != l.pass {
		return fmt.Errorf("prove: %w", keystore.ErrPassphrase)
	}
	return nil
}

func (l *loose) SetPassphrase(_ context.Context, old, fresh secret.Value) error {
	if err := l.right(old); err != nil {
		return err
	}
	l.pass = fresh.Reveal()
	return nil
}

func (l *loose) RemovePassphrase(_ context.Context, old secret.Value) error {
	if err := l.right(old); err != nil {
		return err
	}
	l.pass = ""
	return nil
}

// newLooseRig opens a vault in a keyring without a passphrase.
func newLooseRig(t testing.TB, uris ...string) (*rig, *loose) {
	t.Helper()
	r := newRig(t, uris...)
	l := &loose{Vault: r.vault.Vault}
	r.vault.Vault = l
	r.u.guardChanged()
	return r, l
}

func TestSetChangeAndRemoveAPassphrase(t *testing.T) {
	r, l := newLooseRig(t, kutanoURI)
	r.u.Go(placeSettings)
	if r.u.watcher.Running() || r.sees("Lock by itself") {
		t.Fatal("there is something to lock under")
	}
	r.press("Set a passphrase")
	first, again := r.entry("New passphrase"), r.entry("The same once more")
	if r.w.Canvas().Focused() != first {
		t.Error("the first field has not the focus")
	}
	r.mustSee("Nobody can tell it to you if you forget it. With your recovery key you can set a new one.", "Four words")
	for _, tc := range []struct{ first, again, says string }{
		{"", "", "Type your passphrase first."},
		{"short", "short", "at least 8 characters"},
		{"long enough words", "long enough word", "The two are not the same."},
	} {
		first.SetText(tc.first)
		again.SetText(tc.again)
		r.press("Set it")
		r.mustSee(tc.says)
	}
	again.SetText("long enough words")
	r.key(fyne.KeyReturn) // on to the second
	if r.w.Canvas().Focused() != again {
		t.Error("Enter does not lead on")
	}
	r.key(fyne.KeyReturn)
	r.mustSee("The passphrase is set.", "Change it", "Lock by itself")
	if l.pass != "long enough words" || !r.u.watcher.Running() || first.Text+again.Text != "" {
		t.Errorf("set to %q", l.pass)
	}

	r.press("Change it")
	r.entry("The passphrase until now").SetText("something else")
	r.entry("New passphrase").SetText("other good words")
	r.entry("The same once more").SetText("other good words")
	kit.TopSheet(r.w.Canvas()).Main.Tapped(nil)
	r.settle()
	r.mustSee("That is not the passphrase.")
	old := r.entry("The passphrase until now")
	if old.Text != "" || r.w.Canvas().Focused() != old || r.entry("New passphrase").Text == "" {
		t.Error("the wrong one is not asked for anew, or the new one is lost")
	}
	old.SetText("long enough words")
	kit.TopSheet(r.w.Canvas()).Main.Tapped(nil)
	r.settle()
	r.mustSee("The passphrase is changed.")

	r.press("Remove it")
	r.mustSee("The app can no longer be locked.")
	kit.TopSheet(r.w.Canvas()).Main.Tapped(nil)
	r.settle()
	r.mustSee("Type your passphrase first.")
	r.entry("Passphrase").SetText("other good words")
	kit.TopSheet(r.w.Canvas()).Main.Tapped(nil)
	r.settle()
	r.mustSee("The passphrase is removed.", "Set a passphrase")
	if l.pass != "" || r.u.watcher.Running() {
		t.Error("not removed")
	}
	if strings.Contains(r.everything(), "good words") {
		t.Error("a passphrase stays in the window")
	}
}

// Without a passphrase "Lock" offers one, and nothing locks.
func TestLockOffersAPassphrase(t *testing.T) {
	r, _ := newLooseRig(t, kutanoURI)
	r.u.Lock()
	r.u.lockOrOffer()
	r.settle()
	if r.u.Locked() {
		t.Error("locked without a passphrase")
	}
	r.mustSee("Set a passphrase")
}

// Who has no recovery key is told to make one first.
func TestRecoveryKeyFirst(t *testing.T) {
	r, _ := newLooseRig(t, kutanoURI)
	has, made := false, 0
	r.u.HasRecovery, r.u.MakeRecovery = func() bool { return has }, func() { made++ }
	r.u.setPassphrase()
	r.mustSee("You have no recovery key yet.")
	r.press("Make a recovery key")
	if made != 1 || kit.TopSheet(r.w.Canvas()) != nil {
		t.Error("it does not lead there")
	}
	has = true
	r.u.setPassphrase()
	if r.sees("You have no recovery key yet.") {
		t.Error("recommended to who has one")
	}
}

// TestGallery draws the lock's pages, and writes pictures where KUTANO_GALLERY
// names a folder. On a phone nothing stands out.
func TestGallery(t *testing.T) {
	wide, phone := fyne.NewSize(860, 640), fyne.NewSize(360, 640)
	for _, g := range []struct {
		name string
		mode kit.Mode
		text int
		size fyne.Size
		show func(r *rig)
	}{
		{"lock-light", kit.ModeLight, 100, wide, func(r *rig) { r.lock() }},
		{"lock-dark", kit.ModeDark, 100, wide, func(r *rig) { r.lock() }},
		{"lock-phone", kit.ModeLight, 100, phone, func(r *rig) { r.lock() }},
		{"lock-phone-large", kit.ModeDark, 150, phone, func(r *rig) { r.lock(); r.u.gate.wrong() }},
		{"lock-wrong", kit.ModeLight, 100, wide, func(r *rig) { r.lock(); r.u.gate.wrong() }},
		{"lock-wait", kit.ModeLight, 100, wide, func(r *rig) { r.lock(); r.u.gate.wait(8 * time.Second) }},
		{"lock-wait-dark", kit.ModeDark, 100, phone, func(r *rig) { r.lock(); r.u.gate.wait(8 * time.Second) }},
		{"unlocked", kit.ModeLight, 100, wide, func(*rig) {}},
		{"unlocked-phone", kit.ModeDark, 100, phone, func(*rig) {}},
		{"passphrase-set", kit.ModeLight, 100, wide, func(r *rig) { r.u.setPassphrase() }},
		{"passphrase-set-phone", kit.ModeDark, 100, phone, func(r *rig) { r.u.setPassphrase() }},
		{"passphrase-change", kit.ModeLight, 100, wide, func(r *rig) {
			r.vault.Vault.(*loose).pass = "x"
			r.u.setPassphrase()
			kit.TopSheet(r.w.Canvas()).Main.Tapped(nil)
		}},
		{"passphrase-remove", kit.ModeLight, 100, phone, func(r *rig) {
			r.vault.Vault.(*loose).pass = "x"
			r.u.removePassphrase()
		}},
	} {
		t.Run(g.name, func(t *testing.T) {
			r, l := newLooseRig(t, kutanoURI, githubURI)
			if !strings.HasPrefix(g.name, "passphrase") {
				r.vault.Vault = l.Vault
			}
			r.u.HasRecovery, r.u.MakeRecovery, r.u.Forgotten = func() bool { return false }, func() {}, func() {}
			r.app.Settings().SetTheme(kit.NewTheme(g.mode, g.text))
			r.u.guardChanged()
			r.w.Resize(g.size)
			g.show(r)
			r.settle()
			r.w.Resize(g.size.AddWidthHeight(1, 0))
			r.w.Resize(g.size)
			if w := r.w.Content().MinSize().Width; w > g.size.Width {
				t.Errorf("needs a width of %v", w)
			}
			img := r.w.Canvas().Capture()
			dir := os.Getenv("KUTANO_GALLERY")
			if dir == "" {
				return
			}
			f, err := os.Create(filepath.Join(dir, g.name+".png"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if err := png.Encode(f, img); err != nil {
				t.Error(err)
			}
		})
	}
}

var _ Vault = (*vault.Vault)(nil)
