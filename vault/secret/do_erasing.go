// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build goexperiment.runtimesecret

package secret

import "runtime/secret"

// Do calls f and erases what it leaves in registers, on the stack and, once
// nothing refers to it, on the heap. This is the build with
// GOEXPERIMENT=runtimesecret, on Linux on amd64 and arm64; elsewhere f is just
// called. What f returns through variables of its caller stays. It costs some
// microseconds, so it goes around the few lines that handle a key in clear. f
// starts no goroutine and does not wait for anything.
func Do(f func()) { secret.Do(f) }
