// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

// Copying by Enter, and what the clipboard holds afterwards.
func TestKeyboardOnly(t *testing.T) {
	github := "otpauth://totp/GitHub:ana?secret=" + otherKey + "&issuer=GitHub"
	r := newRig(t, kutanoURI, github)
	r.key(fyne.KeyDown)
	r.key(fyne.KeyReturn)
	r.waitFor(func() bool { return r.lent.holds() == codeOf(t, kutanoURI, noon) })
	if r.lent.keep != 30*time.Second {
		t.Errorf("lent for %v", r.lent.keep)
	}
	r.mustSee("Copied · clears in 30 s")
	r.typed("git")
	if got := r.u.model.Len(); got != 1 {
		t.Fatalf("%d rows match, want 1", got)
	}
	r.key(fyne.KeyReturn)
	r.waitFor(func() bool { return r.lent.holds() == codeOf(t, github, noon) })
	r.key(fyne.KeyEscape)
	if r.u.model.Len() != 2 || r.w.Canvas().Focused() != nil {
		t.Error("Esc did not clear the search")
	}
	r.typed("nothing like this")
	r.mustSee("No account matches “nothing like this”")
	r.press("Show all accounts")
	r.u.Stop()
	if r.lent.holds() != "" {
		t.Error("the code stays in the clipboard after the app has ended")
	}
}

func TestFyneClipboardWhenThereIsNoOther(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.lent.err = fmt.Errorf("no display: %w", clipboard.ErrNoClipboard)
	r.key(fyne.KeyReturn)
	r.u.clip.lent.Wait()
	r.settle()
	clip := r.u.app.Clipboard()
	if clip.Content() != codeOf(t, kutanoURI, noon) {
		t.Fatalf("the clipboard holds %q", clip.Content())
	}
	clip.SetContent("something newer")
	r.u.clip.Clear()
	if clip.Content() != "something newer" {
		t.Error("what the user copied since was taken away")
	}
	r.key(fyne.KeyReturn)
	r.u.clip.lent.Wait()
	r.settle()
	r.u.clip.Clear()
	if clip.Content() != "" {
		t.Error("our code was not taken away")
	}
}

// R54: under 5 s left, the next code is copied when the user chose so.
func TestWaitForNextCode(t *testing.T) {
	r := newRig(t, kutanoURI)
	s := r.u.Settings.Get()
	s.WaitForNext = true
	r.u.applySettings(s)
	late := noon.Add(17 * time.Second)
	r.tick(late)
	r.mustSee("next", grouped(codeOf(t, kutanoURI, noon.Add(20*time.Second))))
	r.key(fyne.KeyReturn)
	r.mustSee("Copying the next code in 3 seconds")
	if r.lent.holds() != "" {
		t.Fatal("the old code was copied")
	}
	r.tick(noon.Add(20 * time.Second))
	r.waitFor(func() bool { return r.lent.holds() == codeOf(t, kutanoURI, noon.Add(20*time.Second)) })
}

func TestHiddenCodesAndReveal(t *testing.T) {
	r := newRig(t, kutanoURI)
	s := r.u.Settings.Get()
	s.HideCodes = true
	r.u.applySettings(s)
	code := grouped(codeOf(t, kutanoURI, noon))
	r.mustSee("••• •••")
	if r.sees(code) {
		t.Fatal("the code is shown in hide mode")
	}
	r.key(fyne.KeyDown)
	r.key(fyne.KeySpace)
	r.mustSee(code)
	r.tick(noon.Add(20 * time.Second))
	r.mustSee("••• •••")
}

func TestEditRemoveUndoMove(t *testing.T) {
	github := "otpauth://totp/GitHub:ana?secret=" + otherKey + "&issuer=GitHub"
	r := newRig(t, kutanoURI, github)
	r.key(fyne.KeyDown)
	r.key(fyne.KeyF2)
	r.entry("Kutano, GitHub, …").SetText("Kutano work")
	r.entry("work, private").SetText("work, Work , private")
	r.press("Save")
	a := r.vault.Accounts()[0]
	if a.Issuer != "Kutano work" || len(a.Tags) != 2 {
		t.Errorf("after editing: %+v", a)
	}
	r.u.codes.Move(1)
	r.settle()
	if got := r.vault.Accounts(); got[0].Issuer != "GitHub" || r.u.codes.Selected() != got[1].ID {
		t.Errorf("after moving down: %v", got)
	}
	r.key(fyne.KeyDelete)
	if len(r.vault.Accounts()) != 1 {
		t.Fatal("not removed")
	}
	r.mustSee("Removed Kutano work")
	r.u.shell.Toast().Press()
	r.settle()
	if got := r.vault.Accounts(); len(got) != 2 || got[1].Issuer != "Kutano work" {
		t.Errorf("after undo: %v", got)
	}
}

