// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

func TestUnlock(t *testing.T) {
	r := newRig(t)
	r.keeps(kutano, tenCodes)
	r.safe.Lock()
	r.s.Refresh()
	r.press("Unlock")
	r.key("Return")
	r.mustSee("Type the passphrase first.")
	r.fill("wrong")
	r.key("Return")
	r.mustSee("That is not the passphrase.")
	if r.entry(0).Text != "" {
		t.Error("the wrong passphrase still stands there")
	}
	r.fill(passphrase)
	r.key("Return")
	if r.safe.Locked() || r.s.Showing() != nil {
		t.Error("the right passphrase does not open it")
	}
	r.mustSee("The codes are unlocked.")
	r.press("Lock now")
	if !r.safe.Locked() {
		t.Error("it is not locked")
	}
}

// What ends after the sheet was left must not leave the codes open unseen.
func TestUnlockThatIsLeft(t *testing.T) {
	r := newRig(t)
	r.keeps(kutano, tenCodes)
	r.safe.Lock()
	r.s.Unlock()
	r.fill(passphrase)
	r.s.unlockWith(secret.FromString(passphrase), func() { t.Error("it went on") }, func() {})
	r.s.Close()
	r.settle()
	if !r.safe.Locked() {
		t.Error("the codes are open, and nobody knows")
	}
}

func TestLocksByItself(t *testing.T) {
	r := newRig(t)
	r.keeps(kutano, tenCodes)
	r.tick(119 * time.Second)
	if r.safe.Locked() {
		t.Fatal("locked too early")
	}
	r.s.Input() // somebody is there
	r.tick(119 * time.Second)
	if r.safe.Locked() {
		t.Fatal("locked while in use")
	}
	r.s.ShowCode(r.only().ID)
	r.settle()
	r.tick(time.Second) // the code was just asked for
	if r.safe.Locked() {
		t.Fatal("locked while in use")
	}
	r.tick(2 * time.Minute)
	if !r.safe.Locked() || r.s.Showing() != nil {
		t.Error("it is still open")
	}
	r.mustSee("The codes that are kept here are locked.")

	t.Run("with another time", func(t *testing.T) {
		r := newRig(t)
		r.s.LockAfter = func() time.Duration { return 5 * time.Minute }
		r.keeps(kutano, tenCodes)
		r.mustSee("after 5 minutes without use")
		r.tick(299 * time.Second)
		if r.safe.Locked() {
			t.Error("locked too early")
		}
		r.s.LockAfter = func() time.Duration { return 0 } // never is not meant
		r.tick(2 * time.Second)
		if !r.safe.Locked() {
			t.Error("it is never locked")
		}
	})
	t.Run("after the clock was set back", func(t *testing.T) {
		r := newRig(t)
		r.keeps(kutano, tenCodes)
		r.tick(-time.Hour)
		if r.safe.Locked() {
			t.Error("locked too early")
		}
		r.tick(121 * time.Second)
		if !r.safe.Locked() {
			t.Error("it is still open")
		}
	})
}

// What is being entered did not come out of the safe, and would be lost.
func TestPuttingAwayKeepsWhatIsTyped(t *testing.T) {
	r := newRig(t)
	r.made()
	r.s.Add()
	r.fill(tenCodes)
	r.s.PutAway()
	if !r.safe.Locked() {
		t.Error("it is still open")
	}
	if r.s.Showing() == nil || r.entry(0).Text != tenCodes {
		t.Error("what was typed is gone")
	}
	r.s.Lock() // the window is locked
	if r.s.Showing() != nil || r.s.draft.text.Len() > 0 {
		t.Error("something is left")
	}
}

func TestLockTakesCodesOffTheScreen(t *testing.T) {
	for name, lock := range map[string]func(*Screen){"away": (*Screen).PutAway, "locked": (*Screen).Lock} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.s.ShowCode(r.keeps(kutano, tenCodes).ID)
			r.mustSee("k3q9-7hzt")
			lock(r.s)
			r.mustNotSee("k3q9-7hzt")
			if !r.safe.Locked() || r.s.Showing() != nil {
				t.Error("it is still open")
			}
		})
	}
}

// The safe's own window that steps aside to look at the screen is not away.
func TestLookingAtTheScreenIsNotAway(t *testing.T) {
	r := newRig(t)
	r.keeps(kutano, tenCodes)
	r.s.Hide = func() { r.s.PutAway() }
	r.s.Join()
	r.press("Scan the screen")
	if r.safe.Locked() {
		t.Error("it was locked")
	}
	r.mustSee("This is not a share of backup codes.")
}

