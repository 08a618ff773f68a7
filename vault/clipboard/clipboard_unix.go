// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

func read(ctx context.Context) (Clip, error) {
	switch {
	case os.Getenv("WAYLAND_DISPLAY") != "":
		return readWayland(ctx)
	case os.Getenv("DISPLAY") != "":
		return readX(ctx)
	}
	return Clip{}, ErrNoClipboard
}

func readX(ctx context.Context) (Clip, error) {
	return within(ctx, func(ctx context.Context) (Clip, error) {
		c, err := newXClient(ctx)
		if err != nil {
			return Clip{}, fmt.Errorf("%w: %w", ErrNoClipboard, err)
		}
		defer c.close()
		clip, err := collect(ctx, xsource{c})
		if errors.Is(err, errClosed) {
			err = fmt.Errorf("%w: %w", ErrNoClipboard, err)
		}
		return clip, err
	})
}

func lacking() error {
	if os.Getenv("WAYLAND_DISPLAY") == "" && os.Getenv("DISPLAY") == "" {
		return ErrNoClipboard
	}
	return nil
}

func serve(ctx context.Context, text string, d time.Duration) error {
	switch {
	case os.Getenv("WAYLAND_DISPLAY") != "":
		return serveWayland(ctx, text, d)
	case os.Getenv("DISPLAY") != "":
		return serveX(ctx, text, d)
	}
	return ErrNoClipboard
}
