// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/vault/otpauth"
)

const name = "Kutano · ana@example.com"

// usual are facts with nothing wrong but that a code was refused.
func usual() Facts {
	return Facts{
		Here: true, Account: name, Type: otpauth.TOTP, Algorithm: otpauth.SHA1, Digits: 6, Period: 30,
		Clock: tone(verdict.Right), Left: 20 * time.Second, Refused: 1,
	}
}

func tone(t verdict.Tone) verdict.Verdict {
	return verdict.Verdict{Tone: t, Headline: map[verdict.Tone]string{
		verdict.Right: "Your clock is right.", verdict.Look: "Your clock is 15 seconds slow: codes may be refused now and then.",
		verdict.Fail: "Your clock is 47 seconds slow: codes will be refused.", verdict.Unknown: "Nobody has checked this clock yet.",
	}[t]}
}

// R56 R53 R54 R55: each cause, and what comes first where there are several.
func TestOrder(t *testing.T) {
	for _, c := range []struct {
		name string
		with func(*Facts)
		want Do
	}{
		{"the first refusal: the next code, R54", func(*Facts) {}, NextCode},
		{"the second refusal: scan again, R55", func(f *Facts) { f.Refused = 2 }, Rescan},
		{"refused after scanning again: once more", func(f *Facts) { f.Rescanned = true }, NextCode},
		{"refused twice after scanning again: people", func(f *Facts) { f.Rescanned, f.Refused = true, 2 }, Ask},
		{"a wrong clock, R53", func(f *Facts) { f.Clock = tone(verdict.Fail) }, FixClock},
		{"a wrong clock and an old code", func(f *Facts) { f.Clock, f.Left = tone(verdict.Fail), time.Second }, FixClock},
		{"a wrong clock after many refusals", func(f *Facts) { f.Clock, f.Refused, f.Rescanned = tone(verdict.Fail), 5, true }, FixClock},
		{"a clock that is somewhat off, first", func(f *Facts) { f.Clock = tone(verdict.Look) }, NextCode},
		{"a clock that is somewhat off, again", func(f *Facts) { f.Clock, f.Refused = tone(verdict.Look), 2 }, FixClock},
		{"an unknown clock, first", func(f *Facts) { f.Clock = tone(verdict.Unknown) }, NextCode},
		{"an unknown clock that may be measured", func(f *Facts) { f.Clock, f.Allowed = tone(verdict.Unknown), true }, MeasureClock},
		{"one that could not be", func(f *Facts) { f.Clock, f.Allowed, f.Asked = tone(verdict.Unknown), true, true }, NextCode},
		{"an unknown clock, again", func(f *Facts) { f.Clock, f.Refused = tone(verdict.Unknown), 2 }, MeasureClock},
		{"an unknown clock that cannot be measured", func(f *Facts) { f.Clock, f.Refused, f.Asked = tone(verdict.Unknown), 2, true }, Rescan},
		{"an old code, again", func(f *Facts) { f.Left, f.Refused = 4*time.Second, 3 }, NextCode},
		{"a code that was over", func(f *Facts) { f.Left, f.Refused = 0, 2 }, NextCode},
		{"five seconds are enough", func(f *Facts) { f.Left, f.Refused = 5*time.Second, 2 }, Rescan},
		{"not known how long", func(f *Facts) { f.Left, f.Refused = -1, 2 }, Rescan},
		{"two accounts, first", func(f *Facts) { f.Others = 1 }, NextCode},
		{"two accounts, again", func(f *Facts) { f.Others, f.Refused = 1, 2 }, OtherLine},
		{"two accounts, thrice", func(f *Facts) { f.Others, f.Refused = 1, 3 }, Rescan},
		{"two accounts and a wrong clock", func(f *Facts) { f.Others, f.Refused, f.Clock = 1, 2, tone(verdict.Fail) }, FixClock},
		{"not here", func(f *Facts) { f.Here = false }, Scan},
		{"not here, whatever the clock", func(f *Facts) { f.Here, f.Clock = false, tone(verdict.Fail) }, Scan},
		{"removed", func(f *Facts) { f.Here, f.Removed = false, true }, BringBack},
		{"locked, whatever the clock", func(f *Facts) { f.Store, f.Clock = Locked, tone(verdict.Fail) }, Unlock},
		{"the key is gone", func(f *Facts) { f.Store = Gone }, Rescan},
		{"an account that counts, first", func(f *Facts) { f.Type, f.Clock = otpauth.HOTP, tone(verdict.Fail) }, NextCode},
		{"an account that counts, again", func(f *Facts) { f.Type, f.Refused, f.Left = otpauth.HOTP, 2, 0 }, Rescan},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := usual()
			c.with(&f)
			if got := Of(f); got.Do != c.want {
				t.Errorf("do %d, want %d: %+v", got.Do, c.want, got)
			}
		})
	}
}

func lines(r Result) string {
	var b strings.Builder
	for _, l := range r.Looked {
		fmt.Fprintf(&b, "%s %s\n", l.Sign, l.Text)
	}
	return b.String()
}

