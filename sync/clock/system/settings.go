// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package system

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Opener opens a page of the system's settings.
type Opener struct {
	program string   // a path, or "" for what the system itself opens
	args    []string // or the page's address
}

// Open starts what shows the page and does not wait for it: it goes on when this
// program ends. No shell is used.
func (o Opener) Open(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := o.start(); err != nil {
		return fmt.Errorf("open the settings: %w", err)
	}
	return nil
}

// SettingsPage returns how to open the page where the clock is set, and whether
// that is possible here. On Linux it depends on the desktop and on what is on
// the PATH; a phone's settings no other program can open without its help.
func SettingsPage(goos string, env func(string) string) (Opener, bool) {
	switch goos {
	case "windows":
		return Opener{"", []string{"ms-settings:dateandtime"}}, true
	case "darwin":
		return Opener{"/usr/bin/open", []string{"x-apple.systempreferences:com.apple.Date-Time-Settings.extension"}}, true
	case "linux":
		return linuxPage(env)
	}
	return Opener{}, false
}

// page is a command that shows where a desktop sets the clock.
type page struct {
	desktop string // as XDG_CURRENT_DESKTOP says, or "" for any
	command string
	// entry and has are a menu entry, and a line of it, of versions that know the
	// command; "" for all.
	entry, has string
}

// pages in the order of preference. Budgie says that it is GNOME, too.
var pages = []page{
	{"Budgie", "budgie-control-center datetime", "", ""},
	// GNOME 46 moved the page; "datetime" opens only the window since then.
	{"GNOME", "gnome-control-center system datetime", "gnome-datetime-panel.desktop", "Exec=gnome-control-center system datetime"},
	{"GNOME", "gnome-control-center datetime", "", ""},
	{"Unity", "unity-control-center datetime", "", ""},
	{"KDE", "systemsettings kcm_clock", "kcm_clock.desktop", "Exec=systemsettings kcm_clock"},
	{"KDE", "kcmshell6 kcm_clock", "", ""},
	{"KDE", "kcmshell5 clock", "", ""},
	{"X-Cinnamon", "cinnamon-settings calendar", "", ""},
	{"COSMIC", "cosmic-settings time", "", ""},
	{"LXQt", "lxqt-admin-time", "", ""},
	{"MATE", "mate-time-admin", "", ""},
	{"", "time-admin", "", ""}, // of gnome-system-tools, used by Xfce and others
}

func linuxPage(env func(string) string) (Opener, bool) {
	running := desktops(env)
	for _, p := range pages {
		if p.desktop != "" && !slices.Contains(running, p.desktop) || !p.known(env) {
			continue
		}
		command := strings.Fields(p.command)
		if path, ok := onPath(command[0], env("PATH")); ok {
			return Opener{path, command[1:]}, true
		}
	}
	return Opener{}, false
}

// desktops are the names of the desktop that runs, such as "ubuntu", "GNOME".
func desktops(env func(string) string) []string {
	return strings.Split(env("XDG_CURRENT_DESKTOP"), ":")
}

// known tells whether the installed version knows the command.
func (p page) known(env func(string) string) bool {
	if p.entry == "" {
		return true
	}
	dirs := env("XDG_DATA_DIRS")
	if dirs == "" {
		dirs = "/usr/local/share:/usr/share" // the XDG base directory specification
	}
	for dir := range strings.SplitSeq(dirs, ":") {
		if b, err := os.ReadFile(filepath.Join(dir, "applications", p.entry)); err == nil && filepath.IsAbs(dir) {
			return slices.Contains(strings.Split(string(b), "\n"), p.has)
		}
	}
	return false
}

// onPath finds a program. What is not an absolute folder does not count: it could
// hold anything.
func onPath(name, path string) (string, bool) {
	for _, dir := range filepath.SplitList(path) {
		full := filepath.Join(dir, name)
		if st, err := os.Stat(full); err == nil && filepath.IsAbs(dir) && st.Mode().IsRegular() && st.Mode()&0o111 != 0 {
			return full, true
		}
	}
	return "", false
}
