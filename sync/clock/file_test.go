// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

func golden() kept {
	return kept{Next: 1795720000, Status: Status{
		Network: Daily, Servers: []string{"time.example", "127.0.0.1:11123"}, Refused: []string{"closed.example"},
		Measured: &Measurement{
			Agreement: Agreement{
				Offset: 47020 * ms, Uncertainty: 12 * ms, Majority: true,
				With: []Estimate{
					{Offset: 47020 * ms, Uncertainty: 12 * ms, Kind: NTS, Name: "time.example", Operator: "Example", Proven: true},
					{Offset: 47030 * ms, Uncertainty: 40 * ms, Kind: NTP, Name: "127.0.0.1:11123"},
					{Offset: 47400 * ms, Uncertainty: 500 * ms, Kind: Web, Name: "smeared.example", Smeared: true},
				},
				Against: []Estimate{{Offset: time.Hour, Uncertainty: 9 * ms, Kind: Service, Name: "wrong.example"}},
			},
			At: Times{
				Wall: time.Date(2026, 11, 25, 18, 0, 7, 250e6, time.UTC), Boot: time.Hour, Slewed: -1500 * time.Microsecond,
				BootID: "0a1b2c3d-0000-4000-8000-000000000001",
			},
		},
		Applied: 47020 * ms,
		Dropped: &Dropped{Stepped, -3 * time.Second},
	}}
}

// The file of each version is read as what it was, and today's written as it is.
func TestGoldenFile(t *testing.T) {
	file, err := os.ReadFile("testdata/clock-v1.json")
	check(t, err)
	got, err := decode(file)
	if want := golden(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	k := golden()
	written, err := encode(&k)
	if err != nil || !bytes.Equal(written, file) {
		t.Errorf("written as %s, %v", written, err)
	}
}

func TestDamagedFiles(t *testing.T) {
	whole, err := os.ReadFile("testdata/clock-v1.json")
	check(t, err)
	change := func(from, to string) string {
		if !strings.Contains(string(whole), from) {
			t.Fatalf("there is no %s", from)
		}
		return strings.Replace(string(whole), from, to, 1)
	}
	for name, text := range map[string]string{
		"empty":                     "",
		"cut":                       string(whole[:len(whole)/2]),
		"not JSON":                  "\x00\xff",
		"no version":                "{}",
		"version 0":                 change(`"version": 1`, `"version": 0`),
		"another permission":        change(`"daily"`, `"always"`),
		"a reason nobody knows":     change(`"stepped"`, `"moved"`),
		"a correction not measured": change(`"applied_ns": 47020000000`, `"applied_ns": 48000000000`),
		"a correction from nothing": `{"version":1,"applied_ns":47020000000}`,
		"a question from nothing":   `{"version":1,"ask":true}`,
		"corrected though off":      change(`"applied_ns"`, `"off": true, "applied_ns"`),
		"corrected though stale":    change(`"applied_ns"`, `"stale": "stepped", "applied_ns"`),
		"a negative uncertainty":    change(`"uncertainty_ns": 12000000`, `"uncertainty_ns": -1`),
		"a huge uncertainty":        change(`"uncertainty_ns": 12000000`, `"uncertainty_ns": 9223372036854775807`),
		"a number too large":        change(`"offset_ns": 47020000000`, `"offset_ns": 92233720368547758070`),
		"a date that is none":       change(`18:00:07.25Z`, `25:00:07Z`),
		"more behind it":            string(whole) + "{}",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "clock.json")
			check(t, os.WriteFile(path, []byte(text), 0o600))
			d := newDevice()
			c := Open(dir, d.read)
			s := c.Status()
			if !s.Damaged || s.Applied != 0 || s.Measured != nil || s.Network != Unasked {
				t.Errorf("read as %+v", s)
			}
			if aside, err := os.ReadFile(path + ".damaged"); err != nil || string(aside) != text {
				t.Errorf("put aside: %q, %v", aside, err)
			}
			other := Open(dir, d.read)
			check(t, other.Take(d.measured(0, true)))
			if s := Open(dir, d.read).Status(); s.Damaged || s.Measured == nil {
				t.Errorf("after a measurement: %+v", s)
			}
			if changed, err := c.Look(); !changed || err != nil || c.Status().Damaged || c.Status().Measured == nil {
				t.Errorf("after another process measured: %v, %v, %+v", changed, err, c.Status())
			}
		})
	}
}