func TestCreate(t *testing.T) {
	r := newRig(t)
	r.press("Keep them here")
	r.fill(tenCodes)
	r.press("Continue")
	r.press("Continue")
	r.mustSee("A passphrase for the backup codes", "another one than the app’s", "a recovery key does not open these codes")
	r.press("Set it")
	r.mustSee("Type a passphrase first.")
	r.fill("short", "short")
	r.press("Set it")
	r.mustSee("at least 8 characters")
	r.fill(passphrase, passphrase+"x")
	r.press("Set it")
	r.mustSee("The two are not the same.")
	if r.safe.Exists() {
		t.Fatal("there is a safe already")
	}
	r.fill(passphrase, passphrase)
	r.key("Return") // the focus is in the first field
	r.key("Return")
	r.mustSee("10 codes are kept here, sealed.")
	if set := r.only(); set.Place != backupcodes.Here || set.First != 10 || set.Account != "k" {
		t.Errorf("%+v", set)
	}
}

func TestChangePassphrase(t *testing.T) {
	r := newRig(t)
	r.made()
	r.s.ChangePassphrase()
	r.press("Change it")
	r.mustSee("Type the passphrase until now first.")
	r.fill("wrong", filePass, filePass)
	r.press("Change it")
	r.mustSee("That did not work")
	r.press("Back")
	r.fill(passphrase, filePass, filePass)
	r.press("Change it")
	if r.s.Showing() != nil {
		t.Fatalf("it does not end: %q", r.texts())
	}
	r.safe.Lock()
	if err := r.safe.Unlock(t.Context(), secret.FromString(filePass)); err != nil {
		t.Error(err)
	}
}

func TestForgotten(t *testing.T) {
	r := newRig(t)
	r.keeps(kutano, tenCodes)
	r.notes(github, "In the safe at home", 8)
	r.safe.Lock()
	r.s.Unlock()
	r.press("I forgot it")
	r.mustSee("cannot be read without it", "no recovery key helps", "Nothing else is lost.", "put aside, not deleted")
	r.press("Start a new safe")
	r.fill(filePass, filePass)
	r.press("Start it")
	r.mustSee("The new safe is ready, and open.", "The old file is put aside as")
	r.press("Continue")
	if set := r.only(); set.Where != "In the safe at home" || r.safe.Locked() {
		t.Errorf("%+v", set)
	}
	aside, err := filepath.Glob(filepath.Join(r.data, "backup-codes*"))
	if err != nil || len(aside) < 3 {
		t.Errorf("the old file is gone: %q", aside)
	}
}

func TestMissingFile(t *testing.T) {
	r := newRig(t)
	r.keeps(kutano, tenCodes)
	r.safe.Lock()
	if err := os.Remove(filepath.Join(r.data, "backup-codes.age")); err != nil {
		t.Fatal(err)
	}
	if err := r.safe.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.s.Refresh()
	r.mustSee("The file with the codes that are kept here is missing.")
	r.press("What to do")
	r.mustSee("put it back into the data folder")
	r.press("Start a new safe")
	r.fill(filePass, filePass)
	r.press("Start it")
	r.mustSee("The new safe is ready, and open.")
	r.mustNotSee("put aside")
	r.press("Continue")
	r.mustNotSee("is missing")
}

// What another program does to the safe is seen.
func TestWatch(t *testing.T) {
	r := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if err := r.s.Watch(ctx); err != nil {
		t.Fatal(err)
	}
	other, err := backupcodes.Open(r.data, r.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Note(ctx, backupcodes.New{Title: "Forum", Where: "At Ben’s"}); err != nil {
		t.Fatal(err)
	}
	for !strings.Contains(strings.Join(r.texts(), "\n"), "At Ben’s") {
		if ctx.Err() != nil {
			t.Fatal("it is not seen")
		}
		r.settle()
	}
}

// A code goes from the screen when another program locks the safe.
func TestLockedElsewhere(t *testing.T) {
	r := newRig(t)
	r.s.ShowCode(r.keeps(kutano, tenCodes).ID)
	r.mustSee("k3q9-7hzt")
	r.safe.Lock()
	r.tick(0)
	r.mustNotSee("k3q9-7hzt")
	r.mustSee("The codes that are kept here are locked.")
}

// A damaged file is put aside, and a new safe begun.
func TestDamagedFile(t *testing.T) {
	r := newRig(t)
	r.keeps(kutano, tenCodes)
	r.safe.Lock()
	path := filepath.Join(r.data, "backup-codes.age")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-1] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	r.s.Unlock()
	r.fill(passphrase)
	r.press("Unlock")
	r.mustSee("The file of backup codes does not open", "changed or cut off")
	r.press("Start a new safe")
	r.fill(filePass, filePass)
	r.press("Start it")
	r.mustSee("The new safe is ready, and open.")
}

// While the window is minimised PutAway comes each second: memory is swept once.
func TestPutAwaySweepsOnce(t *testing.T) {
	r := newRig(t)
	swept := 0
	r.s.Sweep = func() { swept++ }
	r.made()
	for range 3 {
		r.s.PutAway()
		r.settle()
	}
	if swept != 1 {
		t.Errorf("swept %d times", swept)
	}
}
