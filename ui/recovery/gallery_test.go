// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/keystore"
)

// TestGallery draws every step and what else there is to be seen, wide, on a phone,
// dark and with large text. With KUTANO_GALLERY it keeps the pictures in that folder,
// to be looked at.
func TestGallery(t *testing.T) {
	for _, g := range []struct {
		name    string
		mode    kit.Mode
		size    fyne.Size
		percent int
	}{
		{"light", kit.ModeLight, fyne.NewSize(860, 900), 100},
		{"dark", kit.ModeDark, fyne.NewSize(860, 900), 100},
		{"phone-light", kit.ModeLight, fyne.NewSize(360, 1000), 100},
		{"phone-dark", kit.ModeDark, fyne.NewSize(360, 1000), 100},
		{"large", kit.ModeDark, fyne.NewSize(360, 1400), 150},
	} {
		if os.Getenv("KUTANO_GALLERY") == "" && g.name != "large" {
			continue // where there is least room is what is held
		}
		t.Run("steps-"+g.name, func(t *testing.T) {
			r := newRigIn(t, g.mode, g.size, g.percent)
			r.says.Profile.Contact = "IT desk, +44 20 7946 0018"
			r.add("ana@example.com", keyA)
			for _, s := range r.p.guide.Steps {
				state := wayTo(r.p.guide, s.ID)
				if s.Pause {
					state.Step, state.History = callStep, state.History[:len(state.History)-1]
				}
				run, err := r.p.guide.Restore(state, r.p.now.facts())
				if err == nil && s.Pause {
					err = run.Choose(guide.Choice{To: s.ID})
				}
				if err != nil {
					t.Fatal(err)
				}
				r.p.walk(run)
				r.settle()
				r.tick()
				r.keep(s.ID + "-" + g.name)
			}
		})
		for name, show := range screens() {
			t.Run(name+"-"+g.name, func(t *testing.T) {
				r := newRigIn(t, g.mode, g.size, g.percent)
				r.says.Profile.Contact = "IT desk, +44 20 7946 0018"
				r.p.Refresh()
				show(r)
				r.settle()
				r.keep(name + "-" + g.name)
			})
		}
	}
}

// wayTo is a step as the shortest way from any topic leads there.
func wayTo(g *guide.Guide, step string) guide.State {
	type at struct {
		entry, step string
		way         []string
	}
	var next []at
	for _, e := range g.Entries {
		next = append(next, at{e.Name, e.First, nil})
	}
	for ; len(next) > 0; next = next[1:] {
		a := next[0]
		if a.step == step || len(a.way) > 12 {
			return guide.State{Entry: a.entry, Step: a.step, History: a.way}
		}
		s, _ := g.Step(a.step)
		way := append(slices.Clone(a.way), a.step)
		for _, c := range s.Choices {
			next = append(next, at{a.entry, c.To, way})
		}
		for _, o := range s.Outcomes {
			next = append(next, at{a.entry, o.To, way})
		}
	}
	return guide.State{}
}

