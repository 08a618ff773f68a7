// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keyringtest

// Open starts a keyring for a program that is no test, such as one that
// measures. The caller ends it with [Daemon.Close].
func Open() (*Daemon, error) { return start() }

// Close ends the keyring and its bus.
func (d *Daemon) Close() { d.stop() }
