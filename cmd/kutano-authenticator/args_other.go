// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package main

import "os"

// takeArgs returns the arguments. Windows shows them to no other user, and macOS
// hands links over in another way.
func takeArgs() []string { return os.Args[1:] }
