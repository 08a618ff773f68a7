// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

// For the test of all rights.
var (
	MayNot     = mayNot
	MayNotGive = mayNotGive
	Actions    = actions
)
