// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
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

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/queuetest"
	"github.com/kutano/authenticator/vault/secret"
)

func TestMain(m *testing.M) {
	_ = os.Setenv("LANG", "en_US.UTF-8")
	_ = os.Setenv("TZ", "UTC")
	os.Exit(m.Run())
}

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

type stopped time.Time

func (s stopped) Now() time.Time { return time.Time(s) }

// fakeHome keeps a link in memory.
type fakeHome struct {
	mu      sync.Mutex
	l       link.Linked
	ok      bool
	err     error // of all that asks
	takeErr error
	status  link.Status
	events  []link.Event
	enrol   int
	desk    int
	refused int
	asked   int
}

func (h *fakeHome) Linked() (link.Linked, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.l, h.ok, nil
}

func (h *fakeHome) Take(_ context.Context, p link.Permission) (link.Linked, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.takeErr != nil {
		return link.Linked{}, h.takeErr
	}
	h.l = link.Linked{
		Address: p.Address, Who: link.Who{ID: "1", Email: "ana@example.com", Name: "Ana"}, Since: noon, Scopes: p.Scopes, Watched: true,
	}
	h.ok = true
	return h.l, nil
}

func (h *fakeHome) TakeEnrol(context.Context, link.Permission) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.enrol++
	return h.takeErr
}

func (h *fakeHome) TakeDesk(context.Context, link.Permission) (link.AtDesk, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.desk++
	return link.AtDesk{}, h.takeErr
}

func (h *fakeHome) Refresh(context.Context) (link.Status, []link.Event, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked++
	if h.err != nil {
		return h.l.Seen, nil, h.err
	}
	h.l.Seen, h.l.SeenAt, h.l.Untold = h.status, noon, h.events
	return h.status, h.events, nil
}

func (h *fakeHome) Told(context.Context, []link.Event) error { return nil }

func (h *fakeHome) Unlink(context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.l, h.ok = link.Linked{}, false
	return h.err
}

func (h *fakeHome) SetWatched(_ context.Context, on bool) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.l.Watched = on
	return nil
}

func (h *fakeHome) Refuse(context.Context, link.Permission) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refused++
	return nil
}

// fakeService asks a user who answers when the test says so.
type fakeService struct {
	device bool
	err    error
	opened chan string   // what the browser was given
	answer chan struct{} // closed when the user has allowed it
	hard   bool          // the answer comes although it was given up
}

func (s *fakeService) Address() string { return "https://app.kutano.example" }
func (s *fakeService) Host() string    { return "app.kutano.example" }
func (s *fakeService) CanDevice() bool { return s.device }

func (s *fakeService) wait(ctx context.Context, scopes []link.Scope) (link.Permission, error) {
	if s.hard {
		ctx = context.Background()
	}
	select {
	case <-s.answer:
	case <-ctx.Done():
		return link.Permission{}, ctx.Err()
	}
	if len(scopes) == 0 {
		scopes = []link.Scope{link.ReadStatus}
	}
	return link.Permission{Address: s.Address(), Scopes: scopes, Made: noon, Refresh: secret.FromString("r"), Access: secret.FromString("a")}, s.err
}

func (s *fakeService) Browser(ctx context.Context, scopes []link.Scope, open func(string) error) (link.Permission, error) {
	if err := open("https://app.kutano.example/oauth/authorize?state=x"); err != nil {
		return link.Permission{}, link.ErrNoBrowser
	}
	return s.wait(ctx, scopes)
}

func (s *fakeService) Device(_ context.Context, scopes []link.Scope) (link.Device, error) {
	return link.Device{
		UserCode: "BCDF-GHJK", Address: "https://app.kutano.example/oauth/device", Complete: "https://app.kutano.example/oauth/device?user_code=BCDF-GHJK",
		Expires: noon.Add(10 * time.Minute), Wait: func(ctx context.Context) (link.Permission, error) {
			s.opened <- "device"
			return s.wait(ctx, scopes)
		},
	}, nil
}

// rig is a window with a flow in it, and its section behind that.
type rig struct {
	t       *testing.T
	app     *queuetest.App
	w       fyne.Window
	f       *Flow
	home    *fakeHome
	service *fakeService
	found   error // what looking for a service says
	asked   string
	noView  error // of the browser
	copied  string
	told    []link.Event
	shut    bool
}

func newRig(t *testing.T) *rig { return newRigIn(t, kit.ModeLight, fyne.NewSize(1000, 700)) }

func newRigIn(t *testing.T, mode kit.Mode, size fyne.Size) *rig {
	t.Helper()
	app := queuetest.New(t)
	app.Settings().SetTheme(kit.NewTheme(mode, 100))
	r := &rig{t: t, app: app, home: &fakeHome{}, service: &fakeService{device: true, opened: make(chan string, 8), answer: make(chan struct{})}}
	r.home.status = link.Status{Enabled: true, Method: link.TOTP, Since: noon, Codes: link.Codes{Left: 9, All: 10, Made: noon, Advised: true}}
	r.w = app.NewWindow("")
	r.f = NewFlow(Around{
		Home: func() Home {
			if r.shut {
				return nil
			}
			return r.home
		},
		Discover: func(_ context.Context, address string) (link.Service, error) {
			r.asked = address
			return r.service, r.found
		},
		Clock: stopped(noon), Canvas: r.w.Canvas,
		Open: func(url string) error {
			if r.noView == nil {
				r.service.opened <- url
			}
			return r.noView
		},
		Address: func() string { return "https://app.kutano.example" },
		Copy:    func(text string) { r.copied = text }, Changed: func() { r.told = r.home.l.Untold },
	})
	r.w.SetContent(container.NewVScroll(kit.Pad(kit.NewColumn(r.f.Section()), kit.Space16)))
	r.w.SetPadded(false)
	r.w.Resize(size)
	t.Cleanup(func() { r.f.Close(); r.settle() })
	return r
}

// settle waits until nothing is under way and shows what came.
func (r *rig) settle() {
	for again := true; again; {
		kit.Settle()
		again = r.app.Flush()
	}
}

// until shows what came until the browser, or the code, is waited for.
func (r *rig) until() string {
	r.t.Helper()
	for {
		select {
		case url := <-r.service.opened:
			r.app.Flush()
			return url
		default:
			r.app.Flush()
		}
	}
}

// allows lets the user press Allow.
func (r *rig) allows() {
	close(r.service.answer)
	r.settle()
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
		case *kit.Entry:
			all = append(all, o.Text)
		}
	}
	return all
}

func (r *rig) mustSee(texts ...string) {
	r.t.Helper()
	for _, text := range texts {
		if !slices.ContainsFunc(r.texts(), func(s string) bool { return strings.Contains(s, text) }) {
			r.t.Errorf("the window does not say %q but %q", text, r.texts())
		}
	}
}

// press presses a button by what it says, and waits for nothing.
func (r *rig) press(text string) {
	r.t.Helper()
	all := r.objects()
	slices.Reverse(all) // what is above comes last
	for _, o := range all {
		if b, ok := o.(*kit.Button); ok && b.Text == text && b.Visible() && !b.Disabled() {
			b.Tapped(nil)
			return
		}
	}
	r.t.Fatalf("there is no button %q to press", text)
}
