// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package foreign says what an export of another app is made of: a Source, the
// Reader that knows its format, and the entries that come out of it, each with
// its key or with the reason why there is none.
//
// A Reader never looks at a file's name to recognise it, asks for nothing and
// reaches nothing outside the bytes it was given; the one exception runs gpg (see
// package manager). What it cannot read of one entry it says of
// that entry, and the others come in. No error and no remark holds a secret or
// a value that was read; only Label does, which is a name made fit to be shown.
package foreign
