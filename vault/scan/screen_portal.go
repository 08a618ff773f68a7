// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux || freebsd || openbsd || netbsd

package scan

import (
	"context"
	"fmt"
	"image"
	"net/url"
	"os"

	"github.com/rymdport/portal/screenshot"
)

// capturePortal asks the desktop for a picture of the screen. It puts the
// picture into a file, which is deleted here, also when the answer comes after
// the caller has given up.
func capturePortal(ctx context.Context) ([]image.Image, error) {
	address, err := screenshot.Screenshot("", &screenshot.ScreenshotOptions{NotModal: true})
	if err != nil {
		return nil, fmt.Errorf("%w: the desktop has no screenshot portal: %w", ErrNoScreen, err)
	}
	if address == "" {
		return nil, ErrScreenDenied
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "file" || u.Host != "" {
		return nil, fmt.Errorf("%w: the desktop gave no file", ErrNoScreen)
	}
	defer os.Remove(u.Path)
	img, err := LoadFile(ctx, u.Path)
	if err != nil {
		return nil, fmt.Errorf("read the desktop's picture: %w", err)
	}
	return []image.Image{img}, nil
}
