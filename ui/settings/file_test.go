// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/ui/kit"
)

// write puts a settings file into a new data folder.
func write(t *testing.T, content string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "settings.json"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestNoFile(t *testing.T) {
	f := Load(t.TempDir())
	want := Settings{Theme: "system", TextSize: 100, ClearSeconds: 30, LockIdleMinutes: 5, LockSuspend: true, LockScreen: true}
	if f.Get() != want || f.Damaged() {
		t.Errorf("got %+v, damaged %t; want %+v", f.Get(), f.Damaged(), want)
	}
}

// TestVersion1 holds the format: this file is never changed.
func TestVersion1(t *testing.T) {
	data, err := os.ReadFile("testdata/settings-1.json")
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{
		Theme: kit.ModeDark, TextSize: 150, HideCodes: true, ClearSeconds: 60,
		WaitForNext: true, Language: "pt_BR", CloseToTray: true, NoAnimations: true,
		LockIdleMinutes: 5, LockSuspend: true, LockScreen: true, // not in the file
	}
	var before, after map[string]any
	again := readAndWrite(t, data, want)
	if json.Unmarshal(data, &before) != nil || json.Unmarshal(again, &after) != nil {
		t.Fatalf("written:\n%s", again)
	}
	for name, value := range before {
		if after[name] != value {
			t.Errorf("%s was %v, written as %v", name, value, after[name])
		}
	}
}

// TestVersion1WithTheLock holds the fields that came with the lock: this file is
// never changed either.
func TestVersion1WithTheLock(t *testing.T) {
	data, err := os.ReadFile("testdata/settings-1-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{
		Theme: kit.ModeLight, TextSize: 125, ClearSeconds: 20, Language: "de",
		LockIdleMinutes: 15, LockMinimised: true, HideUnfocused: true, AllowCapture: true,
	}
	later := bytes.Replace(data, []byte("  \"text_size\""), []byte("  \"no_reminders\": false,\n  \"text_size\""), 1) // fields that came since
	later = bytes.Replace(later, []byte("  \"hide_codes\""), []byte("  \"helpdesk\": false,\n  \"hide_codes\""), 1)
	if again := readAndWrite(t, data, want); !bytes.Equal(again, later) {
		t.Errorf("written:\n%s\nwant:\n%s", again, later)
	}
}

// readAndWrite checks what a file says, and returns what is written for it.
func readAndWrite(t *testing.T, data []byte, want Settings) []byte {
	t.Helper()
	dir := write(t, string(data))
	f := Load(dir)
	if got := f.Get(); got != want {
		t.Fatalf("read %+v, want %+v", got, want)
	}
	if err := f.Set(want); err != nil {
		t.Fatal(err)
	}
	again, err := os.ReadFile(filepath.Join(dir, "settings.json"))
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func TestUnknownFieldsAndNewerVersionAreKept(t *testing.T) {
	dir := write(t, `{"version": 7, "theme": "light", "from_the_future": {"a": [1, 2]}}`)
	f := Load(dir)
	s := f.Get()
	s.HideCodes = true
	if err := f.Set(s); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "settings.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got["version"] != 7.0 || got["hide_codes"] != true || got["theme"] != "light" {
		t.Errorf("written %s", data)
	}
	if !strings.Contains(string(data), "from_the_future") {
		t.Error("an unknown field was lost")
	}
}

func TestDamagedFileIsPutAside(t *testing.T) {
	for _, content := range []string{"", "{", "null", "[]", `"x"`, "\x00\xff", `{"theme":"dark"}trailing`} {
		t.Run(content, func(t *testing.T) {
			dir := write(t, content)
			f := Load(dir)
			if f.Get() != Defaults() || !f.Damaged() {
				t.Errorf("got %+v, damaged %t", f.Get(), f.Damaged())
			}
			aside, err := os.ReadFile(filepath.Join(dir, "settings.json.damaged"))
			if err != nil || string(aside) != content {
				t.Errorf("put aside: %q, %v", aside, err)
			}
			s := Defaults()
			s.HideCodes = true
			if err := f.Set(s); err != nil {
				t.Fatal(err)
			}
			if got := Load(dir); got.Get() != s || got.Damaged() {
				t.Errorf("afterwards %+v, damaged %t", got.Get(), got.Damaged())
			}
		})
	}
}

func TestNotAFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "settings.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if f := Load(dir); f.Get() != Defaults() || !f.Damaged() {
		t.Errorf("got %+v, damaged %t", f.Get(), f.Damaged())
	}
	huge := write(t, strings.Repeat(" ", maxFile+1))
	if f := Load(huge); f.Get() != Defaults() || !f.Damaged() {
		t.Error("a huge file was read")
	}
}

func TestOutOfRange(t *testing.T) {
	for _, c := range []struct {
		content string
		want    func(*Settings)
	}{
		{`{"clear_seconds": 5}`, func(s *Settings) { s.ClearSeconds = 10 }},
		{`{"clear_seconds": 10}`, func(s *Settings) { s.ClearSeconds = 10 }},
		{`{"clear_seconds": 121}`, func(s *Settings) { s.ClearSeconds = 120 }},
		{`{"clear_seconds": 0}`, func(s *Settings) { s.ClearSeconds = 0 }},
		{`{"clear_seconds": -1}`, func(s *Settings) { s.ClearSeconds = 30 }},
		{`{"clear_seconds": "soon", "hide_codes": true}`, func(s *Settings) { s.HideCodes = true }},
		{`{"clear_seconds": 1e99, "hide_codes": true}`, func(s *Settings) { s.HideCodes = true }},
		{`{"lock_idle_minutes": 0, "lock_screen": false}`, func(s *Settings) { s.LockIdleMinutes, s.LockScreen = 0, false }},
		{`{"lock_idle_minutes": -5}`, func(*Settings) {}},
		{`{"lock_idle_minutes": 1000000000, "lock_suspend": null}`, func(s *Settings) { s.LockIdleMinutes = 1440 }},
		{`{"lock_idle_minutes": "never", "lock_minimised": 1}`, func(*Settings) {}},
		{`{"theme": "purple", "text_size": 99}`, func(*Settings) {}},
		{`{"theme": 3, "language": null, "text_size": 150}`, func(s *Settings) { s.TextSize = 150 }},
	} {
		want := Defaults()
		c.want(&want)
		if got := Load(write(t, c.content)); got.Get() != want || got.Damaged() {
			t.Errorf("%s: got %+v, want %+v", c.content, got.Get(), want)
		}
	}
}

func TestSetInAFolderThatIsNotThere(t *testing.T) {
	f := Load(filepath.Join(t.TempDir(), "gone"))
	s := Defaults()
	s.HideCodes = true
	if err := f.Set(s); err == nil {
		t.Error("no error")
	}
	if !f.Get().HideCodes {
		t.Error("the setting does not hold until the end")
	}
}

// FuzzLoad: whatever the file holds, there are settings in range.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(`{"version":1,"theme":"dark","clear_seconds":20}`))
	f.Add([]byte(`{"text_size":1e400}`))
	f.Add([]byte(`{"lock_idle_minutes":-1,"lock_minimised":"yes","hide_unfocused":true}`))
	f.Add([]byte(`{"lock_idle_minutes":99999999999,"clear_seconds":0.5,"LOCK_SCREEN":false}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, content []byte) {
		s := Load(write(t, string(content))).Get()
		if s != s.valid() {
			t.Errorf("out of range: %+v", s)
		}
	})
}
