// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package takeout has the screens that take accounts to other apps: as a file
// that the other app reads, as QR codes on the screen, or on paper.
//
// What the other app has no place for is said before anything is written, and
// what is not encrypted only after a warning. A file counts as written when it
// was read back. Keys and passwords are cleared whichever way the screens are
// left, and QR codes go from the screen by themselves.
package takeout
