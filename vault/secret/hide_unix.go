// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix && !linux

package secret

// hide does nothing: there is no such switch here.
func hide() error { return nil }
