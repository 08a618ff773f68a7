// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
)

// Of a window that the system does not know, nobody says that it is hidden.
func TestHideFromCaptureWithoutAHandle(t *testing.T) {
	r := newRig(t)
	for _, on := range []bool{true, false} {
		if hideFromCapture(struct{ fyne.Window }{r.w}, on) {
			t.Error("hidden, a window without a handle")
		}
		for _, context := range []any{driver.UnknownContext{}, driver.WindowsWindowContext{}, driver.X11WindowContext{WindowHandle: 1}} {
			if hideFromCapture(&nativeWindow{Window: r.w, context: context}, on) {
				t.Errorf("hidden, a window whose handle is %#v", context)
			}
		}
	}
}
