// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import "fyne.io/fyne/v2"

// endsSurely takes from Fyne what it does once the app has stopped: it writes down what
// its own dialogs remember, which it also does at each change. Fyne 2.8 gives this to a
// goroutine, which gives it back to the window's loop and waits; the loop, which may just
// have ended, waits for that goroutine. Then the window is gone but the process stays for
// ever, with the data folder's lock, and the app cannot be started again.
func endsSurely(of fyne.Lifecycle) {
	if l, ok := of.(interface{ SetOnStoppedHookExecuted(f func()) }); ok {
		l.SetOnStoppedHookExecuted(nil)
	}
}
