// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build windows || (darwin && !ios && cgo)

package scan

import (
	"context"
	"fmt"
	"image"
	"runtime"

	"github.com/kbinani/screenshot"
)

func capture(ctx context.Context) ([]image.Image, error) {
	var out []image.Image
	for i := range screenshot.NumActiveDisplays() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		img, err := screenshot.CaptureDisplay(i)
		if err != nil {
			return nil, refused(err)
		}
		out = append(out, img)
	}
	if len(out) == 0 {
		return nil, ErrNoScreen
	}
	return out, nil
}

// refused tells a Mac's privacy setting, the usual reason there, from other
// failures.
func refused(err error) error {
	if runtime.GOOS == "darwin" {
		return fmt.Errorf("%w: allow it under Privacy & Security, Screen Recording: %w", ErrScreenDenied, err)
	}
	return noScreen(err)
}
