// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/enrolment"
)

func linkedRig(t *testing.T) *rig {
	r := newRig(t)
	r.linked, r.hasLink = true, true
	r.service.allowed = true
	r.open()
	return r
}

func TestConnect(t *testing.T) {
	r := newRig(t)
	r.hasLink = true
	r.p.Begin(guide.Setup)
	r.press("Begin")
	r.press("I have it")
	r.at("link")
	r.press("Connect")
	r.at("method")
	r.p.Back()
	r.press("Continue") // it is linked already
	r.at("method")
	r.press("Use an app")
	r.press("Use this app")
	r.at("enrol")

	r = newRig(t)
	r.hasLink = true
	r.p.Begin(guide.Setup)
	r.press("Begin")
	r.press("I have it")
	r.press("Do it by hand")
	r.at("open")
}

// R32: the service gives a key, the app keeps it and proves it, and the backup
// codes go straight to where they are kept.
func TestEnrol(t *testing.T) {
	r := linkedRig(t)
	r.service.allowed = false // asked for just before
	r.to(guide.Setup, "enrol")
	r.press("Set it up now")
	r.at("enrolled")
	if want := []string{"begin totp ", "begin totp ", "prove", "confirm"}; !slices.Equal(r.service.calls, want) {
		t.Errorf("calls %q, want %q", r.service.calls, want)
	}
	if len(r.vault.list) != 1 || r.p.run.Account() != string(r.vault.list[0].ID) {
		t.Error("the account is not here")
	}
	if len(r.taken) != 1 || len(r.taken[0]) != 8 || r.taken[0][7] != "code-0007" {
		t.Errorf("taken: %q", r.taken)
	}
	if len(r.p.codes) != 0 || r.service.confirm != 1 {
		t.Errorf("%d codes are still here; confirmed %d times", len(r.p.codes), r.service.confirm)
	}
	if r.upkeep.state.Method != readiness.App {
		t.Errorf("the method is %q", r.upkeep.state.Method)
	}
	r.press("Continue")
	r.mustSee("Your backup codes are seen to already.")
	r.press("Continue")
	r.at("habits")
}

// Codes that are not kept at once are offered again, and are gone with the lock.
func TestEnrolCodesLater(t *testing.T) {
	for _, locks := range []bool{false, true} {
		r := linkedRig(t)
		r.takeAs = guide.Later
		r.to(guide.Setup, "enrol")
		r.press("Set it up now")
		r.at("enrolled")
		if locks {
			kept := slices.Clone(r.p.codes)
			r.locked = true
			r.p.Lock()
			for _, c := range kept {
				if strings.Contains(c.Reveal(), "code") {
					t.Error("a code is still in memory")
				}
			}
			r.locked = false
			r.p.Show()
		}
		r.press("Continue")
		r.takeAs = guide.Kept
		if !locks {
			r.mustSee("The service gave 8 codes. They are shown once, so keep them now.")
		}
		r.press("Choose where")
		r.at("habits")
		want := 8
		if locks {
			want = 0 // the person types them over
		}
		if got := r.taken[len(r.taken)-1]; len(got) != want {
			t.Errorf("locked %v: %d codes were handed over, want %d", locks, len(got), want)
		}
	}
}

// Codes that nobody kept are not forgotten while the app is open, and codes that
// were replaced by hand are never handed over.
func TestCodesOnHome(t *testing.T) {
	r := linkedRig(t)
	r.takeAs = guide.Later
	r.to(guide.Setup, "enrol")
	r.press("Set it up now")
	r.p.home()
	r.mustSee("8 new backup codes are not kept yet.")
	r.takeAs = guide.Kept
	r.press("Choose where")
	r.mustNotSee("not kept yet")
	if got := r.taken[len(r.taken)-1]; len(got) != 8 || r.service.confirm != 1 {
		t.Errorf("%d codes, confirmed %d times", len(got), r.service.confirm)
	}
	for _, entry := range []string{guide.NewCodes, guide.Setup} {
		r = linkedRig(t)
		r.takeAs = guide.Later
		r.to(guide.Setup, "enrol")
		r.press("Set it up now")
		if entry == guide.Setup {
			r.to(entry, "code")
			r.press("Kutano accepted it")
		} else {
			r.p.Begin(entry)
			r.press("Begin")
		}
		if len(r.p.codes) != 0 {
			t.Errorf("%s: codes from before are still here", entry)
		}
	}
}

