// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/fromcodes"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// typeCode types a code into the field, as a person does.
func (b *bench) typeCode(code string) {
	b.t.Helper()
	c := b.s.page.compare
	b.w.Canvas().Focus(c.code)
	for _, r := range code {
		c.code.TypedRune(r)
	}
	b.settle()
}

// compareOpen shows the page with the part that compares opened.
func (b *bench) compareOpen() *compare {
	b.t.Helper()
	b.open()
	b.press("Compare with another device")
	return b.s.page.compare
}

// says is seen where two devices cannot be compared.
func (b *bench) says(err error) {
	b.t.Helper()
	m := explain.Error(err)
	b.sees(m.What + " " + m.Next)
}

func TestCompareOffersAccountsKutanoFirst(t *testing.T) {
	b := newBench(t)
	c := b.compareOpen()
	if want := []string{"Kutano · ana@example.com", "GitHub · ana"}; !slices.Equal(c.which.Options, want) || c.which.SelectedIndex() != 0 {
		t.Errorf("offers %q at %d, want %q", c.which.Options, c.which.SelectedIndex(), want)
	}
	b.s.Close()
	b.accounts = b.accounts[1:2]
	b.compareOpen()
	b.sees("There is no account here yet whose codes go by the clock.")
	b.seesNot("Type the code that the other device shows now.")
}

// One code within an hour is enough; it is one source, so the user decides.
func TestCompareByOneCode(t *testing.T) {
	for _, off := range []time.Duration{90 * time.Second, -10 * time.Minute} {
		b := newBench(t)
		c := b.compareOpen()
		b.typeCode(codeAt(t, b.dev.read().Wall.Add(off)))
		s := b.true.Status()
		if s.Measured == nil || (s.Measured.Offset-off).Abs() > s.Measured.Uncertainty || s.Measured.Uncertainty > 20*time.Second {
			t.Fatalf("off by %v: %+v", off, s.Measured)
		}
		if !s.Ask || s.Applied != 0 || s.Measured.With[0].Kind != clock.Codes {
			t.Errorf("off by %v: ask %v, applied %v", off, s.Ask, s.Applied)
		}
		b.sees("Correct your codes by", "so you are asked before your codes are corrected")
		if off > 0 {
			b.sees("This device is about")
		}
		if c.code.Text != "" {
			t.Error("the code stays in the field")
		}
	}
}

func TestCompareWithoutADifference(t *testing.T) {
	b := newBench(t)
	b.compareOpen()
	b.typeCode(codeAt(t, b.dev.read().Wall))
	b.sees("No difference can be seen: it is less than")
	if b.true.Status().Ask {
		t.Error("asks for a correction that is not needed")
	}
	b.sees("Your clock is right to within")
}

// A code that is known less exactly does not take the place of a better one.
func TestCompareKeepsTheBetter(t *testing.T) {
	b := newBench(t)
	_ = b.true.Take(clock.Single(clock.Estimate{Offset: 47 * time.Second, Uncertainty: time.Second, Kind: clock.Codes}, b.dev.read()))
	_ = b.true.Apply()
	b.compareOpen()
	b.typeCode(codeAt(t, b.dev.read().Wall.Add(47*time.Second)))
	b.sees("That agrees with what was measured before.")
	if b.true.Status().Applied != 47*time.Second {
		t.Error("the better one is lost")
	}
	b.typeCode(codeAt(t, b.dev.read().Wall.Add(10*time.Minute)))
	if s := b.true.Status(); s.Applied != 0 || !s.Ask {
		t.Error("a device that says something else counts for nothing")
	}
}

// A tap at the flip places the offset within a second.
func TestCompareByTheFlip(t *testing.T) {
	b := newBench(t)
	c := b.compareOpen()
	const off = 47 * time.Second
	for b.dev.read().Wall.Add(off).Unix()%30 != 0 {
		b.dev.pass(time.Second)
	}
	b.press("It changes now")
	b.sees("Noted. Now type the code that has just come.")
	if b.w.Canvas().Focused() != c.code {
		t.Error("the focus is not on the field")
	}
	flipped := b.dev.read().Wall
	b.dev.pass(8 * time.Second)
	b.typeCode(codeAt(t, flipped.Add(off)))
	m := b.true.Status().Measured
	if m == nil || m.Uncertainty > 600*time.Millisecond || (m.Offset-off).Abs() > m.Uncertainty {
		t.Fatalf("measured %+v", m)
	}
}

// Beyond an hour a second code, of another step, has to fit as well.
func TestCompareAsksForASecondCode(t *testing.T) {
	b := newBench(t)
	c := b.compareOpen()
	const off = 5 * time.Hour
	b.typeCode(codeAt(t, b.dev.read().Wall.Add(off)))
	b.sees("Wait until the other device shows a new code")
	b.seesNot("Start again")
	if b.true.Status().Measured != nil || c.code.Text != "" || b.w.Canvas().Focused() != c.code {
		t.Fatal("taken at once, or the field is not ready")
	}
	b.dev.pass(30 * time.Second)
	b.typeCode(codeAt(t, b.dev.read().Wall.Add(off)))
	if m := b.true.Status().Measured; m == nil || (m.Offset-off).Abs() > m.Uncertainty {
		t.Fatalf("measured %+v", m)
	}
	b.sees("This device is about")
}

