// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desktest"
	"github.com/kutano/authenticator/ui/kit"
)

// atDesk is a permission to work at a desk in memory.
type atDesk struct{ at *desktest.Desk }

func (d *atDesk) AtDesk() (link.AtDesk, bool, error) {
	return link.AtDesk{
		Address: "https://app.example.com", Who: link.Who{ID: "hana", Email: "hana@example.com"},
		Since: noon, Acts: noon.Add(10 * time.Minute), Ends: noon.Add(time.Hour),
	}, true, nil
}

func (d *atDesk) Desk(context.Context) (link.Desk, error) { return d.at, nil }
func (d *atDesk) GiveBackDesk(context.Context) error      { return nil }

// railed reports whether the room is among the places.
func (r *rig) railed() bool {
	r.t.Helper()
	for _, o := range r.objects() {
		l, ok := o.(interface{ AccessibilityLabel() string })
		if ok && fmt.Sprintf("%T", o) == "*kit.navItem" && o.Visible() && l.AccessibilityLabel() == "Helpdesk" {
			return true
		}
	}
	return false
}

// The room opens from the settings, leads back to where it was opened from, and is a
// place of its own for who wants that.
func TestOpenHelpdesk(t *testing.T) {
	r := newRig(t, kutanoURI)
	r.w.Resize(fyne.NewSize(1000, 700))
	if r.railed() {
		t.Error("it is a place though nobody wanted that")
	}
	r.u.Go(placeSettings)
	r.press("Open the helpdesk")
	if r.u.shell.Selected() != placeHelpdesk {
		t.Fatalf("%q", r.u.shell.Selected())
	}
	r.mustSee("The six words", "The checks", "What can be done, the least dangerous first")
	r.press("Back")
	if r.u.shell.Selected() != placeSettings {
		t.Errorf("back is %q", r.u.shell.Selected())
	}
	r.u.Go(placeRecovery)
	r.press("I answer such calls")
	r.press("Back")
	if r.u.shell.Selected() != placeRecovery {
		t.Errorf("back is %q", r.u.shell.Selected())
	}
	r.u.Go(placeSettings)
	for _, o := range r.objects() {
		if c, ok := o.(*kit.Check); ok && c.Text == "Show the helpdesk beside the other places" {
			c.Tapped(nil)
		}
	}
	if !r.u.Settings.Get().Helpdesk || !r.railed() {
		t.Error("it is no place")
	}
	r.u.Go(placeHelpdesk)
	r.w.Resize(fyne.NewSize(600, 700))
	if !r.railed() {
		t.Error("it is not in a bar with room for it")
	}
	r.w.Resize(fyne.NewSize(360, 700))
	if r.railed() || r.u.shell.Selected() != placeHelpdesk {
		t.Error("it is in a bar without room for it, or not shown any more")
	}
}

// A bypass code goes when another window is in front, when the window is hidden, with
// the lock, and with the place. R57
func TestBypassCodeGoes(t *testing.T) {
	p, err := phrase.Encode(standing.Standing{Clock: standing.ClockRight, Source: standing.NTP, Enrolment: standing.Active, Last: standing.RefusedWrong})
	if err != nil {
		t.Fatal(err)
	}
	for name, leave := range map[string]func(*rig){
		"in back":   func(r *rig) { r.u.inBack() },
		"put away":  func(r *rig) { r.u.hide() },
		"locked":    func(r *rig) { r.lock() },
		"a minute":  func(r *rig) { r.clock.set(noon.Add(time.Minute)); r.u.Tick(noon.Add(time.Minute)) },
		"elsewhere": func(r *rig) { r.u.Go(placeCodes) },
		"quit":      func(r *rig) { r.u.Stop() },
	} {
		t.Run(name, func(t *testing.T) {
			d := desktest.New()
			d.Now = noon
			f := &far{desk: &atDesk{d}}
			r := newRigFar(t, f, kutanoURI)
			r.u.OpenHelpdesk()
			room := r.u.desk.room
			room.Look("ana")
			r.settle()
			s, _ := room.Call().Subject()
			if s.Who.ID != "ana" {
				t.Fatalf("%+v", s)
			}
			room.Type(strings.Join(p.Words("en"), " "))
			for _, i := range []helpdesk.Item{helpdesk.Step, helpdesk.Backup, helpdesk.Called, helpdesk.Boss, helpdesk.Video} {
				if err := room.Call().Tick(i, true); err != nil {
					t.Fatal(err)
				}
			}
			_, _ = room.Call().Answer(helpdesk.Calm, true), room.Call().Answer(helpdesk.Alone, true)
			room.Press(link.ActBypass)
			kit.TopSheet(r.w.Canvas()).Main.Tapped(nil)
			r.settle()
			r.mustSee("BCDF GHJK")
			leave(r)
			r.settle()
			if said := r.everything(); strings.Contains(said, "BCDF") || strings.Contains(said, "Bravo") {
				t.Errorf("it is still there: %s", said)
			}
			if r.lent.holds() != "" || r.app.Clipboard().Content() != "" {
				t.Error("it is in the clipboard")
			}
		})
	}
}
