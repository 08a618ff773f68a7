// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package keystore is where keys live: in the operating system's keyring, or
// where there is none in one sealed file under a passphrase. Both keep small
// named values behind the interface [Store], so that what is above need not
// know which it has.
//
// # What it promises
//
// A call returns when its context ends or its time is up, whatever the system
// behind it does. Nothing counts as stored before it was read back. Every error
// says what can be done about it by the sentinel it wraps. A call never makes
// the system ask the user anything unless its context comes from [Prompting].
//
// # What it does not
//
// Every program that runs as the same user can read the items of the system's
// keyring, on all three systems. The sealed file protects against such a
// program only while it is closed. Neither hides that the app is in use.
//
// # The keyring
//
// All calls of the process go through one line, one at a time: 3 seconds for a
// silent call, a minute where the user may be asked. A call that outlives its
// limit hangs in the system and cannot be stopped; it is abandoned. The callers
// behind it get [ErrTimeout] at once, until it returns or 15 seconds have
// passed. At most four calls are abandoned at a time, a goroutine each.
//
// # The sealed file
//
// One file holds all items, sealed by XChaCha20-Poly1305 under a key that
// Argon2id makes of the passphrase. It is written anew as a whole for each
// change. Two processes may have it open: each notices what the other wrote,
// and merges its own change into that; whoever writes must hold a lock of the
// vault's, because between reading and writing this package does not. The
// layout is described in docs/formats.md.
package keystore
