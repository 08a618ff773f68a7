// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/snapshot"
)

func twoAccounts() snapshot.Document {
	return snapshot.Document{Made: noon, Accounts: []snapshot.Entry{entryOf("Kutano", "ana"), entryOf("GitHub", "ana")}}
}

// sealedTo puts a backup into the file chooser.
func (r *rig) sealedTo(lock snapshot.Lock) {
	r.t.Helper()
	file, err := snapshot.Encrypt(twoAccounts(), lock)
	if err != nil {
		r.t.Fatal(err)
	}
	r.file = file
}

func (r *rig) sealedToKey() snapshot.Key {
	r.t.Helper()
	k := snapshot.NewKey()
	r.sealedTo(snapshot.Lock{Recipients: []string{k.Recipient()}})
	return k
}

// A backup file with a passphrase: saved, read back, and brought back again.
func TestBackupAndBack(t *testing.T) {
	r := newRig(t)
	r.v.doc = twoAccounts()
	r.f.SaveBackup()
	r.mustSee("Choose a passphrase for the backup")
	r.press("Continue")
	r.mustSee("Type a passphrase first.")
	r.entry(0).SetText("too short")
	r.press("Continue")
	r.mustSee("at least 12 characters")
	r.entry(0).SetText("four words for a test")
	r.entry(1).SetText("four words for a tset")
	r.press("Continue")
	r.mustSee("The two are not the same.")
	r.entry(1).SetText("four words for a test")
	r.press("Continue")
	r.press("Save here all the same")
	r.mustSee("The backup is saved", "It was read back and is complete.")
	r.press("Done")
	r.closed()

	var err error
	if r.file, err = os.ReadFile(filepath.Join(r.dir, "kutano-backup-2026-11-25.age")); err != nil {
		t.Fatal(err)
	}
	r.f.Restore()
	r.settle()
	r.press("Open a file…")
	r.mustSee("Type the backup’s passphrase")
	r.press("Open")
	r.mustSee("Type the passphrase first.")
	r.entry(0).SetText("another passphrase")
	r.press("Open")
	r.mustSee("That is not the passphrase of this backup.")
	r.entry(0).SetText("four words for a test")
	r.key(fyne.KeyReturn)
	r.mustSee("2 accounts in this backup", "Kutano · ana", "GitHub · ana", "2 accounts come back.")
	if r.sees("Remove accounts that the backup does not have") {
		t.Error("removing is offered although nothing is here")
	}
	r.press("Bring back 2 accounts")
	r.mustSee("2 accounts are back.")
	if len(r.v.taken) != 1 || r.v.taken[0].Replace || len(r.v.taken[0].Use) != 2 {
		t.Errorf("taken %+v", r.v.taken)
	}
	r.press("Go to my codes")
	r.closed()
	if r.shown != 1 {
		t.Error("the codes are not shown")
	}
}

// A backup that does not open again is not called saved.
func TestBackupThatDiffers(t *testing.T) {
	r := newRig(t)
	r.v.doc = twoAccounts()
	other := twoAccounts()
	other.Accounts[1] = entryOf("GitHub", "bob")
	for _, b := range []snapshot.Document{other, {Accounts: other.Accounts[:1]}, {Accounts: twoAccounts().Accounts, Aside: make([]snapshot.Aside, 1)}} {
		if sameDocument(twoAccounts(), b) {
			t.Errorf("%d accounts and %d lines count as the same", len(b.Accounts), len(b.Aside))
		}
	}
}

func TestBackupToTheKey(t *testing.T) {
	r := newRig(t)
	r.v.doc = twoAccounts()
	k := snapshot.NewKey()
	_ = r.v.SetRecovery(t.Context(), k)
	r.f.SaveBackup()
	r.press("My recovery key")
	r.press("Save here all the same")
	r.mustSee("The backup is saved")
	file, err := os.ReadFile(filepath.Join(r.dir, "kutano-backup-2026-11-25.age"))
	if err != nil {
		t.Fatal(err)
	}
	if d, err := snapshot.Decrypt(file, snapshot.Opener{Key: k}); err != nil || len(d.Accounts) != 2 {
		t.Errorf("%d accounts, %v", len(d.Accounts), err)
	}
}

