// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package canary finds secrets where they must not be. It is for tests only.
//
// A test marks every secret that it uses ([Marks]), walks through what a
// program can do, hands over all that the program left anywhere ([Hunt]), and
// has it searched for each secret in every form that it could have taken:
// itself, parts of it, in capitals, reversed, as hexadecimal, base32, base64,
// UTF-16, percent-encoded, as numbers in a crash's trace.
//
// What is found is named and never shown: a test's log is one of the places
// where no secret may be.
package canary
