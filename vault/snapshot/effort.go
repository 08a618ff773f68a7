// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

// SetWorkFactor sets the logarithm of scrypt's N for passphrases of backups
// that are written from now on. Tests lower it; nothing else calls it.
func SetWorkFactor(log int) { workFactor = log }
