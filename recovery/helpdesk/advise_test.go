// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/link"
)

// Good is a standing at which nothing is wrong.
func good() standing.Standing {
	return standing.Standing{
		Platform: standing.Windows, Clock: standing.ClockRight, Source: standing.NTP, Enrolment: standing.Active, Link: standing.LinkOK,
		Codes: standing.ManyLeft, Automatic: standing.AutomaticOn, Last: standing.Accepted, Major: 1, Minor: 8,
	}
}

// with is a good standing, but for what change does.
func with(change func(*standing.Standing)) standing.Standing {
	s := good()
	change(&s)
	return s
}

// R53 R54 R55 R56: each cause by itself.
func TestAdvise(t *testing.T) {
	for _, tt := range []struct {
		change  func(*standing.Standing)
		cause   Cause
		act     link.DeskAct
		finding string
	}{
		{func(s *standing.Standing) { s.Enrolment = standing.ByText }, CauseByText, link.ActBypass, "come by text message"},
		{func(s *standing.Standing) { s.Enrolment = standing.Off }, CauseOff, link.ActLookUp, "is off"},
		{func(s *standing.Standing) { s.Enrolment = standing.WasReset }, CauseReset, link.ActLookUp, "was reset"},
		{func(s *standing.Standing) { s.Store = standing.StoreLocked }, CauseLocked, link.ActBypass, "are locked"},
		{func(s *standing.Standing) { s.Store = standing.NoBackend }, CauseNoKeyring, link.ActBypass, "No keyring is running"},
		{func(s *standing.Standing) { s.Store = standing.StoreDenied }, CauseDenied, link.ActBypass, "does not let the app read"},
		{func(s *standing.Standing) { s.Enrolment = standing.InBin }, CauseBin, link.ActBypass, "can be brought back"},
		{func(s *standing.Standing) { s.Enrolment = standing.NoAccount }, CauseNoAccount, link.ActBypass, "not in this app"},
		{func(s *standing.Standing) { s.Store = standing.EntryMissing }, CauseKeyMissing, link.ActBypass, "no longer on the device"},
		{func(s *standing.Standing) { s.Store = standing.EntryUnreadable }, CauseKeyDamaged, link.ActBypass, "cannot be read"},
		{func(s *standing.Standing) { s.Enrolment = standing.Replaced }, CauseOldKey, link.ActBypass, "an old one"},
		{func(s *standing.Standing) { s.Clock = standing.Slow30 }, CauseClock, link.ActResync, "The clock is 30 to 59 seconds slow. Codes will be refused."},
		{func(s *standing.Standing) { s.Clock = standing.Fast60 }, CauseClock, link.ActResync, "The clock is 60 to 89 seconds fast. Codes will be refused."},
		{func(s *standing.Standing) { s.Clock = standing.Slow90 }, CauseClock, link.ActResync, "90 seconds slow or more"},
		{func(s *standing.Standing) { s.Clock = standing.WholeHours }, CauseClock, link.ActBypass, "whole hours"},
		{func(s *standing.Standing) { s.Clock = standing.WrongYear }, CauseClock, link.ActBypass, "wrong year"},
		{func(s *standing.Standing) { s.Link = standing.ServiceClock }, CauseServiceClock, link.ActLookUp, "service’s own clock"},
		{func(s *standing.Standing) { s.Enrolment = standing.Shut }, CauseShut, link.ActUnlock, "accepts no codes"},
		{func(s *standing.Standing) { s.Enrolment = standing.Duplicates }, CauseSeveral, link.ActBypass, "several accounts"},
		{func(s *standing.Standing) { s.Clock = standing.Fast11 }, CauseNearly, link.ActResync, "The clock is 11 to 29 seconds fast. Some codes will be refused."},
		{func(s *standing.Standing) { s.Clock = standing.ClockUnchecked }, CauseUnchecked, link.ActResync, "The clock has not been checked"},
		{func(s *standing.Standing) { s.Last = standing.RefusedOld }, CauseLate, link.ActBypass, "had probably run out, or nearly"},
		{func(s *standing.Standing) { s.Enrolment, s.Last = standing.Unusual, standing.RefusedWrong }, CauseUnusual, link.ActBypass, "not of Kutano’s kind"},
		{func(s *standing.Standing) { s.Last = standing.RefusedWrong }, CauseRefused, link.ActBypass, "may be an old one"},
		{func(s *standing.Standing) { s.Enrolment, s.Last = standing.Unproved, standing.NoneTried }, CauseUnproved, link.ActBypass, "No code of this account has been accepted"},
		{func(*standing.Standing) {}, CauseNone, link.ActBypass, "Nothing that can be seen"},
		// What works is no cause.
		{func(s *standing.Standing) { s.Clock = standing.Slow3 }, CauseNone, link.ActBypass, ""},
		{func(s *standing.Standing) { s.Store = standing.StoreReadOnly }, CauseNone, link.ActBypass, ""},
		{func(s *standing.Standing) { s.Store = standing.SealedFile }, CauseNone, link.ActBypass, ""},
		{func(s *standing.Standing) { s.Enrolment = standing.Unusual }, CauseNone, link.ActBypass, ""},
		{func(s *standing.Standing) { s.Link = standing.LinkOffline }, CauseNone, link.ActBypass, ""},
	} {
		a := Advise(with(tt.change))
		if a.Cause != tt.cause || a.Act != tt.act || !strings.Contains(a.Finding, tt.finding) {
			t.Errorf("%d, %s, %q; want %d, %s, %q", a.Cause, a.Act, a.Finding, tt.cause, tt.act, tt.finding)
		}
	}
}

