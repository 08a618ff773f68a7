// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package faults breaks things while a vault is used, and writes down what
// came of it: docs/faults.md is made by its tests, a cell for each fault and
// each operation. All stores are real, and what is killed is a real process.
//
//	go test ./docs/faults -update
//
// writes the page anew; without -update a difference is a failure. A cell is
// what was found, never what was expected: an earlier account that is missing,
// stands twice or has another key fails the test whatever the page says.
//
// TestRandomKills kills a thousand processes at random times besides.
package faults
