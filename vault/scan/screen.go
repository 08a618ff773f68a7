// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"context"
	"errors"
	"fmt"
	"image"
	"time"
)

// Screen takes a picture of each monitor, the main one first where the system
// says which it is. Errors wrap ErrNoScreen or ErrScreenDenied, or are ctx's.
// On Wayland the desktop takes the picture, of all monitors together, and asks
// the person the first time, for whom there are two minutes.
func Screen(ctx context.Context) ([]image.Image, error) {
	limited, cancel := context.WithTimeout(ctx, screenLimit)
	defer cancel()
	type result struct {
		imgs []image.Image
		err  error
	}
	done := make(chan result, 1)
	go func() {
		imgs, err := guarded(limited)
		done <- result{imgs, err}
	}()
	select {
	case r := <-done:
		if r.err != nil && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return r.imgs, r.err
	case <-limited.Done():
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("%w: the desktop does not answer", ErrNoScreen)
}

// screenLimit ends the wait for a desktop that never answers.
const screenLimit = 2 * time.Minute

// guarded captures behind recover: the libraries panic on displays they do
// not know.
func guarded(ctx context.Context) (imgs []image.Image, err error) {
	defer func() {
		if recover() != nil {
			imgs, err = nil, fmt.Errorf("%w: the display is of an unknown kind", ErrNoScreen)
		}
	}()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return capture(ctx)
}

// noScreen makes err one of this package's, keeping what it says.
func noScreen(err error) error {
	if errors.Is(err, ErrNoScreen) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrNoScreen, err)
}