// Of two reasons the one comes first that would make putting the other right useless.
func TestOrder(t *testing.T) {
	for _, tt := range []struct {
		change func(*standing.Standing)
		cause  Cause
		beside string // what is named beside it
	}{
		// No clock helps where the service sends text messages; no unlocking of keys either.
		{func(s *standing.Standing) { s.Enrolment, s.Clock = standing.ByText, standing.Slow60 }, CauseByText, "60 to 89 seconds slow"},
		{func(s *standing.Standing) { s.Enrolment, s.Store = standing.WasReset, standing.StoreLocked }, CauseReset, ""},
		// A clock can be seen to be right only by codes, and there are none behind a lock.
		{func(s *standing.Standing) { s.Store, s.Clock = standing.StoreLocked, standing.Slow60 }, CauseLocked, "60 to 89 seconds slow"},
		// Perhaps the account is only missing by reason of the lock.
		{func(s *standing.Standing) { s.Store, s.Enrolment = standing.StoreLocked, standing.NoAccount }, CauseLocked, ""},
		// Codes of an old key are wrong by any clock.
		{func(s *standing.Standing) { s.Enrolment, s.Clock = standing.Replaced, standing.WrongYear }, CauseOldKey, "wrong year"},
		// Unlocking brings nothing before the clock is right; but a clock that may be right keeps nobody out.
		{func(s *standing.Standing) { s.Enrolment, s.Clock = standing.Shut, standing.Fast30 }, CauseClock, "after too many wrong ones"},
		{func(s *standing.Standing) { s.Enrolment, s.Clock = standing.Shut, standing.Fast11 }, CauseShut, "11 to 29 seconds fast"},
		{func(s *standing.Standing) { s.Enrolment, s.Clock = standing.Shut, standing.ClockUnchecked }, CauseShut, "was not checked"},
		{func(s *standing.Standing) { s.Link, s.Clock = standing.ServiceClock, standing.Slow30 }, CauseClock, "service’s own clock"},
		{func(s *standing.Standing) { s.Enrolment, s.Last = standing.Duplicates, standing.RefusedOld }, CauseSeveral, "too old"},
		// Kutano's order: the clock, then the next code.
		{func(s *standing.Standing) { s.Clock, s.Last = standing.ClockUnchecked, standing.RefusedOld }, CauseUnchecked, "too old"},
		{func(s *standing.Standing) { s.Clock, s.Last = standing.Slow30, standing.RefusedWrong }, CauseClock, ""},
		{func(s *standing.Standing) { s.Enrolment, s.Last = standing.Unproved, standing.RefusedWrong }, CauseRefused, ""},
		{func(s *standing.Standing) { s.Clock, s.Automatic = standing.Slow30, standing.AutomaticOff }, CauseClock, "will go wrong again"},
		{func(s *standing.Standing) { s.Clock, s.Link = standing.WrongYear, standing.LinkTLS }, CauseClock, "not secure"},
		{func(s *standing.Standing) { s.Clock, s.Source = standing.Slow30, standing.OtherDevice }, CauseClock, "compared with another device"},
	} {
		a := Advise(with(tt.change))
		if a.Cause != tt.cause || !strings.Contains(strings.Join(a.Else, " "), tt.beside) {
			t.Errorf("%d beside %q, want %d beside %q", a.Cause, a.Else, tt.cause, tt.beside)
		}
	}
}

