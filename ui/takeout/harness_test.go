// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package takeout

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/queuetest"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// turned is a clock that a test turns.
type turned struct {
	mu  sync.Mutex
	now time.Time
}

func (c *turned) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// fakeVault has accounts to be taken out.
type fakeVault struct {
	uris  []string
	aside int
	err   error
}

func (v *fakeVault) Document(context.Context) (snapshot.Document, error) {
	d := snapshot.Document{Aside: make([]snapshot.Aside, v.aside)}
	for _, u := range v.uris {
		d.Accounts = append(d.Accounts, snapshot.Entry{URI: secret.FromString(u)})
	}
	return d, v.err
}

// fakePrinter remembers what was printed.
type fakePrinter struct {
	there bool
	pages [][]byte
	err   error
}

func (p *fakePrinter) CanPrint(context.Context) bool { return p.there }
func (p *fakePrinter) Print(_ context.Context, pdf []byte) error {
	p.pages = append(p.pages, slices.Clone(pdf))
	return p.err
}

// rig is a window with a flow in it.
type rig struct {
	t       *testing.T
	app     *queuetest.App
	f       *Flow
	w       fyne.Window
	v       *fakeVault
	clock   *turned
	printer *fakePrinter
	dir     string // that a chooser gives
	veiled  bool   // another window is in front
}

const (
	keyA = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	keyB = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
)

func uri(issuer, name, key, more string) string {
	return "otpauth://totp/" + issuer + ":" + name + "?secret=" + key + "&issuer=" + issuer + more
}

// several are accounts, and one that not every app has a place for.
func several(n int) []string {
	all := []string{
		uri("Kutano", "ana@example.com", keyA, ""), uri("GitHub", "ana-example", keyB, ""),
		uri("Mail", "ana.with.a.rather.long.address@example.com", keyA, "&period=45&digits=7"),
	}
	for i := len(all); i < n; i++ {
		all = append(all, uri(fmt.Sprint("Service", i), "ana@example.com", keyB, ""))
	}
	return all
}

func newRig(t *testing.T) *rig { return newRigIn(t, kit.ModeLight, fyne.NewSize(1000, 700)) }

func newRigIn(t *testing.T, mode kit.Mode, size fyne.Size) *rig {
	t.Helper()
	app := queuetest.New(t)
	app.Settings().SetTheme(kit.NewTheme(mode, 100))
	r := &rig{
		t: t, app: app, v: &fakeVault{uris: several(3)}, clock: &turned{now: noon},
		printer: &fakePrinter{there: true}, dir: t.TempDir(),
	}
	r.w = app.NewWindow("")
	r.w.SetContent(kit.NewGround("background"))
	r.w.SetPadded(false)
	r.w.Resize(size)
	r.f = NewFlow(Around{
		Vault: func() Vault {
			if r.v == nil {
				return nil
			}
			return r.v
		},
		Clock: r.clock, Canvas: r.w.Canvas, Printer: r.printer, Veiled: func() bool { return r.veiled },
		ChooseFolder: func(chosen func(string, bool), _ func(error)) { chosen(r.dir, r.dir != "") },
	})
	t.Cleanup(r.settle)
	return r
}

func (r *rig) objects() []fyne.CanvasObject {
	c := r.w.Canvas()
	all := test.LaidOutObjects(c.Content())
	for _, o := range c.Overlays().List() {
		all = append(all, test.LaidOutObjects(o)...)
	}
	return all
}

// texts are all that stands somewhere on the window.
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
		case *kit.Door:
			all = append(all, o.AccessibilityLabel())
		case *kit.Entry:
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

// press presses a button or a door by what it says.
func (r *rig) press(text string) {
	r.t.Helper()
	r.settle()
	for _, o := range r.objects() {
		switch o := o.(type) {
		case *kit.Button:
			if o.Text == text && o.Visible() && !o.Disabled() {
				o.Tapped(nil)
				r.settle()
				return
			}
		case *kit.Door:
			if strings.HasPrefix(o.AccessibilityLabel(), text) && o.Visible() {
				o.Tapped(nil)
				r.settle()
				return
			}
		}
	}
	r.t.Fatalf("there is no button %q to press among %q", text, r.texts())
}

// entry returns the nth field on the sheet.
func (r *rig) entry(n int) *kit.Entry {
	r.t.Helper()
	for _, o := range r.objects() {
		if e, ok := o.(*kit.Entry); ok {
			if n == 0 {
				return e
			}
			n--
		}
	}
	r.t.Fatal("there is no such field")
	return nil
}

// list returns the list on the sheet.
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

// picture reports whether a QR code stands on the window.
func (r *rig) picture() bool {
	return slices.ContainsFunc(r.objects(), func(o fyne.CanvasObject) bool {
		i, ok := o.(*canvas.Image)
		return ok && i.Image != nil && i.Visible() && i.Image.Bounds().Dx() > 150
	})
}

// closed fails the test when a sheet or a secret is left.
func (r *rig) closed() {
	r.t.Helper()
	if kit.TopSheet(r.w.Canvas()) != nil {
		r.t.Error("a sheet is still there")
	}
	if r.f.qr != nil || len(r.f.job.entries) > 0 || r.f.job.pass.Len() > 0 || len(r.f.job.written.Files) > 0 {
		r.t.Error("a secret is still there")
	}
}

// settle waits until nothing is under way and shows what came.
func (r *rig) settle() {
	for again := true; again; {
		kit.Settle()
		again = r.app.Flush()
	}
}

var errBroken = errors.New("a printer without paper")

func TestMain(m *testing.M) {
	_ = os.Setenv("LANG", "en_US.UTF-8")
	os.Exit(m.Run())
}
