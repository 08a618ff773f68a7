// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Snapshots of this device come first, are checked without a key, and opened
// with the one that is named.
func TestSnapshots(t *testing.T) {
	r := newRig(t)
	r.v.doc = twoAccounts()
	r.f.Restore()
	r.settle()
	if r.sees("The newest snapshot") {
		t.Error("a snapshot is offered where there is none")
	}
	if d, ok := r.w.Canvas().Focused().(*kit.Door); !ok || !strings.HasPrefix(d.AccessibilityLabel(), "Open a file…") {
		t.Error("the focus is not on opening a file")
	}
	r.press("Cancel")
	k := snapshot.NewKey()
	_ = r.v.SetRecovery(t.Context(), k)
	info, err := r.v.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.f.ShowSnapshots()
	r.settle()
	r.mustSee("1 snapshot on this device", when(info.Made), "2 accounts")
	r.press("Check all")
	r.mustSee("All of them are complete and unchanged.")
	path := filepath.Join(r.f.Dir, "snapshots", info.Name)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file[len(file)-40] ^= 1
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	r.press("Check all")
	r.mustSee("1 snapshot is not as it was written.", "This file was changed or is damaged.")
	file[len(file)-40] ^= 1
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	r.press("Restore…")
	r.mustSee("Type your recovery key", grouped(snapshot.Fingerprint(k.Recipient())))
	r.f.Close()
	r.f.RestoreNewest()
	r.settle()
	r.entry(0).SetText(strings.Join(k.Words(), " "))
	r.press("Open")
	r.mustSee("2 accounts in this backup")
}

// A forgotten passphrase: the key, a new one twice, and what happens where the
// key cannot do it.
func TestForgotten(t *testing.T) {
	k := snapshot.NewKey()
	for _, tc := range []struct {
		name string
		err  error
		want string
	}{
		{"set", nil, "The new passphrase is set"},
		{"another key", snapshot.ErrWrongKey, "This backup was locked with another key."},
		{"no escrow", vault.ErrNoEscrow, "The passphrase cannot be replaced"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newRig(t)
			r.f.Vault = func() Vault { return nil } // it is locked
			var got, pass string
			ended := 0
			r.f.Forgotten(func(_ context.Context, key snapshot.Key, p secret.Value) error {
				got, pass = key.Recipient(), p.Reveal()
				return tc.err
			}, newPassphrase, func() { ended++ })
			r.entry(0).SetText(strings.Join(k.Words(), " "))
			r.press("Continue")
			r.mustSee("Choose a new passphrase")
			r.entry(0).SetText("four other words here")
			r.entry(1).SetText("four other words hree")
			r.press("Set the new passphrase")
			r.mustSee("The two are not the same.")
			r.entry(1).SetText("four other words here")
			r.press("Set the new passphrase")
			r.mustSee(tc.want)
			if got != k.Recipient() || pass != "four other words here" {
				t.Error("another key or passphrase was handed over")
			}
			r.press("Continue", "Back", "OK")
			r.f.Close()
			if ended != 1 {
				t.Errorf("told %d times that it has ended", ended)
			}
			r.closed()
		})
	}
}

// Without an open vault the screens say so.
func TestNotOpen(t *testing.T) {
	r := newRig(t)
	r.f.Vault = func() Vault { return nil }
	for _, open := range []func(){r.f.MakeKey, r.f.Restore, r.f.RestoreFile, r.f.RestoreNewest, r.f.SaveBackup, r.f.ShowSnapshots} {
		open()
		r.settle()
		r.mustSee("Your accounts are not open yet.")
		r.f.Close()
	}
	r.f.Refresh()
	r.settle()
}

func TestNotice(t *testing.T) {
	r := newRig(t)
	r.v.notices = []vault.Notice{{Kind: vault.NoticeOlderFolder, At: noon.Unix()}}
	n, ok := r.f.Notice()
	if !ok {
		t.Fatal("no notice")
	}
	r.f.ShowNotice(n)
	r.mustSee("An older copy of your data was put back", "no account was removed", "Open a backup file…")
	r.press("It is all right")
	if len(r.v.notices) != 0 {
		t.Error("the notice is not dismissed")
	}
	r.closed()
}

func TestSection(t *testing.T) {
	r := newRig(t)
	r.w.SetContent(r.f.Section())
	r.f.Refresh()
	r.settle()
	r.mustSee("No recovery key yet", "No snapshot on this device yet", "Choose a folder…")
	k := snapshot.NewKey()
	_ = r.v.SetRecovery(t.Context(), k)
	r.v.doc = twoAccounts()
	if _, err := r.v.Snapshot(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.v.snapErr = errors.New("x")
	r.f.Refresh()
	r.settle()
	r.mustSee("Recovery key since 2026-11-25", grouped(snapshot.Fingerprint(k.Recipient())), "Last snapshot: ", "A safety copy could not be made.")
	r.press("Choose a folder…")
	r.settle()
	if c := r.v.folder.Copies(); c.Dir != r.dir || c.Every != snapshot.EveryChange {
		t.Errorf("copies %+v", c)
	}
	r.mustSee("Folder: "+r.dir, "Last copy: ", "This is the drive that your accounts are on.")
	if copies, _ := os.ReadDir(r.dir); len(copies) != 1 {
		t.Errorf("%d files in the folder for copies, want 1", len(copies))
	}
	r.dir = r.f.Dir
	r.press("Choose another folder…")
	r.mustSee("That did not work", "Copies cannot be kept in that folder.")
}
