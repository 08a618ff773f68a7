// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package cli

import "syscall"

// apart starts a process in a session of its own, so that closing the terminal
// or Ctrl-C there does not end it.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
