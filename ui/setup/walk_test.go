// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"image"
	"image/draw"
	"maps"
	"slices"
	"testing"

	"github.com/kutano/authenticator/assets"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/scan"
)

// ways are the buttons of the step that lead on.
func (r *rig) ways() []*kit.Button {
	all := r.p.Others
	if r.p.Main != nil {
		all = append([]*kit.Button{r.p.Main}, all...)
	}
	for _, c := range r.p.step.Cards {
		all = append(all, kit.NewButton(c.Choice.Label, func() { r.p.choose(c.Choice) }))
	}
	return slices.DeleteFunc(slices.Clone(all), func(b *kit.Button) bool { return b.Disabled() })
}

// anew puts a step on show as if nothing had been before, with a Kutano account
// here or without.
func (r *rig) anew(here bool, step string) {
	r.flow.Close()
	r.p.home()
	r.vault.list, r.vault.removed, r.service.note = nil, nil, nil
	r.linked = r.linked && step != "link"
	r.p.dropCodes()
	r.p.codesDone, r.p.refused, r.p.rescanned = "", 2, false
	if here {
		r.add("Kutano", "ana@example.com", keyA)
	}
	if step == "sms-text" { // the message was sent
		_, _ = r.service.Begin(r.t.Context(), link.SMS, "+49 170 1234567")
	}
	r.to(guide.Setup, step)
}

// TestGoesOnAfterARestart stops at each step and finds it again.
func TestGoesOnAfterARestart(t *testing.T) {
	g, _ := guide.Load()
	r := newRig(t)
	a := r.add("Kutano", "ana@example.com", keyA)
	r.keeps()
	for _, s := range g.Steps {
		if s.End {
			continue // nothing to go on with
		}
		r.to(guide.Setup, s.ID)
		r.p.Leave()
		r.open()
		if r.p.Step() != "" || r.p.Resume == nil {
			t.Fatalf("%s: nothing offers to go on", s.ID)
		}
		r.mustSee("You stopped at “" + s.Title + "”.")
		r.p.Key("Return") // the obvious thing to do
		r.settle()
		r.at(s.ID)
		if r.p.run.Account() != string(a.ID) {
			t.Errorf("%s: it is not known any more whose account it is about", s.ID)
		}
		r.p.Key("Escape")
		r.at("phone")
	}
}

// Whoever asks for the set-up goes on with it where it was begun, also before it is
// known that there is one.
func TestStart(t *testing.T) {
	r := newRig(t)
	r.keeps()
	p, err := New(r.around)
	if err != nil {
		t.Fatal(err)
	}
	p.Start() // nothing was read yet
	r.settle()
	if p.Step() != "reasons" {
		t.Errorf("at first it is at %q", p.Step())
	}
	r.to(guide.Setup, "scan")
	r.p.Start()
	r.at("scan")
	p, err = New(r.around)
	if err != nil {
		t.Fatal(err)
	}
	p.Start()
	r.settle()
	if p.Step() != "" || p.Resume == nil {
		t.Errorf("what was begun is gone: at %q", p.Step())
	}
	p.Start()
	if p.Step() != "" || p.Resume == nil {
		t.Errorf("what was begun is gone once asked again: at %q", p.Step())
	}
	r.to(guide.Disable, "off-press") // something else was begun
	r.p.Start()
	r.at("")
	if r.p.Resume == nil {
		t.Error("it does not offer to go on with what was begun")
	}
	r.to(guide.Disable, "stays") // and has ended
	r.p.Start()
	r.at("reasons")
}

// What is under way is not replaced without a question, wherever it was begun from
// and however early.
func TestBeginAsks(t *testing.T) {
	r := newRig(t)
	r.keeps()
	r.to(guide.Setup, "scan")
	r.p.Begin(guide.NewCodes)
	r.at("scan")
	r.mustSee("Forget where you stopped, and begin “Make new backup codes”?")
	r.press("Go on where you were")
	r.at("scan")
	r.p.Key("Escape")
	r.p.home()
	r.press("Make new backup codes")
	r.at("")
	r.press("Go on where you were")
	r.at("phone")

	p, err := New(r.around)
	if err != nil {
		t.Fatal(err)
	}
	r.p = p
	r.w.SetContent(p.Object())
	p.Begin(guide.Setup) // nothing was read yet
	r.settle()
	r.at("")
	r.press("Begin again")
	r.at("reasons")

	// Of what is at its beginning, or has ended, nothing is lost.
	r.p.Begin(guide.Disable)
	r.at("off")
	r.to(guide.Disable, "stays")
	r.p.Begin(guide.Review)
	if r.p.Step() == "stays" || kit.TopSheet(r.w.Canvas()) != nil {
		t.Errorf("it asks at %q", r.p.Step())
	}
}

