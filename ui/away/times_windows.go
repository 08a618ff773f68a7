// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package away

import (
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	kernel32     = windows.NewLazySystemDLL("kernel32.dll")
	unbiasedTime = kernel32.NewProc("QueryUnbiasedInterruptTime")
)

// Clocks returns the system's clocks: since its start, with and without the time
// that it slept. No one can set them.
func Clocks() Times { return bootClocks{} }

type bootClocks struct{}

// Moment is part of Times.
func (bootClocks) Moment() Moment {
	all := windows.DurationSinceBoot()
	if unbiasedTime.Find() != nil {
		return Moment{all, all}
	}
	var hundredNanos uint64
	if ok, _, _ := unbiasedTime.Call(uintptr(unsafe.Pointer(&hundredNanos))); ok == 0 {
		return Moment{all, all}
	}
	return Moment{Awake: time.Duration(hundredNanos) * 100, All: all}
}

// Slack is more than the 16 ms in which one of them steps.
func (bootClocks) Slack() time.Duration { return 2 * time.Second }
