// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/snapshot"
)

// TestGallery draws every screen, wide, on a phone and dark. With
// KUTANO_GALLERY it keeps the pictures in that folder, to be looked at.
func TestGallery(t *testing.T) {
	for _, g := range []struct {
		name string
		mode kit.Mode
		size fyne.Size
	}{
		{"wide", kit.ModeLight, fyne.NewSize(1000, 700)},
		{"phone", kit.ModeLight, fyne.NewSize(390, 780)},
		{"dark", kit.ModeDark, fyne.NewSize(1000, 700)},
	} {
		if os.Getenv("KUTANO_GALLERY") == "" && g.name != "phone" {
			continue // where there is least room is what is held
		}
		for name, show := range pages() {
			t.Run(name+"-"+g.name, func(t *testing.T) {
				r := newRigIn(t, g.mode, g.size)
				show(r)
				r.settle()
				r.keep(name + "-" + g.name)
			})
		}
	}
}

// keep keeps a picture of the window, and holds that no sheet is wider than it.
func (r *rig) keep(name string) {
	r.t.Helper()
	size := r.w.Canvas().Size()
	for _, o := range r.objects() {
		if s, ok := o.(*container.Scroll); ok && s.Content.MinSize().Width > size.Width {
			r.t.Errorf("%s asks for a width of %v", name, s.Content.MinSize().Width)
		}
	}
	img := r.w.Canvas().Capture()
	dir := os.Getenv("KUTANO_GALLERY")
	if dir == "" {
		return
	}
	out, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer out.Close()
	if err := png.Encode(out, img); err != nil {
		r.t.Error(err)
	}
}

func pages() map[string]func(*rig) {
	info := func(n int, at time.Time) snapshot.Info {
		return snapshot.Info{Name: "x", Made: at, Size: 8192, Accounts: n, Key: "3f2a91cc0b7e55d1"}
	}
	return map[string]func(*rig){
		"make": func(r *rig) { r.f.MakeKey() },
		"make-again": func(r *rig) {
			r.v.set, r.v.since = []string{"age1pq1"}, noon
			r.f.MakeKey()
		},
		"words": func(r *rig) {
			r.f.draft = draft{key: snapshot.NewKey(), prints: true}
			r.f.showWords("")
		},
		"words-kept": func(r *rig) {
			r.f.draft = draft{key: snapshot.NewKey()}
			r.f.kept("The sheet is saved. Print it from there, and delete the file if others can read it.")
		},
		"prove": func(r *rig) {
			r.f.draft = draft{key: snapshot.NewKey(), noted: true}
			r.f.prove()
			r.entry(0).SetText("orange")
			r.entry(1).SetText("glove")
			r.press("Finish")
		},
		"save-same-drive": func(r *rig) { r.f.saveIn(saving{title: "Save the key file", name: "kutano-recovery-key.txt"}, r.dir) },
		"made":            func(r *rig) { r.v.set = []string{"age1pq1"}; r.f.made(r.v) },
		"sources": func(r *rig) {
			r.f.sources([]snapshot.Info{info(12, noon), info(11, noon.Add(-time.Hour))}, nil)
		},
		"snapshots": func(r *rig) {
			r.v.set = []string{"age1pq1"}
			all := []snapshot.Checked{{Info: info(12, noon)}, {Info: info(11, noon.Add(-26*time.Hour)), Err: snapshot.ErrDamaged}, {Info: info(9, noon.Add(-80*time.Hour))}}
			all[2].Key = "aaaabbbbccccdddd"
			r.f.list(all, true)
		},
		"ask-key": func(r *rig) {
			r.f.back = backup{name: "Snapshot of 2026-11-25 12:00", key: "3f2a91cc0b7e55d1", need: snapshot.NeedKey}
			r.f.unlock(nil)
		},
		"ask-key-typo": func(r *rig) {
			r.f.askKey(asking{
				title: "Type your recovery key", sentence: "kutano-backup-2026-11-25.age opens with the 16 words of your recovery key.", yes: "Open",
				typed: "harbour window candle orange village mountain peper silver garden thunder blanket copper dolphin engine feather glacier",
				says:  keySentence(&snapshot.WordError{At: 7, Word: "peper", Suggest: "pepper"}),
			})
		},
		"ask-pass": func(r *rig) {
			r.f.back = backup{name: "kutano-backup-2026-11-25.age", need: snapshot.NeedPassphrase}
			r.f.unlock(snapshot.ErrPassphrase)
		},
		"preview": func(r *rig) { previewOf(r, 7) },
		"preview-many": func(r *rig) {
			previewOf(r, 10_000)
		},
		"taken": func(r *rig) { r.f.taken(vault.Taken{Added: 12, Replaced: 1, Same: 3, Removed: 2, Refused: 1}, true) },
		"backup": func(r *rig) {
			r.v.set = []string{"age1pq1"}
			r.f.SaveBackup()
		},
		"backup-pass": func(r *rig) { r.f.choosePassphrase() },
		"older": func(r *rig) {
			r.f.state.Snapshots = 3
			r.f.ShowNotice(vault.Notice{Kind: vault.NoticeOlderKeys, At: noon.Unix()})
		},
		"no-escrow":   func(r *rig) { r.f.noEscrow() },
		"failed":      func(r *rig) { r.f.failed(snapshot.ErrCutShort, r.f.Restore) },
		"section-new": func(r *rig) { showSection(r, State{}) },
		"section": func(r *rig) {
			showSection(r, State{
				Key: true, Fingerprint: "3f2a91cc0b7e55d1", Since: noon, Snapshots: 14, Newest: info(12, noon),
				Copies: snapshot.Copies{Dir: "/media/ana/STICK/kutano", Every: snapshot.EveryDay, Last: noon, Err: "x"},
			})
		},
	}
}

func showSection(r *rig, s State) {
	o := r.f.Section()
	r.f.section.show(s)
	r.w.SetContent(container.NewStack(kit.NewGround(theme.ColorNameBackground), container.NewVScroll(kit.Pad(kit.NewColumn(o), kit.Space16))))
	r.w.Resize(r.w.Canvas().Size())
}

// previewOf shows a backup of n accounts, of each status some.
func previewOf(r *rig, n int) {
	all := []vault.Found{
		found("Kutano", "ana@example.com", vault.New), found("GitHub", "ana-example", vault.Same),
		found("Mail", "ana.with.a.rather.long.address@example.com", vault.Differs),
		{Err: otpauth.ErrBadSecret, Key: otpauth.Key{Issuer: "Broken", Account: "ana"}},
	}
	gone := found("OldBank", "ana", vault.New)
	gone.Removed = true
	all = append(all, gone)
	for i := len(all); i < n; i++ {
		all = append(all, found(fmt.Sprint("Service", i), "ana@example.com", vault.New))
	}
	here := []vault.Account{{ID: "GitHubana-example"}, {ID: "other"}}
	r.f.back = backup{name: "kutano-backup-2026-11-25.age", doc: snapshot.Document{Made: noon}, pick: newChoice(all, here)}
	r.f.preview()
}
