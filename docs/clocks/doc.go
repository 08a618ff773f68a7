// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package clocks measures clocks that are off, with every source of the time
// there is, and writes down what came of it in docs/clock.md. It has tests only.
package clocks
