// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"os"
	"sync"
	"syscall"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/keystore"
)

// A point is a place where a change can be cut: before each step that touches
// the disk or the keyring, and amid each writing of a file.

// killAt has this process killed at the n-th point from now on, from 1.
func killAt(n int) {
	watch(func(point int, half func()) error {
		if point == n {
			half()
			die()
		}
		return nil
	})
}

// die ends the process as kill -9 does: nothing is deferred, nothing flushed.
func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// watch calls at for each point from now on, with its number from 1. half does
// a part of the step, where it has parts. An error is the step's, which is then
// not done; a file is half written.
func watch(at func(point int, half func()) error) {
	var mu sync.Mutex
	point := 0
	next := func(half func()) error {
		mu.Lock()
		defer mu.Unlock()
		point++
		return at(point, half)
	}
	nothing := func() {}
	atomicfile.SetHook(func(op atomicfile.Op) error {
		if err := next(nothing); err != nil {
			return err
		}
		if op.Part != nil {
			if err := next(func() { _ = op.Part(60) }); err != nil {
				_ = op.Part(60)
				return err
			}
		}
		return op.Do()
	})
	keystore.SetHook(func(c keystore.Change) error {
		if err := next(nothing); err != nil {
			return err
		}
		return c.Do()
	})
}

// unwatch ends what watch began.
func unwatch() {
	atomicfile.SetHook(nil)
	keystore.SetHook(nil)
}
