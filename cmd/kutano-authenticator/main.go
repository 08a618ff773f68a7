// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Command kutano-authenticator is the app with the window.
//
//	kutano-authenticator [--data DIR] [--store keyring|file] [otpauth://…]
//
// It runs once for each data folder: a second start hands its link to the
// first, shows that window and ends.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/away"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/ui/settings"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// appID names the app to the desktop.
const appID = "com.github.kutano.authenticator"

// version is set when a release is built.
var version = "0.1.0-dev"

// patience is how long the window waits for the vault before it shows itself
// without codes: a keyring at hand answers in a tenth of that.
const patience = 150 * time.Millisecond

// checkAfter leaves the start to the codes before every key is read once.
const checkAfter = time.Minute

// repaint is how long a desktop needs to draw what was behind our window.
const repaint = 250 * time.Millisecond

func main() {
	_ = secret.Private() // where it is refused, the system's own rule stays
	os.Exit(run(takeArgs(), os.Stderr))
}

// choices is what the command line said.
type choices struct {
	dir   string
	store keystore.Kind
	link  string
}

func run(args []string, stderr io.Writer) int {
	c, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	one, err := enter(c.dir, c.link)
	switch {
	case errors.Is(err, errRunning):
		words.Use(words.FromEnv())
		fmt.Fprintln(stderr, words.T("Kutano Authenticator is running already and does not answer. Close it, then start it again."))
		return 1
	case err != nil:
		// A folder that cannot be written still shows its accounts.
		one = &instance{}
	case one == nil: // the app that runs has the link
		return 0
	}
	defer one.release()
	show(c, one)
	return 0
}

func parse(args []string, stderr io.Writer) (choices, error) {
	var c choices
	fs := flag.NewFlagSet("kutano-authenticator", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&c.dir, "data", os.Getenv("KUTANO_DATA"), "the data `folder`")
	store := fs.String("store", "", "where keys are kept at first use: keyring or file")
	if err := fs.Parse(args); err != nil {
		return c, err
	}
	switch c.store = keystore.Kind(*store); c.store {
	case "", keystore.Keyring, keystore.File:
	default:
		return c, usage(fs, "--store is keyring or file")
	}
	for _, arg := range fs.Args() {
		if !ui.IsLink(arg) || c.link != "" {
			return c, usage(fs, "one link that begins with otpauth: is all that is taken")
		}
		c.link = arg
	}
	if c.dir == "" {
		dir, err := vault.DefaultDir()
		if err != nil {
			return c, usage(fs, "there is no folder for the data: name one with --data")
		}
		c.dir = dir
	}
	abs, err := filepath.Abs(c.dir)
	if err != nil {
		return c, usage(fs, "the data folder cannot be found")
	}
	c.dir = abs
	return c, nil
}

// usage says what is wrong, never repeating an argument: a link holds a key.
func usage(fs *flag.FlagSet, what string) error {
	fmt.Fprintln(fs.Output(), "kutano-authenticator: "+what)
	fs.Usage()
	return errors.New(what)
}

// show runs the app until its window is closed. The vault is being opened
// while the window is made.
func show(c choices, one *instance) {
	now := clock.Wall{}
	go kit.PrepareIcons(kit.IconCodes, kit.IconSetup, kit.IconHelp, kit.IconSettings, kit.IconSearch, kit.IconAdd, kit.IconMore, kit.IconLock)
	right := clock.Open(c.dir, nil)
	opening := ui.Open(ui.OpenVault(c.dir, vault.StateDir(), c.store, now), right)
	chosen := settings.Load(c.dir)
	if lang := chosen.Get().Language; lang != "" {
		words.Use(lang)
	} else {
		words.Use(words.FromEnv())
	}
	greetPortal()
	a := app.NewWithID(appID)
	a.SetIcon(kit.AppIcon())
	w := a.NewWindow(words.T("Kutano Authenticator"))
	w.SetMaster()
	u := ui.New(a, w, ui.Deps{
		Opening: opening, Settings: chosen, Clock: now, True: right, Measure: measuring(right, linkedService(c.dir)), Eyes: add.System{}, Lend: clipboard.Serve,
		Dir: c.dir, Version: version, Pause: repaint, CheckAfter: checkAfter, TrayHost: ui.HasTray, FirstCode: tracer(now),
		Reset: ui.ResetPassphrase(c.dir, c.store, now),
		Sweep: secret.Sweep, Service: linking(c.dir, now, right), Train: ui.StartTraining,
		Minimised: ui.Minimised(w), Idle: away.SystemIdle, Signals: away.Signals,
	})
	w.Resize(fyne.NewSize(860, 640))
	a.Lifecycle().SetOnStarted(func() {
		u.Start()
		if c.link != "" {
			u.Take(c.link)
		}
		one.listen(func(link string) { fyne.Do(func() { u.Take(link) }) })
	})
	showsWhere(w)
	u.Await(patience)
	endsSurely(a.Lifecycle())
	w.ShowAndRun()
	u.Stop()
}

// tracer returns what writes down when the first code was painted, for
// benchmarks, or nil.
func tracer(c clock.Clock) func() {
	path := os.Getenv("KUTANO_TRACE_START")
	if path == "" {
		return nil
	}
	return func() {
		line := fmt.Sprintf("{\"event\":\"first_code\",\"unix_ms\":%d}\n", c.Now().UnixMilli())
		_ = os.WriteFile(path, []byte(line), 0o600) // a benchmark sees that it is missing
	}
}
