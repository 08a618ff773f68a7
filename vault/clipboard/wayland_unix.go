// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/kutano/authenticator/vault/scan"
)

// errNoTool is what is missing on Wayland, where only a window with the focus
// may use the clipboard, or a program that the desktop trusts.
func errNoTool() error {
	return fmt.Errorf("%w: on Wayland the package wl-clipboard is needed", ErrNoClipboard)
}

// wlsource reads the clipboard with wl-paste.
type wlsource struct{ paste string }

func readWayland(ctx context.Context) (Clip, error) {
	paste, err := exec.LookPath("wl-paste")
	if err != nil {
		return Clip{}, errNoTool()
	}
	return within(ctx, func(ctx context.Context) (Clip, error) {
		return collect(ctx, wlsource{paste})
	})
}

func (s wlsource) types(ctx context.Context) ([]string, error) {
	data, err := s.run(ctx, "--list-types")
	if err != nil {
		return nil, err
	}
	return strings.Fields(string(data)), nil
}

func (s wlsource) read(ctx context.Context, kind string) ([]byte, error) {
	return s.run(ctx, "--no-newline", "--type", kind)
}

// run returns what wl-paste prints.
func (s wlsource) run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, s.paste, args...)
	cmd.WaitDelay = time.Second
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoClipboard, err)
	}
	data, readErr := io.ReadAll(io.LimitReader(out, scan.MaxBytes+1))
	if len(data) > scan.MaxBytes {
		_ = cmd.Process.Kill()
	}
	err = cmd.Wait()
	switch {
	case len(data) > scan.MaxBytes:
		return nil, fmt.Errorf("%w: the clipboard has more than %d MiB", scan.ErrTooBig, scan.MaxBytes>>20)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err == nil:
		return data, readErr
	case nothing(said.String()):
		return nil, ErrEmpty
	}
	return nil, fmt.Errorf("%w: wl-paste cannot reach it", ErrNoClipboard)
}

// nothing says whether wl-paste's complaint is that the clipboard is empty.
func nothing(said string) bool {
	said = strings.ToLower(said)
	return strings.Contains(said, "nothing is copied") || strings.Contains(said, "no selection") ||
		strings.Contains(said, "not available")
}

// serveWayland lends text with wl-copy, which ends by itself when another
// program takes the clipboard and empties it when it is ended. It gets the
// text on its standard input.
func serveWayland(ctx context.Context, text string, d time.Duration) error {
	tool, err := exec.LookPath("wl-copy")
	if err != nil {
		return errNoTool()
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	// Versions before 2.3 do not know how to mark a secret, and say so by
	// ending at once.
	err = runCopy(ctx, tool, text, "--sensitive")
	if errors.Is(err, errOldTool) {
		err = runCopy(ctx, tool, text)
	}
	return err
}

// errOldTool is a wl-copy that refuses its arguments.
var errOldTool = errors.New("wl-copy does not know the option")

func runCopy(ctx context.Context, tool, text string, options ...string) error {
	cmd := exec.CommandContext(ctx, tool, append(options, "--foreground", "--type", "text/plain;charset=utf-8")...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = time.Second
	cmd.Stdin = strings.NewReader(text)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	var said bytes.Buffer
	cmd.Stderr = &said
	err := cmd.Run()
	switch {
	case err == nil || ctx.Err() != nil:
		return nil
	case len(options) > 0 && strings.Contains(said.String(), "option"):
		return errOldTool
	}
	return fmt.Errorf("%w: wl-copy cannot reach it", ErrNoClipboard)
}
