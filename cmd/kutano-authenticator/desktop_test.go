// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/link/practicetest"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

// desktop is a screen of its own with a window manager and a keyring.
type desktop struct {
	t       testing.TB
	display string
	env     []string
	keyring *keyringtest.Daemon
	tmp     string
	bin     string
}

// need skips the test where a program is missing, and fails it where all have
// to be there.
func need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed, and CI=true", p)
		}
		t.Skipf("%s is not installed", p)
	}
}

// newDesktop starts Xvfb, openbox and gnome-keyring and builds the app as it
// is released, or with more tags.
func newDesktop(t testing.TB, screen string, tags ...string) *desktop {
	t.Helper()
	need(t, "Xvfb", "openbox", "xdotool", "xclip", "gnome-keyring-daemon", "dbus-daemon")
	d := &desktop{t: t, keyring: keyringtest.Start(t), tmp: t.TempDir()}
	d.startX(screen)
	home := filepath.Join(d.tmp, "home")
	d.must(os.MkdirAll(filepath.Join(home, ".cache"), 0o700))
	d.env = append(os.Environ(), "DISPLAY="+d.display, "HOME="+home, "LANG=en_US.UTF-8", "LC_ALL=", "WAYLAND_DISPLAY=",
		"XDG_SESSION_TYPE=x11", "XDG_CACHE_HOME=", "XDG_CONFIG_HOME=", "LIBGL_ALWAYS_SOFTWARE=1", "GOGC=", "GOMEMLIMIT=")
	d.background("openbox")
	d.bin = build(t, strings.Join(append([]string{"migrated_fynedo"}, tags...), ","))
	return d
}

// built are the programs that tests start, in a folder that goes with them.
var built struct {
	sync.Mutex
	dir string
}

// build builds the app with some tags, once a test process.
func build(t testing.TB, tags string) string {
	t.Helper()
	built.Lock()
	defer built.Unlock()
	if built.dir == "" {
		dir, err := os.MkdirTemp("", "kutano-app-")
		if err != nil {
			t.Fatal(err)
		}
		built.dir = dir
	}
	bin := filepath.Join(built.dir, "kutano-authenticator")
	if tags != "migrated_fynedo" {
		bin += "-tagged"
	}
	if _, err := os.Stat(bin); err == nil {
		return bin
	}
	if out, err := exec.Command("go", "build", "-tags", tags, "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build the app: %v\n%s", err, out)
	}
	return bin
}

func TestMain(m *testing.M) {
	code := practicetest.Main(m)
	_ = os.RemoveAll(built.dir)
	os.Exit(code)
}

func (d *desktop) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desktop) startX(screen string) {
	d.t.Helper()
	r, w, err := os.Pipe()
	d.must(err)
	d.t.Cleanup(func() { _ = r.Close() })
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", screen, "-nolisten", "tcp", "-noreset")
	x.ExtraFiles = []*os.File{w}
	d.must(x.Start())
	d.stopLater(x)
	_ = w.Close()
	d.must(r.SetReadDeadline(time.Now().Add(20 * time.Second)))
	b := make([]byte, 16)
	n, err := r.Read(b)
	if err != nil {
		d.t.Fatalf("Xvfb does not start: %v", err)
	}
	d.display = ":" + strings.TrimSpace(string(b[:n]))
}

func (d *desktop) stopLater(c *exec.Cmd) {
	d.t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
}

// background starts a program that runs until the test ends.
func (d *desktop) background(name string, args ...string) *exec.Cmd {
	d.t.Helper()
	c := exec.Command(name, args...)
	c.Env = d.env
	c.Dir = d.tmp
	var out bytes.Buffer
	c.Stderr = &out
	d.must(c.Start())
	d.t.Cleanup(func() { // after it was stopped, and its last words are in
		if d.t.Failed() && out.Len() > 0 {
			d.t.Logf("%s said:\n%.4000s", filepath.Base(name), out.String())
		}
	})
	d.stopLater(c)
	return c
}

// run runs a program and returns what it said.
func (d *desktop) run(name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Env = d.env
	c.Dir = d.tmp
	out, err := c.Output()
	return strings.TrimSpace(string(out)), err
}

// window waits for a window by its title, and by what else xdotool can search by,
// and returns its id.
func (d *desktop) window(title string, more ...string) string {
	d.t.Helper()
	search := slices.Concat([]string{"search", "--onlyvisible"}, more, []string{"--name", title})
	for range 300 {
		out, err := d.run("xdotool", search...)
		if ids := strings.Fields(out); err == nil && len(ids) > 0 {
			return ids[len(ids)-1]
		}
		time.Sleep(100 * time.Millisecond)
	}
	d.t.Fatalf("no window %q", title)
	return ""
}

// keys sends keys to the window that has the focus.
func (d *desktop) keys(ks ...string) {
	d.t.Helper()
	if _, err := d.run("xdotool", append([]string{"key", "--clearmodifiers", "--delay", "60"}, ks...)...); err != nil {
		d.t.Fatalf("xdotool key %v: %v", ks, err)
	}
}

func (d *desktop) activate(window string) {
	d.t.Helper()
	if _, err := d.run("xdotool", "windowactivate", "--sync", window); err != nil {
		d.t.Fatalf("xdotool windowactivate: %v", err)
	}
}

// clipboard returns the text in the clipboard, "" without any.
func (d *desktop) clipboard() string {
	out, err := d.run("timeout", "2", "xclip", "-o", "-selection", "clipboard")
	if err != nil {
		return ""
	}
	return out
}

// eventually waits until f is true.
func (d *desktop) eventually(what string, f func() bool) {
	d.t.Helper()
	for range 200 {
		if f() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	d.t.Fatalf("waited 10 s for %s", what)
}