func TestEnrolFails(t *testing.T) {
	slow := &link.CodeError{Left: 3}
	for name, tc := range map[string]struct {
		errs []error
		says string
	}{
		"unreachable":  {[]error{link.ErrUnreachable}, ""},
		"refused":      {[]error{nil, slow}, "Nothing has changed, and 3 tries are left."},
		"clock":        {[]error{nil, errors.Join(link.ErrClockOff, slow)}, "This device’s clock is off."},
		"answer lost":  {[]error{nil, link.ErrUnreachable}, ""},
		"used":         {[]error{nil, &link.CodeError{Left: 1, Used: true}}, "It was used already. Wait for the next code."},
		"not allowed":  {[]error{link.ErrScope, link.ErrScope}, ""},
		"denied":       {[]error{link.ErrScope, link.ErrDenied}, ""},
		"under way":    {[]error{enrolment.ErrPending, link.ErrUnreachable}, ""},
		"other errors": {[]error{errors.New("odd")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := linkedRig(t)
			r.service.errs = tc.errs
			r.to(guide.Setup, "enrol")
			r.press("Set it up now")
			r.at("enrol")
			if tc.says != "" {
				r.mustSee(tc.says)
			}
			begun := slices.Contains(r.service.calls, "begin totp ") && r.service.note != nil
			r.press("Try again")
			r.at("enrolled")
			n := 0
			for _, c := range r.service.calls {
				if strings.HasPrefix(c, "begin") {
					n++
				}
			}
			if begun && n != 1 {
				t.Errorf("it began %d times though one was under way: %q", n, r.service.calls)
			}
			if len(r.vault.list) != 1 {
				t.Errorf("%d accounts", len(r.vault.list))
			}
		})
	}
}

func TestEnrolByHandAfterAll(t *testing.T) {
	r := linkedRig(t)
	r.service.errs = []error{link.ErrUnreachable}
	r.to(guide.Setup, "enrol")
	r.press("Set it up now")
	r.mustSee("Try again")
	r.press("Do it by hand") // nothing says once more that it did not work
	r.at("app-open")
	r.p.Back()
	r.at("enrol")
}

// The service gives its backup codes once. Where they are gone before anybody kept
// them, that is said, and what to do.
func TestGivenCodesGone(t *testing.T) {
	const gone = "The backup codes that the service gave are not here any more."
	r := linkedRig(t)
	r.takeAs = guide.Later
	r.to(guide.Setup, "enrol")
	r.press("Set it up now")
	r.at("enrolled")
	r.press("Continue")
	r.at("keep")
	r.mustNotSee(gone)
	r.p.Lock()
	r.p.Show()
	r.settle()
	r.mustSee(gone)
	r.mustSee("Make new backup codes in Kutano’s settings")
	r.p.CodesKnown = func() bool { return true }
	r.p.Refresh()
	r.mustNotSee(gone)
	r.p.CodesKnown = nil
	r.to(guide.Setup, "keep") // done by hand: Kutano shows them
	r.mustNotSee(gone)
}

// An enrolment that was under way before a restart is taken up, never a second one
// begun; what the service accepted meanwhile is not lost.
func TestEnrolGoesOn(t *testing.T) {
	for name, accepted := range map[string]bool{"waiting": false, "accepted": true} {
		t.Run(name, func(t *testing.T) {
			r := linkedRig(t)
			_, err := r.service.Begin(t.Context(), link.TOTP, "")
			if err != nil {
				t.Fatal(err)
			}
			r.service.accepted, r.service.calls = accepted, nil
			r.to(guide.Setup, "enrol")
			r.mustSee("A set-up is under way already.")
			r.press("Go on with it")
			r.at("enrolled")
			if slices.Contains(r.service.calls, "begin totp ") {
				t.Errorf("calls %q", r.service.calls)
			}
			if len(r.vault.list) != 1 {
				t.Errorf("%d accounts", len(r.vault.list))
			}
		})
	}
	r := linkedRig(t)
	_, _ = r.service.Begin(t.Context(), link.TOTP, "")
	r.to(guide.Setup, "enrol")
	r.press("Drop it")
	r.at("enrol")
	if r.service.note != nil {
		t.Error("it is still under way")
	}
	r.press("Set it up now")
	r.at("enrolled")
}

func TestEnrolWithoutItsCodes(t *testing.T) {
	r := linkedRig(t)
	r.service.lost = true
	r.to(guide.Setup, "enrol")
	r.press("Set it up now")
	r.at("enrolled")
	r.mustSee("Make new backup codes in Kutano’s settings")
	r.press("OK")
	if len(r.taken) != 0 {
		t.Error("there was nothing to hand over")
	}
}

// The service accepted the app, and the app's own side could not follow at first:
// the backup codes came all the same, and are taken then.
func TestEnrolFollowsLater(t *testing.T) {
	r := linkedRig(t)
	r.service.follow = errors.New("the disk is full")
	r.to(guide.Setup, "enrol")
	r.press("Set it up now")
	r.at("enrol")
	r.press("Try again")
	r.at("enrolled")
	r.mustNotSee("The backup codes did not arrive")
	if len(r.taken) != 1 || len(r.taken[0]) != 8 {
		t.Errorf("taken: %q", r.taken)
	}
}

// Codes of a set-up before are worth nothing once another one was accepted.
func TestCodesOfBefore(t *testing.T) {
	r := linkedRig(t)
	r.takeAs = guide.Later
	r.to(guide.Setup, "enrol")
	r.press("Set it up now")
	r.at("enrolled")
	r.service.lost = true
	r.to(guide.Setup, "enrol")
	r.press("Set it up now")
	r.mustSee("The backup codes did not arrive")
	if len(r.p.codes) != 0 || len(r.taken) != 1 {
		t.Errorf("%d codes from before are still here, taken %d times", len(r.p.codes), len(r.taken))
	}
}

