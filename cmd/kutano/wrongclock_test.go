// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

// R54: on clocks that are wrong in every way, the corrected code is what
// oathtool says at true time, and the words are right.
func TestCodesOnWrongClocks(t *testing.T) {
	need(t, "oathtool")
	dir := filepath.Join(t.TempDir(), "data")
	add := inSealedFile(t, dir, "add")
	add.Stdin = strings.NewReader("otpauth://totp/Kutano:ana?secret=" + testKey + "\n")
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	const (
		harm, perhaps      = "that does no harm.", "codes may be refused now and then."
		sometimes, refused = "codes will be refused now and then.", "codes will be refused."
	)
	for _, tc := range []struct {
		slow time.Duration
		says string // before codes are corrected
	}{
		{0, "Your clock is right."},
		{2 * time.Second, "Your clock is 2 seconds slow: " + harm},
		{-2 * time.Second, "Your clock is 2 seconds fast: " + harm},
		{20 * time.Second, "Your clock is 20 seconds slow: " + perhaps},
		{-20 * time.Second, "Your clock is 20 seconds fast: " + perhaps},
		{29 * time.Second, "Your clock is 29 seconds slow: " + perhaps},
		{-29 * time.Second, "Your clock is 29 seconds fast: " + perhaps},
		{31 * time.Second, "Your clock is 31 seconds slow: " + sometimes},
		{-31 * time.Second, "Your clock is 31 seconds fast: " + sometimes},
		{45 * time.Second, "Your clock is 45 seconds slow: " + sometimes},
		{-45 * time.Second, "Your clock is 45 seconds fast: " + sometimes},
		{120 * time.Second, "Your clock is 2 minutes slow: " + refused},
		{-120 * time.Second, "Your clock is 2 minutes fast: " + refused},
		{time.Hour, "Your clock is 1 hour slow: " + refused},
		{-time.Hour, "Your clock is 1 hour fast: " + refused},
		{24 * time.Hour, "Your clock is 1 day slow: " + refused},
		{-24 * time.Hour, "Your clock is 1 day fast: " + refused},
		{87660 * time.Hour, "Your clock is 10 years slow: " + refused},
	} {
		read := func() clock.Times {
			now := clock.Now()
			now.Wall = turned(-tc.slow).Now()
			return now
		}
		c := clock.Open(dir, read)
		if err := c.Take(clock.Single(clock.Estimate{Offset: tc.slow, Uncertainty: time.Millisecond, Kind: clock.NTP}, read())); err != nil {
			t.Fatal(err)
		}
		run := func(args ...string) string {
			cmd := inSealedFile(t, dir, args...)
			cmd.Env = append(cmd.Env, turnedBy+"="+(-tc.slow).String())
			out, _ := cmd.Output() // a wrong clock is an exit code of its own
			return string(out)
		}
		if said := run("clock", "--offline"); !strings.HasPrefix(said, tc.says+"\n") {
			t.Errorf("%v slow: %s\nwant %s", tc.slow, said, tc.says)
		}
		if tc.slow != 0 {
			if said := run("clock", "--apply"); !strings.Contains(said, "Your codes are corrected, so they work.") {
				t.Errorf("%v slow, applied: %s", tc.slow, said)
			}
		}
		// The step may change between the two.
		right := false
		for range 3 {
			right = right || run("code", "kutano") == oathtool(t)
		}
		if !right {
			t.Errorf("%v slow: the code is not oathtool's", tc.slow)
		}
	}
}

func oathtool(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("oathtool", "--totp", "-b", testKey).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
