// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/helpdesk"
	linkpage "github.com/kutano/authenticator/ui/link"
	"github.com/kutano/authenticator/ui/setup"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// far is a service that a test has linked.
type far struct {
	linked link.Linked
	looks  int
	events []link.Event // that the next look brings
	status link.Status
	desk   *atDesk // nil where nobody works at one
}

// service is nil without one.
func (f *far) service() *Service {
	if f == nil {
		return nil
	}
	s := &Service{
		Home:      func(Vault) linkpage.Home { return f },
		Enrolling: func(Vault) setup.Enrolling { return nil },
		Discover:  func(context.Context, string) (link.Service, error) { return nil, link.ErrUnreachable },
	}
	if f.desk != nil {
		s.Desk = func(Vault) helpdesk.Home { return f.desk }
	}
	return s
}

func (f *far) Linked() (link.Linked, bool, error) { return f.linked, f.linked.Address != "", nil }
func (f *far) Take(context.Context, link.Permission) (link.Linked, error) {
	return link.Linked{}, link.ErrUnreachable
}
func (f *far) TakeEnrol(context.Context, link.Permission) error { return link.ErrUnreachable }
func (f *far) TakeDesk(context.Context, link.Permission) (link.AtDesk, error) {
	return link.AtDesk{}, link.ErrUnreachable
}
func (f *far) Unlink(context.Context) error                  { return nil }
func (f *far) Refuse(context.Context, link.Permission) error { return nil }
func (f *far) SetWatched(context.Context, bool) error        { return nil }
func (f *far) Told(_ context.Context, events []link.Event) error {
	f.linked.Untold = slices.DeleteFunc(slices.Clone(f.linked.Untold), func(e link.Event) bool { return slices.Contains(events, e) })
	return nil
}

func (f *far) Refresh(context.Context) (link.Status, []link.Event, error) {
	f.looks++
	events := f.events
	f.events = nil
	f.linked.Seen, f.linked.SeenAt = f.status, noon
	f.linked.Untold = append(slices.Clone(f.linked.Untold), events...)
	slices.SortStableFunc(f.linked.Untold, link.ByUrgency)
	f.linked.Untold = slices.Compact(f.linked.Untold)
	return f.status, events, nil
}

// newFar is a rig that is linked.
func newFar(t *testing.T) (*rig, *far) {
	t.Helper()
	f := &far{
		linked: link.Linked{Address: "https://app.example.com", Who: link.Who{ID: "1", Email: "ana@example.com"}, Since: noon, Watched: true},
		status: link.Status{Enabled: true, Method: link.TOTP, Since: noon},
	}
	r := newRigFar(t, f, kutanoURI)
	return r, f
}

func (r *rig) look() {
	run(&r.later.look)
	r.settle()
}

// The linked service is looked at soon after the accounts are open and then each
// hour, not while the window is locked; what it says is put to use.
func TestTheServiceIsLookedAt(t *testing.T) {
	r, f := newFar(t)
	if f.looks != 0 || r.later.look == nil {
		t.Fatalf("looked %d times at once", f.looks)
	}
	if r.look(); f.looks != 1 {
		t.Fatalf("looked %d times", f.looks)
	}
	f.status.Method = link.SMS
	r.look()
	if got := r.u.care.state.Method; f.looks != 2 || got != readiness.SMS {
		t.Errorf("looked %d times, the method is %q", f.looks, got)
	}
	if r.lock(); r.later.look != nil {
		t.Error("the timer runs on while the window is locked")
	}
	if r.unlock(fourWords); r.later.look == nil {
		t.Error("the timer does not come back")
	}
	f.linked.Watched = false
	if r.look(); f.looks != 2 {
		t.Error("looked though the user does not want that")
	}
	if r.u.Stop(); r.later.look != nil {
		t.Error("the timer runs on after the end")
	}
}

// Who cannot get in can have the service asked at once, and what it says takes the
// place of what was seen last. R56
func TestTheServiceIsAskedFromATopic(t *testing.T) {
	r, f := newFar(t)
	f.status.Blocked = true
	r.look()
	r.u.openTopic(guide.Refused)
	r.settle()
	r.mustSee("The service accepts no codes for now, after too many wrong ones. (Seen at")
	f.status.Blocked = false
	r.press("Ask the service now")
	r.mustSee("The service asks for a code from an app. (Seen at")
	if f.looks != 2 || r.sees("The service accepts no codes") {
		t.Errorf("asked %d times", f.looks)
	}
}

