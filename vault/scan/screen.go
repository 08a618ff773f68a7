// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"context"
	"image"
)

// Screen takes a picture of each monitor. Errors wrap ErrNoScreen or
// ErrScreenDenied, or are ctx's. On Wayland the desktop asks the person the
// first time.
func Screen(ctx context.Context) ([]image.Image, error) {
	return nil, ErrNoScreen
}