func TestShowQRAsksAndCloses(t *testing.T) {
	r := newRig(t, kutanoURI)
	a := r.vault.Accounts()[0]
	menu := r.u.codes.Menu(a)
	for _, item := range menu.Items {
		if item.Label == "Show QR code" {
			item.Action()
		}
	}
	r.mustSee("Show the QR code of Kutano?")
	r.press("Show it")
	r.mustSee("Closes in 60 seconds")
	texts, err := scan.Decode(t.Context(), r.w.Canvas().Capture())
	if err != nil || len(texts) != 1 {
		t.Fatalf("the QR code on the screen reads %v, %v", texts, err)
	}
	k, err := otpauth.Parse(texts[0])
	want, _ := otpauth.Parse(kutanoURI)
	if err != nil || !k.Same(want) {
		t.Error("the QR code on the screen is not the account's")
	}
	r.tick(noon.Add(60 * time.Second))
	if kit.TopSheet(r.w.Canvas()) != nil {
		t.Error("it does not close by itself")
	}
}

func TestLockedKeyringIsSaidAndUnlocked(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.vault.setFail(fmt.Errorf("read page-0: %w", keystore.ErrLocked))
	r.tick(noon.Add(30 * time.Second))
	r.tick(noon.Add(31 * time.Second))
	n := r.u.shell.Banner().Notice()
	if n == nil || n.Action != "Unlock" {
		t.Fatalf("banner %+v", n)
	}
	r.vault.setFail(nil)
	n.Do()
	r.settle()
	r.tick(noon.Add(32 * time.Second))
	if n := r.u.shell.Banner().Notice(); n == nil || n.Action != "Make it" {
		t.Errorf("the banner after it was unlocked: %+v", n)
	}
	r.mustSee(grouped(codeOf(t, kutanoURI, noon.Add(32*time.Second))))
}

func TestOpeningFailsAndIsTriedAgain(t *testing.T) {
	fail := true
	r := &rig{t: t, clock: &turned{now: noon}, eyes: &fakeEyes{}, lent: &lender{}, dir: t.TempDir()}
	done := newRig(t) // only for its vault
	r.run(func(context.Context, func(context.Context, bool) (secret.Value, error)) (Vault, error) {
		if fail {
			return nil, fmt.Errorf("open: %w", keystore.ErrLocked)
		}
		return done.vault, nil
	})
	r.mustSee("Your accounts could not be opened", "Quit")
	fail = false
	r.press("Unlock")
	r.u.opened(<-r.u.Opening.done)
	r.mustSee("Your sign-in codes, on this device")
}

func TestPassphrasePage(t *testing.T) {
	r := &rig{t: t, clock: &turned{now: noon}, eyes: &fakeEyes{}, lent: &lender{}, dir: t.TempDir()}
	r.run(OpenVault(r.dir, "", keystore.File, r.clock))
	r.mustSee("Choose a passphrase")
	first, again := r.entry("Passphrase"), r.entry("The same once more")
	for _, tc := range []struct{ first, again, says string }{
		{"", "", "Type your passphrase first."},
		{"short", "short", "at least 8 characters"},
		{"long enough words", "long enough word", "The two are not the same."},
	} {
		first.SetText(tc.first)
		again.SetText(tc.again)
		r.press("Keep my keys in this file")
		r.mustSee(tc.says)
	}
	first.SetText("long enough words")
	again.SetText("long enough words")
	r.press("Keep my keys in this file")
	o := <-r.u.Opening.done
	r.u.opened(o)
	r.mustSee("Your sign-in codes, on this device")
	if first.Text != "" || again.Text != "" {
		t.Error("the passphrase stays in the fields")
	}
	c := r.u.window.Canvas()
	if c.Focused() != nil {
		t.Error("a page that is gone goes on taking what is typed")
	}
	r.u.Lock()
	if c.Focused() != r.u.gate.first {
		t.Errorf("locked, what is typed goes to %T", c.Focused())
	}
	r.u.Stop()

	r.run(OpenVault(r.dir, "", "", r.clock))
	r.mustSee("Type your passphrase to open your accounts.")
	r.entry("Passphrase").SetText("something else")
	r.press("Unlock")
	q := <-r.u.Opening.asks
	if !q.wrong || q.create {
		t.Fatalf("asked %+v after a wrong passphrase", q)
	}
	r.u.askPassphrase(q)
	r.mustSee("Caps Lock")
	r.entry("Passphrase").SetText("long enough words")
	r.press("Unlock")
	if o := <-r.u.Opening.done; o.err != nil {
		t.Fatal(o.err)
	}
}

