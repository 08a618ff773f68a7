// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

func screens() map[string]func(*rig) {
	ready := func(r *rig, agent, user string) {
		r.begin(agent)
		r.hear(right())
		r.meet(user)
		r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Called, helpdesk.Boss, helpdesk.Video, helpdesk.Calm, helpdesk.Alone)
	}
	return map[string]func(*rig){
		"new": func(*rig) {},
		"typing": func(r *rig) {
			all := wordsOf(r.t, wrong())
			r.typeAll(all[0], all[1][:4], "qzzqx", all[3])
		},
		"misheard": func(r *rig) {
			all := wordsOf(r.t, wrong())
			all[1], all[2] = all[2], all[1]
			r.typeAll(all...)
		},
		"found": func(r *rig) { r.hear(wrong()) },
		"fixed": func(r *rig) {
			r.hear(wrong())
			r.r.AskAgain()
			r.hear(right())
		},
		"urged": func(r *rig) {
			r.hear(wrong())
			r.layout()
			r.r.answer(helpdesk.Calm, false)
		},
		"advised": func(r *rig) {
			r.begin("hana")
			r.hear(wrong())
			r.meet("ana")
			r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Called, helpdesk.Boss, helpdesk.Calm, helpdesk.Alone)
			r.r.Press(link.ActBypass)
			r.press("Show me in the checklist")
			r.layout()
			r.r.reveal(r.r.list.rows[helpdesk.Video].row)
		},
		"skip": func(r *rig) { r.r.Skip(helpdesk.Backup) },
		"at-desk": func(r *rig) {
			r.begin("hana")
			r.r.who.query.SetText("a@")
			r.r.Find()
			r.settle()
		},
		"offer": func(r *rig) { r.linked = true; r.r.Refresh() },
		"user":  func(r *rig) { r.begin("hana"); r.meet("ben") },
		"ready": func(r *rig) {
			ready(r, "hana", "ana")
			r.r.scroll.ScrollToBottom()
		},
		"missing": func(r *rig) {
			r.begin("hana")
			r.meet("ana")
			r.r.Press(link.ActBypass)
		},
		"refused": func(r *rig) {
			ready(r, "hana", "olga")
			r.r.Press(link.ActReset)
		},
		"confirm": func(r *rig) {
			ready(r, "hana", "ana")
			r.r.Press(link.ActBypass)
		},
		"code": func(r *rig) {
			ready(r, "hana", "ana")
			r.r.Press(link.ActBypass)
			r.press("Make a bypass code")
		},
		"hidden": func(r *rig) {
			ready(r, "hana", "ana")
			r.r.Press(link.ActBypass)
			r.press("Make a bypass code")
			r.r.Veil()
		},
		"resync": func(r *rig) {
			ready(r, "hana", "ana")
			r.r.Press(link.ActResync)
			r.press("Allow two codes")
		},
		"not-known": func(r *rig) {
			ready(r, "hana", "ana")
			r.r.Press(link.ActUnlock)
			r.r.scroll.ScrollToBottom()
			r.desk.Fail = func(call string, after bool) error {
				if call == "unlock" && after || call == "look" && r.desk.Calls["unlock"] > 0 {
					return link.ErrUnreachable
				}
				return nil
			}
			r.press("Unlock")
		},
		"elsewhere": func(r *rig) {
			r.r.who.role.SetSelectedIndex(0)
			r.hear(right())
			r.tick(helpdesk.Step, helpdesk.Backup, helpdesk.Called, helpdesk.Calm, helpdesk.Alone)
			r.r.Press(link.ActUnlock)
		},
		"note": func(r *rig) {
			ready(r, "hana", "ana")
			r.r.Note()
		},
		"end":      func(r *rig) { r.hear(wrong()); r.r.End() },
		"practice": func(r *rig) { r.r.Practise() },
		"runbook":  func(r *rig) { r.r.Runbook() },
	}
}

// TestGallery draws every screen, wide, on a phone and dark. With KUTANO_GALLERY it
// keeps the pictures in that folder, to be looked at.
func TestGallery(t *testing.T) {
	for _, g := range []struct {
		name string
		mode kit.Mode
		text int // percent
		size fyne.Size
	}{
		{"light", kit.ModeLight, 100, fyne.NewSize(816, 1000)}, // beside the rail
		{"dark", kit.ModeDark, 100, fyne.NewSize(1100, 1000)},
		{"phone-light", kit.ModeLight, 100, fyne.NewSize(360, 780)},
		{"phone-dark", kit.ModeDark, 100, fyne.NewSize(360, 780)},
		{"phone-large", kit.ModeLight, 150, fyne.NewSize(360, 780)},
	} {
		if os.Getenv("KUTANO_GALLERY") == "" && g.name != "phone-large" {
			continue // where there is least room is what is held
		}
		for name, show := range screens() {
			t.Run(name+"-"+g.name, func(t *testing.T) {
				r := newRigIn(t, g.mode, g.text, g.size)
				show(r)
				r.keep(name + "-" + g.name)
			})
		}
	}
}

func savePicture(t *testing.T, name string, img image.Image) {
	t.Helper()
	dir := os.Getenv("KUTANO_GALLERY")
	if dir == "" {
		return
	}
	out, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := png.Encode(out, img); err != nil {
		t.Error(err)
	}
}
