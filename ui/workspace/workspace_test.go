// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"bytes"
	"errors"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/clipboard"
)

const otpauthURI = "otpauth://totp/Kutano:ana@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kutano"

// From each source a profile is shown, with its signature, before it is kept.
func TestSources(t *testing.T) {
	p := parsed(t, example)
	for name, from := range map[string]func(r *rig){
		"file":                func(r *rig) { r.chosen = fileOf(t, example); r.press("Open a file…") },
		"file with a QR text": func(r *rig) { r.chosen = fileOf(t, qrOf(t, p)+"\n"); r.press("Open a file…") },
		"picture":             func(r *rig) { r.chosen = pictureFile(t, otpauthURI, qrOf(t, p)); r.press("Open a file…") },
		"screen": func(r *rig) {
			r.eyes.screens = []image.Image{picture(t), picture(t, qrOf(t, p))}
			r.press("Scan the screen")
		},
		"seen twice": func(r *rig) {
			r.eyes.screens = []image.Image{picture(t, qrOf(t, p), qrOf(t, p))}
			r.press("Scan the screen")
		},
		"clipboard":            func(r *rig) { r.eyes.clip.Text = example; r.press("Paste") },
		"clipboard's QR text":  func(r *rig) { r.eyes.clip.Text = " " + qrOf(t, p); r.press("Paste") },
		"clipboard's picture":  func(r *rig) { r.eyes.clip = clipboard.Clip{Picture: picture(t, qrOf(t, p))}; r.press("Paste") },
		"text that was met":    func(r *rig) { r.f.Take(qrOf(t, p)); r.settle() },
		"dropped on the sheet": func(r *rig) { r.f.File(fileOf(t, example)); r.settle() },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.press("Use a profile…")
			from(r)
			r.mustSee("Use this profile?", "Not signed: anybody may have made it.", "Example Ltd", "https://app.example.com/settings",
				"https://2fa.example.com", "Hana at the helpdesk, +49 30 1234567", "every 3 months", "Bring a printed sheet to reception")
			if _, own := r.inUse(); own || r.changed != 0 || r.hidden != 0 {
				t.Fatalf("kept %t before it was said so, changed %d, hidden %d", own, r.changed, r.hidden)
			}
			r.press("Use this profile")
			r.mustSee("Your workspace’s profile is in use")
			if got, own := r.inUse(); !own || !got.Same(p) || r.changed != 1 || !r.f.Profile().Same(p) {
				t.Errorf("own %t, changed %d: %+v", own, r.changed, got)
			}
			r.press("Done")
			r.mustSee("Example Ltd", "Hana at the helpdesk", "1 note on the guide’s steps", "Not signed: anybody may have made it.", "Back to the usual one…")
		})
	}
}

// The first signer is shown with the key, is remembered, and is known again.
func TestSigned(t *testing.T) {
	r := newRig(t)
	p := signed(t, parsed(t, example))
	key := p.Signer.Fingerprint()
	r.f.Take(qrOf(t, p))
	r.settle()
	r.mustSee("Signed by Example Ltd, key "+key, "This signer is new here")
	r.press("Use this profile")
	r.press("Done")
	r.mustSee("Signed by Example Ltd, key " + key + ", as before.")
	r.f.Take(tomlOf(t, p))
	r.settle()
	r.mustSee("This profile is in use already")
	r.press("Done")
	if r.changed != 1 {
		t.Errorf("changed %d times", r.changed)
	}
}

// Another signer, and none, is asked about; the obvious answer changes nothing.
func TestAsks(t *testing.T) {
	first := signed(t, parsed(t, example))
	other := parsed(t, strings.Replace(example, "+49 30 1234567", "+49 30 7654321", 1))
	for says, p := range map[string]profile.Profile{
		"but with another key than before": signed(t, other),
		"though the one before was":        other,
	} {
		r := newRig(t)
		r.use(first)
		r.f.Take(qrOf(t, p))
		r.settle()
		r.mustSee("Use this profile all the same?", says, "Ask your administrator before you use it.",
			"The key that is remembered is "+first.Signer.Fingerprint(), "+49 30 7654321")
		if top := kit.TopSheet(r.w.Canvas()); r.w.Canvas().Focused() != top.Main || top.Main.Text != "Keep the one in use" {
			t.Errorf("%s: the focus is not on what changes nothing", says)
		}
		r.press("Keep the one in use")
		if got, _ := r.inUse(); !got.Same(first) {
			t.Errorf("%s: used without a yes", says)
		}
		r.f.Take(qrOf(t, p))
		r.settle()
		r.press("Use it all the same")
		r.press("Done")
		if got, _ := r.inUse(); !got.Same(p) {
			t.Errorf("%s: not used after a yes", says)
		}
		r.mustSee("+49 30 7654321")
	}
}