// R20: thousands of accounts, on a phone's screen as well.
func TestTenThousandAccounts(t *testing.T) {
	uris := make([]string, 10_000)
	for i := range uris {
		uris[i] = fmt.Sprintf("otpauth://totp/Service%%20%d:user%d?secret=%s&issuer=Service%%20%d", i%977, i, otherKey, i%977)
	}
	r := newRig(t, uris...)
	r.w.Resize(fyne.NewSize(360, 640))
	r.settle()
	r.mustSee("Service 0", grouped(codeOf(t, uris[0], noon)))
	start := time.Now()
	r.typed("user9999")
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("typing 8 letters took %v", took)
	}
	r.mustSee("user9999")
	if r.u.model.Len() != 1 {
		t.Errorf("%d rows", r.u.model.Len())
	}
}

func TestPhoneSizeHoldsEverything(t *testing.T) {
	r := newRig(t, kutanoURI, "otpauth://hotp/Bank:ana?secret="+otherKey+"&issuer=Bank&counter=0")
	r.w.Resize(fyne.NewSize(360, 640))
	r.settle()
	if min := r.w.Content().MinSize(); min.Width > 360 {
		t.Errorf("the window cannot be narrower than %v", min.Width)
	}
	r.mustSee("Kutano", grouped(codeOf(t, kutanoURI, noon)), "Next code")
	for _, place := range []string{placeSetup, placeRecovery, placeSettings} {
		r.u.Go(place)
		if min := r.w.Content().MinSize(); min.Width > 360 || min.Height > 640 {
			t.Errorf("%s needs %v", place, min)
		}
	}
}

func TestCounterAccount(t *testing.T) {
	uri := "otpauth://hotp/Bank:ana?secret=" + kutanoKey + "&issuer=Bank&counter=0"
	r := newRig(t, uri)
	r.press("Next code")
	r.mustSee("755 224") // RFC 4226 appendix D
	r.waitFor(func() bool { return r.lent.holds() == "755224" })
	r.press("Next code")
	r.mustSee("287 082")
	if a := r.vault.Accounts()[0]; a.Counter != 2 {
		t.Errorf("counter %d, want 2", a.Counter)
	}
}

func TestAnotherProcessChangesTheVault(t *testing.T) {
	r := newRig(t, kutanoURI)
	k, _ := otpauth.Parse("otpauth://totp/GitHub:ana?secret=" + otherKey + "&issuer=GitHub")
	if _, err := r.vault.AddAll(t.Context(), []otpauth.Key{k}); err != nil {
		t.Fatal(err)
	}
	r.vault.changes <- struct{}{}
	r.waitFor(func() bool { return r.u.model.Total() == 2 })
	r.settle()
	close(r.vault.changes)
}

func TestKutanoGoesFirst(t *testing.T) {
	r := newRig(t, "otpauth://totp/GitHub:ana?secret="+otherKey+"&issuer=GitHub")
	r.u.Take(kutanoURI)
	r.settle()
	r.press("Add this account")
	if as := r.vault.Accounts(); as[0].Issuer != "Kutano" {
		t.Errorf("first is %s", as[0].Issuer)
	}
}

// From the first start to the code, step by step.
func TestSetupLeadsThroughTheScan(t *testing.T) {
	r := newRig(t)
	r.press("Set up two-factor for Kutano, step by step")
	r.mustSee("Why two-factor sign-in?")
	for _, name := range []string{"Begin", "I have it", "The window is open", "Use an app", "Use this app", "I see the QR code"} {
		r.press(name)
	}
	r.eyes.screens = append(r.eyes.screens, screenWith(t, kutanoURI))
	r.press("Scan my screen now")
	r.mustSee("Type the code into Kutano", grouped(codeOf(t, kutanoURI, noon)))
	r.press("Kutano accepted it")
	if got := r.vault.Accounts()[0].Verified; !got.Equal(noon) {
		t.Errorf("accepted at %v", got)
	}
	r.press("Now the backup codes")
	r.press("I see the codes")
	r.mustSee("Where do you keep them?")
}

