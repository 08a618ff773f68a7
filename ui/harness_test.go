// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/sync/clock"
	clockpage "github.com/kutano/authenticator/ui/clock"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/queuetest"
	"github.com/kutano/authenticator/ui/settings"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

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

func (c *turned) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// fakeEyes see what a test draws; reading QR codes is real.
type fakeEyes struct {
	screens []image.Image
	clip    clipboard.Clip
	err     error
	hang    bool
}

func (e *fakeEyes) Screen(ctx context.Context) ([]image.Image, error) {
	if e.hang {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return e.screens, e.err
}
func (e *fakeEyes) Clipboard(context.Context) (clipboard.Clip, error) { return e.clip, e.err }
func (e *fakeEyes) Decode(ctx context.Context, img image.Image) ([]string, error) {
	return scan.Decode(ctx, img)
}

// screenWith draws a screen with QR codes on it.
func screenWith(t testing.TB, texts ...string) image.Image {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 420*max(len(texts), 1), 420))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	for i, text := range texts {
		qr, err := scan.Draw(text, 300)
		if err != nil {
			t.Fatal(err)
		}
		draw.Draw(img, qr.Bounds().Add(image.Pt(i*420+60, 60)), qr, image.Point{}, draw.Src)
	}
	return img
}

// lender records what is lent to the clipboard.
type lender struct {
	mu   sync.Mutex
	text string
	keep time.Duration
	err  error
}

func (l *lender) lend(ctx context.Context, text string, d time.Duration) error {
	l.mu.Lock()
	l.text, l.keep = text, d
	err := l.err
	l.mu.Unlock()
	if err != nil {
		return err
	}
	<-ctx.Done()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.text == text {
		l.text = ""
	}
	return nil
}

func (l *lender) holds() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text
}

// quiet is a vault whose Watch tells only what the test says.
type quiet struct {
	Vault
	changes chan struct{}
	fail    error // what Code fails with
	mu      *sync.Mutex
}

func (q quiet) Watch(context.Context) (<-chan struct{}, error) { return q.changes, nil }

func (q *quiet) setFail(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.fail = err
}

func (q *quiet) Code(ctx context.Context, id vault.ID, at time.Time) (otpauth.Code, error) {
	q.mu.Lock()
	err := q.fail
	q.mu.Unlock()
	if err != nil {
		return otpauth.Code{}, err
	}
	return q.Vault.Code(ctx, id, at)
}

// rig is the window with everything around it under the test's control.
type rig struct {
	t     testing.TB
	app   *queuetest.App
	u     *UI
	w     fyne.Window
	clock *turned
	eyes  *fakeEyes
	lent  *lender
	vault *quiet
	dir   string
	times *sleepy
	later *timers
	true  *clock.True
	boot  time.Duration // since the device started; see pass
	net   *fakeNetwork  // nil where nothing can be measured
	far   *far          // nil where nothing can be linked
}

// fakeNetwork is what a test has the network say.
type fakeNetwork struct {
	calls int
	err   error
	says  time.Duration // how far the device is off
}

// read are the device's clocks.
func (r *rig) read() clock.Times {
	r.clock.mu.Lock()
	defer r.clock.mu.Unlock()
	return clock.Times{Wall: r.clock.now, Boot: r.boot, BootID: "one"}
}

// pass lets time go on, as [rig.tick] does where nothing was measured.
func (r *rig) pass(d time.Duration) {
	r.clock.mu.Lock()
	r.clock.now, r.boot = r.clock.now.Add(d), r.boot+d
	r.clock.mu.Unlock()
	r.u.Tick(r.clock.Now())
	r.settle()
}

// measured is what several servers say of the device.
func (r *rig) measured(off time.Duration) clock.Measurement {
	e := clock.Estimate{Offset: off, Uncertainty: 10 * time.Millisecond, Kind: clock.NTP, Name: "time.example"}
	return clock.Measurement{Agreement: clock.Agreement{
		Offset: off, Uncertainty: e.Uncertainty, Majority: true, With: []clock.Estimate{e, e, e},
	}, At: r.read()}
}

// fourWords is the passphrase of every rig's sealed file.
const fourWords = "four words for tests"

// noon is a time with 20 seconds left of its half minute.
var noon = time.Unix(1767960010, 0)

const (
	kutanoKey = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	otherKey  = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	kutanoURI = "otpauth://totp/Kutano:ana%40example.com?secret=" + kutanoKey + "&issuer=Kutano"
)

// newRig opens a vault in a sealed file, with the accounts of the links.
func newRig(t testing.TB, uris ...string) *rig {
	t.Helper()
	return newRigOn(t, nil, uris...)
}

// newRigOn is newRig with a network that can be asked for the time.
func newRigOn(t testing.TB, net *fakeNetwork, uris ...string) *rig {
	t.Helper()
	return makeRig(t, &rig{net: net}, uris...)
}

// newRigFar is newRig with a service that can be linked.
func newRigFar(t testing.TB, f *far, uris ...string) *rig {
	t.Helper()
	return makeRig(t, &rig{far: f}, uris...)
}

