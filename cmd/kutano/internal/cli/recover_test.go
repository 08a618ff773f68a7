// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/lietest"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// R56: what the linked service said is from when it was seen last, and the checks say
// when that was and how to ask it; they ask nobody.
func TestRecoverSaysWhenTheServiceWasSeen(t *testing.T) {
	l := newLinking(t)
	b := l.Browser(t, "dan@example.com")
	l.browse = func(_ context.Context, url string) error { return b.Open(t, true)(url) }
	l.run(0, "link", l.URL)
	l.User(t, "dan@example.com", "").Do(t, "DELETE", "/v1/me/2fa", map[string]any{"confirm": true})

	g, err := guide.Recover()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	a := &App{Out: &out, Err: &out, Clock: clock.Wall{}, In: strings.NewReader(""), fd: -1, store: "file", data: l.dir}
	w, err := a.beginWalk(t.Context(), gettingIn, g, guideFlags{entry: guide.NoText, anew: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.closed(w.looks(t.Context())); err != nil {
		t.Fatal(err)
	}
	l.says(out.String(), "The service asks for a code from an app, and sends no text messages. (Seen at 20", "To ask the service now: kutano link status")
}

// walking is a walk through the recovery guide in which a test presses the numbers.
type walking struct {
	*walk
	t   *testing.T
	out bytes.Buffer
}

// newWalking begins one with a Kutano account at a time.
func newWalking(t *testing.T, now clock.Clock) *walking {
	t.Helper()
	dir := t.TempDir()
	if _, errs, exit := run(t, dir, now.Now(), strings.ReplaceAll(rfc, "&digits=8", ""), "add"); exit != 0 {
		t.Fatal(errs)
	}
	g, err := guide.Recover()
	if err != nil {
		t.Fatal(err)
	}
	w := &walking{t: t}
	a := &App{
		Version: "0.1.0", Out: &w.out, Err: &w.out, Clock: now, In: strings.NewReader(""), store: "file", data: dir,
		given: secret.FromString("correct horse"),
	}
	if w.walk, err = a.beginWalk(t.Context(), gettingIn, g, guideFlags{entry: guide.Refused, anew: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.fd, a.given = -1, secret.Value{} // as where it was typed at a step
	t.Cleanup(func() {
		if err := w.closed(nil); err != nil {
			t.Error(err)
		}
	})
	return w
}

// clockIs has the clock found to be off, as a majority says.
func (w *walking) clockIs(off time.Duration) *clock.True {
	w.t.Helper()
	c, err := w.app.trueClock()
	if err != nil {
		w.t.Fatal(err)
	}
	var with []clock.Estimate
	for _, name := range []string{"one.example", "two.example", "three.example"} {
		with = append(with, clock.Estimate{Offset: off, Uncertainty: 10 * time.Millisecond, Kind: clock.NTP, Name: name})
	}
	a := clock.Agreement{Offset: off, Uncertainty: 10 * time.Millisecond, Majority: true, With: with}
	if err := c.Take(clock.Measurement{Agreement: a, At: w.app.times()}); err != nil {
		w.t.Fatal(err)
	}
	return c
}

// at goes to a step.
func (w *walking) at(step string) {
	w.t.Helper()
	run, err := w.guide.Restore(guide.State{Entry: guide.Refused, Step: step}, w.facts())
	if err != nil {
		w.t.Fatal(err)
	}
	w.run = run
}

// press does what a label says at the step at hand, and returns what is printed.
func (w *walking) press(label string) (said string, moved bool) {
	w.t.Helper()
	w.out.Reset()
	all := w.options(w.run.Step())
	i := slices.IndexFunc(all, func(o option) bool { return o.label == label })
	if i < 0 {
		w.t.Fatalf("%s does not offer %q", w.run.Step().ID, label)
	}
	moved, err := all[i].do(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return w.out.String(), moved
}

// shown shows the live piece of a step.
func (w *walking) shown(step string) string {
	w.t.Helper()
	w.at(step)
	w.out.Reset()
	if err := w.live(w.t.Context(), w.run.Step()); err != nil {
		w.t.Fatal(err)
	}
	return w.out.String()
}

// heard is what whoever answers the call hears of the words that are printed.
func (w *walking) heard(said string) standing.Standing {
	w.t.Helper()
	words := regexp.MustCompile(`(?m)^  \d\. (\w+)$`).FindAllStringSubmatch(said, -1)
	digits := regexp.MustCompile(`The same in digits: ([0-9 ]+)`).FindStringSubmatch(said)
	if len(words) != 6 || len(digits) != 2 {
		w.t.Fatalf("no six words in\n%s", said)
	}
	var six []string
	for _, one := range words {
		six = append(six, one[1])
	}
	by := func(text string) standing.Standing {
		d, err := phrase.Decode(text, "en")
		if err != nil {
			w.t.Fatal(err)
		}
		return d.Standing
	}
	st := by(strings.Join(six, " "))
	if st != by(digits[1]) {
		w.t.Errorf("words and digits differ in\n%s", said)
	}
	return st
}

// R56 R58 R59: the prepared call has the six words there and then, by how things stand
// now, and what was told of a code is in them.
func TestCallHasTheWords(t *testing.T) {
	for _, c := range []struct {
		second int64
		label  string
		last   standing.Last
		cause  helpdesk.Cause
	}{
		{15, "It was refused", standing.RefusedWrong, helpdesk.CauseRefused},
		{5, "It was refused", standing.RefusedOld, helpdesk.CauseLate},
		{15, "Kutano accepted it", standing.Accepted, helpdesk.CauseNone},
	} {
		w := newWalking(t, fixed(time.Unix(1767960000+c.second, 0)))
		w.clockIs(0)
		before := w.heard(w.shown("call"))
		if before.Last != standing.NoneTried || before.Store != standing.SealedFile || helpdesk.CauseOf(before) != helpdesk.CauseUnproved {
			t.Fatalf("at first: %+v", before)
		}
		w.at("call-next")
		if _, moved := w.press(c.label); !moved {
			t.Error("it stays")
		}
		if st := w.heard(w.shown("call")); st.Last != c.last || helpdesk.CauseOf(st) != c.cause {
			t.Errorf("%d %q: %+v", c.second, c.label, st)
		}
		said, moved := w.press("Show the words again")
		if st := w.heard(said); moved || st.Last != c.last {
			t.Errorf("again: %+v", st)
		}
		if verified := w.accounts()[0].Verified; verified.IsZero() != (c.last != standing.Accepted) {
			t.Errorf("%q: accepted at %v", c.label, verified)
		}
	}
}

// Two codes that follow one another let nobody in, and with several accounts it is not
// known whose code was accepted. R54
func TestNotedAsAccepted(t *testing.T) {
	w := newWalking(t, fixed(time.Unix(1767960015, 0)))
	w.at("call-two")
	if w.press("Kutano accepted them"); !w.accounts()[0].Verified.IsZero() || w.tried.Last != standing.NoneTried {
		t.Error("two codes let somebody in")
	}
	key, err := otpauth.Parse("otpauth://totp/Kutano:work?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Kutano")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.vault.Add(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	w.at("refused-next")
	w.press("Kutano accepted it")
	for _, acc := range w.accounts() {
		if !acc.Verified.IsZero() {
			t.Errorf("%s is noted", acc.Name)
		}
	}
	if w.tried.Last != standing.Accepted {
		t.Error("the words do not know of it")
	}
}

// A refusal does not outlive its cause in the terminal either.
func TestRefusedUnderAWrongClock(t *testing.T) {
	w := newWalking(t, fixed(time.Unix(1767960015, 0)))
	c := w.clockIs(47 * time.Second)
	if err := c.TurnOff(); err != nil {
		t.Fatal(err)
	}
	w.at("call-next")
	w.press("It was refused")
	if st := w.heard(w.shown("call")); st.Last != standing.RefusedWrong || helpdesk.CauseOf(st) != helpdesk.CauseClock {
		t.Errorf("before: %+v", st)
	}
	if err := c.TurnOn(); err != nil {
		t.Fatal(err)
	}
	if st := w.heard(w.shown("call")); st.Last != standing.NoneTried || helpdesk.CauseOf(st) == helpdesk.CauseRefused || w.tried != (check.Tried{}) {
		t.Errorf("corrected: %+v", st)
	}
	// Nor does it count for what is looked at after the next one, in either guide.
	if err := c.TurnOff(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		w.at("call-next")
		w.press("It was refused")
	}
	if f, err := w.checkFacts(t.Context()); err != nil || f.Refused != 2 {
		t.Errorf("%d refused, %v", f.Refused, err)
	}
	if err := c.TurnOn(); err != nil {
		t.Fatal(err)
	}
	if f, err := w.checkFacts(t.Context()); err != nil || f.Refused != 1 {
		t.Errorf("corrected: %d refused, %v", f.Refused, err)
	}
}

// R53: the clock can be measured at the checks, where the user did not say never; what
// came of it stands in the lines, and a failure leaves the rest as it is.
func TestMeasureAtTheChecks(t *testing.T) {
	w := newWalking(t, clock.Wall{})
	server := lietest.Start(t)
	c, err := w.app.trueClock()
	if err != nil {
		t.Fatal(err)
	}
	allow := func(n clock.Network, server string) {
		if err := c.Allow(n, []string{server}); err != nil {
			t.Fatal(err)
		}
	}
	allow(clock.Never, server.Addr)
	said := w.shown("refused")
	if offered := slices.ContainsFunc(w.options(w.run.Step()), func(o option) bool { return o.label == "Check my clock" }); offered || !strings.Contains(said, "Nothing is sent anywhere.") {
		t.Errorf("though never: offered %v\n%s", offered, said)
	}
	allow(clock.OnDemand, server.Addr)
	said = w.shown("refused")
	if first := w.options(w.run.Step())[0].label; first != "Check my clock" || server.Asked() != 0 || !strings.Contains(said, "Nobody is asked over the network unless you choose that.") {
		t.Errorf("first is %q, asked %d times\n%s", first, server.Asked(), said)
	}
	if _, moved := w.press("Check my clock"); !moved || server.Asked() == 0 {
		t.Errorf("asked %d times: %s", server.Asked(), w.out.String())
	}
	if said = w.shown("refused"); !strings.Contains(said, "(Checked at ") || !strings.Contains(said, "One code can be mistyped") {
		t.Errorf("measured\n%s", said)
	}
	w = newWalking(t, clock.Wall{})
	if c, err = w.app.trueClock(); err != nil {
		t.Fatal(err)
	}
	allow(clock.Daily, "127.0.0.1:9") // nobody is there
	w.shown("refused")
	if said, _ = w.press("Check my clock"); !strings.Contains(said, "No time server answered.") || !strings.Contains(said, "Your codes are as they were.") {
		t.Errorf("offline: %s", said)
	}
	if said = w.shown("refused"); strings.Contains(said, "(Checked at ") || !strings.Contains(said, "One code can be mistyped") {
		t.Errorf("offline\n%s", said)
	}
}
