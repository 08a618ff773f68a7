// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"bytes"
	"context"
	"image"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/queuetest"
	"github.com/kutano/authenticator/ui/safety"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

var phone = fyne.NewSize(360, 780)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

const (
	passphrase = "correct horse battery staple"
	filePass   = "another four odd words"
)

// sample codes, in no service's form
const tenCodes = "k3q9-7hzt\nm2xw-4p8d\n9vfc-t6sj\nb7rn-2ykg\nh5de-x3mq\nz8tp-6wcv\nj4ks-9fbr\nq6gy-3ndh\nw2mx-8etz\nc9vj-5pks"

// wound is a clock that a test winds on.
type wound struct {
	mu  sync.Mutex
	now time.Time
}

func (c *wound) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *wound) on(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

type fakeVault []vault.Account

func (v fakeVault) Accounts() []vault.Account { return v }

var (
	kutano = vault.Account{ID: "k", Issuer: "Kutano", Name: "ana@example.com", Kutano: true}
	github = vault.Account{ID: "g", Issuer: "GitHub", Name: "ana-example"}
)

// fakePaper remembers what was drawn and printed. A page is the codes in lines.
type fakePaper struct {
	there   bool
	printed []string
	made    time.Time // on the last page with codes
	err     error
}

func (p *fakePaper) Codes(page sheet.CodeList) ([]byte, error) {
	p.made = page.Made
	text := "PDF " + page.Title
	for _, c := range page.Codes {
		text += "\n" + c.Reveal()
	}
	return []byte(text), p.err
}

func (p *fakePaper) Share(_ context.Context, page sheet.SharePaper) ([]byte, error) {
	text := page.Share.Text()
	defer text.Clear()
	return []byte("PDF " + page.Holder + "\n" + text.Reveal()), p.err
}

func (p *fakePaper) CanPrint(context.Context) bool { return p.there }
func (p *fakePaper) Print(_ context.Context, pdf []byte) error {
	p.printed = append(p.printed, string(pdf))
	return p.err
}

// fakeEyes see what a test gives them.
type fakeEyes struct {
	screens []image.Image
	clip    clipboard.Clip
	err     error
}

func (e *fakeEyes) Screen(context.Context) ([]image.Image, error) { return e.screens, e.err }
func (e *fakeEyes) Clipboard(context.Context) (clipboard.Clip, error) {
	return e.clip, e.err
}

func (e *fakeEyes) Decode(c context.Context, i image.Image) ([]string, error) {
	return scan.Decode(c, i)
}

// rig is a window with the place in it.
type rig struct {
	t       *testing.T
	app     *queuetest.App
	s       *Screen
	w       fyne.Window
	safe    *backupcodes.Safe
	vault   fakeVault
	closed  bool // the accounts are not open
	clock   *wound
	paper   *fakePaper
	eyes    *fakeEyes
	toast   *kit.Toast
	data    string // the data folder
	dir     string // that a chooser gives; "" is none
	file    []byte // that a chooser gives; nil is none
	picture image.Image
	copied  string
	guided  []string
	veiled  bool
	changed int
}

func newRig(t *testing.T) *rig { return newRigIn(t, kit.ModeLight, 100, fyne.NewSize(1000, 700)) }

func newRigIn(t *testing.T, mode kit.Mode, percent int, size fyne.Size) *rig {
	t.Helper()
	app := queuetest.New(t)
	app.Settings().SetTheme(kit.NewTheme(mode, percent))
	r := &rig{
		t: t, app: app, vault: fakeVault{kutano, github}, clock: &wound{now: noon}, paper: &fakePaper{there: true},
		eyes: &fakeEyes{}, data: t.TempDir(), dir: t.TempDir(), toast: kit.NewToast(),
	}
	safe, err := backupcodes.Open(r.data, r.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	r.safe = safe
	r.w = app.NewWindow("")
	r.w.SetPadded(false)
	r.w.Resize(size)
	r.s = New(r.around())
	r.w.SetContent(container.NewStack(kit.NewGround("background"), r.s.Object(), r.toast))
	r.w.Resize(size)
	t.Cleanup(func() {
		r.settle()
		r.s.Lock()
		r.settle()
	})
	return r
}

func (r *rig) around() Around {
	return Around{
		Safe: func() *backupcodes.Safe { return r.safe },
		Vault: func() Vault {
			if r.closed {
				return nil
			}
			return r.vault
		},
		Paper: r.paper, Eyes: r.eyes, Clock: r.clock, Canvas: r.w.Canvas,
		Toast: func() *kit.Toast { return r.toast }, Dir: r.data,
		Copy: func(text string) { r.copied = text }, Clear: func() time.Duration { return 30 * time.Second },
		Veiled: func() bool { return r.veiled },
		Hide:   func() {}, Show: func() {},
		ChoosePicture: func(chosen func(add.Picture, bool), _ func(error)) {
			chosen(add.Picture{Name: "list.png", Open: func() (io.ReadCloser, error) { return pngOf(r.t, r.picture), nil }}, r.picture != nil)
		},
		ChooseFile: func(chosen func(safety.Picked, bool), _ func(error)) {
			chosen(safety.Picked{Name: "codes", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.file)), nil }}, r.file != nil)
		},
		ChooseFolder: func(chosen func(string, bool), _ func(error)) { chosen(r.dir, r.dir != "") },
		Guide:        func(entry string) { r.guided = append(r.guided, entry) },
		GetIn:        func() {}, Changed: func() { r.changed++ },
	}
}

