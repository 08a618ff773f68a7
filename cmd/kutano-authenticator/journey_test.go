// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/sync/link/practicetest"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// pictures keeps pictures of the journeys, to be looked at.
var pictures = flag.String("journey.shots", "", "keep pictures of the screen in this `folder`")

var codeForm = regexp.MustCompile(`^(\d{3})\D(\d{3})$`)

// journey is a person at a desktop: on the left a browser with Kutano's pages, on
// the right the app, and a mouse and a keyboard for both.
type journey struct {
	*desktop
	service *practicetest.Service
	data    string
	socket  string
	urls    string // what the system's browser was asked to open, a line each
	left    int    // where this person's part of the screen begins, in pixels
	app     *exec.Cmd
	window  string
	clicks  int // what was pressed, ticked and typed into in the app
}

// half is how wide a person's part of the screen is, in pixels.
const half = 1700

// newJourney starts a service to practise with, a screen, and the app with a
// profile of a workspace that has that service.
func newJourney(t testing.TB) *journey {
	t.Helper()
	need(t, "chromium", "Xvfb")
	return newDesktop(t, fmt.Sprintf("%dx1000x24", half), "journey").person("ana", practicetest.Start(t), 0)
}

// person sits down at the desktop, with a folder of their own, at a part of the
// screen.
func (d *desktop) person(name string, s *practicetest.Service, part int) *journey {
	d.t.Helper()
	own := *d
	own.tmp = filepath.Join(d.tmp, name)
	j := &journey{desktop: &own, service: s, left: part * half}
	j.must(os.Mkdir(j.tmp, 0o700))
	j.data, j.socket, j.urls = filepath.Join(j.tmp, "data"), filepath.Join(j.tmp, "where"), filepath.Join(j.tmp, "urls")
	// The system's way to open a page in the browser.
	opener := "#!/bin/sh\nprintf '%s\\n' \"$1\" >>" + j.urls + "\n"
	j.must(os.Mkdir(filepath.Join(j.tmp, "bin"), 0o700))
	j.must(os.WriteFile(filepath.Join(j.tmp, "bin", "xdg-open"), []byte(opener), 0o700))
	j.must(os.MkdirAll(j.data, 0o700))
	j.must(os.WriteFile(filepath.Join(j.data, "settings.json"), []byte(`{"version":1,"theme":"light"}`), 0o600))
	home := filepath.Join(j.tmp, "home")
	j.must(os.MkdirAll(filepath.Join(home, ".cache"), 0o700))
	j.env = append(slices.Clone(j.env), "HOME="+home, "PATH="+filepath.Join(j.tmp, "bin")+":"+os.Getenv("PATH"), "KUTANO_JOURNEY="+j.socket)
	return j
}

// start starts the app, beside the browser.
func (j *journey) start() {
	j.t.Helper()
	_ = os.Remove(j.socket)
	j.app = j.background(j.bin, "--data", j.data)
	j.window = j.desktop.window("^Kutano Authenticator$", "--all", "--pid", strconv.Itoa(j.app.Process.Pid))
	j.eventually("the app", func() bool { _, err := os.Stat(j.socket); return err == nil })
	j.must1(j.run("xdotool", "windowmove", "--sync", j.window, strconv.Itoa(j.left+860), "20"))
	j.must1(j.run("xdotool", "windowsize", j.window, "820", "940"))
	j.activate(j.window)
}

func (j *journey) must1(_ string, err error) { j.t.Helper(); j.must(err) }

// stop ends the app as Ctrl+C in a terminal does.
func (j *journey) stop() {
	j.t.Helper()
	j.must(j.app.Process.Signal(os.Interrupt))
	_ = j.app.Wait()
}

// seen is something on the app's window; see journey_on.go.
type seen struct {
	Text                 string
	Tap, Off, Type, Seen bool
	Keys                 bool
	X, Y                 int
}

func (j *journey) look() []seen {
	j.t.Helper()
	c, err := net.Dial("unix", j.socket)
	if err != nil {
		j.t.Fatalf("the app is gone: %v", err)
	}
	defer func() { _ = c.Close() }()
	j.must(c.SetDeadline(time.Now().Add(20 * time.Second)))
	var all []seen
	if err := json.NewDecoder(c).Decode(&all); err != nil {
		j.t.Fatalf("the app does not say what it shows: %v", err)
	}
	return all
}

