// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package guided draws a guide's steps for the places of the window that walk one:
// the set-up and "Get back in".
//
// A [Screen] is one step: where the person is, the words, the picture, what a live
// piece shows, the buttons, and the way back. The pieces that both places have are
// here, too: the [Code] with its time, what a check found, the verdict on the
// clock; and the [Saver], which keeps where a run stands.
//
// What the buttons do is the place's; nothing here waits.
package guided