// The caller presses what there is on their own platform, whatever the agent's is.
func TestPress(t *testing.T) {
	t.Setenv("XDG_CURRENT_DESKTOP", "KDE")
	for platform, want := range map[standing.Platform]string{
		standing.Windows: "Sync now", standing.MacOS: "System Settings", standing.Android: "Automatic date and time",
		standing.IOS: "Set Automatically", standing.Linux: "timedatectl set-ntp true", standing.Web: "settings of your device",
	} {
		for _, clock := range []standing.Clock{standing.Slow30, standing.Fast11, standing.ClockUnchecked} {
			a := Advise(with(func(s *standing.Standing) { s.Platform, s.Clock = platform, clock }))
			if text := strings.Join(a.Press, " "); !strings.Contains(text, want) || strings.Contains(text, "Apply") {
				t.Errorf("%s: %q", PlatformIs(platform), text)
			}
		}
	}
	for platform, want := range map[standing.Platform]string{standing.Linux: "your keyring", standing.MacOS: "login keychain", standing.IOS: "your phone", standing.Windows: "app’s passphrase."} {
		a := Advise(with(func(s *standing.Standing) { s.Platform, s.Store = platform, standing.StoreLocked }))
		if !strings.Contains(a.Say, want) {
			t.Errorf("%s: %q", PlatformIs(platform), a.Say)
		}
	}
}

// R57: a backup code comes before anything that the desk does, and is never said.
func TestThen(t *testing.T) {
	for codes, want := range map[standing.Codes]string{
		standing.CodesUnknown: "ask whether there is", standing.CodesNoted: "shows where they are", standing.CodesHere: "in the app", standing.FewLeft: "some left",
		standing.ManyLeft: "some left", standing.NoneLeft: "has no backup codes", standing.NeverSaved: "has no backup codes",
	} {
		a := Advise(with(func(s *standing.Standing) { s.Codes, s.Clock = codes, standing.Slow30 }))
		if !strings.Contains(a.Then, want) {
			t.Errorf("%d: %q", codes, a.Then)
		}
	}
	if a := Advise(with(func(s *standing.Standing) { s.Enrolment, s.Codes = standing.Shut, standing.NoneLeft })); !strings.Contains(a.Next, "unlock") {
		t.Errorf("%q", a.Next)
	}
	if a := Advise(with(func(s *standing.Standing) { s.Enrolment = standing.Shut })); !strings.Contains(a.Next, "backup code") {
		t.Errorf("%q", a.Next)
	}
}

// sound fails unless an advice is whole.
func sound(t interface {
	Helper()
	Fatalf(string, ...any)
}, s standing.Standing, a Advice,
) {
	t.Helper()
	for _, text := range append([]string{a.Finding, a.Next, a.Say, a.Ask, a.Then}, slices.Concat(a.Press, a.Else)...) {
		if len(text) < 10 || strings.ContainsAny(text, "{}!") {
			t.Fatalf("%+v: %q", s, text)
		}
	}
	if a.Act == link.ActReset || a.Act == link.ActSignOut || !slices.Contains(Acts(), a.Act) {
		t.Fatalf("%+v: may come to %q", s, a.Act)
	}
	for i, line := range a.Else {
		if slices.Contains(a.Else[:i], line) || line == a.Finding {
			t.Fatalf("%+v: said twice: %q", s, line)
		}
	}
}

// Every combination of what bears on the finding has an advice.
func TestEveryStanding(t *testing.T) {
	seen := map[Cause]bool{}
	for clock := standing.ClockUnchecked; clock <= standing.WrongYear; clock++ {
		for store := standing.StoreOK; store <= standing.SealedFile; store++ {
			for enrolment := standing.NoAccount; enrolment <= standing.InBin; enrolment++ {
				for l := standing.NoLink; l <= standing.AppTooOld; l++ {
					for last := standing.NoneTried; last <= standing.RefusedWrong; last++ {
						s := standing.Standing{Clock: clock, Store: store, Enrolment: enrolment, Link: l, Last: last, Codes: standing.Codes((uint8(clock) + uint8(l)) % 7)}
						a := Advise(s)
						sound(t, s, a)
						seen[a.Cause] = true
					}
				}
			}
		}
	}
	if len(seen) != int(causes) {
		t.Errorf("%d of %d causes can be", len(seen), causes)
	}
}

