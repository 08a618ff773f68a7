// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux && !freebsd && !openbsd && !netbsd && !windows && !(darwin && !ios && cgo)

package scan

import (
	"context"
	"fmt"
	"image"
)

func capture(context.Context) ([]image.Image, error) {
	return nil, fmt.Errorf("%w: this program was built without it; open a picture of the code instead", ErrNoScreen)
}
