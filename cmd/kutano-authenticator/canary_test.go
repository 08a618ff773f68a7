// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/secret/canary"
)

// TestCanary uses the app as it is released, on a real screen and with a real
// keyring, by the keyboard, with secrets that are made up for the run. Then it searches
// whatever is left of it: every file, both outputs, the arguments and the
// environment of every process, the messages on the bus but the keyring's, every
// property of every window, the clipboard, and what is printed of a crash.
//
// What is done in dialogs that the keyboard does not reach well (a recovery key,
// a backup, bringing one back) is walked through in package safety, with the same
// search.
func TestCanary(t *testing.T) {
	w := newWalk(t)
	heard := w.Monitor(t, w.keyring.Address)
	w.fill()

	app := w.start()
	w.copyAndShow()
	w.setPassphrase()
	w.lockAndMeasure(app)
	w.unlock()
	w.handOver(app)
	w.crash(app)

	app = w.start(w.uri("Link", w.linked))
	w.openWithLink(app)
	w.crash(app)

	if seen, secret := heard(); secret == 0 {
		t.Errorf("of %d messages on the bus none is the keyring's", seen)
	}
	w.search()
}

// walk is the app with marked secrets.
type walk struct {
	*desktop
	canary.Hunt
	t *testing.T

	plain, other, linked, handed string // keys
	pass, wrong                  string // passphrases
	code                         string // of the first account, all day long
	errs                         *bytes.Buffer
}

func newWalk(t *testing.T) *walk {
	t.Helper()
	w := &walk{
		desktop: newDesktop(t, "1280x900x24"), t: t, plain: canary.NewKey(), other: canary.NewKey(), linked: canary.NewKey(),
		handed: canary.NewKey(), pass: canary.Word(24), wrong: canary.Word(24),
	}
	w.Key("a key", w.plain)
	w.Key("another key", w.other)
	w.Key("the key in a link at the start", w.linked)
	w.Key("the key in a link that was handed over", w.handed)
	w.Text("the passphrase", w.pass)
	w.Text("a wrong passphrase", w.wrong)
	for _, name := range []string{"tmp", "run", "config", "state", "share", "work"} {
		w.must(os.Mkdir(w.path(name), 0o700))
	}
	w.env = append(w.env, "TMPDIR="+w.path("tmp"), "XDG_RUNTIME_DIR="+w.path("run"), "XDG_CONFIG_HOME="+w.path("config"),
		"XDG_STATE_HOME="+w.path("state"), "XDG_DATA_HOME="+w.path("share"), "GOTRACEBACK=crash")
	w.Watch(t, w.path("tmp"), w.path("run"))
	return w
}

func (w *walk) path(name string) string { return filepath.Join(w.tmp, name) }

func (w *walk) data() string { return filepath.Join(w.path("share"), "kutano-authenticator") }

func (w *walk) uri(name, key string) string {
	return "otpauth://totp/" + name + ":ana?secret=" + key + "&issuer=" + name
}

// vault opens the accounts as another program does.
func (w *walk) vault() *vault.Vault {
	w.t.Helper()
	v, err := vault.Open(context.Background(), vault.Options{Dir: w.data(), Now: time.Now, Passphrase: func(context.Context, bool) (secret.Value, error) {
		return secret.FromString(w.pass), nil
	}})
	w.must(err)
	return v
}

// fill makes the accounts. The first one's code is the same all day, and long
// enough to be searched for.
func (w *walk) fill() {
	w.t.Helper()
	w.must(os.MkdirAll(w.data(), 0o700))
	w.must(os.WriteFile(filepath.Join(w.data(), "settings.json"), []byte(`{"version":1,"clear_seconds":10,"lock_idle_minutes":0}`), 0o600))
	v := w.vault()
	for _, uri := range []string{w.uri("Alpha", w.plain) + "&digits=10&period=86400", w.uri("Beta", w.other)} {
		k, err := otpauth.Parse(uri)
		w.must(err)
		_, err = v.Add(context.Background(), k)
		w.must(err)
	}
	c, err := v.Code(context.Background(), v.Accounts()[0].ID, time.Now())
	w.must(err)
	w.code = c.Value
	w.Code("a code", c.Value)
	w.must(v.Close())
}

