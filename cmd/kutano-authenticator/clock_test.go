// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// The clock's page in the real app, by the keyboard alone (R53): the user is asked
// before anybody else is, the clock is measured, the code that is copied is then
// the one of the right time, and the correction can be switched off.
func TestClockPageOnTheDesktop(t *testing.T) {
	need(t, "oathtool")
	d := newDesktop(t, "1000x800x24")
	const off = 10 * time.Hour // no two codes near each other are the same
	names, servers := slowBy(t, off)
	data := filepath.Join(d.tmp, "data")
	d.must(os.MkdirAll(data, 0o700))
	d.add(data, "otpauth://totp/Kutano:ana?issuer=Kutano&secret="+e2eKey)
	right := clock.Open(data, nil)
	d.must(right.Allow(clock.Unasked, names))

	d.background(d.bin, "--data", data)
	w := d.window("^Kutano Authenticator$")
	d.activate(w)
	time.Sleep(time.Second)
	status := func() clock.Status {
		_, err := right.Look()
		d.must(err)
		return right.Status()
	}
	d.keys("ctrl+t", "Tab", "Tab", "Tab", "Return") // banner, Back, Check my clock
	time.Sleep(time.Second)
	if status().Network != clock.Unasked || servers[0].Asked() != 0 {
		t.Fatal("somebody was asked before the user was")
	}
	d.keys("Return") // Allow when I ask
	d.eventually("the question whether to correct codes", func() bool { return status().Ask })
	if s := status(); s.Network != clock.OnDemand || !s.Measured.Majority || (s.Measured.Offset-off).Abs() > time.Second {
		t.Fatalf("measured %+v", s.Measured)
	}
	time.Sleep(time.Second)
	d.keys("Escape", "ctrl+t", "Tab", "Tab", "Tab", "Return") // Correct my codes
	d.eventually("the correction", func() bool { return (status().Applied - off).Abs() < time.Second })
	d.keys("Escape")
	d.eventually("the code of the right time", func() bool { return d.copies(off) })
	d.keys("ctrl+t")
	time.Sleep(500 * time.Millisecond)
	d.keys("Tab", "Tab", "Tab", "Tab", "Tab", "space") // banner, Back, Check again, Fix it, Use corrected codes
	d.eventually("the end of the correction", func() bool { return status().Off && status().Applied == 0 })
	d.keys("Escape")
	d.eventually("the code of the device's time", func() bool { return d.copies(0) })
}

// add puts an account into the keyring.
func (d *desktop) add(data, uri string) {
	d.t.Helper()
	ctx := context.Background()
	v, err := vault.Open(ctx, vault.Options{Dir: data, Now: time.Now})
	d.must(err)
	k, err := otpauth.Parse(uri)
	d.must(err)
	_, err = v.AddAll(ctx, []otpauth.Key{k})
	d.must(err)
	d.must(v.Close())
}

// copies copies the first code and tells whether it is the one of a time so far
// from now, by oathtool.
func (d *desktop) copies(off time.Duration) bool {
	d.t.Helper()
	d.keys("Return")
	time.Sleep(300 * time.Millisecond)
	got := d.clipboard()
	for _, back := range []time.Duration{0, -30 * time.Second} { // a step may have begun since
		at := time.Now().Add(off + back).UTC().Format("2006-01-02 15:04:05 UTC")
		want, err := d.run("oathtool", "--totp", "-b", e2eKey, "-N", at)
		d.must(err)
		if got == want {
			return true
		}
	}
	return false
}
