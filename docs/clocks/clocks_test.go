// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package clocks

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/vault/otpauth"
)

const (
	day  = 24 * time.Hour
	year = 8766 * time.Hour
)

// devices are clocks by how far they are ahead of the true time.
var devices = []struct {
	name  string
	ahead time.Duration
}{
	{"right", 0},
	{"1.9 s slow", -1900 * time.Millisecond},
	{"1.9 s fast", 1900 * time.Millisecond},
	{"2.1 s slow", -2100 * time.Millisecond}, // what is worth correcting begins at 2 s
	{"2.1 s fast", 2100 * time.Millisecond},
	{"20 s slow", -20 * time.Second},
	{"20 s fast", 20 * time.Second},
	{"29 s slow", -29 * time.Second},
	{"29 s fast", 29 * time.Second},
	{"31 s slow", -31 * time.Second},
	{"31 s fast", 31 * time.Second},
	{"45 s slow", -45 * time.Second},
	{"45 s fast", 45 * time.Second},
	{"2 min slow", -2 * time.Minute},
	{"2 min fast", 2 * time.Minute},
	{"1 h slow", -time.Hour},
	{"1 h fast", time.Hour},
	{"1 day slow", -day},
	{"1 day fast", day},
	{"10 years slow", -10 * year},
}

// turned reads the clocks of a device that is ahead of the true time.
func turned(ahead time.Duration) func() clock.Times {
	return func() clock.Times {
		t := clock.Now()
		t.Wall = t.Wall.Round(0).Add(ahead)
		return t
	}
}

// sample is the key that codes are made of: that of RFC 6238, appendix B.
func sample(t testing.TB) otpauth.Key {
	t.Helper()
	k, err := otpauth.Parse("otpauth://totp/Kutano:ada@example.com?issuer=Kutano&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// outcome is what a device's user is told before and after the correction.
type outcome struct{ before, after string }

// correct puts a measurement to use on a device and checks that the codes it then
// shows are those of the true time, which oathtool makes.
func correct(t testing.TB, ahead time.Duration, m clock.Measurement, apart int64) outcome {
	t.Helper()
	device := clock.Open("", turned(ahead))
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(device.TurnOff())
	must(device.Take(m))
	o := outcome{before: said(device, ahead)}
	if m.Offset.Abs() >= clock.Worth {
		must(device.Apply())
	}
	o.after = said(device, ahead)
	awayFromEdges(0)
	k := sample(t)
	now := time.Now()
	code, err := k.Code(device.Now())
	must(err)
	for by := -apart; by <= apart; by++ {
		if code.Value == oathtool(t, now.Add(time.Duration(by)*30*time.Second)) {
			return o
		}
	}
	t.Errorf("a clock %v ahead, corrected by %v ± %v: the code is not that of now", ahead, m.Offset, m.Uncertainty)
	return o
}

func said(device *clock.True, ahead time.Duration) string {
	return verdict.Of(device.Status(), system.Hint{}, turned(ahead)().Wall).Headline
}

// awayFromEdges waits until the code of a clock that is ahead of this one by so much
// does not change within the time that a few programs take on a busy machine, and is
// the same on a clock that is too little off to be corrected: by less than two
// seconds.
func awayFromEdges(ahead time.Duration) {
	for {
		if in := time.Now().Add(ahead).Unix() % 30; in > 1 && in < 18 {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// need skips the test where a program is not installed.
func need(t testing.TB, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed; this test needs it", program)
	}
	t.Skipf("%s is not installed; this test needs it", program)
}

// oathtool makes the sample's code for a time.
func oathtool(t testing.TB, at time.Time) string {
	t.Helper()
	out, err := exec.Command("oathtool", "--totp", "--base32", fmt.Sprintf("--now=@%d", at.Unix()), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").Output()
	if err != nil {
		t.Fatalf("oathtool: %v", err)
	}
	return strings.TrimSpace(string(out))
}