// TestEnds: what has come to its end is not gone on with, and leads out.
func TestEnds(t *testing.T) {
	r := newRig(t)
	r.keeps()
	r.to(guide.Disable, "stays")
	r.press("Done")
	if r.p.Step() != "" {
		t.Fatalf("still at %q", r.p.Step())
	}
	r.open()
	if r.p.Resume != nil {
		t.Error("it offers to go on with what has ended")
	}
}

// TestMapsOfTheGuide holds that what is known here by the id of a step is there.
func TestMapsOfTheGuide(t *testing.T) {
	g, _ := guide.Load()
	ids := slices.Collect(maps.Keys(ordered))
	ids = append(ids, slices.Collect(maps.Keys(renews))...)
	for _, id := range append(ids, laterStep) {
		if _, ok := g.Step(id); !ok {
			t.Errorf("the guide has no step %q", id)
		}
	}
	for _, name := range guide.Pictures() {
		if assets.Picture(string(name)) == nil {
			t.Errorf("there is no drawing of %q", name)
		}
	}
	used := map[guide.Picture]bool{}
	for _, s := range g.Steps {
		used[s.Picture] = true
	}
	for _, e := range g.Entries {
		if entryIcons[e.Name] == "" {
			t.Errorf("entry %s has no icon", e.Name)
		}
	}
	for _, s := range g.Steps {
		if s.Stuck != "" && !slices.Contains(guide.Topics(), s.Stuck) {
			t.Errorf("%s: there is no recovery topic %q", s.ID, s.Stuck)
		}
	}
}

// TestOneOfEach: a step has a title, a picture, one main button with the keyboard
// on it or on a field, and a way back.
func TestOneOfEach(t *testing.T) {
	g, _ := guide.Load()
	r := newRig(t)
	r.add("Kutano", "ana@example.com", keyA)
	for _, s := range g.Steps {
		r.to(guide.Setup, s.ID)
		mains, pictures := 0, 0
		for _, o := range r.objects() {
			switch o := o.(type) {
			case *kit.Button:
				if o.Style == kit.Main {
					mains++
				}
				if o.AccessibilityLabel() == "" {
					t.Errorf("%s: a button has no label", s.ID)
				}
			case *kit.Picture:
				pictures++
			}
		}
		if mains != 1 || r.p.Main == nil || r.p.BackTo == nil || (pictures == 1) != (s.Picture != "") {
			t.Errorf("%s: %d main buttons, %d pictures", s.ID, mains, pictures)
		}
		if r.w.Canvas().Focused() == nil {
			t.Errorf("%s: nothing has the keyboard", s.ID)
		}
		if (r.p.Help != nil) != (s.Stuck != "") {
			t.Errorf("%s: “I’m stuck” is not as the guide says", s.ID)
		}
		if r.p.Help == nil {
			continue
		}
		r.p.Help.Tapped(nil)
		if n := len(r.stuck); n == 0 || r.stuck[n-1] != s.Stuck {
			t.Errorf("%s: it opened %q", s.ID, r.stuck)
		}
		r.at(s.ID)
	}
}

// BenchmarkStep draws steps, which may take 50 ms each.
func BenchmarkStep(b *testing.B) {
	g, _ := guide.Load()
	for _, id := range []string{"reasons", "method", "open", "scan", "code", "check", "summary"} {
		b.Run(id, func(b *testing.B) {
			r := newRig(b)
			r.add("Kutano", "ana@example.com", keyA)
			if _, ok := g.Step(id); !ok {
				b.Fatal(id)
			}
			r.to(guide.Setup, id)
			for b.Loop() {
				r.p.piece = nil
				r.p.show() // laid out, with the picture worked out; painting is the driver's
			}
		})
	}
}

// BenchmarkFromScreenToCode is the way from a QR code on a large screen to the code
// that is typed, which may take a second of our own time.
func BenchmarkFromScreenToCode(b *testing.B) {
	qr, err := scan.Draw(uri("Kutano", "ana@example.com", keyA), 240)
	if err != nil {
		b.Fatal(err)
	}
	screen := image.NewRGBA(image.Rect(0, 0, 1920, 1080))
	draw.Draw(screen, screen.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(screen, qr.Bounds().Add(image.Pt(900, 400)), qr, image.Point{}, draw.Src)
	r := newRig(b)
	r.eyes.screens = []image.Image{screen}
	for b.Loop() {
		r.vault.list = nil
		r.to(guide.Setup, "scan")
		r.press("Scan my screen now")
		r.tick()
		r.at("code")
	}
}
