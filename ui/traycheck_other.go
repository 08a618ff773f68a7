// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !unix || darwin || android || ios

package ui

import "runtime"

// HasTray reports whether the system shows tray icons: Windows and macOS do.
func HasTray() bool { return runtime.GOOS == "windows" || runtime.GOOS == "darwin" }
