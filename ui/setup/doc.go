// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package setup is the place where Kutano's guide is walked: one instruction a
// step, with a picture, one main button and the live pieces that do what the
// step is about.
//
// The steps, their words and where they lead are those of package recovery/guide;
// this package draws them and does their live pieces: it opens the settings page,
// finds the QR code, shows the code with its time, looks into why one was refused,
// has backup codes taken, removes a dead account, and has a linked service do the
// set-up itself. Where the person stands is kept after each step, so that a
// restart goes on there. No secret is kept with it.
//
// It signs in nowhere. Without a linked service nothing here uses the network, and
// the screen and the clipboard are looked at only while the person wants it.
package setup
