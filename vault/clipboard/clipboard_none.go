// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux && !freebsd && !openbsd && !netbsd && !windows && !(darwin && !ios && cgo)

package clipboard

import (
	"context"
	"fmt"
	"time"
)

func errNotBuilt() error {
	return fmt.Errorf("%w: this program was built without it", ErrNoClipboard)
}

func read(context.Context) (Clip, error) { return Clip{}, errNotBuilt() }

func lacking() error { return errNotBuilt() }

func serve(context.Context, string, time.Duration) error { return errNotBuilt() }
