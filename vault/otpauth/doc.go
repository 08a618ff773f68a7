// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package otpauth reads and writes what a QR code of a second factor says:
// key URIs (otpauth://, steam://) and the payloads with which Google
// Authenticator moves accounts (otpauth-migration://). It also makes the codes.
//
// A QR code is untrusted input. [Parse] is therefore strict: it returns a [Key]
// that gives the codes which the service expects, or an [*Error] that says
// why not. It never guesses a parameter that changes codes, and it never follows a link.
// [Key.URI] writes what every other app reads, and [Parse] reads it back the same.
// [Find] looks for keys in any text and [ParseMigration] reports each entry on its own.
//
// No error holds a secret or a part of a parameter's value. Nothing here
// touches files, the network or the clock.
package otpauth
