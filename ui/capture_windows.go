// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

var setAffinity = windows.NewLazySystemDLL("user32.dll").NewProc("SetWindowDisplayAffinity")

// What pictures of the screen, recordings and shared screens show of a window.
const (
	affinityNone    = 0x00 // WDA_NONE: the window
	affinityMonitor = 0x01 // WDA_MONITOR: a black area
	affinityExclude = 0x11 // WDA_EXCLUDEFROMCAPTURE: what is behind it; from Windows 10 version 2004 on
)

// hideFromCapture keeps a window out of pictures of the screen, or lets it in
// again, and reports whether the system does so: only Windows can. The window
// has to be there (shown once); it stays so until it is closed, also while it
// is hidden or minimised. Programs with the right to change our window can
// undo it. For Fyne's goroutine only.
func hideFromCapture(w fyne.Window, on bool) bool {
	native, ok := w.(driver.NativeWindow)
	if !ok || setAffinity.Find() != nil {
		return false
	}
	wanted := []uintptr{affinityNone}
	if on {
		wanted = []uintptr{affinityExclude, affinityMonitor}
	}
	done := false
	native.RunNative(func(context any) {
		win, ok := context.(driver.WindowsWindowContext)
		if !ok || win.HWND == 0 {
			return
		}
		for _, affinity := range wanted {
			if yes, _, _ := setAffinity.Call(win.HWND, affinity); yes != 0 {
				done = true
				return
			}
		}
	})
	return done
}
