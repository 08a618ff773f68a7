// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/secret/canary"
	"github.com/kutano/authenticator/vault/snapshot"
)

// TestCanary walks through these screens with marked secrets and a real vault:
// a recovery key is made, saved in both ways and proved, a backup is saved and
// brought back with every mistake in typing, a passphrase is set anew. Afterwards the
// secrets are in the files that the user chose for them, and neither in another
// file nor on the window. TestCanary of the app does the same with the rest, from
// outside.
func TestCanary(t *testing.T) {
	outside := t.TempDir()
	for _, name := range []string{"HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"} {
		t.Setenv(name, outside)
	}
	w := &walk{rig: newRig(t), pass: canary.Word(24), backup: canary.Word(24), later: canary.Word(24), uri: canary.NewKey()}
	w.Text("the passphrase", w.pass)
	w.Text("the new passphrase", w.later)
	w.Text("the backup's passphrase", w.backup)
	w.Key("a key", w.uri)
	w.open()
	w.f.Paper = SystemPaper{}

	w.makesKey()
	w.backupAndBack()
	w.forgets()

	w.Tree(t, w.f.Dir)
	w.Tree(t, w.dir)
	w.Tree(t, outside)
	for _, file := range []string{"kutano-recovery-key.txt", "kutano-recovery-key.pdf"} {
		w.Allow(filepath.Join(w.dir, file), "the words", "the identity")
	}
	w.Want(filepath.Join(w.dir, "kutano-recovery-key.txt"), "the words", "the identity")
	w.Check(t)
}

type walk struct {
	*rig
	canary.Hunt
	vault                    *vault.Vault
	pass, backup, later, uri string
	words                    []string
}

// open makes a vault in a sealed file with one account.
func (w *walk) open() {
	w.t.Helper()
	ctx := context.Background()
	v, err := vault.Open(ctx, vault.Options{
		Dir: w.f.Dir, Store: keystore.File, Now: stopped(noon).Now,
		Passphrase: func(context.Context, bool) (secret.Value, error) { return secret.FromString(w.pass), nil },
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = v.Close() })
	k, err := otpauth.Parse("otpauth://totp/Kutano:ana?secret=" + w.uri + "&issuer=Kutano")
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := v.Add(ctx, k); err != nil {
		w.t.Fatal(err)
	}
	w.vault = v
	w.f.Vault = func() Vault { return v }
}

// left takes what the window still says, seen or not.
func (w *walk) left(where string) {
	w.t.Helper()
	w.closed()
	for _, o := range w.objects() {
		said := ""
		switch o := o.(type) {
		case *widget.Label:
			said = o.Text
		case *Word:
			said = o.Text
		case *canvas.Text:
			said = o.Text
		case *kit.Entry:
			said = o.Text
		}
		w.Saw("the window after "+where, []byte(said))
	}
	w.Saw("the title after "+where, []byte(w.w.Title()))
}

func (w *walk) makesKey() {
	w.t.Helper()
	w.words = w.toWords()
	w.Phrase("the words", w.words)
	w.Identity("the identity", w.f.draft.key.Identity().Reveal())
	for _, how := range []string{"Save a key file", "Save as PDF"} {
		w.press(how)
		w.press("Save here all the same")
	}
	w.press("Continue")
	w.entry(0).SetText(w.words[3])
	w.entry(1).SetText("wrong")
	w.press("Finish")
	w.entry(1).SetText(w.words[10])
	w.press("Finish")
	w.mustSee("Your recovery key is ready")
	w.press("Done")
	w.left("a recovery key was made")
}

func (w *walk) backupAndBack() {
	w.t.Helper()
	w.f.SaveBackup()
	w.press("A passphrase")
	w.entry(0).SetText(w.backup)
	w.entry(1).SetText(w.backup)
	w.press("Continue")
	w.press("Save here all the same")
	w.mustSee("The backup is saved")
	w.press("Done")
	w.left("a backup was saved")

	var err error
	if w.file, err = os.ReadFile(filepath.Join(w.dir, "kutano-backup-2026-11-25.age")); err != nil {
		w.t.Fatal(err)
	}
	w.f.RestoreFile()
	w.settle()
	w.entry(0).SetText(w.pass)
	w.press("Open")
	w.mustSee("That is not the passphrase of this backup.")
	w.entry(0).SetText(w.backup)
	w.press("Open")
	w.mustSee("1 account in this backup")
	w.f.Close()
	w.left("a backup was looked into")

	list, err := w.vault.Snapshots().List()
	if err != nil || len(list) == 0 {
		w.t.Fatalf("no snapshot: %v", err)
	}
	if w.file, err = w.vault.Snapshots().Read("latest"); err != nil {
		w.t.Fatal(err)
	}
	w.f.RestoreFile()
	w.settle()
	typo := append([]string(nil), w.words...)
	typo[6] = "qqqqq"
	w.entry(0).SetText(strings.Join(typo, " "))
	w.press("Open")
	w.mustSee("Word 7, “qqqqq”, is not right.")
	w.press("Put it right")
	w.press("Open")
	w.mustSee("1 account in this backup")
	w.f.Close()
	w.left("a snapshot was looked into")
}

// forgets sets the passphrase anew with the recovery key, for real.
func (w *walk) forgets() {
	w.t.Helper()
	if err := w.vault.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.f.Vault = func() Vault { return nil }
	w.f.Forgotten(func(ctx context.Context, key snapshot.Key, p secret.Value) error {
		return vault.ResetPassphrase(ctx, vault.Options{Dir: w.f.Dir, Now: stopped(noon).Now}, key, p)
	}, func(string, string) string { return "" }, func() {})
	w.entry(0).SetText(strings.Join(w.words, " "))
	w.press("Continue")
	w.entry(0).SetText(w.later)
	w.entry(1).SetText(w.later)
	w.press("Set the new passphrase")
	w.mustSee("The new passphrase is set")
	w.f.Close()
	w.left("a passphrase was set anew")
}
