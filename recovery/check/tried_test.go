// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// choiceAt is a step of a guide with the choice of a label.
func choiceAt(t *testing.T, step, label string) (guide.Step, guide.Choice) {
	t.Helper()
	for _, load := range []func() (*guide.Guide, error){guide.Recover, guide.Load} {
		g, err := load()
		if err != nil {
			t.Fatal(err)
		}
		s, _ := g.Step(step)
		for _, c := range s.Choices {
			if c.Label == label {
				return s, c
			}
		}
	}
	t.Fatalf("no %q at %s", label, step)
	return guide.Step{}, guide.Choice{}
}

// A code that was refused when a new one had just begun was most likely the one
// before. Two codes that follow one another let nobody in. R54
func TestTried(t *testing.T) {
	hotp := vault.Account{Type: otpauth.HOTP}
	for _, c := range []struct {
		step, label string
		second      int64 // of the half minute
		account     vault.Account
		before      int // refused in a row
		want        standing.Last
		refused     int
		accepted    bool
	}{
		{"refused-next", "Kutano accepted it", 0, vault.Account{}, 1, standing.Accepted, 0, true},
		{"code", "Kutano accepted it", 0, vault.Account{}, 1, standing.Accepted, 0, true},
		{"refused-next", "It was refused", 9, vault.Account{}, 0, standing.RefusedOld, 1, false},
		{"refused-next", "It was refused", 10, vault.Account{}, 0, standing.RefusedWrong, 1, false},
		{"refused-next", "It was refused", 9, vault.Account{}, 1, standing.RefusedWrong, 2, false},
		{"refused-next", "It was refused", 9, vault.Account{Period: 7}, 0, standing.RefusedOld, 1, false},
		{"refused-next", "It was refused", 9, hotp, 0, standing.RefusedWrong, 1, false},
		{"code", "It was refused", 20, vault.Account{}, 0, standing.RefusedWrong, 1, false},
		{"gone-code", "It was refused", 20, vault.Account{}, 0, standing.RefusedWrong, 1, false},
		{"call-next", "It was refused", 1, vault.Account{}, 0, standing.RefusedOld, 1, false},
		{"call-two", "They were refused", 1, vault.Account{}, 0, standing.RefusedWrong, 1, false},
		{"call-two", "Kutano accepted them", 1, vault.Account{}, 1, standing.NoneTried, 0, false},
		{"locked-code", "It is still locked", 1, vault.Account{}, 0, standing.NoneTried, 0, false},
		{"backup", "It was refused", 1, vault.Account{}, 0, standing.NoneTried, 0, false},
	} {
		s, choice := choiceAt(t, c.step, c.label)
		tried := Tried{Refused: c.before}
		got := tried.Chose(s, choice, Typed{Account: c.account, At: time.Unix(60*7*30+c.second, 0), Clock: standing.ClockRight})
		if got != c.accepted || tried.Last != c.want || tried.Refused != c.refused {
			t.Errorf("%s, %q at %d: %v %s, %d in a row", c.step, c.label, c.second, got, tried.Last, tried.Refused)
		}
	}
}

// A refusal does not outlive its cause: once the clock is right that was wrong, or not
// known to be right, the key is not to blame for it. One that came while the clock was
// right stays, and so does one of a code that goes by no time.
func TestTriedUnderAWrongClock(t *testing.T) {
	for name, c := range map[string]struct {
		at    standing.Clock
		then  []standing.Clock
		typ   otpauth.Type
		keeps bool
	}{
		"wrong, and still wrong":       {standing.Slow30, []standing.Clock{standing.Slow30, standing.ClockUnchecked}, 0, true},
		"wrong, and corrected":         {standing.Slow30, []standing.Clock{standing.ClockRight}, 0, false},
		"nearly right, and set":        {standing.Fast11, []standing.Clock{standing.ClockUnchecked, standing.ClockRight}, 0, false},
		"unchecked, and right":         {standing.ClockUnchecked, []standing.Clock{standing.ClockRight}, 0, false},
		"found wrong later, and right": {standing.ClockRight, []standing.Clock{standing.Slow30, standing.ClockRight}, 0, false},
		"wrong, and good enough":       {standing.Slow30, []standing.Clock{standing.Slow3}, 0, false},
		"good enough, and right":       {standing.Fast3, []standing.Clock{standing.ClockRight}, 0, true},
		"right all the time":           {standing.ClockRight, []standing.Clock{standing.ClockRight}, 0, true},
		"by a counter":                 {standing.Slow30, []standing.Clock{standing.ClockRight}, otpauth.HOTP, true},
	} {
		s, choice := choiceAt(t, "refused-next", "It was refused")
		tried := Tried{}
		tried.Chose(s, choice, Typed{Account: vault.Account{Type: c.typ}, At: time.Unix(15, 0), Clock: c.at})
		for _, clock := range c.then {
			tried.See(clock)
		}
		want := Tried{}
		if c.keeps {
			want.Last, want.Refused = standing.RefusedWrong, 1
		}
		if tried.Last != want.Last || tried.Refused != want.Refused {
			t.Errorf("%s: %s, %d in a row", name, tried.Last, tried.Refused)
		}
	}
	accepted := Tried{Last: standing.Accepted}
	accepted.See(standing.Slow30)
	accepted.See(standing.ClockRight)
	if accepted.Last != standing.Accepted {
		t.Error("a code that was accepted is forgotten")
	}
}