func TestCompareSaysWhatIsWrong(t *testing.T) {
	b := newBench(t)
	c := b.compareOpen()
	wrong := codeAt(t, b.dev.read().Wall.Add(80*24*time.Hour))
	b.typeCode(wrong[:3])
	b.press("Compare")
	b.says(otpauth.ErrCode)
	if b.true.Status().Measured != nil {
		t.Fatal("half a code is taken")
	}
	c.again()
	b.press("Compare")
	b.sees("Type the code that the other device shows now.")
	b.typeCode(wrong)
	b.says(fromcodes.ErrNoMatch)
	b.typeCode(codeAt(t, b.dev.read().Wall.Add(5*time.Hour)))
	b.dev.set(time.Minute)
	b.typeCode(codeAt(t, b.dev.read().Wall.Add(5*time.Hour)))
	b.says(fromcodes.ErrStepped)
	b.typeCode(codeAt(t, b.dev.read().Wall.Add(2*time.Minute)))
	if b.true.Status().Measured == nil {
		t.Error("after what went wrong nothing works any more")
	}
}

// What several servers agree on is not given up for one device.
func TestCompareLeavesAMajority(t *testing.T) {
	b := newBench(t)
	b.take(47 * time.Second)
	c := b.compareOpen()
	for off, want := range map[time.Duration]string{
		47 * time.Second: "That agrees with what was measured before.",
		10 * time.Minute: "That differs from what several sources said before",
	} {
		b.typeCode(codeAt(t, b.dev.read().Wall.Add(off)))
		if !strings.Contains(c.says.Text, want) {
			t.Errorf("%v: it says %q, want %q", off, c.says.Text, want)
		}
	}
	if s := b.true.Status(); s.Applied != 47*time.Second || !s.Measured.Majority {
		t.Errorf("what was measured is lost: %+v", s)
	}
}

// Closing the page leaves no code in it.
func TestClosingForgetsTheCode(t *testing.T) {
	b := newBench(t)
	c := b.compareOpen()
	b.typeCode("123")
	b.press("It changes now")
	b.typeCode("456")
	b.s.Lock()
	if c.code.Text != "" || c.readings != nil || c.flipped != nil || b.s.Shown() {
		t.Errorf("left: %q %v", c.code.Text, c.readings)
	}
}

func TestWereYourCodesTaken(t *testing.T) {
	b := newBench(t)
	b.open()
	b.press("Were your codes taken?")
	b.sees("Copy a code and use it.")
	copy := func(id vault.ID) {
		b.s.Copied(id, b.dev.read().Wall.Truncate(30*time.Second), 30)
	}
	copy("k")
	copy("k") // the same code once more is one code
	b.sees("Kutano · ana@example.com")
	if len(b.s.tries) != 1 {
		t.Fatalf("%d codes are listed", len(b.s.tries))
	}
	b.press("Refused")
	b.seesNot("Two codes in a row were refused.")
	b.dev.pass(30 * time.Second)
	copy("k")
	b.press("Refused")
	b.sees("Two codes in a row were refused.")
	if b.true.Status().Measured != nil {
		t.Error("refusals alone tell no time")
	}
	b.dev.pass(30 * time.Second)
	copy("g")
	b.press("It worked")
	b.sees("No difference can be seen: it is less than")
	b.seesNot("Two codes in a row were refused.")
	if s := b.true.Status(); s.Ask || s.Measured == nil || s.Measured.Offset != 0 {
		t.Errorf("a clock that may be right is taken to be wrong: %+v", s)
	}
	for range 2 * most {
		b.dev.pass(30 * time.Second)
		copy("k")
	}
	if len(b.s.tries) != most {
		t.Errorf("%d codes are kept, want %d", len(b.s.tries), most)
	}
	b.s.Copied("h", time.Time{}, 0)
	if len(b.s.tries) != most {
		t.Error("a counter's code is listed")
	}
}

// Two refusals lead to the measurement, or to the way without a network.
func TestRefusalsOfferACheck(t *testing.T) {
	for _, network := range []bool{true, false} {
		b := newBench(t)
		_ = b.true.Allow(clock.OnDemand, nil)
		if !network {
			b.s.Measure = nil
		}
		b.open()
		b.press("Were your codes taken?")
		for range 2 {
			b.s.Copied("k", b.dev.read().Wall.Truncate(30*time.Second), 30)
			b.press("Refused")
			b.dev.pass(30 * time.Second)
		}
		offer := b.s.page.taken.offer.Objects[1].(*fyne.Container).Objects[0].(*kit.Button)
		offer.Tapped(nil)
		b.settle()
		if want := map[bool]int{true: 1, false: 0}[network]; b.net.calls != want || b.s.page.compare.fold.Open() == network {
			t.Errorf("network %v: measured %d times, comparing %v", network, b.net.calls, b.s.page.compare.fold.Open())
		}
	}
}

