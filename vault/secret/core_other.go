// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package secret

// NoCore does nothing: this system writes no memory of ours by itself.
func NoCore() error { return nil }