// Typed with mistakes, the key is not refused but mended, word by word.
func TestRestoreWithTypos(t *testing.T) {
	r := newRig(t)
	k := r.sealedToKey()
	all := k.Words()
	r.f.RestoreFile()
	r.settle()
	r.mustSee("Type your recovery key", "backup.age opens with the 16 words")
	if r.w.Canvas().Focused() != r.entry(0) {
		t.Error("the cursor is not in the field")
	}
	r.press("Open")
	r.mustSee("Type the words first, or scan the sheet.")

	swapped := append([]string(nil), all...)
	swapped[2], swapped[3] = all[3], all[2]
	r.entry(0).SetText(strings.Join(swapped, " "))
	r.mustSee("16 words of 16")
	r.press("Open")
	if all[2] != all[3] {
		r.mustSee("Words 3 and 4 are swapped.")
		r.press("Put it right")
		if got := r.entry(0).Text; got != strings.Join(all, " ") {
			t.Errorf("the words were not put into their order")
		}
	}
	wrong := append([]string(nil), all...)
	wrong[6] = "qqqqq"
	r.entry(0).SetText(strings.Join(wrong, "\n"))
	r.press("Open")
	r.mustSee("Word 7, “qqqqq”, is not right. Did you mean “" + all[6] + "”?")
	r.press("Put it right")
	r.press("Open")
	r.mustSee("2 accounts in this backup")
	r.key(fyne.KeyEscape)
	r.closed()
	if len(r.v.taken) != 0 {
		t.Error("something was taken in although the user left")
	}
}

// The key comes from its sheet, its file or the clipboard as well.
func TestRestoreWithTheSheet(t *testing.T) {
	r := newRig(t)
	k := r.sealedToKey()
	ask := func() {
		r.f.Close()
		r.f.load("backup.age", "", func() ([]byte, error) { return r.file, nil })
		r.settle()
	}
	qr, err := scan.Draw(k.Identity().Reveal(), 400)
	if err != nil {
		t.Fatal(err)
	}
	ask()
	r.eyes.screens = append(r.eyes.screens, image.NewGray(image.Rect(0, 0, 50, 50)))
	r.press("Scan the sheet’s QR code")
	r.mustSee("No recovery key was found there.", "Type your recovery key")
	r.eyes.screens = append(r.eyes.screens, qr)
	r.press("Scan the sheet’s QR code")
	r.mustSee("2 accounts in this backup")

	ask()
	r.eyes.clip = clipboard.Clip{Text: "My key:\n" + strings.ToLower(k.Identity().Reveal())}
	r.press("Paste")
	r.mustSee("2 accounts in this backup")

	ask()
	backup := r.file
	r.file = k.File(noon).Bytes()
	r.press("Open the key file")
	r.mustSee("2 accounts in this backup")
	r.file = backup

	ask()
	r.entry(0).SetText(k.Identity().Reveal()[:40])
	r.press("Open")
	r.mustSee("This key is cut off or has a mistake.")
}

func TestRestoreWithAnotherKey(t *testing.T) {
	r := newRig(t)
	r.sealedToKey()
	r.f.RestoreFile()
	r.settle()
	r.entry(0).SetText(strings.Join(snapshot.NewKey().Words(), " "))
	r.press("Open")
	r.mustSee("This backup was locked with another key.", "Type your recovery key")
}

// What is wrong with a file is told apart.
func TestRestoreTellsWhatIsWrong(t *testing.T) {
	k := snapshot.NewKey()
	r := newRig(t)
	r.sealedTo(snapshot.Lock{Recipients: []string{k.Recipient()}})
	good := r.file
	changed := append([]byte(nil), good...)
	changed[len(changed)-40] ^= 1
	for _, tc := range []struct {
		name string
		file []byte
		want string
	}{
		{"damaged", changed, "This file was changed or is damaged."},
		{"cut short", good[:len(good)-1000], "The end of this file is missing."},
		{"a picture", []byte("\x89PNG\r\n\x1a\n"), "This is not a backup of this app."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newRig(t)
			r.file = tc.file
			r.f.RestoreFile()
			r.settle()
			if !r.sees("That did not work") {
				r.entry(0).SetText(strings.Join(k.Words(), " "))
				r.press("Open")
			}
			r.mustSee("That did not work", tc.want, "Nothing")
			r.press("Back")
			r.mustSee("Bring accounts back")
			r.press("Cancel")
			r.closed()
		})
	}
}