// patient is how long something may take to come on show, on a machine with more
// to do.
const patient = 40 * time.Second

// find waits until something is on the window, in view, and stays where it is.
func (j *journey) find(what string, is func(seen) bool) seen {
	j.t.Helper()
	var before seen
	for end := time.Now().Add(patient); time.Now().Before(end); {
		all := j.look()
		i := slices.IndexFunc(all, is)
		switch {
		case i < 0:
			before = seen{}
		case !all[i].Seen:
			j.scroll(all[i].Y)
			j.comesToRest(all[i], is)
		case all[i] == before:
			return before
		default:
			before = all[i]
		}
	}
	j.fatalf("the app does not show %s", what)
	return seen{}
}

// comesToRest waits until something has moved, unless that takes too long: at its end a
// page moves no more. The turns of the wheel come through the window manager, and those
// that are late would move the page under a click.
func (j *journey) comesToRest(from seen, is func(seen) bool) {
	j.t.Helper()
	const still = 3 // times it has to be where it was
	last, seen := from, 0
	for end := time.Now().Add(2 * time.Second); seen < still && time.Now().Before(end); {
		all := j.look()
		i := slices.IndexFunc(all, is)
		switch {
		case i < 0:
			return
		case all[i] == from:
		case all[i] == last:
			seen++
		default:
			last, seen = all[i], 0
		}
	}
}

// fatalf ends the journey, with what is on the screen.
func (j *journey) fatalf(format string, args ...any) {
	j.t.Helper()
	j.shot("failed")
	j.t.Fatalf("%s; it shows:\n%s", fmt.Sprintf(format, args...), j.text())
}

// The wheel is turned where the app's page is, by at most so many clicks at once.
const (
	pageX, pageY = 805, 500 // at its edge, where nothing else takes the wheel
	wheelClick   = 30       // about the pixels of one click
	wheelMost    = 12
)

// scroll turns the wheel over the page, towards what lies at a height.
func (j *journey) scroll(y int) {
	j.t.Helper()
	way, wheel := y-pageY, "5"
	if way < 0 {
		way, wheel = -way, "4"
	}
	clicks := max(1, min(way/wheelClick, wheelMost))
	j.must1(j.run("xdotool", "mousemove", "--window", j.window, fmt.Sprint(pageX), fmt.Sprint(pageY), "click", "--repeat", fmt.Sprint(clicks), "--delay", "1", wheel))
}

func (j *journey) text() string {
	var b strings.Builder
	for _, s := range j.look() {
		mark := "  "
		if s.Tap {
			mark = "▸ "
		}
		if s.Off {
			mark = "– "
		}
		if s.Keys {
			mark = "❚ "
		}
		fmt.Fprintf(&b, "%s%s\n", mark, s.Text)
	}
	return b.String()
}

// press clicks on what can be pressed and has a text, or a text and a sentence that
// begin with it.
func (j *journey) press(text string) *journey {
	j.t.Helper()
	j.click("the button "+text, func(s seen) bool {
		return s.Tap && !s.Off && (s.Text == text || strings.HasPrefix(s.Text, text+". ") || strings.HasPrefix(s.Text, text+", "))
	})
	return j
}

// click points the mouse at something, and clicks if it still is there then: a
// banner that comes pushes the page down.
func (j *journey) click(what string, is func(seen) bool) {
	j.t.Helper()
	for {
		s := j.find(what, is)
		j.must1(j.run("xdotool", "mousemove", "--window", j.window, fmt.Sprint(s.X), fmt.Sprint(s.Y)))
		if slices.Contains(j.look(), s) {
			break
		}
	}
	j.must1(j.run("xdotool", "click", "1"))
	j.clicks++
}

// fill types into the field with a placeholder.
func (j *journey) fill(placeholder, text string) *journey {
	j.t.Helper()
	is := func(s seen) bool { return s.Type && s.Text == placeholder }
	j.click("the field "+placeholder, is)
	j.activate(j.window)
	j.until("the cursor in "+placeholder, func(all []seen) bool {
		return slices.ContainsFunc(all, func(s seen) bool { return is(s) && s.Keys })
	})
	j.keys("ctrl+a")
	j.must1(j.run("xdotool", "type", "--delay", "10", text))
	return j
}