// What is hostile, too large, newer or something else says so, and changes nothing.
func TestRefused(t *testing.T) {
	ours := tomlOf(t, signed(t, parsed(t, example)))
	for name, tc := range map[string]struct{ data, says string }{
		"another file":         {"[package]\nname = \"x\"\n", "That is not a workspace’s profile"},
		"an account":           {otpauthURI, "That is not a workspace’s profile"},
		"an unknown field":     {example + "\n[extra]\nkey = 1\n", "That is not a workspace’s profile"},
		"too large":            {example + "#" + strings.Repeat(" ", profile.MaxBytes), "larger than any profile"},
		"endless":              {strings.Repeat("a", 1<<20), "larger than any profile"},
		"newer":                {"version = 2\nname = \"x\"\n", "of a newer version"},
		"turned text":          {strings.Replace(example, "Example Ltd\"\nissuers", "dtL \u202eelpmaxE\"\nissuers", 1), "characters that cannot be seen"},
		"no https":             {strings.Replace(example, "https://2fa", "http://2fa", 1), "not a plain https"},
		"letters that mislead": {strings.Replace(example, "https://app.example", "https://app.еxample", 1), "not a plain https"},
		"changed after":        {strings.Replace(ours, "1234567", "7654321", 1), "changed after it was signed"},
		"damaged QR text":      {"KUTANO-PROFILE:1:ABCDEFGH", "That is not a workspace’s profile"},
		"empty":                {"", "That is not a workspace’s profile"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.chosen = fileOf(t, tc.data)
			r.f.Use()
			r.press("Open a file…")
			r.mustSee("That did not work", tc.says, "The profile in use stays as it is.")
			if _, own := r.inUse(); own || r.changed != 0 {
				t.Error("it was kept")
			}
			r.press("Another way")
			r.mustSee("Use your workspace’s profile")
		})
	}
}

