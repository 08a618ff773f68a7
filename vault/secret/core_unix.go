// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package secret

import "syscall"

// NoCore keeps the system from writing this process's memory, keys and all, to
// a file when it crashes. Programs that hold keys call it first of all. What
// it returns is for the curious: there is nothing to be done about it.
func NoCore() error {
	return syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
}
