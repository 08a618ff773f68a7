// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package ui is the window: it puts the screens of its folders into one frame
// and connects them with the vault.
//
// [New] is given an app and a window and builds everything; it never makes
// either, so that tests drive it without a display. [Opening] opens the vault
// in a goroutine of its own, begun before there is a window; what it needs of
// the user it asks for through the window once that is there.
package ui
