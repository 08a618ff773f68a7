// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

// R53 R54 R56: this device's clock is ten minutes slow, so Kutano refuses the code;
// the one check says so, the clock is measured, and the next code is taken.
func TestJourneyWithAWrongClock(t *testing.T) {
	const off = 10 * time.Minute
	j := newJourney(t)
	j.workspace("")
	names, _ := slowBy(t, off)
	right := clock.Open(j.data, nil)
	j.must(right.Allow(clock.OnDemand, names))
	b := j.browse()
	b.visit("/practice/clock").fill("Seconds ahead", "600").press("Turn the clock")
	b.signIn(ana)
	j.start()
	j.toTheCode(b)
	b.press("Continue").fill("Verification code", j.code()).press("Verify").sees("This code is not right")
	j.press("It was refused").sees("Why was the code refused?").shot("30-check")
	j.press("Check my clock").press("Check my clock").sees("Your clock is 10 minutes slow").shot("31-clock")
	j.press("Correct my codes").press("Back").sees("Why was the code refused?").shot("32-checked")
	j.press("Show the next code").sees("Type the code into Kutano")
	b.fill("Verification code", j.code()).press("Verify").sees("The setup is complete")
	j.press("Kutano accepted it").sees("Two-factor sign-in is on")
	if _, err := right.Look(); err != nil || (right.Status().Applied-off).Abs() > time.Second {
		t.Errorf("corrected by %v, %v", right.Status().Applied, err)
	}
}
