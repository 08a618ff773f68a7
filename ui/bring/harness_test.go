// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"context"
	"image"
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

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/queuetest"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

type stopped time.Time

func (s stopped) Now() time.Time { return time.Time(s) }

// fakeVault keeps in memory what these screens ask of a vault.
type fakeVault struct {
	mu      sync.Mutex
	here    []string // key addresses
	taken   []vault.Take
	takeErr error
	hang    bool // until it is cancelled
	undone  int
	list    []vault.Account // after TakeIn, for the order
	order   []vault.ID      // that was asked for
	undoErr error
	stay    int  // accounts that an undoing leaves
	refuse  bool // all that would come in
}

func (v *fakeVault) Accounts() []vault.Account { return v.list }

func (v *fakeVault) Reorder(_ context.Context, ids []vault.ID) error {
	v.order = ids
	return nil
}

// Preview finds by names and keys, as far as these screens' tests need it.
func (v *fakeVault) Preview(ctx context.Context, d snapshot.Document) ([]vault.Found, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var all []vault.Found
	for _, e := range d.Accounts {
		k, err := otpauth.Parse(e.URI.Reveal())
		f := vault.Found{Entry: e, Key: k, Err: err, Removed: !e.Removed.IsZero()}
		for i, uri := range v.here {
			h, _ := otpauth.Parse(uri)
			if h.Issuer != k.Issuer || h.Account != k.Account {
				continue
			}
			f.Status, f.Account = vault.Differs, vault.Account{ID: vault.ID(rune('a' + i)), Issuer: h.Issuer, Name: h.Account}
			if h.Same(k) {
				f.Status = vault.Same
			}
		}
		all = append(all, f)
	}
	return all, nil
}

func (v *fakeVault) TakeIn(ctx context.Context, found []vault.Found, t vault.Take) (vault.Taken, error) {
	if v.hang {
		<-ctx.Done()
		return vault.Taken{}, ctx.Err()
	}
	if v.takeErr != nil {
		return vault.Taken{}, v.takeErr
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.taken = append(v.taken, t)
	v.list = []vault.Account{{ID: "g"}, {ID: "k", Kutano: true}}
	out := vault.Taken{IDs: make([]vault.ID, len(found))}
	for i := range found {
		if found[i].Err == nil && (found[i].Status == vault.Same || t.Use[i]) {
			out.IDs[i] = "x"
		}
		switch {
		case found[i].Err != nil:
			out.Refused++
		case found[i].Status == vault.Same:
			out.Same++
		case !t.Use[i]:
			out.Left++
		case v.refuse:
			found[i].Err, out.IDs[i] = vault.ErrTooLarge, ""
			out.Refused++
		case found[i].Status == vault.Differs && !t.Beside[i]:
			out.Replaced++
		default:
			out.Added++
		}
	}
	return out, nil
}

func (v *fakeVault) LastIntake() (vault.Intake, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return vault.Intake{At: noon, Added: len(v.taken)}, len(v.taken) > 0
}

func (v *fakeVault) Settle(context.Context) error { return nil }

func (v *fakeVault) UndoIntake(ctx context.Context) (vault.Undone, error) {
	if v.hang {
		<-ctx.Done()
		return vault.Undone{}, ctx.Err()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.undoErr == nil {
		v.undone++
		v.taken = nil
	}
	return vault.Undone{Gone: 2, Left: v.stay}, v.undoErr
}

// fakeEyes see what a test gives them.
type fakeEyes struct {
	screens []image.Image
	err     error // of the screen
	clip    clipboard.Clip
}

func (e *fakeEyes) Screen(context.Context) ([]image.Image, error)     { return e.screens, e.err }
func (e *fakeEyes) Clipboard(context.Context) (clipboard.Clip, error) { return e.clip, nil }
func (e *fakeEyes) Decode(c context.Context, i image.Image) ([]string, error) {
	return scan.Decode(c, i)
}

// rig is a window with a flow in it.
type rig struct {
	t      *testing.T
	app    *queuetest.App
	f      *Flow
	w      fyne.Window
	v      *fakeVault
	eyes   *fakeEyes
	dir    string
	path   string // that a chooser gives
	copied string
	shred  []string
	gone   error // what shredding says
	shown  int   // how often the codes were asked for
	own    []byte
	away   int // how often our window was hidden
}

func newRig(t *testing.T) *rig { return newRigIn(t, kit.ModeLight, fyne.NewSize(1000, 700)) }

func newRigIn(t *testing.T, mode kit.Mode, size fyne.Size) *rig {
	t.Helper()
	app := queuetest.New(t)
	app.Settings().SetTheme(kit.NewTheme(mode, 100))
	r := &rig{t: t, app: app, v: &fakeVault{}, eyes: &fakeEyes{}, dir: t.TempDir()}
	r.w = app.NewWindow("")
	r.w.SetContent(kit.NewGround("background"))
	r.w.SetPadded(false)
	r.w.Resize(size)
	choose := func(chosen func(string, bool), _ func(error)) { chosen(r.path, r.path != "") }
	r.f = NewFlow(Around{
		Vault: func() Vault { return r.v }, Eyes: r.eyes, Clock: stopped(noon), Canvas: r.w.Canvas,
		Load: exchange.Load, Shred: func(path string) error {
			r.shred = append(r.shred, path)
			return r.gone
		},
		Hide: func() { r.away++ }, Show: func() {}, ChooseFile: choose, ChooseFolder: choose,
		Copy: func(text string) { r.copied = text }, Reload: func() {}, Forget: func(vault.ID) {},
		Codes: func() { r.shown++ }, Setup: func() {}, Add: func() {},
		Restore: func(_ string, file []byte) { r.own = file },
	})
	t.Cleanup(r.settle)
	return r
}

// file writes a file and returns where it is.
func (r *rig) file(name, text string) string {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
	return path
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
		case *kit.FoldHead:
			all = append(all, o.Title)
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
	r.t.Fatalf("there is no button %q to press", text)
}

// entry returns the field on the sheet.
func (r *rig) entry() *kit.Entry {
	r.t.Helper()
	for _, o := range r.objects() {
		if e, ok := o.(*kit.Entry); ok {
			return e
		}
	}
	r.t.Fatal("there is no field")
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

// choices returns the nth choice on the sheet.
func (r *rig) choices(n int) *kit.Select {
	r.t.Helper()
	for _, o := range r.objects() {
		if s, ok := o.(*kit.Select); ok {
			if n == 0 {
				return s
			}
			n--
		}
	}
	r.t.Fatal("there is no such choice")
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

// closed fails the test when a sheet or a secret is left.
func (r *rig) closed() {
	r.t.Helper()
	if kit.TopSheet(r.w.Canvas()) != nil {
		r.t.Error("a sheet is still there")
	}
	if j := &r.f.job; len(j.entries)+len(j.waits)+len(j.doc.Accounts) > 0 || j.pass.Len() > 0 {
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

const (
	keyA = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	keyB = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
)

func uri(issuer, name, key string) string {
	return "otpauth://totp/" + issuer + ":" + name + "?secret=" + key + "&issuer=" + issuer
}

func entry(issuer, name string) foreign.Entry {
	k := otpauth.Key{Issuer: issuer, Account: name, Type: otpauth.TOTP, Digits: 6, Period: 30, Secret: secret.FromString("12345678901234567890")}
	return foreign.Entry{Key: k}
}

func TestMain(m *testing.M) {
	_ = os.Setenv("LANG", "en_US.UTF-8")
	os.Exit(m.Run())
}
