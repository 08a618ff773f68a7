// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"strings"
	"testing"
)

func TestExportAndImport(t *testing.T) {
	r := newRig(t)
	set := r.keeps(kutano, tenCodes)
	r.safe.Lock()
	r.s.Refresh()
	r.press("More")
	r.press("Save encrypted copies…")
	r.fill(passphrase)
	r.press("Unlock")
	r.fill(filePass, filePass)
	r.press("Continue")
	r.press("Save here all the same")
	r.mustSee("The copy is saved", "It was read back and is complete")
	name, data := r.onDisk()
	if name != "kutano-backup-codes-2026-11-25.age" || strings.Contains(string(data), "k3q9") {
		t.Errorf("%s", name)
	}
	r.press("Done")

	other := newRig(t) // another device
	other.made()
	other.file = data
	other.s.Import()
	other.press("Bring it in")
	other.mustSee("Type the passphrase first.")
	other.fill(passphrase)
	other.press("Bring it in")
	other.mustSee("That is not the passphrase of this file.")
	other.fill(filePass)
	other.key("Return")
	other.mustSee("1 set came in.")
	other.press("Done")
	if got := other.only(); got.ID != set.ID || got.Left != 10 {
		t.Errorf("%+v", got)
	}
	other.s.Import()
	other.settle()
	other.fill(filePass)
	other.press("Bring it in")
	other.mustSee("1 was here already.")
	other.press("Done")
	if err := other.safe.Remove(t.Context(), set.ID); err != nil {
		t.Fatal(err)
	}
	other.s.Import()
	other.settle()
	other.fill(filePass)
	other.press("Bring it in")
	other.mustSee("1 set was removed here, or newer codes took its place")
	if len(other.safe.Sets()) != 0 || len(other.safe.Removed()) != 1 {
		t.Errorf("%v, removed %v", other.safe.Sets(), other.safe.Removed())
	}
}

func TestImportWhatIsNone(t *testing.T) {
	r := newRig(t)
	r.made()
	r.s.Import() // thought better of it
	if r.s.Showing() != nil {
		t.Error("something is shown")
	}
	r.file = []byte("holiday photos")
	r.s.Import()
	r.settle()
	r.fill(filePass)
	r.press("Bring it in")
	r.mustSee("That did not work")
	r.press("OK")
	if len(r.safe.Sets()) > 0 {
		t.Error("something came in")
	}
}

// One set can go alone.
func TestExportOne(t *testing.T) {
	r := newRig(t)
	set := r.keeps(kutano, tenCodes)
	r.keeps(github, "other-1\nother-2")
	r.s.Manage(set.ID)
	r.press("Save an encrypted copy…")
	r.fill(filePass, filePass)
	r.press("Continue")
	r.press("Save here all the same")
	_, data := r.onDisk()
	other := newRig(t)
	other.made()
	other.file = data
	other.s.Import()
	other.settle()
	other.fill(filePass)
	other.press("Bring it in")
	if got := other.only(); got.ID != set.ID {
		t.Errorf("%+v", got)
	}
}
