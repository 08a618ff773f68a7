// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package snapshot writes and reads backups: everything the vault holds as one
// document, encrypted as a file of the age format that the plain age tool opens
// too.
//
// # Two locks
//
// A backup is locked with a passphrase, or with age recipients. Snapshots, which
// the app writes by itself after each change, are locked with the recipient of
// the recovery key, a [Key]: sixteen words on a sheet of paper. The device keeps
// the recipient and not the key, so that whoever takes the folder of snapshots
// has nothing to try passphrases on, and whoever has the sheet needs nothing
// else. The recipient is age's post-quantum one: what is copied today stays
// closed.
//
// # What it promises
//
// A document is used only after the whole file was authenticated. An entry that
// cannot be used never hides the others: it is kept in [Document.Aside]. Every
// error of a file that cannot be read says by its sentinel what is wrong with it.
// A snapshot is read back before it counts as written, and one from before a loss
// is not removed for those that come after it.
//
// # What it does not
//
// An age file says nothing about who made it: whoever knows the recipient can
// make one. The size of a file tells the size of its content to about an eighth.
// What age and encoding/json copy in memory is not cleared.
package snapshot
