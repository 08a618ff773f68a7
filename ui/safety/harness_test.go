// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

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
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/queuetest"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

type stopped time.Time

func (s stopped) Now() time.Time { return time.Time(s) }

// fakeVault keeps in memory what these screens ask of a vault. Its folder of
// snapshots is a real one.
type fakeVault struct {
	mu       sync.Mutex
	folder   *snapshot.Folder
	accounts []vault.Account
	doc      snapshot.Document
	found    []vault.Found // what Preview says; nil asks the document
	taken    []vault.Take
	set      []string // recipients that SetRecovery got
	since    time.Time
	snapErr  error
	setErr   error
	takeErr  error
	notices  []vault.Notice
	hang     bool
}

func (v *fakeVault) Accounts() []vault.Account { return v.accounts }

func (v *fakeVault) Document(context.Context) (snapshot.Document, error) {
	d := v.doc
	d.Accounts = nil
	for _, e := range v.doc.Accounts {
		e.URI = e.URI.Clone()
		d.Accounts = append(d.Accounts, e)
	}
	return d, nil
}

func (v *fakeVault) Preview(_ context.Context, d snapshot.Document) ([]vault.Found, error) {
	if v.found != nil {
		return v.found, nil
	}
	var all []vault.Found
	for _, e := range d.Accounts {
		k, err := otpauth.Parse(e.URI.Reveal())
		all = append(all, vault.Found{Entry: e, Key: k, Err: err, Status: vault.New})
	}
	return all, nil
}

func (v *fakeVault) TakeIn(_ context.Context, found []vault.Found, t vault.Take) (vault.Taken, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.taken = append(v.taken, t)
	var out vault.Taken
	for i := range found {
		switch {
		case found[i].Err != nil:
			out.Refused++
		case found[i].Status == vault.Same:
			out.Same++
		case !t.Use[i]:
		case found[i].Status == vault.Differs:
			out.Replaced++
		default:
			out.Added++
		}
	}
	return out, v.takeErr
}

func (v *fakeVault) TrustAgain(ctx context.Context, key snapshot.Key) (bool, error) {
	if _, _, ok := v.Recovery(); ok {
		return false, nil
	}
	return true, v.SetRecovery(ctx, key)
}

func (v *fakeVault) SetRecovery(ctx context.Context, key snapshot.Key) error {
	if v.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	if v.setErr != nil {
		return v.setErr
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.set = append(v.set, key.Recipient())
	v.since = noon
	return nil
}

func (v *fakeVault) Recovery() (fingerprint string, since time.Time, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.set) == 0 {
		return "", time.Time{}, false
	}
	return snapshot.Fingerprint(v.set[len(v.set)-1]), v.since, true
}

func (v *fakeVault) Snapshots() *snapshot.Folder { return v.folder }

func (v *fakeVault) Snapshot(ctx context.Context) (snapshot.Info, error) {
	d, _ := v.Document(ctx)
	defer d.Clear()
	return v.folder.Write(d, v.set[len(v.set)-1], snapshot.Meta{Generation: 1, Accounts: len(d.Accounts)}, noon)
}

func (v *fakeVault) SnapshotErr() error { return v.snapErr }

func (v *fakeVault) Notices() []vault.Notice { return v.notices }

func (v *fakeVault) Dismiss(context.Context, vault.NoticeKind) error {
	v.notices = nil
	return nil
}

// fakePaper remembers what was printed.
type fakePaper struct {
	printer bool
	printed int
	err     error
}

func (p *fakePaper) PDF(k snapshot.Key, _ time.Time) ([]byte, error) {
	return []byte("%PDF " + strings.Join(k.Words(), " ")), p.err
}
func (p *fakePaper) CanPrint(context.Context) bool { return p.printer }
func (p *fakePaper) Print(context.Context, []byte) error {
	p.printed++
	return p.err
}

// fakeEyes see what a test gives them.
type fakeEyes struct {
	screens []image.Image
	clip    clipboard.Clip
}

func (e *fakeEyes) Screen(context.Context) ([]image.Image, error)     { return e.screens, nil }
func (e *fakeEyes) Clipboard(context.Context) (clipboard.Clip, error) { return e.clip, nil }
func (e *fakeEyes) Decode(c context.Context, i image.Image) ([]string, error) {
	return scan.Decode(c, i)
}

