// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"strings"
	"unsafe"

	"github.com/kutano/authenticator/ui"
)

// takeArgs returns the arguments, and makes links unreadable where they came
// from: the desktop gives a link as an argument, and every user of the computer
// can read the arguments of a process for as long as it runs.
func takeArgs() []string {
	args := make([]string, 0, len(os.Args))
	for _, arg := range os.Args[1:] {
		args = append(args, strings.Clone(arg))
		if ui.IsLink(arg) {
			// The strings of os.Args are the kernel's own copy, which
			// /proc/PID/cmdline shows; nothing else uses them from here on.
			at := unsafe.Slice(unsafe.StringData(arg), len(arg)) //nolint:gosec // see above
			for i := strings.IndexByte(arg, ':') + 1; i < len(at); i++ {
				at[i] = 'x'
			}
		}
	}
	return args
}
