// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/codes"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/queuetest"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// noon has 20 seconds left of its half minute.
var noon = time.Unix(1767960010, 0).UTC()

const (
	keyA = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	keyB = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
)

func uri(issuer, name, key string) string {
	return "otpauth://totp/" + issuer + ":" + name + "?secret=" + key + "&issuer=" + issuer
}

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

// rig is the place with everything around it under the test's control.
type rig struct {
	t       testing.TB
	app     *queuetest.App
	w       fyne.Window
	p       *Page
	around  Around
	clock   *turned
	vault   *fakeVault
	eyes    *fakeEyes
	upkeep  *fakeUpkeep
	service *fakeService
	flow    *add.Flow
	model   *codes.Model
	verdict verdict.Verdict
	toast   *kit.Toast
	came    chan struct{} // codes came

	linked   bool
	hasLink  bool // the profile names a service
	opened   []string
	openErr  error
	copied   []vault.ID
	stuck    []string
	home     int
	clocks   int
	taken    [][]string // codes that TakeCodes was given
	takeAs   guide.Outcome
	allowErr error
	locked   bool
	away     bool
	phone    bool
}

func newRig(t testing.TB) *rig { return newRigIn(t, kit.ModeLight, fyne.NewSize(1000, 760), 100) }

func newRigIn(t testing.TB, mode kit.Mode, size fyne.Size, percent int) *rig {
	t.Helper()
	r := &rig{t: t, clock: &turned{now: noon}, vault: newFakeVault(), eyes: &fakeEyes{}, upkeep: &fakeUpkeep{}, takeAs: guide.Noted}
	r.app = queuetest.New(t)
	r.app.Settings().SetTheme(kit.NewTheme(mode, percent))
	r.service = &fakeService{vault: r.vault}
	r.toast = kit.NewToast()
	r.verdict = verdict.Verdict{Tone: verdict.Right, Headline: "Your clock is right."}
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
	r.flow = add.NewFlow(add.Around{
		Accounts: func() add.Accounts { return r.vault }, Eyes: r.eyes, Clock: r.clock, Canvas: r.w.Canvas,
		Hide: func() {}, Show: func() {}, Row: r.model.RowOf, Forget: r.model.Forget, Reload: r.reload,
		Copy: func(vault.ID) {}, Done: func(vault.ID) {},
		Choose: func(chosen func(add.Picture, bool), _ func(error)) { chosen(add.Picture{}, false) },
	})
	r.around = r.makeAround()
	r.open()
	return r
}

// keeps gives the rig a data folder, and opens the place anew.
func (r *rig) keeps() {
	r.around.Dir = r.t.TempDir()
	r.t.Cleanup(r.settle)
	r.open()
}

func (r *rig) makeAround() Around {
	return Around{
		Canvas: r.w.Canvas, Clock: r.clock, Codes: r.clock,
		Vault: func() Vault {
			if r.locked {
				return nil
			}
			return r.vault
		},
		Adding: r.flow, Eyes: r.eyes, Away: func() bool { return r.away },
		Row: r.model.RowOf, Copy: func(id vault.ID) { r.copied = append(r.copied, id) },
		Reload: r.reload, Forget: r.model.Forget, Toast: func() *kit.Toast { return r.toast },
		Profile: func() Profile {
			return Profile{Service: r.hasLink, Fill: guide.Fill{Settings: "https://app.example.com/settings/security"}}
		},
		Open: func(u *url.URL) error {
			r.opened = append(r.opened, u.String())
			return r.openErr
		},
		CopyText: func(string) {}, Stuck: func(topic string) { r.stuck = append(r.stuck, topic) },
		Home: func() { r.home++ }, Verdict: func() verdict.Verdict { return r.verdict }, ShowClock: func() { r.clocks++ },
		Upkeep:    r.upkeep,
		Readiness: func() readiness.Facts { return readiness.Facts{} },
		TakeCodes: func(_ vault.ID, _ string, given []secret.Value, done func(guide.Outcome)) {
			var texts []string
			for _, c := range given {
				texts = append(texts, c.Reveal())
			}
			r.taken = append(r.taken, texts)
			done(r.takeAs)
		},
		Phone: func() bool { return r.phone },
		Linked: func() (string, string, bool) {
			if !r.linked {
				return "", "", false
			}
			return "ana@example.com", "Connected as ana@example.com: two-factor sign-in is on, with an app.", true
		},
		Connect: func(done func(bool)) { r.linked = true; done(true) },
		Allow: func(done func(error)) {
			r.service.allowed = r.allowErr == nil
			done(r.allowErr)
		},
		Enrolling: func() Enrolling { return r.service },
	}
}

func (r *rig) reload() {
	r.model.SetAccounts(r.vault.Accounts())
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

// waitForCodes waits until every account has its code, and the next where that is
// due.
func (r *rig) waitForCodes() {
	for _, a := range r.vault.Accounts() {
		for {
			row, ok := r.model.RowOf(a.ID, r.clock.Now())
			if !ok || row.State == codes.Failed || row.State == codes.Shown && (row.Left > 10 || row.Next != "") {
				break
			}
			<-r.came
		}
	}
}

// add puts an account into the vault.
func (r *rig) add(issuer, name, key string) vault.Account {
	k, err := otpauth.Parse(uri(issuer, name, key))
	if err != nil {
		r.t.Fatal(err)
	}
	a := r.vault.put(k)
	r.reload()
	return a
}

// at holds that a step is on show.
func (r *rig) at(step string) {
	r.t.Helper()
	if got := r.p.Step(); got != step {
		r.t.Fatalf("at step %q, want %q; it shows %q", got, step, r.texts())
	}
}

// press presses a button, a door or a card's button on show, over all or on the page.
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
		case *kit.Check:
			if o.Text == text {
				o.SetChecked(!o.Checked)
				r.settle()
				return
			}
		}
	}
	r.t.Fatalf("there is no %q at %q: %q", text, r.p.Step(), r.texts())
}

// objects are all that is drawn, what lies above first.
func (r *rig) objects() []fyne.CanvasObject {
	var all []fyne.CanvasObject
	roots := []fyne.CanvasObject{r.w.Content()}
	if top := r.w.Canvas().Overlays().Top(); top != nil {
		roots = []fyne.CanvasObject{top}
	}
	for _, root := range roots {
		all = append(all, test.LaidOutObjects(root)...)
	}
	return all
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

func (r *rig) mustSee(text string) {
	r.t.Helper()
	if !r.sees(text) {
		r.t.Errorf("%q is not to be seen: %q", text, r.texts())
	}
}

func (r *rig) mustNotSee(text string) {
	r.t.Helper()
	if r.sees(text) {
		r.t.Errorf("%q is to be seen", text)
	}
}