func draw(t *rapid.T, name string) standing.Standing {
	of := func(field string, most int) uint8 {
		return uint8(rapid.IntRange(0, most).Draw(t, name+" "+field))
	}
	return standing.Standing{
		Platform: standing.Platform(of("platform", 6)), Clock: standing.Clock(of("clock", 13)), Source: standing.Source(of("source", 3)),
		Store: standing.Store(of("store", 7)), Enrolment: standing.Enrolment(of("enrolment", 10)), Link: standing.Link(of("link", 6)),
		Codes: standing.Codes(of("codes", 6)), Automatic: standing.Automatic(of("automatic", 2)), Last: standing.Last(of("last", 3)),
		Camera: standing.Camera(of("camera", 3)), Major: of("major", 3), Minor: of("minor", 31),
	}
}

// What a newer app may say, too: no value makes an advice that is not whole.
func TestAnyStanding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := draw(t, "standing")
		sound(t, s, Advise(s))
		s.Platform, s.Clock, s.Store, s.Enrolment = 7, 15, 7, 15
		s.Link, s.Codes, s.Automatic = 7, 7, 3
		sound(t, s, Advise(s))
		for _, f := range Facts(s) {
			if f == "" {
				t.Fatal("a fact without a word")
			}
		}
	})
}

func TestCompare(t *testing.T) {
	slow := func(s *standing.Standing) { s.Clock = standing.Slow30 }
	for _, tt := range []struct {
		before, after func(*standing.Standing)
		fixed         bool
		headline      string
	}{
		{slow, func(*standing.Standing) {}, true, "The clock is right. What was wrong has been put right."},
		{slow, func(s *standing.Standing) { s.Clock = standing.Slow3 }, true, "3 to 10 seconds slow. What was wrong has been put right."},
		{slow, slow, false, "Nothing has changed."},
		{slow, func(s *standing.Standing) { s.Clock = standing.Slow11 }, false, "but not what keeps the caller out"},
		{slow, func(s *standing.Standing) { s.Clock = standing.ClockUnchecked }, false, "but not what keeps the caller out"},
		{slow, func(s *standing.Standing) { slow(s); s.Automatic = standing.AutomaticOff }, false, "but not what keeps the caller out"},
		{slow, func(s *standing.Standing) { s.Platform = standing.Android }, false, "from a different device: Windows before, Android now"},
		{func(s *standing.Standing) { s.Store = standing.StoreLocked }, func(*standing.Standing) {}, true, "What was wrong has been put right."},
		{func(s *standing.Standing) { s.Store = standing.StoreLocked }, func(s *standing.Standing) { s.Store = standing.StoreDenied }, false, "but not what"},
		{func(s *standing.Standing) { s.Enrolment = standing.NoAccount }, func(s *standing.Standing) { s.Enrolment = standing.InBin }, false, "but not what"},
		{func(s *standing.Standing) { s.Enrolment = standing.Shut }, func(*standing.Standing) {}, true, "What was wrong has been put right."},
		{func(*standing.Standing) {}, slow, false, "Something has changed."},
		// Fixed, and something else comes to light.
		{func(s *standing.Standing) { s.Store, s.Clock = standing.StoreLocked, standing.Slow30 }, slow, true, "What was wrong has been put right."},
	} {
		c := Compare(with(tt.before), with(tt.after))
		if c.Fixed != tt.fixed || !strings.Contains(c.Headline, tt.headline) {
			t.Errorf("%+v, want %v, %q", c, tt.fixed, tt.headline)
		}
	}
	c := Compare(with(slow), good())
	if !slices.Equal(c.Lines, []string{"The clock is right."}) {
		t.Errorf("%q", c.Lines)
	}
}

func TestCompareAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "before"), draw(t, "after")
		if c := Compare(a, b); c.Fixed && (CauseOf(a) == CauseOf(b) || c.Other) || c.Headline == "" {
			t.Fatalf("%+v", c)
		}
		if c := Compare(a, a); c.Fixed || len(c.Lines) > 0 || c.Other {
			t.Fatalf("%+v", c)
		}
	})
}
