// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows && (!unix || darwin || android || ios)

package ui

// minimised returns what cannot be known here.
func minimised(any) func() bool { return never }