// start starts the app with everything allowed that could write a core file.
func (w *walk) start(args ...string) *exec.Cmd {
	w.t.Helper()
	c := exec.Command("sh", append([]string{"-c", `ulimit -c unlimited 2>/dev/null; exec "$@"`, "sh", w.bin}, args...)...)
	w.errs = &bytes.Buffer{}
	c.Dir, c.Env, c.Stdout, c.Stderr = w.path("work"), w.env, w.errs, w.errs
	w.must(c.Start())
	w.stopLater(c)
	w.activate(w.window("^Kutano Authenticator$"))
	return c
}

// enter types a secret: it is in no argument of xdotool.
func (w *walk) enter(text string) {
	w.t.Helper()
	c := exec.Command("xdotool", "type", "--delay", "30", "--file", "-")
	c.Env, c.Stdin = w.env, strings.NewReader(text)
	w.must(c.Run())
	w.keys("Return")
}

// selection is what a selection of the screen holds as a type.
func (w *walk) selection(name, target string) string {
	out, _ := w.run("timeout", "2", "xclip", "-o", "-selection", name, "-t", target)
	return out
}

// copies marks the first account and copies its code.
func (w *walk) copies() {
	w.t.Helper()
	w.again("the code in the clipboard", func(wait time.Duration) bool {
		w.keys("Home", "Return")
		time.Sleep(wait)
		return w.clipboard() == w.code
	})
	if got := w.selection("clipboard", "x-kde-passwordManagerHint"); got != "secret" {
		w.t.Errorf("the clipboard's hint is %q", got)
	}
	w.noPrimary()
}

