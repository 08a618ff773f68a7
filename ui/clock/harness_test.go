// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/queuetest"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// device is one whose clock a test turns.
type device struct {
	mu  sync.Mutex
	now clock.Times
}

func newDevice() *device {
	return &device{now: clock.Times{
		Wall: time.Date(2026, 1, 9, 12, 0, 10, 0, time.UTC), Boot: time.Hour, BootID: "first start",
	}}
}

func (d *device) read() clock.Times {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

// pass lets time go on.
func (d *device) pass(t time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now.Wall, d.now.Boot = d.now.Wall.Add(t), d.now.Boot+t
}

// set sets the clock forward.
func (d *device) set(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now.Wall = d.now.Wall.Add(by)
}

// restart starts the device anew.
func (d *device) restart() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now.Boot, d.now.BootID = time.Minute, "next start"
}

// agreed is what several servers say of the device.
func agreed(offset time.Duration, at clock.Times) clock.Measurement {
	var with []clock.Estimate
	for _, name := range []string{"time.one.example", "time.two.example", "time.three.example"} {
		with = append(with, clock.Estimate{Offset: offset, Uncertainty: 20 * time.Millisecond, Kind: clock.NTP, Name: name, Operator: name[5:]})
	}
	return clock.Measurement{Agreement: clock.Agreement{Offset: offset, Uncertainty: 20 * time.Millisecond, Majority: true, With: with}, At: at}
}

// accounts are a vault of which each account has the key of RFC 6238.
type accounts []vault.Account

func (a accounts) Accounts() []vault.Account { return a }

func (a accounts) Steps(_ context.Context, _ vault.ID, code string, at time.Time, reach time.Duration) ([]int64, error) {
	k := rfcKey()
	return k.Steps(code, at.Add(-reach).Unix()/30, at.Add(reach).Unix()/30)
}

func rfcKey() otpauth.Key {
	return otpauth.Key{
		Type: otpauth.TOTP, Issuer: "Kutano", Account: "ana@example.com", Algorithm: otpauth.SHA1,
		Digits: 6, Period: 30, Secret: secret.FromString("12345678901234567890"),
	}
}

// codeAt is what a device that is right shows.
func codeAt(t testing.TB, at time.Time) string {
	t.Helper()
	c, err := rfcKey().Code(at)
	if err != nil {
		t.Fatal(err)
	}
	return c.Value
}

// fakeMeasure is what a test says of the network.
type fakeMeasure struct {
	calls    int
	err      error
	hang     chan struct{} // not nil: closed once it waits for the end of its context
	answer   func() (clock.Measurement, bool)
	progress []bool // answers, in order
}

// bench is a screen with everything around it under the test's control.
type bench struct {
	t        *testing.T
	app      *queuetest.App
	dev      *device
	true     *clock.True
	net      *fakeMeasure
	s        *Screen
	w        fyne.Window
	changed  int
	left     int
	settings int
	failOpen error
	accounts accounts
}

func newBench(t *testing.T) *bench {
	t.Helper()
	app := queuetest.New(t)
	app.Settings().SetTheme(kit.NewTheme(kit.ModeLight, 100))
	b := &bench{t: t, app: app, dev: newDevice(), net: &fakeMeasure{}, accounts: accounts{
		{ID: "g", Issuer: "GitHub", Name: "ana", Type: otpauth.TOTP, Digits: 6, Period: 30},
		{ID: "h", Issuer: "Bank", Type: otpauth.HOTP, Digits: 6},
		{ID: "k", Issuer: "Kutano", Name: "ana@example.com", Kutano: true, Type: otpauth.TOTP, Digits: 6, Period: 30},
	}}
	b.true = clock.Open(t.TempDir(), b.dev.read)
	b.w = test.NewTempWindow(t, widget.NewLabel(""))
	b.w.Resize(fyne.NewSize(760, 900))
	b.s = New(Around{
		True: b.true, Read: b.dev.read, Canvas: b.w.Canvas, Measure: b.measure,
		Vault:    func() Vault { return b.accounts },
		Steps:    []string{"Open the settings.", "Switch it on."},
		Settings: func(context.Context) error { b.settings++; return b.failOpen },
		Changed:  func() { b.changed++ }, Back: func() { b.left++ },
	})
	t.Cleanup(b.settle)
	return b
}

func (b *bench) measure(ctx context.Context, progress func(string, bool)) error {
	b.net.calls++
	for _, ok := range b.net.progress {
		if progress != nil {
			progress("a server", ok)
		}
	}
	if b.net.hang != nil {
		close(b.net.hang)
		<-ctx.Done()
		return ctx.Err()
	}
	if b.net.err != nil {
		return b.net.err
	}
	if b.net.answer != nil {
		if m, ok := b.net.answer(); ok {
			return b.true.Take(m)
		}
	}
	return nil
}

func (b *bench) open() {
	b.t.Helper()
	b.w.SetContent(b.s.Open())
	b.settle()
}

// take keeps that the device is off by so much, as several servers say.
func (b *bench) take(offset time.Duration) {
	b.t.Helper()
	if err := b.true.Take(agreed(offset, b.dev.read())); err != nil {
		b.t.Fatal(err)
	}
}

// visible returns what can be seen on the window, sheets first.
func (b *bench) visible() []fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, o := range b.w.Canvas().Overlays().List() {
		all = walk(all, o)
	}
	return walk(all, b.w.Canvas().Content())
}

func walk(all []fyne.CanvasObject, o fyne.CanvasObject) []fyne.CanvasObject {
	if !o.Visible() {
		return all
	}
	all = append(all, o)
	var inner []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		inner = o.Objects
	case fyne.Widget:
		inner = test.WidgetRenderer(o).Objects()
	}
	for _, i := range inner {
		all = walk(all, i)
	}
	return all
}

// texts are what can be read there.
func (b *bench) texts() string {
	var all []string
	for _, o := range b.visible() {
		switch o := o.(type) {
		case *widget.Label:
			all = append(all, o.Text)
		case *kit.Button:
			all = append(all, "["+o.Text+"]")
		case *kit.FoldHead:
			all = append(all, "["+o.Title+"]")
		case *kit.Check:
			all = append(all, o.AccessibilityLabel())
		}
	}
	return strings.Join(all, "\n")
}

func (b *bench) sees(texts ...string) {
	b.t.Helper()
	all := b.texts()
	for _, text := range texts {
		if !strings.Contains(all, text) {
			b.t.Errorf("the page does not say %q; it says:\n%s", text, all)
		}
	}
}

func (b *bench) seesNot(texts ...string) {
	b.t.Helper()
	all := b.texts()
	for _, text := range texts {
		if strings.Contains(all, text) {
			b.t.Errorf("the page says %q", text)
		}
	}
}

// press presses a button by its word.
func (b *bench) press(text string) {
	b.t.Helper()
	b.pressed(text)
	b.settle()
}

func (b *bench) pressed(text string) {
	b.t.Helper()
	for _, o := range b.visible() {
		if h, ok := o.(*kit.FoldHead); ok && h.Title == text {
			h.Tapped(nil)
			return
		}
		if p, ok := o.(*kit.Button); ok && p.Text == text && !p.Disabled() {
			p.Tapped(nil)
			return
		}
	}
	b.t.Fatalf("there is no button %q; the page says:\n%s", text, b.texts())
}

func TestMain(m *testing.M) {
	_ = os.Setenv("LANG", "en_US.UTF-8")
	os.Exit(m.Run())
}

// settle waits until nothing is under way and shows what came.
func (b *bench) settle() {
	for again := true; again; {
		kit.Settle()
		again = b.app.Flush()
	}
}