// R48 R60 R63: what happened elsewhere is said in the banner, once, and leads to
// what there is to be done.
func TestToldOfWhatHappenedElsewhere(t *testing.T) {
	for e, leads := range map[link.Event]string{
		link.Reset: "reasons", link.SwitchedToSMS: "texted-retire", link.SwitchedToApp: "other-retire", link.TurnedOff: "off-retire",
		link.CodesLow: "new-codes", link.CodesNew: placeSafe, link.AccountShut: placeRecovery,
	} {
		r, f := newFar(t)
		f.events = []link.Event{e, link.CodesLow}
		r.look()
		n := r.u.shell.Banner().Notice()
		if n == nil || n.Text != link.Say(e) {
			t.Fatalf("%s: the banner says %+v", e, n)
		}
		r.u.shell.Banner().Press()
		r.settle()
		r.mustSee("Your Kutano account has changed", link.Say(e), link.Say(link.CodesLow))
		r.press("What to do")
		at := r.u.shell.Selected()
		if at == placeSetup {
			at = r.u.setup.Step()
		}
		if at != leads {
			t.Errorf("%s leads to %q", e, at)
		}
		if n := r.u.shell.Banner().Notice(); n != nil && n.Text == link.Say(e) {
			t.Errorf("%s is said again", e)
		}
	}
	r, f := newFar(t)
	for _, e := range []link.Event{link.CodeUsed, link.Reset, link.CodeUsed} { // three looks, and nobody has seen the first
		f.events = []link.Event{e}
		r.look()
	}
	if n := r.u.shell.Banner().Notice(); n == nil || n.Text != link.Say(link.Reset) || len(r.u.told) != 2 {
		t.Errorf("the banner says %+v of %v", n, r.u.told)
	}
	r, _ = newFar(t) // nothing here has died of it
	clear(r.u.care.kutano)
	r.u.leadsTo(link.TurnedOff)()
	if at := r.u.setup.Step(); at != "off-done" {
		t.Errorf("without an account here it leads to %q", at)
	}
	if (&UI{}).leadsTo(link.TurnedOn) != nil {
		t.Error("something is to be done about being protected")
	}
}

// What happened elsewhere is said until the user has seen it: also after the app was
// locked or had ended in between, and by the system while nobody looks at the window.
func TestToldLater(t *testing.T) {
	r, f := newFar(t)
	told := 0
	r.u.Notify = func(n *fyne.Notification) {
		told++
		if n.Title != "Kutano Authenticator" || n.Content != "There is something to see to. Open the app when you have a minute." {
			t.Errorf("it says %q %q", n.Title, n.Content)
		}
	}
	f.events = []link.Event{link.CodeUsed}
	if r.look(); told != 0 {
		t.Error("the system says it while the window is in front")
	}
	r.u.behind = true
	f.events = []link.Event{link.Reset}
	if r.look(); told != 1 {
		t.Errorf("the system says it %d times", told)
	}
	if r.look(); told != 1 {
		t.Error("the system says it again an hour later")
	}
	r.lock()
	r.unlock(fourWords)
	again := newRigFar(t, f, kutanoURI) // the app, started anew
	for _, u := range []*UI{r.u, again.u} {
		if n := u.shell.Banner().Notice(); n == nil || n.Text != link.Say(link.Reset) {
			t.Errorf("the banner says %+v", n)
		}
	}
	again.u.shell.Banner().Press()
	again.settle()
	again.mustSee(link.Say(link.Reset), link.Say(link.CodeUsed))
	if len(f.linked.Untold) != 0 {
		t.Errorf("still untold: %v", f.linked.Untold)
	}
	set := r.u.Settings.Get()
	set.NoReminders = true
	if err := r.u.Settings.Set(set); err != nil {
		t.Fatal(err)
	}
	r.u.behind = true
	f.events = []link.Event{link.TurnedOff}
	if r.look(); told != 1 {
		t.Error("the system says it though the user wants none of it")
	}
}

// Codes that the service made and of which nobody said where they are: the app asks a
// day later, and codes from before count no more as a way back in.
func TestCodesOfTheServiceThatNobodyKept(t *testing.T) {
	r, f := newFar(t)
	r.note(backupcodes.New{Account: r.kutanoID(), Title: "Kutano", Count: 10})
	made := noon.Add(2 * time.Hour)
	f.status.Codes = link.Codes{Left: 10, All: 10, Made: made}
	r.look()
	r.clock.set(made.Add(upkeep.Grace - time.Second))
	if rem := r.u.reminder(); rem != nil {
		t.Errorf("asked at once: %+v", rem)
	}
	if facts := r.u.readinessFacts(); facts.CodesKnown {
		t.Errorf("codes from before count: %+v", facts)
	}
	r.clock.set(made.Add(upkeep.Grace))
	if rem := r.u.reminder(); rem == nil || rem.Kind != upkeep.Unsaved {
		t.Errorf("nobody asks: %+v", rem)
	}
	f.status.Codes.Saved = true
	if r.look(); r.u.reminder() != nil {
		t.Error("asked though the user told the service that they are kept")
	}
	f.status.Codes.Saved = false
	r.look()
	r.note(backupcodes.New{Account: r.kutanoID(), Title: "Kutano", Count: 10})
	if rem := r.u.reminder(); rem != nil {
		t.Errorf("asked though it is noted where they are: %+v", rem)
	}

	// That these were made is no news; that others were made since is.
	f.events = []link.Event{link.CodesNew}
	if r.look(); len(r.u.told) != 0 || len(f.linked.Untold) != 0 {
		t.Errorf("told %v, untold %v", r.u.told, f.linked.Untold)
	}
	f.status.Codes.Made = r.clock.Now().Add(time.Second)
	f.events = []link.Event{link.CodesNew}
	if r.look(); !slices.Equal(r.u.told, []link.Event{link.CodesNew}) {
		t.Errorf("told %v of newer codes", r.u.told)
	}
}
