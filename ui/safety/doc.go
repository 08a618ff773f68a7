// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package safety has the screens that keep accounts from being lost: making a
// recovery key, snapshots, backup files, and bringing accounts back.
//
// A recovery key is on the screen only while it is being made. It is cleared,
// in memory and in the widgets, whichever way the screens are left, and nothing
// of it is kept before the last step. Bringing accounts back shows first what
// would change and changes nothing that was not ticked.
package safety