// That a corrected code was taken does not undo the correction, however long ago
// the clock was measured.
func TestWorkedKeepsTheCorrection(t *testing.T) {
	b := newBench(t)
	const off = 47 * time.Second
	b.take(off)
	b.dev.pass(30 * time.Hour)
	if s := b.true.Status(); !s.Old() || s.Applied != off {
		t.Fatalf("old %v, applied %v", s.Old(), s.Applied)
	}
	b.open()
	b.press("Were your codes taken?")
	b.s.Copied("k", b.true.Now().Truncate(30*time.Second), 30)
	b.press("It worked")
	if s := b.true.Status(); s.Applied != off {
		t.Errorf("corrected by %v after that, want %v", s.Applied, off)
	}
	b.sees("That agrees with what was measured before.")
}

// Opened anew, the page does not go on about codes that were refused before; and
// locked, nothing is left of what was copied.
func TestTriesAfterwards(t *testing.T) {
	b := newBench(t)
	_ = b.true.Allow(clock.OnDemand, nil)
	b.open()
	for range 2 {
		b.s.Copied("k", b.dev.read().Wall.Truncate(30*time.Second), 30)
		b.dev.pass(30 * time.Second)
	}
	b.press("Were your codes taken?")
	b.press("Refused")
	b.press("Refused")
	b.sees("Two codes in a row were refused.")
	b.s.Close()
	b.open()
	b.seesNot("Two codes in a row were refused.")
	b.s.Lock()
	if b.s.tries != nil || b.s.page != nil {
		t.Errorf("left: %v, a page %v", b.s.tries, b.s.page != nil)
	}
	b.open()
	b.press("Were your codes taken?")
	b.sees("Copy a code and use it.")
}

// Of two accounts with the same name, either can be chosen.
func TestCompareTwins(t *testing.T) {
	b := newBench(t)
	b.accounts = accounts{b.accounts[0], b.accounts[0]}
	b.accounts[1].ID = "twin"
	c := b.compareOpen()
	for i, id := range []vault.ID{"g", "twin"} {
		c.which.SetSelectedIndex(i)
		if a, ok := c.account(); !ok || a.ID != id {
			t.Errorf("%q gives %q", c.which.Selected, a.ID)
		}
	}
}

// A page that was opened before the accounts came offers them then.
func TestCompareBeforeTheVaultIsOpen(t *testing.T) {
	b := newBench(t)
	b.s.Vault = func() Vault { return nil }
	c := b.compareOpen()
	b.sees("Opening your accounts…")
	b.seesNot("Type the code that the other device shows now.")
	b.s.Vault = func() Vault { return b.accounts }
	b.s.Accounts()
	b.sees("Type the code that the other device shows now.")
	b.typeCode("12")
	b.accounts = nil
	b.s.Accounts()
	if c.code.Text != "12" || len(c.which.Options) != 2 {
		t.Errorf("what is typed is lost: %q of %q", c.code.Text, c.which.Options)
	}
}

// What became of a code from before the clock was set undoes nothing that was
// measured since.
func TestTriesFromBeforeAStep(t *testing.T) {
	b := newBench(t)
	b.open()
	b.press("Were your codes taken?")
	b.s.Copied("k", b.dev.read().Wall.Truncate(30*time.Second), 30)
	b.dev.set(5 * time.Minute)
	const off = -5 * time.Minute
	_ = b.true.Take(clock.Single(clock.Estimate{Offset: off, Uncertainty: time.Second, Kind: clock.Codes}, b.dev.read()))
	_ = b.true.Apply()
	b.press("It worked")
	if s := b.true.Status(); s.Applied != off || s.Stale != "" {
		t.Errorf("corrected by %v, %q", s.Applied, s.Stale)
	}
}

// slowKeys are a vault whose keyring waits for its user.
type slowKeys struct{ accounts }

func (slowKeys) Steps(ctx context.Context, _ vault.ID, _ string, _ time.Time, _ time.Duration) ([]int64, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// After a keyring that gave no answer the field works again.
func TestCompareAfterAKeyringThatWaits(t *testing.T) {
	b := newBench(t)
	b.s.Vault = func() Vault { return slowKeys{b.accounts} }
	c := b.compareOpen()
	c.limit = time.Millisecond
	b.typeCode(codeAt(t, b.dev.read().Wall))
	b.says(context.DeadlineExceeded)
	b.s.Vault, c.limit = func() Vault { return b.accounts }, time.Minute
	b.typeCode(codeAt(t, b.dev.read().Wall))
	b.sees("No difference can be seen")
}
