// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"cmp"
	"image"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	fynecontainer "fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

// TestGallery draws every step, wide, on a phone, dark and with large text. With
// KUTANO_GALLERY it keeps the pictures in that folder, to be looked at.
func TestGallery(t *testing.T) {
	for _, g := range []struct {
		name    string
		mode    kit.Mode
		size    fyne.Size
		percent int
	}{
		{"light", kit.ModeLight, fyne.NewSize(860, 700), 100},
		{"dark", kit.ModeDark, fyne.NewSize(860, 700), 100},
		{"phone-light", kit.ModeLight, fyne.NewSize(360, 780), 100},
		{"phone-dark", kit.ModeDark, fyne.NewSize(360, 780), 100},
		{"large", kit.ModeDark, fyne.NewSize(360, 1100), 150},
	} {
		if os.Getenv("KUTANO_GALLERY") == "" && g.name != "large" {
			continue // where there is least room is what is held
		}
		t.Run("steps-"+g.name, func(t *testing.T) {
			r := newRigIn(t, g.mode, g.size, g.percent)
			for _, s := range r.p.guide.Steps {
				r.linked = s.Live == guide.Enrol || s.Live == guide.Phone || s.Live == guide.Text
				r.anew(true, s.ID)
				r.by(entryOf(r.p.guide, s.ID), s.ID)
				r.keep(cmp.Or(calls[s.ID], s.ID) + "-" + g.name)
			}
		})
		for name, show := range galleryScreens(t) {
			t.Run(name+"-"+g.name, func(t *testing.T) {
				r := newRigIn(t, g.mode, g.size, g.percent)
				show(r)
				r.settle()
				r.keep(name + "-" + g.name)
			})
		}
	}
}

// calls is what a step's picture is called that would have the name of another one's
// on a phone.
var calls = map[string]string{"scan-phone": "scan-there"}

// galleryScreens are what the place and the pieces of steps can look like besides.
func galleryScreens(t *testing.T) map[string]func(*rig) {
	t.Helper()
	return map[string]func(*rig){
		"home": func(*rig) {},
		"home-kept": func(r *rig) {
			r.linked = true
			r.add("Kutano", "ana@example.com", keyA)
			r.by(guide.Setup, "scan")
			r.p.home()
		},
		"open-address": func(r *rig) {
			r.openErr = link.ErrNoBrowser
			r.by(guide.Setup, "open")
			r.press("Open my Kutano settings")
		},
		"scan-watching": func(r *rig) {
			r.by(guide.Setup, "scan")
			r.p.piece.(*scanPiece).watch.set(true)
		},
		"code-held": func(r *rig) {
			r.by(guide.Setup, "code")
			r.pass(17)
		},
		"check-clock": func(r *rig) {
			r.verdict = verdict.Verdict{Tone: verdict.Fail, Headline: "Your clock is 47 seconds slow: codes will be refused."}
			r.p.refused = 2
			r.by(guide.Setup, "check")
		},
		"enrol-failed": func(r *rig) {
			r.linked = true
			r.service.errs = []error{link.ErrUnreachable}
			r.by(guide.Setup, "enrol")
			r.press("Set it up now")
		},
		"odd": func(r *rig) {
			r.by(guide.Setup, "scan")
			r.eyes.show(t, uri("GitHub", "ana-example", keyB))
			r.press("Scan my screen now")
		},
	}
}

// to puts a step on show, as a restart there does, with the phone's step before it.
func (r *rig) to(entry, step string) {
	r.t.Helper()
	r.after(entry, step, []string{"reasons", "phone"})
}

// by puts it on show as the shortest way from an entry leads there, by hand where
// that can be.
func (r *rig) by(entry, step string) {
	r.t.Helper()
	way := wayTo(r.p.guide, entry, step, "enrol", "sms-send")
	if way == nil {
		way = wayTo(r.p.guide, entry, step)
	}
	r.after(entry, step, way)
}

func (r *rig) after(entry, step string, before []string) {
	r.t.Helper()
	state := guide.State{Entry: entry, Step: step, History: before}
	s, _ := r.p.guide.Step(step)
	if s.Pause {
		state.Step = "help"
	}
	run, err := r.p.guide.Restore(state, r.p.facts())
	if s.Pause {
		err = run.Choose(guide.Choice{To: step})
	}
	if err != nil {
		r.t.Fatal(err)
	}
	if here := r.p.accounts(); len(here) > 0 {
		run.SetAccount(string(here[0].ID))
	} else if step == "code" || step == "check" {
		run.SetAccount(string(r.add("Kutano", "ana@example.com", keyA).ID))
	}
	r.p.walk(run)
	r.settle()
	r.at(step)
	r.tick()
}

// wayTo are the steps on the shortest way from an entry to a step, without the step
// and round some others; nil where none leads there.
func wayTo(g *guide.Guide, entry, step string, round ...string) []string {
	e, ok := g.Entry(entry)
	if !ok {
		return nil
	}
	before := map[string]string{e.First: ""}
	for _, id := range round {
		before[id] = ""
	}
	for next := []string{e.First}; len(next) > 0; next = next[1:] {
		s, _ := g.Step(next[0])
		for _, to := range slices.Sorted(maps.Keys(ways(s))) {
			if _, met := before[to]; !met {
				before[to] = s.ID
				next = append(next, to)
			}
		}
	}
	var way []string
	for at := before[step]; at != ""; at = before[at] {
		way = append(way, at)
	}
	slices.Reverse(way)
	return way
}

// ways are the steps that a step can lead to.
func ways(s guide.Step) map[string]bool {
	to := map[string]bool{}
	for _, c := range s.Cards {
		to[c.Choice.To] = true
	}
	for _, c := range s.Choices {
		to[c.To] = true
	}
	for _, o := range s.Outcomes {
		to[o.To] = true
	}
	return to
}

// entryOf is the first entry from which a step can be reached.
func entryOf(g *guide.Guide, step string) string {
	for _, e := range g.Entries {
		if e.First == step || wayTo(g, e.Name, step) != nil {
			return e.Name
		}
	}
	return guide.Setup
}

// keep keeps a picture of the window, and holds that all of it fits.
func (r *rig) keep(name string) {
	r.t.Helper()
	r.w.SetContent(fynecontainer.NewStack(kit.NewGround(theme.ColorNameBackground), r.p.Object()))
	img := r.w.Canvas().Capture()
	size := r.w.Canvas().Size()
	for _, o := range r.objects() {
		switch o := o.(type) {
		case *fynecontainer.Scroll:
			if o.Content.MinSize().Width > size.Width {
				r.t.Errorf("%s asks for a width of %v", name, o.Content.MinSize().Width)
			}
		case *kit.Button:
			if at := r.app.Driver().AbsolutePositionForObject(o).X; o.Visible() && (at < 0 || at+o.Size().Width > size.Width) {
				r.t.Errorf("%s: the button %q stands out of the window", name, o.Text)
			}
		}
	}
	if dir := os.Getenv("KUTANO_GALLERY"); dir != "" {
		writePNG(r.t, filepath.Join(dir, "setup-"+name+".png"), img)
	}
}

func writePNG(t testing.TB, path string, img image.Image) {
	t.Helper()
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := png.Encode(out, img); err != nil {
		t.Error(err)
	}
}
