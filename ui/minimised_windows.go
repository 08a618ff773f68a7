// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

var isIconic = windows.NewLazySystemDLL("user32.dll").NewProc("IsIconic")

// minimised returns what asks Windows about a window of Fyne's, or nil while
// the window has no handle.
func minimised(window any) func() bool {
	w, ok := window.(driver.WindowsWindowContext)
	switch {
	case !ok || isIconic.Find() != nil:
		return never
	case w.HWND == 0:
		return nil
	}
	return func() bool {
		yes, _, _ := isIconic.Call(w.HWND)
		return yes != 0
	}
}
