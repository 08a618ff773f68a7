// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package split divides a short secret among people: of n shares any k bring it
// back, and k-1 tell nothing of it but how long it is.
//
// A key that is made for this one time is divided after Shamir (Communications
// of the ACM 22, 1979), each of its bytes in the field of 256 elements that AES
// uses (FIPS 197, section 4). The secret is encrypted with the key, and each
// share holds all of that. So a share that was changed never brings back another
// secret than the one that was divided.
//
// A share is a text for a QR code, or letters that a person can type. Its
// checksum notices every mistake of up to six letters that follow one another,
// and others but for one in four thousand million. Shares that were damaged, that
// belong to another splitting, that are there twice or are too few are each told
// apart and named by their place.
//
// The arithmetic has no tables, and no branches on what is secret. It is our own:
// the library that others use for it is part of a server under another licence.
// What is not prevented is that somebody keeps a share that should be destroyed.
package split