// rig is a window with a flow in it.
type rig struct {
	t     *testing.T
	app   *queuetest.App
	f     *Flow
	w     fyne.Window
	v     *fakeVault
	paper *fakePaper
	eyes  *fakeEyes
	dir   string // that a chooser gives
	file  []byte // that a chooser gives
	name  string
	shown int // how often the codes were asked for
}

func newRig(t *testing.T) *rig { return newRigIn(t, kit.ModeLight, fyne.NewSize(1000, 700)) }

func newRigIn(t *testing.T, mode kit.Mode, size fyne.Size) *rig {
	t.Helper()
	app := queuetest.New(t)
	app.Settings().SetTheme(kit.NewTheme(mode, 100))
	data := t.TempDir()
	r := &rig{
		t: t, app: app, v: &fakeVault{folder: snapshot.OpenFolder(data)}, paper: &fakePaper{printer: true}, eyes: &fakeEyes{},
		dir: t.TempDir(), name: "backup.age",
	}
	r.w = app.NewWindow("")
	r.w.SetContent(kit.NewGround("background"))
	r.w.SetPadded(false)
	r.w.Resize(size)
	r.f = NewFlow(Around{
		Vault: func() Vault { return r.v }, Paper: r.paper, Eyes: r.eyes, Clock: stopped(noon),
		Canvas: r.w.Canvas, Dir: data, Hide: func() {}, Show: func() {},
		ChoosePicture: func(func(add.Picture, bool), func(error)) {},
		ChooseFile: func(chosen func(Picked, bool), _ func(error)) {
			chosen(Picked{Name: r.name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.file)), nil }}, r.file != nil)
		},
		ChooseFolder: func(chosen func(string, bool), _ func(error)) { chosen(r.dir, r.dir != "") },
		Reload:       func() {}, Forget: func(vault.ID) {}, Codes: func() { r.shown++ },
		Places: func(int) [2]int { return [2]int{3, 10} },
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

// sees reports whether a text stands somewhere on the window.
func (r *rig) sees(text string) bool {
	for _, o := range r.objects() {
		said := ""
		switch o := o.(type) {
		case *widget.Label:
			said = o.Text
		case *Word:
			said = o.Text
		case *canvas.Text:
			said = o.Text
		case *kit.Button:
			said = o.Text
		case *kit.Door:
			said = o.AccessibilityLabel()
		case *kit.Check:
			said = o.Text
		case *kit.Entry:
			said = o.Text
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

// press presses a button or a door by what it says, or by what else it may say.
func (r *rig) press(text string, or ...string) {
	r.t.Helper()
	r.settle()
	for _, o := range r.objects() {
		switch o := o.(type) {
		case *kit.Button:
			if (o.Text == text || slices.Contains(or, o.Text)) && o.Visible() && !o.Disabled() {
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

// check returns the tick whose words begin so.
func (r *rig) check(text string) *kit.Check {
	r.t.Helper()
	for _, o := range r.objects() {
		if c, ok := o.(*kit.Check); ok && strings.HasPrefix(c.Text, text) {
			return c
		}
	}
	r.t.Fatalf("there is no tick %q", text)
	return nil
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
	if !r.f.draft.key.IsZero() || r.f.pass.Len() > 0 || len(r.f.back.doc.Accounts) > 0 {
		r.t.Error("a secret is still there")
	}
}

func uri(issuer, name string) string {
	return "otpauth://totp/" + issuer + ":" + name + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=" + issuer
}

func entryOf(issuer, name string) snapshot.Entry {
	return snapshot.Entry{URI: secret.FromString(uri(issuer, name))}
}

func found(issuer, name string, s vault.Status) vault.Found {
	e := entryOf(issuer, name)
	k, err := otpauth.Parse(e.URI.Reveal())
	f := vault.Found{Entry: e, Key: k, Err: err, Status: s}
	if s != vault.New {
		f.Account = vault.Account{ID: vault.ID(issuer + name), Issuer: issuer, Name: name}
	}
	return f
}

func TestMain(m *testing.M) {
	_ = os.Setenv("LANG", "en_US.UTF-8")
	// Many passphrases are set here. What they cost is the subject of the packages that take them.
	keystore.SetEffort(-1)
	snapshot.SetWorkFactor(4)
	os.Exit(m.Run())
}

// settle waits until nothing is under way and shows what came.
func (r *rig) settle() {
	for again := true; again; {
		kit.Settle()
		again = r.app.Flush()
	}
}