func TestFilesThatAreNone(t *testing.T) {
	for name, make := range map[string]func(path string) error{
		"a folder": func(path string) error { return os.Mkdir(path, 0o700) },
		"far too large": func(path string) error {
			return os.WriteFile(path, bytes.Repeat([]byte(" "), maxFile+1), 0o600)
		},
	} {
		dir := t.TempDir()
		check(t, make(filepath.Join(dir, "clock.json")))
		c := Open(dir, newDevice().read)
		if s := c.Status(); !s.Damaged {
			t.Errorf("%s: %+v", name, s)
		}
		check(t, c.Allow(Never, nil))
	}
}

// A newer version's file is neither believed nor touched.
func TestNewerFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "clock.json")
	const text = `{"version":2,"applied":"47s"}`
	check(t, os.WriteFile(path, []byte(text), 0o600))
	d := newDevice()
	c := Open(dir, d.read)
	if s := c.Status(); s.Damaged || !s.Newer || s.Applied != 0 {
		t.Errorf("%+v", s)
	}
	if err := c.Take(d.measured(47*time.Second, true)); !errors.Is(err, ErrNewer) {
		t.Errorf("take: %v", err)
	}
	if !c.Now().Equal(d.Wall.Add(47 * time.Second)) {
		t.Error("what was measured does not hold in this process")
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != text {
		t.Errorf("it is now %q, %v", b, err)
	}
	// The newer version is gone again.
	k := golden()
	b, err := encode(&k)
	check(t, err)
	check(t, os.WriteFile(path, b, 0o600))
	if changed, _ := c.Look(); !changed || c.Status().Newer {
		t.Error("the file of this version is not taken over")
	}
}

func TestReadOnlyFolder(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("nothing is read-only for this user")
	}
	dir := t.TempDir()
	check(t, os.Chmod(dir, 0o500))
	d := newDevice()
	c := Open(dir, d.read)
	if err := c.Take(d.measured(47*time.Second, true)); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("take: %v", err)
	}
	if !c.Now().Equal(d.Wall.Add(47 * time.Second)) {
		t.Error("what was measured does not hold in this process")
	}
}

func TestFolders(t *testing.T) {
	d := newDevice()
	if c := Open("", d.read); c.Allow(Daily, nil) != nil || c.Take(d.measured(0, true)) != nil {
		t.Error("without a folder there is something to go wrong")
	}
	dir := filepath.Join(t.TempDir(), "not", "yet")
	if Kept(dir) {
		t.Error("something is kept in a folder that is not there")
	}
	check(t, Open(dir, d.read).Allow(OnDemand, nil))
	if !Kept(dir) {
		t.Error("nothing is kept")
	}
	if info, err := os.Stat(filepath.Join(dir, "clock.json")); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

// Whatever is in a file, what comes out of it is sound, and written and read
// again the same.
func FuzzDecode(f *testing.F) {
	whole, err := os.ReadFile("testdata/clock-v1.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"version":1}`))
	f.Add([]byte(`{"version":1,"network":"never","off":true}`))
	f.Add([]byte(`{"version":1,"stale":"restarted","measured":{"wall":"2026-01-01T00:00:00+02:00","offset_ns":-9223372036854775808}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		k, err := decode(b)
		if err != nil {
			return
		}
		if !k.sound() {
			t.Fatalf("not sound: %+v", k)
		}
		written, err := encode(&k)
		if err != nil {
			return // a year that JSON cannot say
		}
		again, err := decode(written)
		if err != nil {
			t.Fatalf("cannot read what was written: %v\n%s", err, written)
		}
		if second, err := encode(&again); err != nil || !bytes.Equal(written, second) {
			t.Fatalf("written\n%s\nthen\n%s", written, second)
		}
		d := newDevice()
		c := &True{read: d.read, kept: k}
		if applied := c.Now().Sub(d.Wall); applied != 0 && applied != k.Measured.Offset {
			t.Fatalf("corrected by %v", applied)
		}
		if s := c.Status(); s.Uncertainty < 0 {
			t.Fatalf("uncertain by %v", s.Uncertainty)
		}
	})
}
