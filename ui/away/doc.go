// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package away tells when the user has gone, so that the app locks itself.
//
// Signs of it are: nothing typed or moved for a while, the window minimised, the
// computer asleep, the screen locked. Each counts only where the user's [Rules]
// say so.
//
// How long nothing was typed or moved is asked of the system where it says so:
// the X server, GNOME's Mutter, Windows. There a person who works in another
// window is not away. Elsewhere only what happens in our own window is known.
// A use of our own window counts in either case.
//
// Sleep shows as a difference between two clocks, one of which stands still
// meanwhile; on Linux the system announces it as well. The lock of the screen is
// told by logind and by the desktop's screen saver, on Linux only. All of this
// is found out on connections of the package's own, and quietly does without
// what is not there.
//
// A [Watcher] rests until a sign could be due, at most a minute. Stopped, it has
// no goroutine, no timer and no connection. The package knows no window.
package away
