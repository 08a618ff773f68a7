// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"cmp"
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/practice"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desktest"
	"github.com/kutano/authenticator/sync/link/practicetest"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/queuetest"
)

func TestMain(m *testing.M) {
	_ = os.Setenv("LANG", "en_US.UTF-8")
	_ = os.Setenv("TZ", "UTC")
	os.Exit(practicetest.Main(m))
}

// fakeHome has the permission to work at a desk in memory.
type fakeHome struct {
	mu     sync.Mutex
	desk   *desktest.Desk
	at     link.AtDesk
	ok     bool
	given  bool  // the permission was given back
	refuse error // of the desk
}

func (h *fakeHome) AtDesk() (link.AtDesk, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at, h.ok, nil
}

func (h *fakeHome) Desk(context.Context) (link.Desk, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.ok {
		return nil, link.ErrScope
	}
	if h.refuse != nil {
		return nil, h.refuse
	}
	return h.desk, nil
}

func (h *fakeHome) GiveBackDesk(context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ok, h.given = false, true
	return nil
}

// fakeTraining is a practice that ends when it is told to.
type fakeTraining struct {
	once  sync.Once
	ended chan struct{}
	score practice.Score
	err   error
}

func (f *fakeTraining) Address() string        { return "http://127.0.0.1:8085/practice/call" }
func (f *fakeTraining) Ended() <-chan struct{} { return f.ended }
func (f *fakeTraining) End() (practice.Score, error) {
	f.once.Do(func() { close(f.ended) })
	return f.score, f.err
}

// rig is a window with the room in it.
type rig struct {
	t       *testing.T
	app     *queuetest.App
	w       fyne.Window
	r       *Room
	home    *fakeHome
	desk    *desktest.Desk
	now     time.Time
	toast   *kit.Toast
	linked  bool   // a service can be reached
	allows  bool   // the agent allows the work
	allowed int    // how often that was asked
	agent   string // who allows it; "" for Hana
	shut    bool   // the vault is locked
	copied  []string
	opened  []string
	dir     string // that is chosen
	train   *fakeTraining
	started string
	noTrain error
	swept   int
	behind  bool
}

// Now is the test's time.
func (r *rig) Now() time.Time { return r.now }

func newRig(t *testing.T) *rig { return newRigIn(t, kit.ModeLight, 100, fyne.NewSize(1000, 760)) }

func newRigIn(t *testing.T, mode kit.Mode, percent int, size fyne.Size) *rig {
	t.Helper()
	app := queuetest.New(t)
	app.Settings().SetTheme(kit.NewTheme(mode, percent))
	d := desktest.New()
	r := &rig{
		t: t, app: app, desk: d, now: d.Now, home: &fakeHome{desk: d}, allows: true, toast: kit.NewToast(), dir: t.TempDir(),
		train: &fakeTraining{ended: make(chan struct{}), score: practice.Score{Points: 80, Calls: []practice.Call{{Scenario: "slow-clock", Points: 80, Ending: "in"}}}},
	}
	r.w = app.NewWindow("")
	r.r = New(Around{
		Canvas: r.w.Canvas, Clock: r, Toast: func() *kit.Toast { return r.toast },
		Home: func() Home {
			if r.shut || !r.linked {
				return nil
			}
			return r.home
		},
		Allow: r.allow, Copy: func(text string) { r.copied = append(r.copied, text) },
		Open:         func(url string) error { r.opened = append(r.opened, url); return nil },
		ChooseFolder: func(chosen func(string, bool), _ func(error)) { chosen(r.dir, r.dir != "") },
		Fill:         func() guide.Fill { return guide.Fill{} },
		Train: func(_ context.Context, scenario string) (Training, error) {
			if r.noTrain != nil {
				return nil, r.noTrain
			}
			r.started = scenario
			return r.train, nil
		},
		Behind: func() bool { return r.behind }, Sweep: func() { r.swept++ }, Wait: func(context.Context, time.Duration) error { return nil },
	})
	r.w.SetContent(r.r.Object())
	r.w.SetPadded(false)
	r.w.Resize(size)
	t.Cleanup(func() {
		_, _ = r.train.End()
		r.r.Close()
		r.settle()
	})
	return r
}

// allow is the agent's answer in the browser.
func (r *rig) allow(done func(bool)) {
	r.allowed++
	if r.allows {
		r.atDesk(cmp.Or(r.agent, "hana"))
	}
	done(r.allows)
}

// atDesk gives an agent the permission.
func (r *rig) atDesk(agent string) {
	r.linked = true
	r.desk.Agent = agent
	r.home.mu.Lock()
	defer r.home.mu.Unlock()
	r.home.ok, r.home.refuse = true, nil
	r.home.at = link.AtDesk{
		Address: "https://app.kutano.example", Who: link.Who{ID: agent, Email: agent + "@example.com"},
		Since: r.now, Acts: r.now.Add(10 * time.Minute), Ends: r.now.Add(time.Hour),
	}
}

// newCallAt begins a call of an agent at the desk.
func newCallAt(t *testing.T, agent string) *rig {
	t.Helper()
	r := newRig(t)
	r.begin(agent)
	return r
}

func (r *rig) begin(agent string) {
	r.atDesk(agent)
	r.r.forget()
}

// meet looks a user up.
func (r *rig) meet(id string) {
	r.r.Look(id)
	r.settle()
}

// settle waits until nothing is under way and shows what came.
func (r *rig) settle() {
	for again := true; again; {
		kit.Settle()
		again = r.app.Flush()
	}
}

