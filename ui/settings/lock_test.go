// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/kutano/authenticator/ui/kit"
)

func TestLockSection(t *testing.T) {
	var done []string
	note := func(what string) func() { return func() { done = append(done, what) } }
	p, _ := show(t, kit.ModeLight, fyne.NewSize(800, 1500), Parts{
		SetPassphrase: note("set"), RemovePassphrase: note("remove"), KnowsMinimised: true, KnowsScreen: true,
	})
	without := []string{"Without a passphrase, whoever sits at this computer", "Hide codes while another window is in front"}
	with := []string{"Your accounts open with your passphrase.", "Lock by itself"}
	says := func(what string, yes, no []string) {
		t.Helper()
		shown := texts(p.Object())
		for _, s := range yes {
			if !strings.Contains(shown, s) {
				t.Errorf("%s: %q is not shown", what, s)
			}
		}
		for _, s := range no {
			if strings.Contains(shown, s) {
				t.Errorf("%s: %q is shown", what, s)
			}
		}
	}
	says("none", without, append(with, "Lock when the screen is locked", "Let screenshots show this window"))
	button(t, p.Object(), "Set a passphrase", 0).Tapped(nil)

	p.SetLock(Lock{On: true})
	says("one", append(with, "Lock when the window is minimised", "Lock when the computer goes to sleep", "Lock when the screen is locked", without[1]), without[:1])
	button(t, p.Object(), "Change it", 0).Tapped(nil)
	button(t, p.Object(), "Remove it", 0).Tapped(nil)
	if !slices.Equal(done, []string{"set", "set", "remove"}) {
		t.Errorf("pressed %q", done)
	}

	p.SetLock(Lock{On: true, Needed: true})
	says("a sealed file", []string{"the passphrase of the sealed file"}, with[:1])
	p.parts.RemovePassphrase = nil
	p.SetLock(Lock{On: true})
	says("nobody to remove it", with, nil)
	p.parts.KnowsMinimised, p.parts.KnowsScreen, p.parts.Capture = false, false, true
	p.SetLock(Lock{On: true})
	says("another system", []string{"Let screenshots show this window"}, []string{"Lock when the window is minimised", "Lock when the screen is locked"})
}

func TestLockChoicesAreWritten(t *testing.T) {
	dir := t.TempDir()
	told := 0
	p, _ := show(t, kit.ModeLight, fyne.NewSize(800, 1500), Parts{
		File: Load(dir), Lock: Lock{On: true}, SetPassphrase: func() {}, KnowsMinimised: true, KnowsScreen: true, Capture: true,
		Changed: func(Settings) { told++ },
	})
	if got := p.choices.idle.Options; !slices.Equal(got, []string{"After 1 minute", "After 5 minutes", "After 15 minutes", "After 60 minutes", "Never"}) {
		t.Errorf("offered %q", got)
	}
	if p.choices.idle.Selected != "After 5 minutes" || !p.choices.suspend.Checked || !p.choices.screen.Checked || p.choices.minimised.Checked {
		t.Error("the usual choices are not shown")
	}
	p.choices.idle.SetSelectedIndex(4)
	for _, c := range []*kit.Check{p.choices.minimised, p.choices.suspend, p.choices.screen, p.choices.unfocused, p.choices.capture} {
		test.Tap(c)
	}
	want := Defaults()
	want.LockIdleMinutes, want.LockMinimised, want.LockSuspend, want.LockScreen = 0, true, false, false
	want.HideUnfocused, want.AllowCapture = true, true
	if got := Load(dir).Get(); got != want || told != 6 {
		t.Errorf("written %+v, told %d times", got, told)
	}
}

func TestOddIdleTimeIsOffered(t *testing.T) {
	file := Load(write(t, `{"lock_idle_minutes": 30}`))
	p, _ := show(t, kit.ModeLight, fyne.NewSize(800, 900), Parts{File: file})
	if got := p.choices.idle; got.Selected != "After 30 minutes" || len(got.Options) != 6 || got.Options[3] != "After 30 minutes" {
		t.Errorf("offered %q, selected %q", got.Options, got.Selected)
	}
}
