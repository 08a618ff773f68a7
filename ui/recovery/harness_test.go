// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/recovery/report"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/codes"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/queuetest"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
)

// noon has 20 seconds left of its half minute.
var noon = time.Unix(1767960010, 0).UTC()

const (
	keyA = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	keyB = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
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

// fakeVault keeps accounts in memory.
type fakeVault struct {
	mu       sync.Mutex
	list     []vault.Account
	removed  []vault.Account
	keys     map[vault.ID]otpauth.Key
	verified []vault.ID
	fail     error
}

func (v *fakeVault) Restore(_ context.Context, id vault.ID) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	i := slices.IndexFunc(v.removed, func(a vault.Account) bool { return a.ID == id })
	if i < 0 || v.fail != nil {
		return v.fail
	}
	v.list = append(v.list, v.removed[i])
	v.removed = slices.Delete(v.removed, i, i+1)
	return nil
}

func (v *fakeVault) MarkVerified(_ context.Context, id vault.ID, _ time.Time) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.verified = append(v.verified, id)
	return nil
}

func (v *fakeVault) Code(_ context.Context, id vault.ID, at time.Time) (otpauth.Code, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.fail != nil {
		return otpauth.Code{}, v.fail
	}
	k, ok := v.keys[id]
	if !ok {
		return otpauth.Code{}, vault.ErrUnknown
	}
	return k.Code(at)
}

// Advance is of codes.Source.
func (v *fakeVault) Advance(context.Context, vault.ID) (otpauth.Code, error) {
	return otpauth.Code{}, vault.ErrUnknown
}

// rig is the place with everything around it under the test's control.
type rig struct {
	t      testing.TB
	app    *queuetest.App
	w      fyne.Window
	p      *Page
	around Around
	clock  *turned
	vault  *fakeVault
	model  *codes.Model
	toast  *kit.Toast
	came   chan struct{}

	closed  bool
	veiled  bool
	says    report.Sources // beside the accounts
	copied  []string
	went    []string // where buttons led
	unlocks int
	unlock  error
	noted   []func(*upkeep.State)
	folder  string // that is chosen; "" for none
}

func newRig(t testing.TB) *rig { return newRigIn(t, kit.ModeLight, fyne.NewSize(1000, 760), 100) }

func newRigIn(t testing.TB, mode kit.Mode, size fyne.Size, percent int) *rig {
	t.Helper()
	r := &rig{t: t, clock: &turned{now: noon}, vault: &fakeVault{keys: map[vault.ID]otpauth.Key{}}}
	r.app = queuetest.New(t)
	r.app.Settings().SetTheme(kit.NewTheme(mode, percent))
	r.toast = kit.NewToast()
	r.w = test.NewTempWindow(t, kit.VGap(0))
	r.w.SetPadded(false)
	r.w.Resize(size)
	r.came = make(chan struct{}, 1)
	r.model = codes.NewModel(r.vault, func() {
		select {
		case r.came <- struct{}{}:
		default:
		}
	})
	t.Cleanup(r.model.Close)
	t.Cleanup(r.settle)
	r.says = report.Sources{Sources: standing.Sources{
		GOOS: "linux", Version: "0.1.0", Profile: profile.Default(), Kind: keystore.Keyring, Camera: standing.CameraNA,
	}}
	r.around = r.makeAround()
	r.open()
	return r
}

func (r *rig) to(place string) func() { return func() { r.went = append(r.went, place) } }

func (r *rig) makeAround() Around {
	return Around{
		Canvas: r.w.Canvas, Clock: r.clock,
		Vault: func() Vault {
			if r.closed {
				return nil
			}
			return r.vault
		},
		Look: func(bool) func(context.Context) (report.Sources, error) {
			s := r.says
			r.vault.mu.Lock()
			s.Accounts, s.Removed = slices.Clone(r.vault.list), slices.Clone(r.vault.removed)
			r.vault.mu.Unlock()
			s.Now = r.clock.Now()
			return func(context.Context) (report.Sources, error) { return s, nil }
		},
		Profile: func() profile.Profile { return r.says.Profile },
		Code: guided.CodeAround{
			Now: r.clock.Now, Row: r.model.RowOf, Copy: func(id vault.ID) { r.copied = append(r.copied, string(id)) },
			Veiled: func() bool { return r.veiled },
		},
		Measure:   func(func(*kit.Message)) {},
		CopyCode:  func(code string) { r.copied = append(r.copied, code) },
		ShowCodes: r.to("codes"), ShowClock: r.to("clock"), Scan: r.to("scan"),
		Unlock: func(done func(error)) {
			r.unlocks++
			if r.unlock == nil {
				r.says.StoreErr = nil
			}
			done(r.unlock)
		},
		Reload: r.reload, Toast: func() *kit.Toast { return r.toast },
		Note:  func(f func(*upkeep.State)) { r.noted = append(r.noted, f) },
		SetUp: func(entry string) { r.went = append(r.went, entry) },
		ChooseFolder: func(chosen func(string, bool), _ func(error)) {
			chosen(r.folder, r.folder != "")
		},
	}
}

func (r *rig) reload() {
	r.model.SetAccounts(r.vault.list)
	if r.p != nil {
		r.p.Refresh()
	}
}