func TestPreviewTicksAndReplace(t *testing.T) {
	r := newRig(t)
	bad := vault.Found{Key: otpauth.Key{Issuer: "Broken"}, Err: otpauth.ErrBadSecret}
	r.v.found = []vault.Found{found("Kutano", "ana", vault.New), found("Mail", "ana", vault.Differs), bad}
	r.v.accounts = []vault.Account{{ID: "Mailana"}, {ID: "other"}}
	k := r.sealedToKey()
	r.f.RestoreFile()
	r.settle()
	r.entry(0).SetText(strings.Join(k.Words(), " "))
	r.press("Open")
	r.mustSee("1 account comes back. 1 is left out. 1 cannot be read.", "Another key is here. Tick to replace it.", "Bring back 1 account")

	list := r.list()
	list.Select(1)
	r.mustSee("1 account comes back. 1 key is replaced. 1 cannot be read.", "Bring back 2 accounts")
	list.Select(2)
	r.mustSee("Broken", "The key has characters") // why, in whole
	r.press("OK")
	r.check("Remove accounts").SetChecked(true)
	r.mustSee("1 account here is removed.")
	r.press("Bring back 2 accounts")
	r.mustSee("Remove 1 account?")
	if len(r.v.taken) != 0 {
		t.Fatal("accounts were removed before it was confirmed")
	}
	r.press("Remove and bring back")
	r.mustSee("1 account is back.", "1 key was replaced.", "1 entry could not be read.")
	if got := r.v.taken[0]; !got.Replace || !got.Use[0] || !got.Use[1] || got.Use[2] {
		t.Errorf("taken %+v", got)
	}
}

func (r *rig) list() *kit.PickList {
	r.t.Helper()
	for _, o := range r.objects() {
		if l, ok := o.(*kit.PickList); ok {
			return l
		}
	}
	r.t.Fatal("there is no list")
	return nil
}

// Nothing to bring back is said, and cannot be pressed.
func TestPreviewOfNothingNew(t *testing.T) {
	r := newRig(t)
	r.f.back = backup{name: "x", doc: snapshot.Document{Made: noon}, pick: newChoice([]vault.Found{found("Kutano", "ana", vault.Same)}, nil)}
	r.f.preview()
	r.mustSee("1 is here already.", "Nothing to bring back")
	if !r.f.sheet.Main.Disabled() {
		t.Error("one can go on with nothing")
	}
	r.f.back.pick = newChoice(nil, nil)
	r.f.preview()
	r.mustSee("This backup is empty")
}

// Ten thousand entries are a list of a few rows.
func TestLongListBuildsFewRows(t *testing.T) {
	r := newRig(t)
	previewOf(r, 10_000)
	rows := 0
	for _, o := range r.objects() {
		if _, ok := o.(*kit.PickRow); ok {
			rows++
		}
	}
	if rows == 0 || rows > 40 {
		t.Errorf("%d rows are built", rows)
	}
}

// The list leaves Enter and Esc to the sheet; Space ticks.
func TestListKeys(t *testing.T) {
	r := newRig(t)
	previewOf(r, 7)
	r.w.Canvas().Focus(r.list())
	before := r.f.back.pick.use[0]
	r.key(fyne.KeySpace)
	if r.f.back.pick.use[0] == before {
		t.Error("Space does not tick")
	}
	r.key(fyne.KeyEscape)
	r.closed()
}

func TestTakingInFails(t *testing.T) {
	r := newRig(t)
	r.v.takeErr = vault.ErrReadOnly
	previewOf(r, 7)
	r.press("Bring back 3 accounts")
	r.mustSee("The data folder cannot be written.")
}
