// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"errors"
	"slices"
	"testing"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

// R42: linked by the browser; the section says whose account it is and how it stands.
func TestConnect(t *testing.T) {
	r := newRig(t)
	r.mustSee("Not linked", "everything works without")
	ended := []bool{}
	r.f.Connect(func(ok bool) { ended = append(ended, ok) })
	r.mustSee("Your browser opens, and you allow it there", "https://app.kutano.example")
	r.press("Link in my browser")
	if url := r.until(); url == "" || r.asked != "https://app.kutano.example" {
		t.Errorf("opened %q of %q", url, r.asked)
	}
	r.mustSee("Your browser opens…", "app.kutano.example", "Use a code instead")
	r.press("Open it again")
	if url := r.until(); url == "" {
		t.Error("it was not opened again")
	}
	r.allows()
	r.mustSee("Your Kutano is linked", "ana@example.com", "with an authenticator app", "9 backup codes are left of 10")
	r.press("Done")
	r.mustSee("ana@example.com", "linked 2026-11-25", "What it may do:", "See how two-factor", "Look now", "Looked at 2026-11-25 12:00")
	if !slices.Equal(ended, []bool{true}) {
		t.Errorf("told %v", ended)
	}
}

// Given up while the browser is waited for; what is allowed after that is given back.
func TestGivenUp(t *testing.T) {
	r := newRig(t)
	r.service.hard = true
	ended := []bool{}
	r.f.Connect(func(ok bool) { ended = append(ended, ok) })
	r.press("Link in my browser")
	r.until()
	r.press("Cancel")
	if !slices.Equal(ended, []bool{false}) || kit.TopSheet(r.w.Canvas()) != nil {
		t.Errorf("told %v", ended)
	}
	r.allows()
	if r.home.refused != 1 || r.home.ok {
		t.Errorf("allowed after that: %d given back, linked %t", r.home.refused, r.home.ok)
	}
}

// The app was locked while the browser was waited for: likewise.
func TestLockedWhileWaiting(t *testing.T) {
	r := newRig(t)
	r.service.hard = true
	r.f.Connect(nil)
	r.press("Link in my browser")
	r.until()
	r.shut = true
	r.f.Close()
	r.allows()
	if r.home.refused != 1 || r.home.ok {
		t.Errorf("allowed after that: %d given back, linked %t", r.home.refused, r.home.ok)
	}
}

// No browser: the code is shown, big and as a QR code.
func TestByCode(t *testing.T) {
	r := newRig(t)
	r.noView = errors.New("no browser")
	r.f.Connect(nil)
	r.press("Link in my browser")
	if r.until() != "device" {
		t.Error("no code was waited for")
	}
	r.mustSee("BCDF-GHJK", "https://app.kutano.example/oauth/device", "good for 10 minutes")
	r.press("Copy the address")
	if r.copied != "https://app.kutano.example/oauth/device" {
		t.Errorf("copied %q", r.copied)
	}
	r.allows()
	r.mustSee("Your Kutano is linked")
}

// The user chooses the code while the browser is waited for.
func TestCodeInstead(t *testing.T) {
	r := newRig(t)
	r.f.Connect(nil)
	r.press("Link in my browser")
	r.until()
	r.press("Use a code instead")
	if r.until() != "device" {
		t.Error("no code was waited for")
	}
	r.allows()
	r.mustSee("Your Kutano is linked")
}

func TestConnectFails(t *testing.T) {
	for _, tc := range []struct {
		err  error
		says string
	}{
		{link.ErrAddress, "not the address of a service"},
		{link.ErrUnreachable, "cannot be reached"},
		{link.ErrNotService, "no two-factor service"},
		{link.ErrTLS, "could not prove who it is"},
	} {
		r := newRig(t)
		r.found = tc.err
		r.f.Connect(nil)
		r.press("Link in my browser")
		r.settle()
		r.mustSee("That did not work", tc.says)
		r.found = nil
		r.press("Try again")
		r.mustSee("Address of the service")
		r.press("Cancel")
	}
	r := newRig(t)
	r.service.err = link.ErrDenied
	r.f.Connect(nil)
	r.press("Link in my browser")
	r.until()
	r.allows()
	r.mustSee("It was not allowed in the browser.")
	r.press("Close")
	r.mustSee("Not linked")
	r.shut = true
	r.f.Connect(nil)
	r.mustSee("Your accounts are not open yet.")
	r.press("Close")
	r.f.Refresh()
	r.mustSee("Your accounts are not open yet.")
}

