// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !goexperiment.runtimesecret

package secret

// Do calls f. Built with GOEXPERIMENT=runtimesecret it also erases what f
// leaves in memory; f starts no goroutine and does not wait for anything.
func Do(f func()) { f() }
