// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/statefile"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The first signer is remembered; another one, and none, is asked about.
func TestTrust(t *testing.T) {
	k := In(filepath.Join(t.TempDir(), "data"))
	p := read(t, example)
	ours, key := signed(t, p)
	theirs, _ := signed(t, p)
	want := func(p Profile, want Trust) {
		t.Helper()
		if got, err := k.Trust(p); err != nil || got != want {
			t.Errorf("%d, want %d: %v", got, want, err)
		}
	}
	want(p, Unsigned)
	want(ours, First)
	check(t, k.Use(ours))
	want(ours, Known)
	want(theirs, Other)
	want(p, NotSigned)
	newer := p
	newer.Name = "Example Holding"
	newer, err := newer.Sign(key)
	check(t, err)
	want(newer, Known)
	check(t, k.Use(p)) // the person said so
	want(theirs, Other)
	check(t, k.Reset(false))
	if got, own, err := k.Current(); own || err != nil || !got.Same(Default()) {
		t.Errorf("%v %v", own, err)
	}
	want(theirs, Other)
	check(t, k.Reset(true))
	want(theirs, First)
	for trust, asks := range map[Trust]bool{Unsigned: false, First: false, Known: false, Other: true, NotSigned: true} {
		if trust.Asks() != asks {
			t.Errorf("%d", trust)
		}
	}
}

func TestCurrent(t *testing.T) {
	dir := t.TempDir()
	k := In(dir)
	if p, own, err := k.Current(); own || err != nil || !p.Same(Default()) {
		t.Fatalf("%v %v", own, err)
	}
	ours, _ := signed(t, read(t, example))
	check(t, k.Use(ours))
	p, own, err := k.Current()
	if !own || err != nil || !p.Same(ours) || !p.Signer.Is(ours.Signer) {
		t.Errorf("%v %v", own, err)
	}
	if signer, err := k.Signer(); err != nil || !signer.Is(ours.Signer) {
		t.Errorf("%v", err)
	}
	path := filepath.Join(dir, "profile.json")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%v %v", info, err)
	}
	// What was meddled with is not used, and does not stop anything.
	data, err := os.ReadFile(path)
	check(t, err)
	for text, want := range map[string]error{
		strings.Replace(string(data), "Example Ltd", "Example Inc", 1): ErrSignature,
		"no JSON":        ErrKept,
		`{"version": 2}`: statefile.ErrNewer,
		`{"version": 1, "document": {"profile": "x"}}`: ErrFormat,
		strings.Repeat(" ", 1<<20+1):                   ErrKept,
	} {
		check(t, os.WriteFile(path, []byte(text), 0o600))
		if p, own, err := k.Current(); own || !errors.Is(err, want) || !p.Same(Default()) {
			t.Errorf("%.20q: %v %v, want %v", text, own, err, want)
		}
	}
	check(t, os.WriteFile(path, []byte(`{"version": 2}`), 0o600))
	if err := k.Use(ours); !errors.Is(err, statefile.ErrNewer) {
		t.Errorf("a newer file was overwritten: %v", err)
	}
	check(t, os.WriteFile(path, []byte("no JSON"), 0o600))
	check(t, k.Use(ours))
	if _, err := os.Stat(path + ".damaged"); err != nil {
		t.Error(err)
	}
}

// The golden file is what this version writes.
func TestKeptGolden(t *testing.T) {
	golden := filepath.Join("testdata", "kept-v1.json")
	want, err := os.ReadFile(golden)
	check(t, err)
	k := In(t.TempDir())
	p, err := os.ReadFile(filepath.Join("testdata", "profile-v1.toml"))
	check(t, err)
	check(t, k.Use(read(t, string(p))))
	got, err := os.ReadFile(filepath.Join(k.dir, "profile.json"))
	check(t, err)
	if string(got) != string(want) {
		t.Errorf("now it is\n%s", got)
	}
}

func FuzzKept(f *testing.F) {
	f.Add([]byte(`{"signer":"AAAA","profile":"version = 1"}`))
	f.Fuzz(func(_ *testing.T, data []byte) {
		var k kept
		if json.Unmarshal(data, &k) != nil {
			return
		}
		_ = k.signer()
		_ = k.trust(Default())
	})
}