// cleared waits until the clipboard is empty.
func (w *walk) cleared(within time.Duration) {
	w.t.Helper()
	for range within / (100 * time.Millisecond) {
		if w.clipboard() == "" {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	w.t.Errorf("the clipboard is not cleared within %v", within)
}

func (w *walk) noPrimary() {
	w.t.Helper()
	if got := w.selection("primary", "UTF8_STRING"); got != "" {
		w.t.Error("something is in the primary selection")
	}
}

// copyAndShow copies a code, shows a QR code, and waits until the clipboard is
// cleared by itself.
func (w *walk) copyAndShow() {
	w.t.Helper()
	w.Windows(w.t, w.display)
	w.copies()
	w.Windows(w.t, w.display)
	w.keys("Menu", "Down", "Down", "Down", "Return", "Return")
	time.Sleep(time.Second)
	w.Windows(w.t, w.display)
	w.keys("Escape", "Escape", "Escape")
	w.cleared(12 * time.Second)
	w.noPrimary()
}

// setPassphrase sets one. On a busy machine the page may come later than what is
// typed: then it is done again.
func (w *walk) setPassphrase() {
	w.t.Helper()
	guarded := func() bool {
		b, _ := os.ReadFile(filepath.Join(w.data(), "accounts.json"))
		return regexp.MustCompile(`"guard":"[^?"]`).Match(b)
	}
	w.again("the passphrase to be set", func(wait time.Duration) bool {
		w.keys("Escape", "Escape", "ctrl+l")
		time.Sleep(wait)
		w.enter(w.pass)
		w.enter(w.pass)
		return w.soon(guarded)
	})
	time.Sleep(500 * time.Millisecond)
	w.Windows(w.t, w.display)
}

// unlock tries a wrong passphrase, then the right one.
func (w *walk) unlock() {
	w.t.Helper()
	tries := filepath.Join(w.data(), "tries.json")
	w.enter(w.wrong)
	w.eventually("the wrong passphrase to be counted", func() bool {
		b, err := os.ReadFile(tries)
		w.Saw("tries.json", b)
		return err == nil
	})
	w.again("the app to be unlocked", func(wait time.Duration) bool {
		time.Sleep(wait)
		w.enter(w.pass)
		return w.soon(func() bool {
			_, err := os.Stat(tries)
			return os.IsNotExist(err)
		})
	})
	time.Sleep(500 * time.Millisecond)
	w.copies()
}

// again does something several times, slower each time.
func (w *walk) again(what string, try func(wait time.Duration) bool) {
	w.t.Helper()
	for n := range 4 {
		if try(500 * time.Millisecond << n) {
			return
		}
	}
	w.t.Fatalf("waited in vain for %s", what)
}

// soon waits for something for some seconds.
func (w *walk) soon(f func() bool) bool {
	for range 60 {
		if f() {
			return true
		}
		time.Sleep(100 * time.Millisecond)
	}
	return false
}

// handOver starts the app a second time with a link, which the first takes.
func (w *walk) handOver(app *exec.Cmd) {
	w.t.Helper()
	c := exec.Command(w.bin, w.uri("Handed", w.handed))
	c.Dir, c.Env = w.path("work"), w.env
	out, err := c.CombinedOutput()
	w.must(err)
	w.Saw("what the second start said", out)
	if !w.takes(3) {
		w.t.Fatal("the account of the link that was handed over is not added")
	}
	w.Windows(w.t, w.display)
	if !alive(app) {
		w.t.Error("the app has ended")
	}
}

// takes adds the account of a link, which stands in a preview.
func (w *walk) takes(accounts int) bool {
	for range 8 {
		w.activate(w.window("^Kutano Authenticator$"))
		w.keys("Return")
		time.Sleep(700 * time.Millisecond)
		v := w.vault()
		n := len(v.Accounts())
		w.must(v.Close())
		if n >= accounts {
			w.keys("Escape")
			return true
		}
	}
	return false
}

// openWithLink unlocks an app that was started with a link.
func (w *walk) openWithLink(app *exec.Cmd) {
	w.t.Helper()
	args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", app.Process.Pid))
	w.must(err)
	w.Saw("the arguments of the app that runs", args)
	if !bytes.Contains(args, []byte("otpauth:xxxx")) {
		w.t.Error("the link is not in the arguments at all: they were not looked at")
	}
	w.again("the account of the link that the app was started with", func(wait time.Duration) bool {
		time.Sleep(wait)
		w.enter(w.pass)
		time.Sleep(2 * wait)
		return w.takes(4)
	})
}

func alive(c *exec.Cmd) bool { return c.Process.Signal(syscall.Signal(0)) == nil }

// crash ends the app as a bug would, and keeps what it says about it.
func (w *walk) crash(app *exec.Cmd) {
	w.t.Helper()
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", app.Process.Pid))
	if err == nil && !regexp.MustCompile(`(?m)^Max core file size +0 +0 `).Match(limits) {
		w.t.Error("a core file may be written")
	}
	w.must(app.Process.Signal(syscall.SIGABRT))
	var exit *exec.ExitError
	if err := app.Wait(); !errors.As(err, &exit) {
		w.t.Fatalf("it did not crash: %v", err)
	}
	if got := exit.String(); got != "signal: aborted" { // with a core it says so
		w.t.Errorf("it ended with %s", got)
	}
	if trace := w.errs.String(); !strings.Contains(trace, "SIGABRT") || !strings.Contains(trace, "goroutine 1") {
		w.t.Error("there is no trace to be searched")
	}
	w.Saw("what the app said, with its crash", w.errs.Bytes())
	if w.clipboard() == w.code {
		w.t.Error("the code is in the clipboard after a crash")
	}
}

func (w *walk) search() {
	w.t.Helper()
	w.Tree(w.t, w.tmp)
	if cores, _ := filepath.Glob(w.path("work/core*")); len(cores) > 0 {
		w.t.Errorf("a core file was written: %v", cores)
	}
	for _, name := range []string{"accounts.json", "settings.json"} {
		if _, err := os.Stat(filepath.Join(w.data(), name)); err != nil {
			w.t.Errorf("%s was not searched: %v", name, err)
		}
	}
	// A link is an argument until the app's first act; after that it is gone,
	// which is searched above.
	for _, name := range []string{"sh", "kutano-authenti"} {
		w.Allow("the cmdline of "+name, "the key in a link at the start", "the key in a link that was handed over")
	}
	w.Check(w.t)
}