func TestNotFound(t *testing.T) {
	r := newRig(t)
	r.eyes.screens = []image.Image{picture(t, otpauthURI)}
	r.f.Use()
	r.press("Scan the screen")
	r.mustSee("There is no QR code with a profile.")
	p := parsed(t, example)
	r.eyes.screens = []image.Image{picture(t, qrOf(t, p), qrOf(t, signed(t, p)))}
	r.press("Another way")
	r.press("Scan the screen")
	r.mustSee("Several different profiles are in view.")
	r.press("Another way")
	r.eyes.err = clipboard.ErrNoClipboard
	r.press("Paste")
	r.mustSee("That did not work")
	r.press("Another way")
	r.press("Open a file…") // and thinks better of it
	r.mustSee("Use your workspace’s profile")
	r.chosen = t.TempDir()
	r.press("Open a file…")
	r.mustSee("That is not a workspace’s profile")
	r.press("Another way")
	r.chosen = filepath.Join(t.TempDir(), "gone.toml")
	r.press("Open a file…")
	r.mustSee("That did not work")
	r.press("Another way")
	r.chosen = pictureFile(t, otpauthURI)
	r.press("Open a file…")
	r.mustSee("There is no QR code with a profile.")
	damaged := filepath.Join(t.TempDir(), "damaged.toml")
	if err := os.WriteFile(damaged, []byte("\x89PNG\r\n\x1a\nno more"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.chosen = damaged
	r.press("Another way")
	r.press("Open a file…")
	r.mustSee("That did not work")
}

// A scan that is given up leaves the window where it was.
func TestGivenUp(t *testing.T) {
	r := newRig(t)
	r.eyes.hang = true
	r.f.Scan()
	if r.hidden != 1 {
		t.Error("the window was in the way")
	}
	r.f.Showing().Others[0].Tapped(nil)
	r.settle()
	r.mustSee("Use your workspace’s profile")
	if r.hidden != 0 {
		t.Error("the window did not come back")
	}
	r.press("Cancel")
	if r.f.Showing() != nil || r.changed != 0 {
		t.Error("something is left")
	}
}

// The usual profile comes back; the signer stays unless it is ticked.
func TestBack(t *testing.T) {
	p := signed(t, parsed(t, example))
	for _, forget := range []bool{false, true} {
		r := newRig(t)
		r.use(p)
		r.press("Back to the usual one…")
		r.mustSee("Go back to the usual profile?", "Your accounts and codes stay as they are.", "The key that is remembered is "+p.Signer.Fingerprint())
		r.press("Cancel")
		if _, own := r.inUse(); !own {
			t.Fatal("it went back without a yes")
		}
		r.press("Back to the usual one…")
		if forget {
			r.press("Forget the remembered signer, too")
		}
		r.press("Go back")
		r.mustSee("The usual profile", "https://app.kutano.com")
		key, err := r.f.Keeper.Signer()
		if _, own := r.inUse(); own || err != nil || key.Is(p.Signer) == forget || r.sees("Forget the signer…") == forget || r.changed != 2 {
			t.Errorf("forget %t: own %t, key %v, changed %d, %v", forget, own, key, r.changed, err)
		}
		if forget {
			continue
		}
		r.press("Forget the signer…")
		r.mustSee("Forget the remembered signer?")
		r.press("Forget it")
		if key, err := r.f.Keeper.Signer(); err != nil || key != nil || r.sees("Forget the signer…") {
			t.Errorf("%v %v", key, err)
		}
	}
	r := newRig(t)
	r.use(parsed(t, example))
	r.press("Back to the usual one…")
	if r.sees("Forget the remembered signer, too") {
		t.Error("a signer that is not there can be forgotten")
	}
}

// What is kept and cannot be read says why, and the way back is open.
func TestKeptDamaged(t *testing.T) {
	for name, tc := range map[string]struct {
		text, says string
		stuck      bool // it must not be overwritten either
	}{
		"no JSON": {"no JSON", "can no longer be read", false},
		"changed": {"", "can no longer be read", false},
		"newer":   {`{"version": 2}`, "of a newer version", true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "profile.json")
			p := signed(t, parsed(t, example))
			if err := profile.In(dir).Use(p); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if tc.text == "" {
				tc.text = string(bytes.Replace(data, []byte("1234567"), []byte("7654321"), 1))
			}
			if err := os.WriteFile(path, []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			r := newRigIn(t, kit.ModeLight, wide, dir)
			r.mustSee(tc.says, "Back to the usual one…")
			if !r.f.Profile().Same(profile.Default()) {
				t.Error("it is used")
			}
			r.f.Refresh()
			r.settle()
			r.mustSee(tc.says)
			r.press("Back to the usual one…")
			r.press("Go back")
			if tc.stuck {
				r.mustSee("That did not work", tc.says)
				return
			}
			r.mustSee("The usual profile")
			if r.sees(tc.says) {
				t.Error("it is still told")
			}
		})
	}
}

// What the command line changed is seen when the settings are.
func TestRefresh(t *testing.T) {
	r := newRig(t)
	r.f.Refresh()
	r.settle()
	if r.changed != 0 {
		t.Error("told of nothing")
	}
	r.use(parsed(t, example))
	r.mustSee("Hana at the helpdesk")
	if r.changed != 1 || r.f.Profile().Name != "Example Ltd" {
		t.Errorf("changed %d times, %q", r.changed, r.f.Profile().Name)
	}
}

// Left while it is kept: what became of it shows all the same.
func TestLeftWhileKeeping(t *testing.T) {
	r := newRig(t)
	p := parsed(t, example)
	r.f.Take(qrOf(t, p))
	r.settle()
	r.f.Showing().Main.Tapped(nil)
	r.f.Close()
	r.settle()
	if got, own := r.inUse(); !own || !got.Same(p) || r.changed != 1 || r.f.Showing() != nil {
		t.Errorf("own %t, changed %d", own, r.changed)
	}
	r.mustSee("Hana at the helpdesk")
}

func TestMessages(t *testing.T) {
	for _, err := range []error{profile.ErrNone, profile.ErrSeveral, profile.ErrKept, errors.New("another")} {
		if m := messageOf(err); m.What == "" || m.Next == "" {
			t.Errorf("%v: %+v", err, m)
		}
	}
}
