// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows && (!unix || darwin || android || ios)

package away

import (
	"context"
	"time"
)

// SystemIdle knows nothing here: what our own window sees has to do.
func SystemIdle(context.Context) func() (time.Duration, bool) { return nil }
