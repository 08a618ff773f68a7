// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// TestMinimisedWindowRests counts what the app draws, by its writes to the X
// server: some for every picture. Minimised, there are none, also when its code
// ends; back on the screen, it shows the code of that time.
func TestMinimisedWindowRests(t *testing.T) {
	need(t, "strace", "import")
	d := newDesktop(t, "1280x800x24")
	data, trace := filepath.Join(d.tmp, "data"), filepath.Join(d.tmp, "writes")
	const period = 20 * time.Second
	k, err := otpauth.Parse("otpauth://totp/Kutano:ana?secret=" + e2eKey + "&issuer=Kutano&period=20")
	d.must(err)
	v, err := vault.Open(context.Background(), vault.Options{Dir: data, Now: time.Now})
	d.must(err)
	t.Cleanup(func() { _ = v.Close() })
	a, err := v.Add(context.Background(), k)
	d.must(err)

	d.background("strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=writev", "-e", "signal=none", "-o", trace, d.bin, "--data", data)
	w := d.window("^Kutano Authenticator$")
	d.activate(w)
	time.Sleep(3 * time.Second) // the start is over
	if n := d.written(trace, 4*time.Second); n < 3 {
		t.Fatalf("%d writes in 4 s on the screen: pictures are not counted rightly", n)
	}
	atPartOf(period, time.Second)
	before := d.withoutRings(w)

	_, err = d.run("xdotool", "windowminimize", "--sync", w)
	d.must(err)
	time.Sleep(1500 * time.Millisecond) // the last tick
	if n := d.written(trace, 5*time.Second); n != 0 {
		t.Errorf("%d writes in 5 s while minimised", n)
	}
	atPartOf(period, 2*time.Second) // the code has ended meanwhile
	d.activate(w)
	time.Sleep(700 * time.Millisecond)
	back := d.withoutRings(w)
	time.Sleep(2 * time.Second)
	settled := d.withoutRings(w)
	if back == before {
		t.Error("it comes back with the code that has ended")
	}
	if back != settled {
		t.Error("what it shows first is not what it shows then")
	}
	if n := d.written(trace, 3*time.Second); n < 2 {
		t.Errorf("%d writes in 3 s after it came back", n)
	}
	d.keys("Down", "Return")
	d.eventually("the right code in the clipboard", func() bool {
		c, err := v.Code(context.Background(), a.ID, time.Now())
		return err == nil && d.clipboard() == c.Value
	})
}

// atPartOf waits until so much of a step has gone.
func atPartOf(period, gone time.Duration) {
	now := time.Duration(time.Now().UnixNano())
	time.Sleep((gone - now%period + period) % period)
}

// written counts the lines that come to a trace in some time.
func (d *desktop) written(trace string, span time.Duration) int {
	d.t.Helper()
	lines := func() int {
		b, err := os.ReadFile(trace)
		d.must(err)
		return bytes.Count(b, []byte("\n"))
	}
	n := lines()
	time.Sleep(span)
	return lines() - n
}

// withoutRings returns the points of the window, less its right part, where
// the seconds pass.
func (d *desktop) withoutRings(window string) string {
	d.t.Helper()
	shot, err := d.run("import", "-window", window, "png:-")
	d.must(err)
	img, err := png.Decode(strings.NewReader(shot))
	d.must(err)
	const ring = 160
	var points strings.Builder
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() - ring {
			r, g, b, _ := img.At(x, y).RGBA()
			points.Write([]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8)})
		}
	}
	return points.String()
}
