// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package keyringtest

import "testing"

// Stop fails: there are no stopping signals here.
func (d *Daemon) Stop(t testing.TB) { t.Fatal("no process can be suspended here") }

// Continue fails too.
func (d *Daemon) Continue(t testing.TB) { t.Fatal("no process can be suspended here") }
