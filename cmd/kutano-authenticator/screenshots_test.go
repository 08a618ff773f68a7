// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux && screenshots

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// TestScreenshots takes the pictures of docs/screenshots from the real app, in few
// colours:
//
//	go test -tags screenshots -run Screenshots ./cmd/kutano-authenticator
//
// and those of the clock alone with -run Screenshots/clock, those of the ways from
// and to other apps with -run Screenshots/apps.
//
// The keys in them are made up, and thrown away with the test's keyring.
func TestScreenshots(t *testing.T) {
	need(t, "import")
	d := newDesktop(t, "1280x900x24")
	out, err := filepath.Abs("../../docs/screenshots")
	d.must(err)
	d.must(os.MkdirAll(out, 0o755))
	s := &shots{desktop: d, out: out}
	for _, theme := range []string{"light", "dark"} {
		t.Run("themes", func(t *testing.T) {
			s.t, s.theme = t, theme
			s.firstStart()
			s.codes()
			s.passphrase()
			s.safety()
		})
		t.Run("clock", func(t *testing.T) {
			s.t, s.theme = t, theme
			s.clock()
		})
		t.Run("apps", func(t *testing.T) {
			s.t, s.theme = t, theme
			s.apps()
		})
	}
	t.Run("pages", func(t *testing.T) {
		s.t, s.theme = t, "light"
		s.adding()
		s.pages()
		s.many()
		s.trouble()
	})
}

const (
	wideW, wideH   = 1000, 700
	phoneW, phoneH = 390, 780
)

type shots struct {
	*desktop
	out, theme string
	choices    string            // more of settings.json
	prepare    func(data string) // fills the data folder before the app starts; may be nil
	n          int
	app        *exec.Cmd
	w          string
}

// start runs the app with a new data folder that holds the accounts.
func (s *shots) start(uris []string, args ...string) {
	s.t.Helper()
	s.n++
	data := filepath.Join(s.tmp, fmt.Sprint("data", s.n))
	s.must(os.MkdirAll(data, 0o700))
	s.must(os.WriteFile(filepath.Join(data, "settings.json"), []byte(`{"version":1,"theme":"`+s.theme+`"`+s.choices+`}`), 0o600))
	if len(uris) > 0 {
		s.fill(data, uris)
	}
	if s.prepare != nil {
		s.prepare(data)
	}
	s.app = s.background(s.bin, append([]string{"--data", data}, args...)...)
	s.w = s.window("^Kutano Authenticator$")
	s.size(wideW, wideH)
	s.activate(s.w)
}

func (s *shots) fill(data string, uris []string) {
	s.t.Helper()
	v, err := vault.Open(context.Background(), vault.Options{Dir: data, Now: time.Now})
	s.must(err)
	var keys []otpauth.Key
	for _, u := range uris {
		k, err := otpauth.Parse(u)
		s.must(err)
		keys = append(keys, k)
	}
	_, err = v.AddAll(context.Background(), keys)
	s.must(err)
	s.must(v.Close())
}

func (s *shots) stop() {
	_ = s.app.Process.Kill()
	_ = s.app.Wait()
	time.Sleep(300 * time.Millisecond)
}

func (s *shots) size(w, h int) {
	s.resize(s.w, w, h)
	time.Sleep(600 * time.Millisecond)
}

func (s *shots) take(name string) {
	s.t.Helper()
	time.Sleep(700 * time.Millisecond)
	_, err := s.run("import", "-window", s.w, "+dither", "-colors", "64", "-define", "png:compression-level=9",
		"-define", "png:compression-filter=0", "-strip", "PNG8:"+filepath.Join(s.out, name+".png"))
	s.must(err)
}

// atSecond waits for a second of the half minute, so that the pictures show
// the same time left, or the next code.
func (s *shots) atSecond(sec int) {
	for time.Now().Second()%30 != sec {
		time.Sleep(50 * time.Millisecond)
	}
}

// text types a text.
func (d *desktop) text(s string) {
	d.t.Helper()
	if _, err := d.run("xdotool", "type", "--delay", "30", s); err != nil {
		d.t.Fatalf("xdotool type: %v", err)
	}
}

func (d *desktop) resize(window string, w, h int) {
	d.t.Helper()
	if _, err := d.run("xdotool", "windowsize", window, strconv.Itoa(w), strconv.Itoa(h)); err != nil {
		d.t.Fatalf("xdotool windowsize: %v", err)
	}
}

// click clicks at a place of the window.
func (d *desktop) click(window string, x, y int) {
	d.t.Helper()
	_, err := d.run("xdotool", "mousemove", "--window", window, strconv.Itoa(x), strconv.Itoa(y), "click", "1")
	d.must(err)
}

func uri(kind, issuer, name, key, more string) string {
	return "otpauth://" + kind + "/" + strings.ReplaceAll(issuer, " ", "%20") + ":" + name +
		"?secret=" + key + "&issuer=" + strings.ReplaceAll(issuer, " ", "%20") + more
}

