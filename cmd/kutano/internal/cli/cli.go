// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package cli is the command line, command by command.
//
// What it promises to scripts:
//
//   - The data folder is --data, else $KUTANO_DATA, else the system's own place.
//   - No prompt appears when standard input is not a terminal; a missing answer
//     is then an error.
//   - Keys come from standard input, a file, a picture or a hidden prompt, never
//     from arguments or the environment, and appear only where show-qr or a plain
//     export was confirmed. The recovery key's words appear on a terminal alone,
//     once.
//   - Each secret can come on a file descriptor of its own, --passphrase-fd and
//     its likes: its first line. Where several share one, the passphrase of the
//     keys comes first.
//   - With --json exactly one object is printed on standard output, see
//     [document]; a run that fails has "error" in it, and its exit code is
//     explain.Kind's: 0 done, 1 failed, 2 wrong use, 3 not found or ambiguous,
//     4 locked or passphrase wrong, 5 keyring unavailable, 6 some entries
//     refused, 7 cancelled.
//   - Without --json, results go to standard output; questions, hints and
//     errors to standard error.
//
// Start-up is part of the promise, too: a code takes a few milliseconds. So
// nothing is done before the command that needs it.
package cli

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/secret"
)

// App is one run of the command line.
type App struct {
	Version string
	In      io.Reader   // prompts need an *os.File that is a terminal
	Out     io.Writer   // results
	Err     io.Writer   // questions, hints, errors
	Clock   clock.Clock // the device's; codes are made by what codeTime returns

	// The global flags.
	data  string
	store string
	fd    int
	json  bool

	doc      *document     // what --json prints at the end, set by the command
	warnings []failure     // what went wrong beside the result; see warn
	lines    *bufio.Reader // In, for questions

	read  func() clock.Times // the device's clocks, nil for the usual ones; see times
	codes *clock.True        // what codes are made by, nil until trueClock

	browse func(ctx context.Context, url string) error      // shows an address, nil for the system's browser
	waits  func(ctx context.Context, d time.Duration) error // while a code is typed elsewhere, nil for the real time

	desk func(ctx context.Context) (link.Desk, link.Who, error) // the linked service's desk, nil for none

	fds    map[int]io.Reader // the descriptors secrets are read from
	given  secret.Value      // what came by --passphrase-fd, once it was read
	typed  secret.Value      // what the vault was opened with; see remember
	made   bool              // and whether that is a new passphrase
	retain bool              // see remember
}

// Main runs the command line in this process's surroundings, by the clock of the
// device, and returns the exit code.
func Main(version string, args []string, device clock.Clock) int {
	ctx, stop := untilSignal(context.Background())
	defer stop()
	words.Use(words.FromEnv())
	a := &App{Version: version, In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Clock: device}
	return a.Run(ctx, args)
}

// patience is how long a run goes on before it listens to signals. Listening
// costs a thread, half a millisecond of the few that a code takes; a Ctrl-C
// before that ends the process as the system does.
const patience = 15 * time.Millisecond

// untilSignal returns a context that ends with Ctrl-C or a request to end; the
// second one ends the process at once.
func untilSignal(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	timer := time.AfterFunc(patience, func() {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		<-signals
		signal.Stop(signals)
		cancel()
	})
	return ctx, func() {
		timer.Stop()
		cancel()
	}
}

// Run runs one command and returns the exit code. Cancelling ctx ends any
// command soon, questions included.
func (a *App) Run(ctx context.Context, args []string) int {
	root := a.tree(named(args))
	root.SetArgs(args)
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	err := root.ExecuteContext(ctx)
	if err != nil && wantsJSON(args) {
		a.json = true // the flags after a wrong one were not read
	}
	a.given.Clear()
	a.typed.Clear()
	return a.finish(a.hinted(err))
}

func wantsJSON(args []string) bool {
	for _, arg := range args {
		switch arg {
		case "--":
			return false
		case "--json", "--json=true":
			return true
		}
	}
	return false
}
