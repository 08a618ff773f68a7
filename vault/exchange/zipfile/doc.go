// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package zipfile reads the zip archives that apps export, also those under a
// password: the old encryption of PKWARE (APPNOTE.TXT section 6.1) and the AES of
// WinZip (AE-1 and AE-2).
//
// Everything happens in memory. Nothing is written anywhere, so a name in an
// archive is never a path: it is there to be compared. What an archive may
// unpack to is bounded.
package zipfile
