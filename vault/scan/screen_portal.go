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
	"time"

	"github.com/rymdport/portal/screenshot"

	"github.com/kutano/authenticator/vault/secret"
)

// portalPatience is how long the portal may take to notice a call, for it may
// have to be started first.
const portalPatience = 5 * time.Second

// capturePortal asks the desktop for a picture of the screen. It puts the
// picture into a file, which is deleted here, also when the answer comes after
// the caller has given up.
func capturePortal(ctx context.Context) ([]image.Image, error) {
	// The portal refuses callers that it cannot look up; it does so when the
	// call comes, not while the person answers.
	end := secret.Recognisable()
	defer time.AfterFunc(portalPatience, end).Stop()
	defer end()
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
