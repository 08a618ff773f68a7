// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package away

import (
	"context"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var lastInput = windows.NewLazySystemDLL("user32.dll").NewProc("GetLastInputInfo")

// SystemIdle asks Windows, which knows it for the session.
func SystemIdle(context.Context) func() (time.Duration, bool) {
	if lastInput.Find() != nil {
		return nil
	}
	return func() (time.Duration, bool) {
		info := struct{ size, tick uint32 }{size: 8}
		if ok, _, _ := lastInput.Call(uintptr(unsafe.Pointer(&info))); ok == 0 {
			return 0, false
		}
		now := uint32(windows.DurationSinceBoot().Milliseconds())
		return time.Duration(now-info.tick) * time.Millisecond, true // wraps after 49 days, in both
	}
}
