// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package secret

import (
	"errors"
	"syscall"
)

// Private keeps what this process has in memory, keys and all, from being
// written to a file when it crashes and, on Linux, from being read or changed
// by other programs of the same user. Programs that hold keys call it first of
// all. What it returns is for the curious: there is nothing to be done about it.
//
// A debugger cannot attach afterwards. Child processes are as others are.
func Private() error { return errors.Join(noCore(), hide()) }

// noCore sets the largest core file to nothing. Where the system hands cores
// to a program instead (core_pattern beginning with "|"), only hide helps.
func noCore() error {
	return syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
}