// What was looked at is said in its order, with its sign.
func TestLines(t *testing.T) {
	f := usual()
	want := "✓ Kutano · ana@example.com is in this app.\n✓ Its key is here and makes codes.\n✓ Your clock is right.\n✓ The code was still good for 20 seconds.\n"
	if got := lines(Of(f)); got != want {
		t.Errorf("got\n%s", got)
	}
	f.Clock, f.Left, f.Others, f.Digits, f.Refused = tone(verdict.Fail), 1500*time.Millisecond, 2, 8, 3
	want = "✓ Kutano · ana@example.com is in this app.\n✓ Its key is here and makes codes.\n✗ Your clock is 47 seconds slow: codes will be refused.\n" +
		"✗ The code had 1 second left when it was typed.\n! There are 2 other accounts of the same service: it is easy to read the wrong line.\n" +
		"! Its codes are not of the usual sort of six digits and 30 seconds. That is right if its QR code said so.\n! 3 codes were refused in a row.\n"
	if got := lines(Of(f)); got != want {
		t.Errorf("got\n%s", got)
	}
	f.Here = false
	if got := lines(Of(f)); got != "✗ The account is not in this app.\n" {
		t.Errorf("got\n%s", got)
	}
	for want, with := range map[string]func(*Facts){
		"✗ Its key is locked, so this app makes no codes now.":  func(f *Facts) { f.Store = Locked },
		"✗ Its key is no longer on this device.":                func(f *Facts) { f.Store = Gone },
		"! Nobody has checked this clock yet.":                  func(f *Facts) { f.Clock = tone(verdict.Unknown) },
		"! Your clock is 15 seconds slow":                       func(f *Facts) { f.Clock = tone(verdict.Look) },
		"✗ The code was over when it was typed.":                func(f *Facts) { f.Left = 0 },
		"! There is another account of the same service":        func(f *Facts) { f.Others = 1 },
		"! Its codes are not of the usual sort":                 func(f *Facts) { f.Period = 60 },
		"✗ The account was removed from this app not long ago.": func(f *Facts) { f.Here, f.Removed = false, true },
	} {
		f := usual()
		with(&f)
		if got := lines(Of(f)); !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestUnusual(t *testing.T) {
	if (Facts{}).unusual() || usual().unusual() {
		t.Error("the usual sort is called unusual")
	}
	for _, f := range []Facts{{Type: otpauth.Steam}, {Algorithm: otpauth.SHA256}, {Digits: 8}, {Period: 60}} {
		if !f.unusual() {
			t.Errorf("%+v is called usual", f)
		}
	}
}

var shouting = regexp.MustCompile(`(?i)!|\b(token|skew|seed|payload|secret|invalid|error)s?\b`)

// Whatever the facts: one verdict with a next thing to do, in calm words, and
// the guide knows how to go on. Doing what is said leads to another verdict in
// the end, not round and round.
func TestWhateverTheFacts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Facts{
			Here: rapid.Bool().Draw(t, "here"), Removed: rapid.Bool().Draw(t, "removed"), Account: name,
			Others: rapid.IntRange(0, 3).Draw(t, "others"), Store: Store(rapid.IntRange(0, 2).Draw(t, "store")),
			Type:    rapid.SampledFrom([]otpauth.Type{0, otpauth.TOTP, otpauth.HOTP, otpauth.Steam}).Draw(t, "type"),
			Digits:  rapid.IntRange(0, 10).Draw(t, "digits"),
			Clock:   tone(rapid.SampledFrom([]verdict.Tone{verdict.Unknown, verdict.Right, verdict.Look, verdict.Fail}).Draw(t, "clock")),
			Asked:   rapid.Bool().Draw(t, "asked"),
			Left:    time.Duration(rapid.IntRange(-1, 40).Draw(t, "left")) * time.Second,
			Refused: rapid.IntRange(1, 6).Draw(t, "refused"), Rescanned: rapid.Bool().Draw(t, "rescanned"),
		}
		for n := 0; ; n++ {
			r := Of(f)
			if r.What == "" || r.Next == "" || len(r.Looked) == 0 || shouting.MatchString(r.What+r.Next) {
				t.Fatalf("%+v", r)
			}
			if o := r.Do.Outcome(); o != guide.Again && o != guide.Rescan && o != guide.Unsolved {
				t.Fatalf("outcome %q", o)
			}
			if r.Do == Ask {
				return
			}
			if n > 12 {
				t.Fatalf("round and round at %+v", f)
			}
			f = done(f, r.Do)
		}
	})
}

// done is what the facts are once the person has done it and the next code was
// refused, too.
func done(f Facts, d Do) Facts {
	f.Left = 20 * time.Second
	f.Refused++
	switch d {
	case BringBack:
		f.Here, f.Removed = true, false
	case Scan, Rescan:
		f.Here, f.Store, f.Rescanned, f.Refused = true, Open, true, 1
	case Unlock:
		f.Store = Open
	case FixClock, MeasureClock:
		f.Clock = tone(verdict.Right)
	}
	return f
}
