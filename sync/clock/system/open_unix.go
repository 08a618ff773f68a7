// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package system

import (
	"os/exec"
	"syscall"
)

// start runs the program in a session of its own, so that what ends this one,
// such as Ctrl+C in a terminal, does not reach it.
func (o Opener) start() error {
	cmd := exec.Command(o.program, o.args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // its end is of no interest, but has to be taken note of
	return nil
}