// TestStuckComesBack: help is one press away, and so is the step.
func TestStuckComesBack(t *testing.T) {
	r := newRig(t)
	r.u.openGuide(guide.Setup)
	r.settle()
	r.press("Begin")
	for _, back := range []func(){func() { r.press("Back to the step") }, func() { r.key(fyne.KeyEscape) }} {
		r.mustSee("Have your phone at hand")
		r.press("I’m stuck")
		r.mustSee("I have a new phone or computer")
		if r.sees("Have your phone at hand") {
			t.Error("the step is still there")
		}
		back()
		r.settle()
	}
	r.mustSee("Have your phone at hand")
	r.key(fyne.KeyEscape)
	r.mustSee("Why two-factor sign-in?")
}

func TestMostUrgent(t *testing.T) {
	locked, gone := fmt.Errorf("x: %w", keystore.ErrLocked), fmt.Errorf("x: %w", vault.ErrKeysGone)
	for name, tc := range map[string]struct {
		s    state
		want remedy
		none bool
	}{
		"nothing":           {s: state{now: noon}, none: true},
		"clock 1969":        {s: state{now: time.Unix(-1000, 0), trouble: locked, aside: 1}, want: showClock},
		"clock slow":        {s: state{now: noon, clock: verdict.Verdict{Tone: verdict.Fail, Headline: "slow"}, trouble: locked, aside: 1}, want: showClock},
		"slow, corrected":   {s: state{now: noon, clock: verdict.Verdict{Tone: verdict.Right, Headline: "slow", Mark: "+47 s"}}, none: true},
		"clock may be off":  {s: state{now: noon, clock: verdict.Verdict{Tone: verdict.Look, Headline: "perhaps"}}, none: true},
		"to be decided":     {s: state{now: noon, clock: verdict.Verdict{Tone: verdict.Fail, Headline: "slow"}, ask: slow, trouble: gone}, want: showClock},
		"harmless, to do":   {s: state{now: noon, clock: verdict.Verdict{Tone: verdict.Look, Headline: "perhaps"}, ask: 3 * time.Second, aside: 1}, want: showClock},
		"harmless, gone":    {s: state{now: noon, clock: verdict.Verdict{Tone: verdict.Look, Headline: "perhaps"}, ask: 3 * time.Second, trouble: gone}, want: showKeys},
		"dropped, locked":   {s: state{now: noon, dropped: &clock.Dropped{Why: clock.Stepped}, trouble: locked}, want: unlock},
		"dropped":           {s: state{now: noon, dropped: &clock.Dropped{Why: clock.Restarted}, notice: vault.NoticeUnguarded}, want: showClock},
		"clock 2106":        {s: state{now: time.Date(2106, 2, 7, 0, 0, 0, 0, time.UTC)}, want: showClock},
		"gone":              {s: state{now: noon, trouble: gone, aside: 1}, want: showKeys},
		"locked":            {s: state{now: noon, trouble: locked, aside: 1}, want: unlock},
		"timeout":           {s: state{now: noon, trouble: keystore.ErrTimeout}, want: retry},
		"unknown":           {s: state{now: noon, trouble: errors.New("x")}, want: retry},
		"cancelled":         {s: state{now: noon, trouble: context.Canceled}, none: true},
		"aside":             {s: state{now: noon, aside: 2, damaged: true}, want: showAside},
		"settings bad":      {s: state{now: noon, damaged: true, accounts: 1}, want: showAside},
		"gone, snapshots":   {s: state{now: noon, trouble: gone, snapshots: 2, notice: vault.NoticeOlderKeys}, want: restore},
		"locked, snapshots": {s: state{now: noon, trouble: locked, snapshots: 2}, want: unlock},
		"unguarded":         {s: state{now: noon, notice: vault.NoticeUnguarded, aside: 1}, want: showOlder},
		"older copy":        {s: state{now: noon, notice: vault.NoticeOlderFolder, aside: 1, unsaved: vault.ErrReadOnly}, want: showOlder},
		"no snapshot":       {s: state{now: noon, unsaved: vault.ErrReadOnly, damaged: true, recovery: true}, want: showSafety},
		"no key yet":        {s: state{now: noon, accounts: 1}, want: makeKey},
		"no key, sealed":    {s: state{now: noon, accounts: 1, sealed: true}, want: makeKey},
		"no account yet":    {s: state{now: noon}, none: true},
		"all is well":       {s: state{now: noon, accounts: 1, recovery: true, snapshots: 1}, none: true},
	} {
		n, got := mostUrgent(tc.s)
		if (n == nil) != tc.none || got != tc.want {
			t.Errorf("%s: %+v, remedy %d, want %d", name, n, got, tc.want)
		}
		if n != nil && (n.Text == "" || got != noRemedy && n.Action == "") {
			t.Errorf("%s: a notice without words: %+v", name, n)
		}
	}
}