// R63: what happened while there was no link, such as a reset that ended it, is told
// when the user links again.
func TestLinkedAgainTells(t *testing.T) {
	r := newRig(t)
	r.home.events = []link.Event{link.Reset}
	r.f.Connect(nil)
	r.press("Link in my browser")
	r.until()
	r.allows()
	r.mustSee("Your Kutano is linked")
	if !slices.Equal(r.told, r.home.events) {
		t.Errorf("told %v", r.told)
	}
}

// The permission to set up is asked for at the linked service, and who asked goes on.
func TestAllowEnrol(t *testing.T) {
	r := newRig(t)
	r.home.ok, r.home.l = true, link.Linked{Address: "https://linked.example", Who: link.Who{Email: "ana@example.com"}, Since: noon}
	ended := []bool{}
	r.f.AllowEnrol(func(ok bool) { ended = append(ended, ok) })
	r.until()
	if r.asked != "https://linked.example" {
		t.Errorf("asked %q", r.asked)
	}
	r.allows()
	if r.home.enrol != 1 || !slices.Equal(ended, []bool{true}) || kit.TopSheet(r.w.Canvas()) != nil {
		t.Errorf("%d permissions, told %v", r.home.enrol, ended)
	}
	r = newRig(t)
	r.home.ok, r.home.l = true, link.Linked{Address: "https://linked.example", Since: noon}
	r.home.takeErr = link.ErrOtherUser
	r.f.AllowEnrol(nil)
	r.until()
	r.allows()
	r.mustSee("Another user than the linked one allowed it.")
}

// R63: looked at by hand and by itself; what happened elsewhere is told.
func TestLook(t *testing.T) {
	r := newRig(t)
	r.f.Watch()
	r.settle()
	if r.home.asked != 0 {
		t.Error("asked though nothing is linked")
	}
	r.home.ok, r.home.l = true, link.Linked{Address: "https://app.kutano.example", Who: link.Who{Email: "ana@example.com"}, Since: noon, Scopes: []link.Scope{link.ReadStatus}}
	r.f.Watch()
	r.settle()
	if r.home.asked != 0 {
		t.Error("asked though the user does not want it")
	}
	r.home.l.Watched = true
	r.home.events = []link.Event{link.SwitchedToSMS, link.CodesNew}
	r.f.Watch()
	r.settle()
	if r.home.asked != 1 || !slices.Equal(r.told, r.home.events) {
		t.Errorf("asked %d times, told %v", r.home.asked, r.told)
	}
	r.home.err = link.ErrUnreachable
	r.press("Look now")
	r.settle()
	r.mustSee("The service cannot be reached.", "with an authenticator app")
	r.home.mu.Lock()
	r.home.err, r.home.l.Ended = link.ErrEnded, true
	r.home.mu.Unlock()
	r.press("Look now")
	r.settle()
	r.mustSee("The link has ended", "Link again…", "Forget it")
	asked := r.home.asked
	r.f.Watch()
	r.settle()
	if r.home.asked != asked {
		t.Error("asked though the link has ended")
	}
}

// Who waits for what comes of a look is told, once, whoever began it.
func TestAsk(t *testing.T) {
	r := newRig(t)
	var got []error
	done := func(err error) { got = append(got, err) }
	r.home.ok, r.home.l = true, link.Linked{Address: "https://app.kutano.example", Who: link.Who{Email: "ana@example.com"}, Since: noon}
	r.f.Look()
	r.f.Ask(done)
	r.settle()
	r.home.err = link.ErrUnreachable
	r.f.Ask(done)
	r.settle()
	r.f.Look()
	r.settle()
	if r.home.asked != 3 || len(got) != 2 || got[0] != nil || !errors.Is(got[1], link.ErrUnreachable) {
		t.Errorf("asked %d times, told %v", r.home.asked, got)
	}
	r.f.Home = func() Home { return nil }
	r.f.Ask(done)
	if len(got) != 3 || !errors.Is(got[2], link.ErrNotLinked) {
		t.Errorf("told %v", got)
	}
}

func TestEnd(t *testing.T) {
	r := newRig(t)
	r.home.ok, r.home.l = true, link.Linked{Address: "https://app.kutano.example", Who: link.Who{Email: "ana@example.com"}, Since: noon}
	r.home.err = link.ErrUnreachable
	r.f.Refresh()
	r.mustSee("Nobody has looked at the account yet.")
	r.press("End the link…")
	r.mustSee("Your accounts and codes stay as they are.")
	r.press("End the link")
	r.settle()
	r.mustSee("the service could not be told")
	r.press("OK")
	r.mustSee("Not linked")
}
