// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package main

// greetPortal does nothing: nothing hides this program from the desktop here.
func greetPortal() {}
