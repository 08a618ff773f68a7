// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// ErrNoPrinter is returned where nothing can be printed from here: without
// CUPS, or while it has no printer to choose. The sheet can still be saved and
// printed elsewhere, or its words be written down.
var ErrNoPrinter = errors.New("there is no printer")

// patience is how long the printing system may take, for a printer across a
// network may be asleep.
const patience = 20 * time.Second

// Print hands the document to the system's printer through "lp". It goes
// through a pipe: this package writes no file, and neither arguments nor
// environment hold anything of it. The printing system does write it to its
// own spool, and CUPS as delivered keeps it there for a day (PreserveJobFiles);
// whoever asks a person to print says so.
//
// Errors wrap [ErrNoPrinter] where there is none, else they say that lp failed.
func Print(ctx context.Context, pdf []byte) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	to, err := printer(ctx)
	if err != nil {
		return err
	}
	// The title is seen by everybody who looks at the printer's queue.
	cmd := command(ctx, "lp", "-s", "-t", "Kutano Authenticator", "-d", to)
	cmd.Stdin = bytes.NewReader(pdf)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("print with lp: %w", err)
	}
	return nil
}

// CanPrint reports whether [Print] has a printer to print with. It asks the
// printing system, so it is not for the user interface's goroutine.
func CanPrint(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := printer(ctx)
	return err == nil
}

// printer returns the name of the default printer, or of the only one.
func printer(ctx context.Context) (string, error) {
	if runtime.GOOS == "windows" {
		return "", ErrNoPrinter // an lp there is something else's
	}
	if _, err := exec.LookPath("lp"); err != nil {
		return "", fmt.Errorf("%w: lp is not installed", ErrNoPrinter)
	}
	// "system default destination: NAME", or a sentence without a colon; where
	// the user's own choice is meant, "user default destination: NAME".
	out, err := command(ctx, "lpstat", "-d").Output()
	if err == nil {
		if _, name, ok := strings.Cut(string(out), ":"); ok && isName(strings.TrimSpace(name)) {
			return strings.TrimSpace(name), nil
		}
		if out, err = command(ctx, "lpstat", "-e").Output(); err == nil {
			if names := strings.Fields(string(out)); len(names) == 1 && isName(names[0]) {
				return names[0], nil
			}
		}
	}
	if ctx.Err() != nil {
		return "", fmt.Errorf("%w: %w", ErrNoPrinter, ctx.Err())
	}
	return "", ErrNoPrinter
}

// isName reports whether a printer can be called that, and not be taken for an
// option by lp.
func isName(s string) bool {
	return s != "" && !strings.HasPrefix(s, "-") && !strings.ContainsAny(s, " \t\r\n/#'\"")
}

// command speaks English with us, whatever the user's language.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.WaitDelay = time.Second
	return cmd
}
