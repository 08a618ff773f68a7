// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package disktest gives tests folders that refuse to be written: on a full
// disk, on a read-only one, and without the right to. It is for tests on Linux
// only.
//
// What it arranges holds for the goroutine that it calls the test's function
// in, and for no other: neither for the rest of the process nor for anybody else.
package disktest
