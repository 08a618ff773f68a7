// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
)

// Minimised returns what tells whether a window is minimised, or on a desktop
// that is not shown, which Fyne does not say. Where the system does not say it
// either (Wayland, macOS), no window ever is. The answer costs one question to
// the system; it is for one goroutine that is not the user interface's.
func Minimised(w fyne.Window) func() bool {
	native, ok := w.(driver.NativeWindow)
	if !ok {
		return func() bool { return false }
	}
	var asked atomic.Bool
	var found atomic.Pointer[func() bool]
	return func() bool {
		if f := found.Load(); f != nil {
			return (*f)()
		}
		// The handle is there once the window is; Fyne gives it on its own
		// goroutine only.
		if !asked.Swap(true) {
			fyne.Do(func() {
				native.RunNative(func(context any) {
					if f := minimised(context); f != nil {
						found.Store(&f)
					}
				})
				asked.Store(false)
			})
		}
		return false
	}
}

func never() bool { return false }