// What is under way is another method's, and the service has accepted it by the time
// it is asked: the one that the person wants now is set up.
func TestOtherMethodWasAccepted(t *testing.T) {
	r := linkedRig(t)
	_, _ = r.service.Begin(t.Context(), link.TOTP, "")
	r.service.accepted = true
	r.to(guide.Setup, "sms-send")
	r.p.piece.(*phonePiece).field.SetText("+49 170 1234567")
	r.press("Send the code")
	r.at("sms-text")

	r = linkedRig(t)
	_, _ = r.service.Begin(t.Context(), link.SMS, "+49 170 1234567")
	r.service.accepted, r.service.lost = true, true
	r.to(guide.Setup, "enrol")
	r.press("Set it up now")
	if len(r.vault.list) != 1 {
		t.Errorf("%d accounts, calls %q", len(r.vault.list), r.service.calls)
	}
}

// The service is told that the codes are kept; until it has heard that, nothing else
// is asked of it.
func TestConfirmIsAlone(t *testing.T) {
	r := linkedRig(t)
	r.takeAs = guide.Later
	r.to(guide.Setup, "enrol")
	r.press("Set it up now")
	r.takeAs = guide.Kept
	r.service.hold = make(chan struct{})
	r.p.takeCodes(func(guide.Outcome) {})
	e := newEnrolPiece(r.p)
	if e.begin(); e.busy != "" || !strings.Contains(e.told, "still answering") {
		t.Errorf("busy with %q, told %q", e.busy, e.told)
	}
	close(r.service.hold)
	r.settle()
	if e.begin(); e.busy == "" {
		t.Error("it cannot be asked any more")
	}
	r.settle()
}

// A step that is left while the service is being asked cancels the question; there
// are never two at a time.
func TestEnrolIsLeft(t *testing.T) {
	r := linkedRig(t)
	r.service.hold = make(chan struct{})
	r.to(guide.Setup, "enrol")
	for _, b := range r.ways() {
		if b.Text == "Set it up now" {
			b.Tapped(nil)
		}
	}
	r.mustSee("The service makes a key, and this app keeps it…")
	r.p.Back()
	r.settle()
	r.at("phone")
	close(r.service.hold)
	r.settle()
	r.at("phone")
	r.to(guide.Setup, "enrol")
	r.press("Set it up now")
	r.at("enrolled")
}

// R25 R49: codes by text message, with the service.
func TestTextMessage(t *testing.T) {
	r := linkedRig(t)
	r.to(guide.Setup, "sms-send")
	r.press("Send the code")
	r.mustSee("Type the number first.")
	r.service.errs = []error{link.ErrPhone}
	r.p.piece.(*phonePiece).field.SetText(" 12 ")
	r.press("Send the code")
	r.mustSee("This number cannot get text messages.")
	r.p.piece.(*phonePiece).field.SetText(" +49 170 1234567 ")
	r.press("Send the code")
	r.at("sms-text")
	r.mustSee("Code from the message to •••• 67")
	r.mustSee("Send it again in 30 seconds")
	r.pass(30)
	r.press("Send it again")
	r.mustSee("A new code was sent. Only the newest one works.")
	r.mustSee("Send it again in 30 seconds")
	r.press("Verify")
	r.mustSee("Type the code first.")
	r.service.errs = []error{&link.CodeError{Left: 2, Late: true}}
	r.p.piece.(*textPiece).field.SetText("111 111")
	r.press("Verify")
	r.mustSee("Nothing has changed, and 2 tries are left.")
	r.mustSee("Type the code of the newest message.")
	r.p.piece.(*textPiece).field.SetText("123 456")
	r.p.piece.(*textPiece).field.OnSubmitted("")
	r.settle()
	r.at("texted")
	if n := len(r.service.calls); !slices.Equal(r.service.calls[n-2:], []string{"verify 123456", "confirm"}) {
		t.Errorf("calls %q", r.service.calls)
	}
	if r.upkeep.state.Method != readiness.SMS || len(r.taken) != 1 || len(r.taken[0]) != 8 {
		t.Errorf("method %q, taken %q", r.upkeep.state.Method, r.taken)
	}
}

// Another number ends what was begun with the one before.
func TestAnotherNumber(t *testing.T) {
	r := linkedRig(t)
	r.to(guide.Setup, "sms-send")
	for range 2 {
		r.p.piece.(*phonePiece).field.SetText("+49 170 1234567")
		r.press("Send the code")
		r.at("sms-text")
		r.p.Back()
		r.at("sms-send")
	}
	want := []string{"begin sms +49 170 1234567", "cancel", "begin sms +49 170 1234567"}
	if !slices.Equal(r.service.calls, want) {
		t.Errorf("calls %q, want %q", r.service.calls, want)
	}
	r.press("Do it by hand")
	r.at("sms-open")
}
