// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/queuetest"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/scan"
)

func TestMain(m *testing.M) {
	_ = os.Setenv("LANG", "en_US.UTF-8")
	os.Exit(m.Run())
}

const example = `version = 1
name = "Example Ltd"
issuers = ["Kutano", "Example Ltd"]
settings = "https://app.example.com/settings"
help = "https://intranet.example.com/two-factor"
service = "https://2fa.example.com"
contact = "Hana at the helpdesk, +49 30 1234567"
review_months = 3

[[note]]
step = "keep"
text = "Bring a printed sheet to reception; they keep it in the safe."
`

// eyes see what a test draws; reading QR codes is real.
type eyes struct {
	screens []image.Image
	clip    clipboard.Clip
	err     error
	hang    bool
}

func (e *eyes) Screen(ctx context.Context) ([]image.Image, error) {
	if e.hang {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return e.screens, e.err
}

func (e *eyes) Clipboard(context.Context) (clipboard.Clip, error) { return e.clip, e.err }

func (e *eyes) Decode(ctx context.Context, img image.Image) ([]string, error) {
	return scan.Decode(ctx, img)
}

// rig is a window with a flow in it, and its section behind that.
type rig struct {
	t       *testing.T
	app     *queuetest.App
	w       fyne.Window
	f       *Flow
	dir     string
	eyes    *eyes
	chosen  string // the file that the user chooses, "" for none
	changed int
	hidden  int
}

func newRig(t *testing.T) *rig {
	return newRigIn(t, kit.ModeLight, fyne.NewSize(1000, 700), t.TempDir())
}

func newRigIn(t *testing.T, mode kit.Mode, size fyne.Size, dir string) *rig {
	t.Helper()
	app := queuetest.New(t)
	app.Settings().SetTheme(kit.NewTheme(mode, 100))
	r := &rig{t: t, app: app, dir: dir, eyes: &eyes{}}
	r.w = app.NewWindow("")
	r.f = NewFlow(Around{
		Keeper: profile.In(dir), Eyes: r.eyes, Canvas: r.w.Canvas,
		Hide: func() { r.hidden++ }, Show: func() { r.hidden-- },
		ChooseFile: func(chosen func(string, bool), _ func(error)) { chosen(r.chosen, r.chosen != "") },
		Changed:    func() { r.changed++ },
	})
	r.w.SetContent(container.NewVScroll(kit.Pad(kit.NewColumn(r.f.Section()), kit.Space16)))
	r.w.SetPadded(false)
	r.w.Resize(size)
	t.Cleanup(func() { r.f.Close(); r.settle() })
	return r
}

// parsed reads a profile.
func parsed(t *testing.T, text string) profile.Profile {
	t.Helper()
	p, err := profile.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// signed signs a profile with a new key.
func signed(t *testing.T, p profile.Profile) profile.Profile {
	t.Helper()
	key, _ := profile.NewSigningKey()
	p, err := p.Sign(key)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func qrOf(t *testing.T, p profile.Profile) string {
	t.Helper()
	text, err := p.QR()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// fileOf is a file with a profile, or any text.
func fileOf(t *testing.T, data string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "workspace.toml")
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func tomlOf(t *testing.T, p profile.Profile) string {
	t.Helper()
	data, err := p.TOML()
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// picture draws QR codes beside each other.
func picture(t *testing.T, texts ...string) image.Image {
	t.Helper()
	const side = 700
	img := image.NewRGBA(image.Rect(0, 0, side*max(len(texts), 1), side))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	for i, text := range texts {
		qr, err := scan.Draw(text, side-100)
		if err != nil {
			t.Fatal(err)
		}
		draw.Draw(img, qr.Bounds().Add(image.Pt(i*side+50, 50)), qr, image.Point{}, draw.Src)
	}
	return img
}

// pictureFile is a file with a picture of QR codes.
func pictureFile(t *testing.T, texts ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "picture.png")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := png.Encode(out, picture(t, texts...)); err != nil {
		t.Fatal(err)
	}
	return path
}

// use has a profile kept before the test begins.
func (r *rig) use(p profile.Profile) {
	r.t.Helper()
	if err := r.f.Keeper.Use(p); err != nil {
		r.t.Fatal(err)
	}
	r.f.Refresh()
	r.settle()
}

// settle waits until nothing is under way and shows what came.
func (r *rig) settle() {
	for again := true; again; {
		kit.Settle()
		again = r.app.Flush()
	}
}

func (r *rig) objects() []fyne.CanvasObject {
	c := r.w.Canvas()
	all := test.LaidOutObjects(c.Content())
	for _, o := range c.Overlays().List() {
		all = append(all, test.LaidOutObjects(o)...)
	}
	return all
}

func (r *rig) texts() []string {
	var all []string
	for _, o := range r.objects() {
		if !o.Visible() {
			continue
		}
		switch o := o.(type) {
		case *widget.Label:
			all = append(all, o.Text)
		case *canvas.Text:
			all = append(all, o.Text)
		case *kit.Button:
			all = append(all, o.Text)
		}
	}
	return all
}

func (r *rig) sees(text string) bool {
	return slices.ContainsFunc(r.texts(), func(s string) bool { return strings.Contains(s, text) })
}

func (r *rig) mustSee(texts ...string) {
	r.t.Helper()
	for _, text := range texts {
		if !r.sees(text) {
			r.t.Errorf("the window does not say %q but %q", text, r.texts())
		}
	}
}

// press presses a button, a door or a tick by what it says, and waits for what
// comes of it.
func (r *rig) press(text string) {
	r.t.Helper()
	all := r.objects()
	slices.Reverse(all) // what is above comes last
	for _, o := range all {
		switch o := o.(type) {
		case *kit.Button:
			if o.Text == text && o.Visible() && !o.Disabled() {
				o.Tapped(nil)
				r.settle()
				return
			}
		case *kit.Door:
			if strings.HasPrefix(o.AccessibilityLabel(), text) {
				o.Tapped(nil)
				r.settle()
				return
			}
		case *kit.Check:
			if o.Text == text {
				o.SetChecked(!o.Checked)
				return
			}
		}
	}
	r.t.Fatalf("there is nothing that says %q to press", text)
}

// inUse returns what is kept.
func (r *rig) inUse() (p profile.Profile, own bool) {
	r.t.Helper()
	p, own, err := r.f.Keeper.Current()
	if err != nil {
		r.t.Fatal(err)
	}
	return p, own
}
