// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import "syscall"

// detached is DETACHED_PROCESS of CreateProcess: without a console.
const detached = 0x00000008

// apart starts a process that closing the console does not end.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: detached | syscall.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
}
