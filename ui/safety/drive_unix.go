// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package safety

import (
	"os"
	"strconv"
	"syscall"
)

// drive names the device that a folder is on; its number has a sign on some systems. Two parts of one disk have
// different names.
func drive(dir string) (string, bool) {
	fi, err := os.Stat(dir)
	if err != nil {
		return "", false
	}
	st, ok := fi.Sys().(*syscall.Stat_t)
	if !ok {
		return "", false
	}
	return strconv.FormatUint(uint64(st.Dev), 10), true
}
