// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package backupcodes is the safe for backup codes: the codes that a service
// gives out for the day on which the phone is lost. It is apart from the
// accounts, with a file and a passphrase of its own, and nothing of it stands in
// a snapshot, an export of accounts, a report or anything that is sent.
//
// # Two files
//
// backup-codes.age holds the codes: an age file under the safe's passphrase,
// which the plain age tool opens too. backup-codes.json, the register, says
// without any secret which sets there are, where they are and how many codes are
// left, so that reminders need no passphrase. A set whose codes are kept
// elsewhere, a note, stands in the register alone and needs no passphrase at all.
// Where the two disagree the sealed file is right, and the register is made anew
// from it when the safe is unlocked.
//
// # What it promises
//
// A change is on the disk, complete, when the call returns, or nothing has
// changed. Several processes may use one safe: each change is made to what the
// others left. What is removed can be brought back for [Kept]; a file whose
// passphrase was forgotten is put aside, never deleted. A wrong passphrase, a
// damaged file and one of a newer version are told apart.
//
// # What it does not
//
// It never judges the shape of a code. While it is unlocked, codes and
// passphrase are in this process's memory. What age and encoding/json copy there
// is not cleared. A copy of the file that was made before codes were removed
// still holds them.
package backupcodes