// open makes the place anew, as a restart does.
func (r *rig) open() {
	r.t.Helper()
	p, err := New(r.around)
	if err != nil {
		r.t.Fatal(err)
	}
	r.p = p
	r.w.SetContent(p.Object())
	p.Show()
	r.settle()
}

// settle waits for all work and does what is queued.
func (r *rig) settle() {
	for range 50 {
		kit.Settle()
		if !r.app.Flush() {
			kit.Settle()
			if !r.app.Flush() {
				return
			}
		}
	}
	r.t.Helper()
	r.t.Fatal("it does not come to rest")
}

// pass lets a second go by, n times.
func (r *rig) pass(n int) {
	for range n {
		r.clock.mu.Lock()
		r.clock.now = r.clock.now.Add(time.Second)
		r.clock.mu.Unlock()
		r.tick()
	}
}

func (r *rig) tick() {
	r.p.Tick(r.clock.Now())
	r.settle()
	r.waitForCodes()
	r.p.Tick(r.clock.Now()) // with the code that the first one asked for
	r.settle()
}

func (r *rig) waitForCodes() {
	for _, a := range r.vault.list {
		for {
			row, ok := r.model.RowOf(a.ID, r.clock.Now())
			if !ok || row.State == codes.Failed || row.State == codes.Shown && (row.Left > 10 || row.Next != "") {
				break
			}
			<-r.came
		}
	}
}

// add puts a Kutano account into the vault.
func (r *rig) add(name, key string) vault.Account {
	r.t.Helper()
	k, err := otpauth.Parse("otpauth://totp/Kutano:" + name + "?secret=" + key + "&issuer=Kutano")
	if err != nil {
		r.t.Fatal(err)
	}
	a := vault.Account{
		ID: vault.ID(fmt.Sprint("a", len(r.vault.keys)+1)), Issuer: k.Issuer, Name: k.Account, Type: k.Type, Algorithm: k.Algorithm,
		Digits: k.Digits, Period: k.Period, Kutano: true,
	}
	r.vault.mu.Lock()
	r.vault.list = append(r.vault.list, a)
	r.vault.keys[a.ID] = k
	r.vault.mu.Unlock()
	r.reload()
	r.settle()
	return a
}

// remove takes an account to those that can be brought back.
func (r *rig) remove() {
	r.vault.mu.Lock()
	r.vault.removed = append(r.vault.removed, r.vault.list...)
	r.vault.list = nil
	r.vault.mu.Unlock()
	r.reload()
	r.settle()
}

// clockIs has the clock measured, and found to be off.
func (r *rig) clockIs(off time.Duration) {
	e := clock.Estimate{Offset: off, Uncertainty: 10 * time.Millisecond, Kind: clock.NTP, Name: "time.example"}
	r.says.Clock = clock.Status{
		Network: clock.OnDemand, Uncertainty: e.Uncertainty,
		Measured: &clock.Measurement{Agreement: clock.Agreement{
			Offset: off, Uncertainty: e.Uncertainty, Majority: true, With: []clock.Estimate{e, e, e},
		}, At: clock.Times{Wall: r.clock.Now()}},
	}
	r.p.Refresh()
	r.settle()
}

// at holds that a step is on show.
func (r *rig) at(step string) {
	r.t.Helper()
	if got := r.p.Step(); got != step {
		r.t.Fatalf("at step %q, want %q; it shows %q", got, step, r.texts())
	}
}

// press presses a button or a door on show, over all or on the page.
func (r *rig) press(text string) {
	r.t.Helper()
	for _, o := range r.objects() {
		switch o := o.(type) {
		case *kit.Button:
			if o.Text == text && o.Visible() {
				if o.Disabled() {
					r.t.Fatalf("%q is disabled", text)
				}
				o.Tapped(nil)
				r.settle()
				return
			}
		case *kit.Door:
			if strings.HasPrefix(o.AccessibilityLabel(), text+".") {
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
		}
	}
	r.t.Fatalf("there is no %q at %q: %q", text, r.p.Step(), r.texts())
}

// objects are all that is drawn, what lies above first.
func (r *rig) objects() []fyne.CanvasObject {
	root := r.w.Content()
	if top := r.w.Canvas().Overlays().Top(); top != nil {
		root = top
	}
	return test.LaidOutObjects(root)
}

func (r *rig) texts() []string {
	var all []string
	for _, o := range r.objects() {
		switch o := o.(type) {
		case *widget.Label:
			if o.Text != "" {
				all = append(all, o.Text)
			}
		case *canvas.Text:
			if o.Text != "" {
				all = append(all, strings.ReplaceAll(o.Text, "\u2002", " ")) // between the groups of a code
			}
		case *kit.Button:
			all = append(all, o.Text)
		case *kit.Progress:
			all = append(all, o.Text())
		}
	}
	return all
}

func (r *rig) sees(text string) bool { return strings.Contains(strings.Join(r.texts(), "\n"), text) }

func (r *rig) mustSee(texts ...string) {
	r.t.Helper()
	for _, text := range texts {
		if !r.sees(text) {
			r.t.Errorf("%q is not to be seen: %q", text, r.texts())
		}
	}
}

func (r *rig) mustNotSee(texts ...string) {
	r.t.Helper()
	for _, text := range texts {
		if r.sees(text) {
			r.t.Errorf("%q is to be seen", text)
		}
	}
}

// files are the names in a folder.
func files(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, filepath.Base(e.Name()))
	}
	return all
}
