// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package keyringtest

import (
	"syscall"
	"testing"
)

// Stop suspends the daemon, so that it keeps its name and answers nothing.
func (d *Daemon) Stop(t testing.TB) { d.signal(t, syscall.SIGSTOP) }

// Continue lets a suspended daemon go on.
func (d *Daemon) Continue(t testing.TB) { d.signal(t, syscall.SIGCONT) }

func (d *Daemon) signal(t testing.TB, s syscall.Signal) {
	t.Helper()
	if err := d.keyring.Process.Signal(s); err != nil {
		t.Fatalf("send %v to the keyring: %v", s, err)
	}
}