// made makes the safe and unlocks it.
func (r *rig) made() {
	r.t.Helper()
	pass := secret.FromString(passphrase)
	defer pass.Clear()
	if err := r.safe.Create(r.t.Context(), pass); err != nil {
		r.t.Fatal(err)
	}
	r.s.changed()
}

// keeps keeps codes of an account.
func (r *rig) keeps(a vault.Account, text string) backupcodes.Set {
	r.t.Helper()
	if r.safe.Locked() {
		r.made()
	}
	set, err := r.safe.Keep(r.t.Context(), backupcodes.New{Account: string(a.ID), Title: nameOf(a), Codes: codesOf(r.t, text)})
	if err != nil {
		r.t.Fatal(err)
	}
	r.s.changed()
	return set
}

// notes notes codes that are elsewhere.
func (r *rig) notes(a vault.Account, where string, count int) backupcodes.Set {
	r.t.Helper()
	set, err := r.safe.Note(r.t.Context(), backupcodes.New{Account: string(a.ID), Title: nameOf(a), Where: where, Count: count})
	if err != nil {
		r.t.Fatal(err)
	}
	r.s.changed()
	return set
}

func codesOf(t *testing.T, text string) []secret.Value {
	t.Helper()
	readings, err := backupcodes.Split(secret.FromString(text))
	if err != nil {
		t.Fatal(err)
	}
	return readings[0].Codes
}

// set returns a set as the safe has it now.
func (r *rig) set(id backupcodes.ID) backupcodes.Set {
	r.t.Helper()
	set, err := r.safe.Set(id)
	if err != nil {
		r.t.Fatal(err)
	}
	return set
}

// only returns the one set that there is.
func (r *rig) only() backupcodes.Set {
	r.t.Helper()
	sets := r.safe.Sets()
	if len(sets) != 1 {
		r.t.Fatalf("there are %d sets", len(sets))
	}
	return sets[0]
}

// objects are all that can be seen on the sheet, or on the page where there is
// none: what lies under a sheet cannot be pressed.
func (r *rig) objects() []fyne.CanvasObject {
	if top := r.w.Canvas().Overlays().Top(); top != nil {
		return within(top)
	}
	return within(r.w.Canvas().Content())
}

// within is an object and what is in it, as it is drawn. What fields are made of
// is left out.
func within(o fyne.CanvasObject) []fyne.CanvasObject {
	if !o.Visible() {
		return nil
	}
	all := []fyne.CanvasObject{o}
	switch o := o.(type) {
	case *fyne.Container:
		for _, in := range o.Objects {
			all = append(all, within(in)...)
		}
	case *kit.Entry:
	case fyne.Widget:
		for _, in := range test.WidgetRenderer(o).Objects() {
			all = append(all, within(in)...)
		}
	}
	return all
}

// texts are all that stands on the sheet, or on the page where there is none.
func (r *rig) texts() []string {
	var all []string
	for _, o := range r.objects() {
		switch o := o.(type) {
		case *widget.Label:
			all = append(all, o.Text)
		case *kit.Button:
			all = append(all, o.Text)
		case *kit.Door:
			all = append(all, o.AccessibilityLabel())
		case *kit.FoldHead:
			all = append(all, o.Title)
		case *kit.Check:
			all = append(all, o.Text)
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
	r.settle()
	for _, text := range texts {
		if !r.sees(text) {
			r.t.Errorf("the window does not say %q but %q", text, r.texts())
		}
	}
}

func (r *rig) mustNotSee(texts ...string) {
	r.t.Helper()
	r.settle()
	for _, text := range texts {
		if r.sees(text) {
			r.t.Errorf("the window says %q", text)
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
			if o.Text == text && !o.Disabled() {
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
		case *kit.FoldHead:
			if o.Title == text {
				o.Tapped(nil)
				r.settle()
				return
			}
		case *kit.Check:
			if strings.HasPrefix(o.Text, text) {
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

// fill types into the fields of the sheet, in their order.
func (r *rig) fill(texts ...string) {
	r.t.Helper()
	for i, text := range texts {
		r.entry(i).SetText(text)
	}
	r.settle()
}

// key sends a key to where the focus is, as the window does.
func (r *rig) key(k fyne.KeyName) {
	c := r.w.Canvas()
	ev := &fyne.KeyEvent{Name: k}
	if f := c.Focused(); f != nil {
		f.TypedKey(ev)
	} else if on := c.OnTypedKey(); on != nil {
		on(ev)
	}
	r.settle()
}

// tick lets time pass, and the window hear of it.
func (r *rig) tick(d time.Duration) {
	r.s.Tick(r.clock.on(d))
	r.settle()
}

// settle waits until nothing is under way and shows what came.
func (r *rig) settle() {
	for again := true; again; {
		kit.Settle()
		again = r.app.Flush()
	}
}

func TestMain(m *testing.M) {
	_ = os.Setenv("LANG", "en_US.UTF-8")
	backupcodes.SetWorkFactor(2)
	os.Exit(m.Run())
}
