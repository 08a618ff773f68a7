// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import "sync/atomic"

// Change is an item of the system's keyring about to be stored or removed.
type Change struct {
	Name   string       // the item's, without the space
	Remove bool         // it is removed
	Do     func() error // does it, and looks whether it is done
}

// Hook stands in for the doing of a change: what it returns is the change's
// result. It may be called by several goroutines at once.
type Hook func(Change) error

var hook atomic.Pointer[Hook]

// SetHook puts a hook around every change of the system's keyring by this
// process, nil for none. It is there for tests; nothing else calls it.
func SetHook(h Hook) {
	if h == nil {
		hook.Store(nil)
		return
	}
	hook.Store(&h)
}

// hooked does a change, or has the hook do it.
func hooked(c Change) error {
	if h := hook.Load(); h != nil {
		return (*h)(c)
	}
	return c.Do()
}
