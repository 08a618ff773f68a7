// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package ui

import "fyne.io/fyne/v2"

// hideFromCapture reports that the system cannot keep a window out of pictures
// of the screen: X11 has no such thing, under Wayland the desktop asks before
// it gives a picture away, and macOS no longer does it for all programs.
func hideFromCapture(fyne.Window, bool) bool { return false }