func makeRig(t testing.TB, with *rig, uris ...string) *rig {
	t.Helper()
	r := &rig{
		net: with.net, far: with.far, boot: time.Hour,
		t: t, clock: &turned{now: noon}, eyes: &fakeEyes{}, lent: &lender{}, dir: t.TempDir(),
		vault: &quiet{changes: make(chan struct{}), mu: &sync.Mutex{}},
	}
	r.run(func(ctx context.Context, ask func(context.Context, bool) (secret.Value, error)) (Vault, error) {
		v, err := vault.Open(ctx, vault.Options{
			Dir: r.dir, Store: keystore.File, Now: r.clock.Now,
			Passphrase: func(context.Context, bool) (secret.Value, error) {
				return secret.FromString(fourWords), nil
			},
		})
		if err != nil {
			return nil, err
		}
		var keys []otpauth.Key
		for _, u := range uris {
			k, err := otpauth.Parse(u)
			if err != nil {
				return nil, err
			}
			keys = append(keys, k)
		}
		if len(keys) > 0 {
			if _, err := v.AddAll(ctx, keys); err != nil {
				return nil, err
			}
		}
		r.vault.Vault = v
		return r.vault, nil
	})
	return r
}

// run builds the window on an opener and waits until it has come to rest.
func (r *rig) run(open Opener) {
	r.t.Helper()
	r.build(open)
	select {
	case o := <-r.u.Opening.done:
		r.u.opened(o)
	case q := <-r.u.Opening.asks:
		r.u.askPassphrase(q)
	case <-time.After(30 * time.Second):
		r.t.Fatal("the vault does not open")
	}
	r.settle()
}

// build makes the window on an opener that may still be at work.
func (r *rig) build(open Opener) {
	r.t.Helper()
	r.app = queuetest.New(r.t)
	r.w = r.app.NewWindow("")
	r.true = clock.Open(r.dir, r.read)
	var measure clockpage.Measure
	if r.net != nil {
		measure = func(context.Context, func(string, bool)) error {
			r.net.calls++
			if r.net.err != nil {
				return r.net.err
			}
			return r.true.Take(r.measured(r.net.says))
		}
	}
	r.u = New(r.app, r.w, Deps{
		Opening: Open(open, r.true), Settings: settings.Load(r.dir), Clock: r.clock, True: r.true, Read: r.read, Measure: measure,
		Eyes: r.eyes, Lend: r.lent.lend, Dir: r.dir, Version: "test", TrayHost: func() bool { return false },
		Service: r.far.service(),
	})
	r.times, r.later = &sleepy{}, &timers{}
	r.u.watcher, r.u.after = r.u.newWatcher(r.times), r.later.after
	r.w.Resize(fyne.NewSize(1000, 700))
	r.t.Cleanup(func() {
		r.u.Stop()
		kit.Settle()
	})
}

func (r *rig) tick(at time.Time) {
	r.clock.set(at)
	r.u.Tick(at)
	r.settle()
}

// objects returns what is drawn now, on the page and on top of it.
func (r *rig) objects() []fyne.CanvasObject {
	c := r.w.Canvas()
	all := test.LaidOutObjects(c.Content())
	for _, o := range c.Overlays().List() {
		all = append(all, test.LaidOutObjects(o)...)
	}
	return all
}

// sees reports whether a text stands somewhere on the window.
func (r *rig) sees(text string) bool {
	for _, o := range r.objects() {
		said := ""
		switch o := o.(type) {
		case *widget.Label:
			said = o.Text
		case *canvas.Text:
			said = o.Text
		case *kit.CodeText:
			said = o.Shown()
		case *kit.Button:
			said = o.Text
		case *kit.FoldHead:
			said = o.Title
		}
		if strings.Contains(said, text) && o.Visible() {
			return true
		}
	}
	return false
}

func (r *rig) mustSee(texts ...string) {
	r.t.Helper()
	for _, text := range texts {
		if !r.sees(text) {
			r.t.Errorf("the window does not say %q", text)
		}
	}
}

// press presses a button or a door by what it says.
func (r *rig) press(text string) {
	r.t.Helper()
	for _, o := range r.objects() {
		switch o := o.(type) {
		case *kit.Button:
			if o.Text == text && o.Visible() && !o.Disabled() {
				o.Tapped(nil)
				r.settle()
				return
			}
		case *kit.Check:
			if o.Text == text && o.Visible() {
				o.SetChecked(!o.Checked)
				r.settle()
				return
			}
		case *kit.FoldHead:
			if o.Title == text && o.Visible() {
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
	r.t.Fatalf("there is no button %q to press", text)
}

// entry returns a field by its placeholder.
func (r *rig) entry(placeholder string) *kit.Entry {
	r.t.Helper()
	for _, o := range r.objects() {
		if e, ok := o.(*kit.Entry); ok && e.PlaceHolder == placeholder {
			return e
		}
	}
	r.t.Fatalf("there is no field %q", placeholder)
	return nil
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

func (r *rig) typed(text string) {
	for _, ch := range text {
		c := r.w.Canvas()
		if f := c.Focused(); f != nil {
			f.TypedRune(ch)
		} else if on := c.OnTypedRune(); on != nil {
			on(ch)
		}
	}
	r.settle()
}

func grouped(code string) string { return kit.GroupCode(code) }

func codeOf(t testing.TB, uri string, at time.Time) string {
	t.Helper()
	k, err := otpauth.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	c, err := k.Code(at)
	if err != nil {
		t.Fatal(err)
	}
	return c.Value
}

func TestMain(m *testing.M) {
	_ = os.Setenv("LANG", "en_US.UTF-8")
	// Many passphrases are set here. What they cost is the subject of the packages that take them.
	keystore.SetEffort(-1)
	backupcodes.SetWorkFactor(4)
	snapshot.SetWorkFactor(4)
	os.Exit(m.Run())
}
