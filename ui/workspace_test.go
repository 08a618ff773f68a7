// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/snapshot"
)

const workspaceTOML = `version = 1
name = "Example Ltd"
issuers = ["Example"]
settings = "https://app.example.com/settings"
contact = "Hana at the helpdesk"
review_months = 0
`

// workspaceQR is the text of the profile's QR code.
func workspaceQR(t *testing.T) string {
	t.Helper()
	p, err := profile.Parse([]byte(workspaceTOML))
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.QR()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func workspaceFile(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(workspaceTOML), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A profile that is met where an account was looked for is shown, and used after a
// yes; an account beside it comes first.
func TestProfileMetWhileAdding(t *testing.T) {
	r := newRig(t)
	r.eyes.screens = []image.Image{screenWith(t, workspaceQR(t))}
	r.u.adding.Scan()
	r.settle()
	r.mustSee("Use this profile?", "Hana at the helpdesk", "Not signed: anybody may have made it.")
	if r.u.adding.Showing() != nil || r.u.profile.Name != "" {
		t.Error("it is used, or adding goes on")
	}
	r.press("Cancel")
	r.eyes.clip = clipboard.Clip{Text: workspaceQR(t)}
	r.u.adding.Paste()
	r.settle()
	r.press("Use this profile")
	r.press("Done")
	if r.u.profile.Name != "Example Ltd" {
		t.Errorf("in use is %q", r.u.profile.Name)
	}
	other := strings.Replace(workspaceTOML, "Example Ltd", "Another Ltd", 1)
	p, err := profile.Parse([]byte(other))
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.QR()
	if err != nil {
		t.Fatal(err)
	}
	r.eyes.screens = []image.Image{screenWith(t, workspaceQR(t), text)} // which one is meant?
	r.u.adding.Scan()
	r.settle()
	r.mustSee("Several different profiles are in view.")
	r.eyes.screens = []image.Image{screenWith(t, workspaceQR(t), kutanoURI)}
	r.u.adding.Scan()
	r.settle()
	r.mustSee("Found 1 account")
}

// What is dropped: a .toml file is a profile, and everything is while one is wanted.
func TestProfileDropped(t *testing.T) {
	r := newRig(t)
	drop := func(paths ...string) {
		var uris []fyne.URI
		for _, p := range paths {
			uris = append(uris, storage.NewFileURI(p))
		}
		r.u.Dropped(uris)
		r.settle()
	}
	r.u.adding.Open()
	drop(workspaceFile(t, "workspace.TOML"))
	r.mustSee("Use this profile?", "Hana at the helpdesk")
	if r.u.adding.Showing() != nil {
		t.Error("adding is still there")
	}
	drop(workspaceFile(t, "a.toml"), workspaceFile(t, "b.toml"))
	r.mustSee("Use this profile?")
	r.press("Cancel")
	r.u.workspace.Use()
	drop(writePNG(t, screenWith(t, workspaceQR(t))))
	r.mustSee("Use this profile?")
	r.press("Cancel")
	r.u.workspace.Use()
	drop(workspaceFile(t, "profile.txt"))
	r.mustSee("Use this profile?")
	r.press("Cancel")
	r.u.bring.Open()
	drop(workspaceFile(t, "workspace.toml"))
	if r.u.workspace.Showing() != nil {
		t.Error("what was being brought in was ended by a profile")
	}
}

// An account of the workspace's issuer is a Kutano one from when its profile is in
// use; a workspace that wants no reviews is not reminded of them.
func TestProfileInUse(t *testing.T) {
	r := newRig(t, strings.ReplaceAll(kutanoURI, "Kutano", "Example%20SSO"))
	if err := r.vault.Vault.SetRecovery(context.Background(), snapshot.NewKey()); err != nil {
		t.Fatal(err)
	}
	r.u.reload()
	r.settle()
	if r.u.kutanoHere() {
		t.Fatal("an account of another service is Kutano's")
	}
	r.u.Go(placeSettings)
	r.settle()
	r.mustSee("Your workspace", "The usual profile", "Use a profile…")
	use := func(text string) {
		t.Helper()
		r.u.workspace.Take(text)
		r.settle()
		r.press("Use this profile")
		r.press("Done")
	}
	use(workspaceTOML)
	r.mustSee("Example Ltd", "no reminders", "Back to the usual one…")
	if !r.u.kutanoHere() || !r.u.readinessFacts().KeyHere || !r.u.readinessFacts().Contact {
		t.Errorf("accounts %v, facts %+v", r.u.care.kutano, r.u.readinessFacts())
	}
	review := "Half a minute to check that you would get back in."
	r.tick(noon.AddDate(1, 0, 0))
	if r.sees(review) || r.u.aroundSetup().Profile().Months >= 0 {
		t.Error("reminded all the same")
	}
	use(strings.Replace(workspaceTOML, "review_months = 0", "review_months = 3", 1))
	r.tick(noon.AddDate(1, 0, 1))
	r.mustSee(review)
	if m := r.u.aroundSetup().Profile().Months; m != 3 {
		t.Errorf("every %d months", m)
	}
}

// An account that the profile recognises is added as a Kutano one: first in the list,
// and what to do next is said of Kutano.
func TestAddRecognised(t *testing.T) {
	r := newRig(t, "otpauth://totp/GitHub:ana?secret="+otherKey+"&issuer=GitHub")
	r.u.workspace.Take(workspaceTOML)
	r.settle()
	r.press("Use this profile")
	r.press("Done")
	r.u.adding.Link(strings.ReplaceAll(kutanoURI, "Kutano", "Example%20SSO"))
	r.settle()
	r.press("Add this account")
	r.mustSee("Now go back to Kutano, press Continue and type")
	if as := r.u.aroundSafe().Vault().Accounts(); !as[0].Kutano || as[1].Kutano {
		t.Errorf("the safe sees %+v", as)
	}
	if as := r.vault.Accounts(); len(as) != 2 || as[0].Issuer != "Example SSO" || as[0].Kutano {
		t.Errorf("accounts %+v", as)
	}
}

// The command line's change is seen when the settings are; the lock takes sheets away.
func TestProfileElsewhere(t *testing.T) {
	r := newRig(t, kutanoURI)
	p, err := profile.Parse([]byte(workspaceTOML))
	if err != nil {
		t.Fatal(err)
	}
	if err := profile.In(r.dir).Use(p); err != nil {
		t.Fatal(err)
	}
	r.u.Go(placeSettings)
	r.settle()
	r.mustSee("Hana at the helpdesk")
	if r.u.profile.Name != "Example Ltd" {
		t.Errorf("in use is %q", r.u.profile.Name)
	}
	r.u.workspace.Use()
	r.u.Lock()
	r.settle()
	if !r.u.locked || kit.TopSheet(r.w.Canvas()) != nil || r.u.workspace.Showing() != nil {
		t.Error("a sheet stands over the lock")
	}
	r.u.workspace.Take(workspaceTOML)
	r.u.Dropped([]fyne.URI{storage.NewFileURI(workspaceFile(t, "workspace.toml"))})
	r.settle()
	if r.u.workspace.Showing() != nil {
		t.Error("a sheet came over the lock")
	}
}
