// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package exchange reads the exports of other authenticator apps and password
// managers, and writes files that they read.
//
// Its floors: foreign says what an export is made of; phone, manager, android
// and plain hold the readers and writers, one file a format; this package puts
// them in order, recognises what a file is, and reads several as one. Nothing
// is kept and nothing is asked here: passwords come through a function.
package exchange
