// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package system

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// computer is a PATH and menu entries of a made-up one.
type computer struct{ bin, share, said string }

func newComputer(t *testing.T) computer {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the desktops are Linux's")
	}
	dir := t.TempDir()
	c := computer{filepath.Join(dir, "bin"), filepath.Join(dir, "share"), filepath.Join(dir, "said")}
	for _, d := range []string{c.bin, filepath.Join(c.share, "applications")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func (c computer) write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// install puts a program there that writes down how it was called.
func (c computer) install(t *testing.T, program string) {
	t.Helper()
	c.write(t, filepath.Join(c.bin, program), "#!/bin/sh\necho \"${0##*/} $*\" >"+c.said+".new && mv "+c.said+".new "+c.said+"\n", 0o700)
}

func (c computer) env(desktop string) func(string) string {
	return func(name string) string {
		return map[string]string{"PATH": "relative:" + c.bin, "XDG_DATA_DIRS": "/nowhere:" + c.share, "XDG_CURRENT_DESKTOP": desktop}[name]
	}
}

func TestLinuxPages(t *testing.T) {
	const newGNOME = "[Desktop Entry]\nExec=gnome-control-center system datetime\n"
	const oldGNOME = "[Desktop Entry]\nExec=gnome-control-center datetime\n"
	for name, tt := range map[string]struct {
		desktop, programs, entry, text, want string
	}{
		"GNOME":                  {"GNOME", "gnome-control-center", "gnome-datetime-panel", newGNOME, "gnome-control-center system datetime"},
		"GNOME before 46":        {"ubuntu:GNOME", "gnome-control-center", "gnome-datetime-panel", oldGNOME, "gnome-control-center datetime"},
		"GNOME without an entry": {"GNOME", "gnome-control-center", "", "", "gnome-control-center datetime"},
		"GNOME with KDE's too":   {"GNOME", "systemsettings gnome-control-center", "kcm_clock", "Exec=systemsettings kcm_clock\n", "gnome-control-center datetime"},
		"Plasma":                 {"KDE", "systemsettings kcmshell6 kcmshell5", "kcm_clock", "Exec=systemsettings kcm_clock\n", "systemsettings kcm_clock"},
		"Plasma 6, no entry":     {"KDE", "systemsettings kcmshell6", "", "", "kcmshell6 kcm_clock"},
		"Plasma 5":               {"KDE", "systemsettings kcmshell5", "clock", "Exec=kcmshell5 clock\n", "kcmshell5 clock"},
		"Cinnamon":               {"X-Cinnamon", "cinnamon-settings gnome-control-center", "", "", "cinnamon-settings calendar"},
		"Budgie":                 {"Budgie:GNOME", "budgie-control-center gnome-control-center", "", "", "budgie-control-center datetime"},
		"Unity":                  {"Unity:Unity7:ubuntu", "unity-control-center", "", "", "unity-control-center datetime"},
		"COSMIC":                 {"COSMIC", "cosmic-settings", "", "", "cosmic-settings time"},
		"LXQt":                   {"LXQt", "lxqt-admin-time time-admin", "", "", "lxqt-admin-time"},
		"MATE":                   {"MATE", "mate-time-admin", "", "", "mate-time-admin"},
		"Xfce":                   {"XFCE", "time-admin gnome-control-center", "", "", "time-admin"},
		"Xfce with nothing":      {"XFCE", "gnome-control-center", "", "", ""},
		"no desktop":             {"", "gnome-control-center systemsettings", "", "", ""},
		"nothing installed":      {"GNOME", "", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := newComputer(t)
			for p := range strings.FieldsSeq(tt.programs) {
				c.install(t, p)
			}
			if tt.entry != "" {
				c.write(t, filepath.Join(c.share, "applications", tt.entry+".desktop"), tt.text, 0o600)
			}
			o, ok := SettingsPage("linux", c.env(tt.desktop))
			if ok != (tt.want != "") {
				t.Fatalf("%+v, %v; want %q", o, ok, tt.want)
			}
			if got := strings.Join(append([]string{filepath.Base(o.program)}, o.args...), " "); ok && got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// What cannot be run, and what lies in a folder that moves with the user, is no
// program.
func TestNotOnPath(t *testing.T) {
	c := newComputer(t)
	c.write(t, filepath.Join(c.bin, "time-admin"), "#!/bin/sh\n", 0o600)
	if o, ok := SettingsPage("linux", c.env("XFCE")); ok {
		t.Errorf("a file that cannot be run: %+v", o)
	}
	c = newComputer(t)
	c.install(t, "time-admin")
	t.Chdir(filepath.Dir(c.bin))
	for _, path := range []string{"bin", "./bin", "", ":"} {
		env := func(name string) string { return map[string]string{"PATH": path, "XDG_CURRENT_DESKTOP": "XFCE"}[name] }
		if o, ok := SettingsPage("linux", env); ok {
			t.Errorf("PATH %q: %+v", path, o)
		}
	}
}

// The program is really started with its arguments, and no shell reads them.
func TestOpen(t *testing.T) {
	c := newComputer(t)
	c.install(t, "cinnamon-settings")
	o, ok := SettingsPage("linux", c.env("X-Cinnamon"))
	if !ok {
		t.Fatal("there is nothing to open")
	}
	if err := o.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	var said []byte
	for start := time.Now(); len(said) == 0 && time.Since(start) < 20*time.Second; time.Sleep(5 * time.Millisecond) {
		said, _ = os.ReadFile(c.said)
	}
	if string(said) != "cinnamon-settings calendar\n" {
		t.Errorf("called as %q", said)
	}
	if err := os.Remove(o.program); err != nil {
		t.Fatal(err)
	}
	if err := o.Open(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a program that is gone: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := o.Open(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("not wanted any more: %v", err)
	}
}

func TestOtherPages(t *testing.T) {
	none := func(string) string { return "" }
	for goos, want := range map[string]string{
		"windows": " ms-settings:dateandtime",
		"darwin":  "/usr/bin/open x-apple.systempreferences:com.apple.Date-Time-Settings.extension",
		"android": "", "ios": "", "plan9": "", "linux": "",
	} {
		o, ok := SettingsPage(goos, none)
		if got := o.program + " " + strings.Join(o.args, " "); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %q, %v; want %q", goos, got, ok, want)
		}
	}
}