// sees waits until texts stand on the app's window, whether in view or not.
func (j *journey) sees(texts ...string) *journey {
	j.t.Helper()
	for _, text := range texts {
		j.awaits(text)
	}
	return j
}

func (j *journey) awaits(text string) {
	j.t.Helper()
	j.until(strconv.Quote(text), func(all []seen) bool {
		return slices.ContainsFunc(all, func(s seen) bool { return strings.Contains(s.Text, text) })
	})
}

// until waits for something that the app shows.
func (j *journey) until(what string, is func([]seen) bool) {
	j.t.Helper()
	for end := time.Now().Add(patient); time.Now().Before(end); {
		if is(j.look()) {
			return
		}
	}
	j.fatalf("the app does not show %s", what)
}

// opened waits for the next address that the app had opened in the browser.
func (j *journey) opened() string {
	j.t.Helper()
	var url string
	for end := time.Now().Add(patient); url == "" && time.Now().Before(end); {
		if b, err := os.ReadFile(j.urls); err == nil && strings.HasSuffix(string(b), "\n") {
			url = strings.TrimSpace(string(b))
			continue
		}
		time.Sleep(20 * time.Millisecond)
	}
	if url == "" {
		j.fatalf("the app opened no page in the browser")
	}
	j.must(os.Remove(j.urls))
	return url[strings.LastIndex(url, "\n")+1:]
}

// workspace writes down what the service's workspace says of itself, and gives it
// to the app's folder; service is where to link, "" for nowhere.
func (j *journey) workspace(service string) {
	j.t.Helper()
	file := filepath.Join(j.tmp, "workspace.toml")
	text := "version = 1\nname = \"Practice\"\ncontact = \"Hana at the helpdesk, extension 12\"\nsettings = \"" + j.service.URL + "/settings/security\"\n"
	if service != "" {
		text += "service = \"" + service + "\"\n"
	}
	j.must(os.WriteFile(file, []byte(text), 0o600))
	read, err := profile.Parse([]byte(text))
	j.must(err)
	j.must(profile.In(j.data).Use(read))
}

// shot keeps a picture of the whole screen under a name, where a folder for them is
// named by the flag.
func (j *journey) shot(name string) *journey {
	j.t.Helper()
	if *pictures != "" {
		_ = j.look() // what came last is drawn
		j.must1(j.run("import", "-window", "root", filepath.Join(*pictures, name+".png")))
	}
	return j
}

// code is what the app shows in large type: six digits in two groups.
func (j *journey) code() string {
	j.t.Helper()
	s := j.find("a code", func(s seen) bool { return codeForm.MatchString(s.Text) })
	return strings.Join(codeForm.FindStringSubmatch(s.Text)[1:], "")
}

// fresh waits for a code other than the one on show: the service takes each once.
func (j *journey) fresh() string {
	j.t.Helper()
	old := j.code()
	for end := time.Now().Add(patient); time.Now().Before(end); {
		if c := j.code(); c != old {
			return c
		}
	}
	j.fatalf("the code does not change")
	return ""
}

// account is the only account, as another process sees it.
func (j *journey) account() vault.Account {
	j.t.Helper()
	v, err := vault.Open(context.Background(), vault.Options{Dir: j.data, Now: time.Now})
	j.must(err)
	defer func() { _ = v.Close() }()
	all := v.Accounts()
	if len(all) != 1 {
		j.t.Fatalf("%d accounts are kept", len(all))
	}
	return all[0]
}

// sets are the sets of backup codes, as another process sees them.
func (j *journey) sets() []backupcodes.Set {
	j.t.Helper()
	s, err := backupcodes.Open(j.data, time.Now)
	j.must(err)
	return s.Sets()
}

// accounts tells how many accounts there are, as another process sees them.
func (j *journey) accounts() int {
	j.t.Helper()
	v, err := vault.Open(context.Background(), vault.Options{Dir: j.data, Now: time.Now})
	j.must(err)
	defer func() { _ = v.Close() }()
	return len(v.Accounts())
}