func sample() []string {
	return []string{
		uri("totp", "Kutano", "ana@example.com", e2eKey, ""),
		uri("totp", "GitHub", "ana-example", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", ""),
		uri("totp", "Example Cloud", "ana.with.a.rather.long.address@example.com", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "&digits=8&period=60"),
		uri("hotp", "Old Bank", "ana", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "&counter=3"),
		uri("totp", "Mail", "ana@example.org", "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU", ""),
	}
}

func (s *shots) firstStart() {
	s.start(nil)
	s.take("first-start-" + s.theme)
	s.size(phoneW, phoneH)
	s.take("first-start-phone-" + s.theme)
	s.stop()
}

func (s *shots) codes() {
	s.start(sample())
	s.keys("Down")
	s.atSecond(11)
	s.take("codes-" + s.theme)
	s.atSecond(22)
	s.take("codes-next-" + s.theme)
	s.size(phoneW, phoneH)
	s.take("codes-phone-" + s.theme)
	s.size(wideW, wideH)
	s.keys("Return")
	s.take("copied-" + s.theme)
	s.text("zzz")
	s.take("search-empty-" + s.theme)
	s.keys("Escape")
	s.text("git")
	s.take("search-" + s.theme)
	s.stop()
}

func (s *shots) paste(text string) {
	s.t.Helper()
	c := exec.Command("xclip", "-selection", "clipboard")
	c.Env, c.Stdin = s.env, strings.NewReader(text)
	s.must(c.Run())
	s.keys("ctrl+v")
}

func (s *shots) adding() {
	s.start(nil)
	s.keys("ctrl+n")
	s.take("add")
	s.size(phoneW, phoneH)
	s.take("add-phone")
	s.size(wideW, wideH)
	s.keys("Escape", "ctrl+shift+s")
	time.Sleep(3 * time.Second)
	s.take("nothing-found")
	s.keys("Escape", "ctrl+n", "Tab", "Tab", "Tab", "Return")
	s.text("Kutano")
	s.take("typed")
	s.keys("Escape")
	s.keys("ctrl+n", "Tab", "Return")
	s.take("open-picture")
	s.size(phoneW, phoneH)
	s.take("open-picture-phone")
	s.size(wideW, wideH)
	s.keys("Escape", "Escape")
	s.paste(sample()[0])
	s.take("preview-one")
	s.keys("Return")
	s.atSecond(8)
	s.take("done")
	s.size(phoneW, phoneH)
	s.take("done-phone")
	s.size(wideW, wideH)
	s.keys("Return")
	other := uri("totp", "Kutano", "ana@example.com", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "")
	s.paste(other)
	s.take("replace")
	s.keys("Escape")
	s.paste(strings.Join(append(sample()[:3], other, uri("totp", "Broken", "ana", "018", "")), "\n"))
	s.take("preview-several")
	s.keys("Escape")
	s.paste("just some text")
	s.take("paste-nothing")
	s.keys("Escape")
	s.stop()
}

func (s *shots) pages() {
	s.start(sample())
	s.keys("Down", "F2")
	s.take("edit")
	s.keys("Escape", "Menu")
	s.take("menu")
	s.keys("Down", "Down", "Down", "Return")
	s.take("show-qr-question")
	s.keys("Return")
	s.take("show-qr")
	s.keys("Escape", "ctrl+comma")
	s.take("settings")
	s.click(s.w, 80, 209)
	s.take("recovery")
	s.stop()
}

// trouble is a keyring that is locked while the app runs, and hidden codes.
func (s *shots) trouble() {
	s.choices = `,"hide_codes":true,"no_animations":true`
	s.start(sample())
	s.keys("Down", "space")
	s.take("codes-hidden")
	s.stop()
	s.choices = ""
	s.keyring.Lock(s.t)
	data := filepath.Join(s.tmp, fmt.Sprint("data", s.n))
	s.app = s.background(s.bin, "--data", data)
	s.w = s.window("^Kutano Authenticator$")
	s.size(wideW, wideH)
	time.Sleep(time.Second)
	s.take("keyring-locked")
	s.size(phoneW, phoneH)
	s.take("keyring-locked-phone")
	s.stop()
}

func (s *shots) many() {
	var uris []string
	for i := range 1000 {
		uris = append(uris, uri("totp", fmt.Sprintf("Service %d", i), "ana@example.com", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", ""))
	}
	s.start(uris)
	s.atSecond(12)
	s.take("codes-1000")
	s.stop()
}

func (s *shots) passphrase() {
	s.start(nil, "--store", "file")
	s.take("passphrase-new")
	for range 2 {
		s.text("four words of ours")
		s.keys("Return")
	}
	time.Sleep(3 * time.Second) // the key is made
	s.paste(strings.Join(sample()[:2], "\n"))
	s.keys("Return")
	time.Sleep(time.Second)
	s.keys("Escape", "ctrl+l")
	s.take("locked-" + s.theme)
	s.size(phoneW, phoneH)
	s.take("locked-phone-" + s.theme)
	s.size(wideW, wideH)
	for range 4 {
		s.text("not this one")
		s.keys("Return")
		time.Sleep(1500 * time.Millisecond)
	}
	s.take("locked-wait-" + s.theme)
	s.stop()
}

// safety is the way to a recovery key, as far as the key itself is not shown.
func (s *shots) safety() {
	s.start(sample())
	s.take("no-recovery-key-" + s.theme)
	s.click(s.w, wideW-60, 56)
	s.take("recovery-key-" + s.theme)
	s.size(phoneW, phoneH)
	s.take("recovery-key-phone-" + s.theme)
	s.stop()
}