// screens are what the place can look like besides.
func screens() map[string]func(*rig) {
	open := func(topic string, before func(*rig)) func(*rig) {
		return func(r *rig) {
			r.add("ana@example.com", keyA)
			before(r)
			r.p.Open(topic)
			r.settle()
			r.tick()
		}
	}
	return map[string]func(*rig){
		"front":      func(r *rig) { r.p.refresh() },
		"front-more": func(r *rig) { r.press("More") },
		"front-kept": func(r *rig) {
			r.p.Open(guide.NoText)
			r.press("Go through the steps")
			r.p.home()
		},
		"checks-clock":   open(guide.Refused, func(r *rig) { r.clockIs(47 * time.Second) }),
		"checks-right":   open(guide.Refused, func(r *rig) { r.clockIs(0) }),
		"checks-locked":  open(guide.KeysLocked, func(r *rig) { r.says.StoreErr = keystore.ErrLocked }),
		"checks-removed": open(guide.Empty, (*rig).remove),
		"checks-several": open(guide.WrongAccount, func(r *rig) { r.add("work@example.com", keyB) }),
		"checks-shut": open(guide.Refused, func(r *rig) {
			r.says.Linked = status(shut, noon)
			r.around.Ask = func(func(error)) {}
			r.open()
		}),
		"checks-measure": func(r *rig) {
			r.add("ana@example.com", keyA)
			r.network(clock.OnDemand)
			r.p.Open(guide.Refused)
		},
		"checks-beside": func(r *rig) {
			r.add("ana@example.com", keyA)
			r.network(clock.OnDemand)
			r.clockIs(0)
			r.p.Open(guide.NoCodes)
		},
		"checks-daily": func(r *rig) {
			r.add("ana@example.com", keyA)
			r.network(clock.Daily)
			r.p.Open(guide.Refused)
		},
		"checks-offline": func(r *rig) {
			r.add("ana@example.com", keyA)
			_, reply := r.network(clock.Daily)
			r.p.Open(guide.Refused)
			r.settle()
			reply(0, offline)
		},
		"call-linked": func(r *rig) {
			r.add("ana@example.com", keyA)
			r.says.Linked = status(shut, noon)
			_, reply := r.asks(func() error { return link.ErrUnreachable })
			r.p.OpenCall()
			r.settle()
			r.press("Ask the service now")
			reply()
			r.p.scroll.ScrollToBottom()
		},
		"checks-discreet": func(r *rig) {
			r.add("ana@example.com", keyA)
			r.says.Sets = []backupcodes.Set{{Title: "Kutano", Account: "a1", Where: "in the safe at home", Place: backupcodes.Elsewhere}}
			r.says.Guarded, r.closed, r.says.StoreErr = true, true, keystore.ErrSealed
			r.p.Open(guide.Refused)
		},
		"two-second": func(r *rig) {
			r.add("ana@example.com", keyA)
			r.p.OpenCall()
			r.settle()
			r.press("I should type two codes")
			r.tick()
			r.pass(20)
		},
		"codes-several": func(r *rig) {
			r.add("ana@example.com", keyA)
			r.add("work@example.com", keyB)
			r.clockIs(0)
			r.p.Open(guide.Refused)
			r.settle()
			r.press("Show my code")
		},
		"call-tells": func(r *rig) {
			r.add("ana@example.com", keyA)
			r.p.OpenCall()
			r.settle()
			r.press("What the words mean")
			r.p.scroll.ScrollToBottom()
		},
		"report": func(r *rig) {
			r.add("ana@example.com", keyA)
			r.p.OpenCall()
			r.settle()
			r.press("Save a report")
		},
	}
}

// keep keeps a picture of the window, and holds that all of it fits.
func (r *rig) keep(name string) {
	r.t.Helper()
	if r.w.Canvas().Overlays().Top() == nil {
		r.w.SetContent(container.NewStack(kit.NewGround(theme.ColorNameBackground), r.p.Object()))
	}
	img := r.w.Canvas().Capture()
	size := r.w.Canvas().Size()
	for _, o := range r.objects() {
		switch o := o.(type) {
		case *container.Scroll:
			if o.Content.MinSize().Width > size.Width {
				r.t.Errorf("%s asks for a width of %v", name, o.Content.MinSize().Width)
			}
		case *kit.Button:
			if at := r.app.Driver().AbsolutePositionForObject(o).X; o.Visible() && (at < 0 || at+o.Size().Width > size.Width) {
				r.t.Errorf("%s: the button %q stands out of the window", name, o.Text)
			}
		}
	}
	dir := os.Getenv("KUTANO_GALLERY")
	if dir == "" {
		return
	}
	out, err := os.Create(filepath.Join(dir, "recovery-"+name+".png"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer out.Close()
	if err := png.Encode(out, img); err != nil {
		r.t.Error(err)
	}
}