// wrong is the standing of a caller whose clock is slow.
func wrong() standing.Standing {
	return standing.Standing{
		Platform: standing.Windows, Clock: standing.Slow30, Source: standing.NTP, Enrolment: standing.Active, Codes: standing.ManyLeft,
		Automatic: standing.AutomaticOff, Last: standing.RefusedWrong, Minor: 8,
	}
}

// right is the same with a right clock.
func right() standing.Standing {
	s := wrong()
	s.Clock, s.Automatic = standing.ClockRight, standing.AutomaticOn
	return s
}

func wordsOf(t *testing.T, s standing.Standing) []string {
	t.Helper()
	p, err := phrase.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	return p.Words(words.Current())
}

// hear types the words of a standing.
func (r *rig) hear(s standing.Standing) {
	r.t.Helper()
	r.typeAll(wordsOf(r.t, s)...)
}

func (r *rig) typeAll(all ...string) {
	r.w.Canvas().Focus(r.r.typed.fields[0].entry)
	for i, w := range all {
		r.keys(w)
		if i < len(all)-1 {
			r.keys(" ")
		}
	}
	r.settle()
}

// keys types where the focus is.
func (r *rig) keys(text string) {
	for _, c := range text {
		r.w.Canvas().Focused().TypedRune(c)
	}
}

func (r *rig) key(k fyne.KeyName) {
	if f := r.w.Canvas().Focused(); f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

// tick ticks items and answers that nobody urges.
func (r *rig) tick(items ...helpdesk.Item) {
	for _, i := range items {
		if it := r.r.list.rows[i]; it.no != nil {
			it.no.Tapped(nil)
		} else {
			it.check.Tapped(nil)
		}
	}
}

// objects are those that can be seen, or scrolled to.
func (r *rig) objects() []fyne.CanvasObject { return r.walk(false) }

// walk are all objects, from below; with hidden also those that cannot be seen.
func (r *rig) walk(hidden bool) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	var into func(fyne.CanvasObject)
	into = func(o fyne.CanvasObject) {
		if o == nil || !hidden && !o.Visible() {
			return
		}
		all = append(all, o)
		switch o := o.(type) {
		case *fyne.Container:
			for _, c := range o.Objects {
				into(c)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(o).Objects() {
				into(c)
			}
		}
	}
	c := r.w.Canvas()
	into(c.Content())
	for _, o := range c.Overlays().List() {
		into(o)
	}
	return all
}

func (r *rig) texts() []string { return textsOf(r.objects()) }

func textsOf(objects []fyne.CanvasObject) []string {
	var all []string
	for _, o := range objects {
		switch o := o.(type) {
		case *widget.Label:
			all = append(all, o.Text)
		case *canvas.Text:
			all = append(all, o.Text)
		case *kit.Button:
			all = append(all, o.Text)
		case *kit.Entry:
			all = append(all, o.Text)
		case *widget.RichText:
			all = append(all, o.String())
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

func (r *rig) mustNotSee(texts ...string) {
	r.t.Helper()
	for _, text := range texts {
		if r.sees(text) {
			r.t.Errorf("the window says %q", text)
		}
	}
}

// press presses a button by what it says, and waits for what comes of it.
func (r *rig) press(text string) {
	r.t.Helper()
	r.hit(text)
	r.settle()
}

// hit presses a button, and waits for nothing.
func (r *rig) hit(text string) {
	r.t.Helper()
	if b := r.button(text); b != nil && !b.Disabled() {
		b.Tapped(nil)
		return
	}
	r.t.Fatalf("there is no button %q to press", text)
}

// button is the one on top by what it says, and that can be pressed if there is one;
// nil for none.
func (r *rig) button(text string) (found *kit.Button) {
	for _, o := range r.objects() { // what is above comes last
		if b, ok := o.(*kit.Button); ok && b.Text == text && b.Visible() && (found == nil || found.Disabled() || !b.Disabled()) {
			found = b
		}
	}
	return found
}

// fill types into a field by what stands in it while it is empty.
func (r *rig) fill(place, text string) {
	r.t.Helper()
	for _, o := range r.objects() {
		if e, ok := o.(*kit.Entry); ok && e.PlaceHolder == place {
			e.SetText(text)
			return
		}
	}
	r.t.Fatalf("there is no field %q", place)
}

// sheet is the title of the sheet on show, "" for none.
func (r *rig) sheet() string {
	if s := kit.TopSheet(r.w.Canvas()); s != nil {
		return s.Title
	}
	return ""
}

// layout lays out anew what grew, as a real window does by itself.
func (r *rig) layout() {
	size := r.w.Canvas().Size()
	for range 2 {
		r.w.Resize(size.AddWidthHeight(1, 1))
		r.w.Resize(size)
	}
}

// keep keeps a picture of the window, and holds that nothing is wider than it.
func (r *rig) keep(name string) {
	r.t.Helper()
	size := r.w.Canvas().Size()
	r.layout()
	img := r.w.Canvas().Capture()
	for _, o := range r.objects() {
		if s, ok := o.(*container.Scroll); ok && s.Content.MinSize().Width > size.Width {
			r.t.Errorf("%s asks for a width of %v", name, s.Content.MinSize().Width)
		}
		if b, ok := o.(*kit.Button); ok && b.Visible() {
			if at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b).X; at < 0 || at+b.Size().Width > size.Width {
				r.t.Errorf("%s: the button %q stands out of the window", name, b.Text)
			}
		}
	}
	savePicture(r.t, "helpdesk-"+name, img)
}
