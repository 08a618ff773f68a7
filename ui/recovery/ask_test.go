// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/keystore"
)

// status is how the account stands at the linked service, and when that was seen.
func status(s link.Status, at time.Time) *link.Linked { return &link.Linked{Seen: s, SeenAt: at} }

var (
	shut = link.Status{Enabled: true, Method: link.TOTP, Blocked: true}
	open = link.Status{Enabled: true, Method: link.TOTP}
)

// asks has the service asked by the place; answer is what it says then, before the one
// who waits is told of err.
func (r *rig) asks(answer func() error) (asked *int, reply func()) {
	asked = new(int)
	var waits func(error)
	r.around.Ask = func(done func(error)) { *asked++; waits = done }
	r.open()
	return asked, func() {
		r.t.Helper()
		waits(answer())
		r.settle()
	}
}

// sixWords are the words that are on show.
func (r *rig) sixWords() string {
	r.t.Helper()
	st, _ := r.p.standing()
	ph, err := phrase.Encode(st)
	if err != nil {
		r.t.Fatal(err)
	}
	r.mustSee(ph.Words("en")...)
	return strings.Join(ph.Words("en"), " ")
}

// What the linked service said is from when it was seen last. Nothing asks it by
// itself; once the user has it asked, the lines and the six words are made anew. R56
func TestAskTheService(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	r.says.Linked = status(shut, noon.Add(-time.Hour))
	asked, reply := r.asks(func() error { r.says.Linked = status(open, r.clock.Now()); return nil })
	seen := func(at time.Time) string { return at.Local().Format("2006-01-02 15:04") }
	r.p.Open(guide.Refused)
	r.settle()
	r.pass(2 * lookEvery)
	r.mustSee("The service accepts no codes for now, after too many wrong ones. (Seen at " + seen(noon.Add(-time.Hour)) + ".)")
	if *asked != 0 {
		t.Fatal("it asks by itself")
	}
	r.press("Ask the service now")
	for _, o := range r.objects() {
		if b, ok := o.(*kit.Button); ok && b.Text == "Ask the service now" && !b.Disabled() {
			t.Error("it can be asked twice at once")
		}
	}
	reply()
	r.mustSee("The service asks for a code from an app. (Seen at " + seen(r.clock.Now()) + ".)")
	r.mustNotSee("The service accepts no codes")

	r.says.Linked = status(shut, noon.Add(-time.Hour))
	r.p.OpenCall()
	r.settle()
	r.mustSee("The words go by what the linked service said at " + seen(noon.Add(-time.Hour)) + ".")
	before := r.sixWords()
	r.press("Ask the service now")
	reply()
	r.mustSee("The words go by what the linked service said at " + seen(r.clock.Now()) + ".")
	if *asked != 2 || r.sixWords() == before {
		t.Errorf("asked %d times, and the words are %s", *asked, r.sixWords())
	}
}

// A service that cannot be reached is said, in the words, too, until it was seen again.
func TestAskTheServiceInVain(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	r.says.Linked = status(shut, noon.Add(-time.Hour))
	_, reply := r.asks(func() error { return link.ErrUnreachable })
	r.p.OpenCall()
	r.settle()
	r.press("Ask the service now")
	reply()
	r.mustSee("The service cannot be reached.")
	if st, _ := r.p.standing(); st.Link != standing.LinkOffline {
		t.Errorf("the link is %s", st.Link)
	}
	r.says.Linked = status(open, noon.Add(time.Minute))
	r.pass(lookEvery)
	r.mustNotSee("The service cannot be reached.")
	if st, _ := r.p.standing(); st.Link != standing.LinkOK {
		t.Errorf("the link is %s", st.Link)
	}
	// One that is locked meanwhile shows nothing of the answer.
	r.press("Ask the service now")
	r.p.Lock()
	reply()
	if r.p.now.at || len(r.p.body.Objects) != 0 {
		t.Errorf("it shows %q", r.texts())
	}
}

// Where nothing is linked, where the link has ended and while the accounts are not
// open, there is nobody to ask.
func TestNobodyToAsk(t *testing.T) {
	for name, set := range map[string]func(*rig){
		"not linked": func(*rig) {},
		"ended":      func(r *rig) { r.says.Linked = &link.Linked{Ended: true, Seen: shut, SeenAt: noon} },
		"closed": func(r *rig) {
			r.says.Linked, r.says.StoreErr, r.closed = status(shut, noon), keystore.ErrSealed, true
		},
	} {
		r := newRig(t)
		r.add("ana@example.com", keyA)
		set(r)
		r.asks(func() error { return nil })
		r.p.Open(guide.Refused)
		r.settle()
		r.mustNotSee("Ask the service now")
		r.p.OpenCall()
		r.settle()
		if r.mustNotSee("Ask the service now"); t.Failed() {
			t.Fatal(name)
		}
	}
}

// A code that was refused when a new one had just begun was most likely the one
// before; of two codes that follow one another that cannot be.
func TestRefusedOld(t *testing.T) {
	for _, c := range []struct {
		step, says string
		pass       int // seconds; at noon the code is 10 seconds old
		want       standing.Last
	}{
		{"refused-next", "It was refused", 0, standing.RefusedWrong},
		{"refused-next", "It was refused", 19, standing.RefusedWrong},
		{"refused-next", "It was refused", 20, standing.RefusedOld},
		{"refused-next", "It was refused", 29, standing.RefusedOld},
		{"refused-next", "It was refused", 30, standing.RefusedWrong},
		{"call-next", "It was refused", 21, standing.RefusedOld},
		{"call-two", "They were refused", 21, standing.RefusedWrong},
	} {
		r := newRig(t)
		r.add("ana@example.com", keyA)
		run, err := r.p.guide.Restore(guide.State{Entry: guide.Refused, Step: c.step}, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.p.walk(run)
		r.settle()
		r.pass(c.pass)
		r.press(c.says)
		if r.p.tried.Last != c.want {
			t.Errorf("%s after %d s: %s, want %s", c.step, c.pass, r.p.tried.Last, c.want)
		}
	}
}

// While the app is locked by a passphrase, neither the account's name nor where the
// backup codes are is to be seen anywhere; the six words are the same as ever.
func TestDiscreet(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	r.says.Sets = []backupcodes.Set{{Title: "Kutano", Account: "a1", Where: "in the safe at home", Place: backupcodes.Elsewhere, First: 10, Left: 7}}
	r.says.Guarded, r.closed, r.says.StoreErr = true, true, keystore.ErrSealed
	r.p.Refresh()
	r.settle()
	for _, s := range r.p.guide.Steps {
		for _, e := range r.p.guide.Entries {
			if s.Live != guide.Checks && e.Name != guide.Refused || s.Pause {
				continue
			}
			run, err := r.p.guide.Restore(guide.State{Entry: e.Name, Step: s.ID}, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.p.walk(run)
			r.settle()
			r.tick()
			r.mustNotSee("ana@example.com", "in the safe at home", "Where you keep them")
		}
	}
	r.p.Open(guide.Refused)
	r.settle()
	r.mustSee("The account is in this app.", "The app has a note of where the backup codes are.")
	st, _ := r.p.standing()
	if st.Enrolment != standing.Unproved || st.Codes != standing.ManyLeft {
		t.Errorf("the words say %+v", st)
	}
	r.closed, r.says.StoreErr = false, nil
	r.p.Refresh()
	r.settle()
	r.mustSee("Kutano · ana@example.com is in this app.", "Backup codes: in the safe at home, 7 left.")
}
