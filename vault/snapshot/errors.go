// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import "errors"

// What is wrong with a file, in the order in which it is found out.
var (
	// ErrTooLarge is a file, or its content, beyond what a backup can be.
	ErrTooLarge = errors.New("too large for a backup")
	// ErrNotAge is a file that is not of the age format.
	ErrNotAge = errors.New("not an age file")
	// ErrCutShort is a file whose end is missing.
	ErrCutShort = errors.New("the file is cut short")
	// ErrUnknownLock is a file locked only in ways that this program cannot open.
	ErrUnknownLock = errors.New("the file is locked in a way this program does not know")
	// ErrTooCostly is a file whose passphrase takes more work than any file should ask for.
	ErrTooCostly = errors.New("the file asks for too much work to try a passphrase")
	// ErrPassphrase is a wrong passphrase.
	ErrPassphrase = errors.New("wrong passphrase")
	// ErrWrongKey is a key that is not the file's, or none at all where one is needed.
	ErrWrongKey = errors.New("the file was locked with another key")
	// ErrDamaged is a file whose bytes were changed after it was written.
	ErrDamaged = errors.New("the file was changed or is damaged")
	// ErrNotBackup is a file that opens but holds no backup of ours.
	ErrNotBackup = errors.New("not a Kutano backup")
	// ErrNewer is a backup that a newer version of this program wrote.
	ErrNewer = errors.New("the backup was made by a newer version")
)

// What is wrong with a key or a recipient.
var (
	// ErrNotKey is a text that is not a recovery key at all.
	ErrNotKey = errors.New("not a recovery key")
	// ErrKeyChecksum is a recovery key with more than one mistake, which cannot be found.
	ErrKeyChecksum = errors.New("the recovery key has several mistakes")
	// ErrRecipient is a lock that nothing can be encrypted to.
	ErrRecipient = errors.New("nothing can be encrypted to this lock")
)

// What is wrong with a folder of snapshots.
var (
	// ErrNoSnapshot is a snapshot that is not there; it comes with fs.ErrNotExist.
	ErrNoSnapshot = errors.New("there is no such snapshot")
	// ErrReadBack is a snapshot that did not read back as it was written.
	ErrReadBack = errors.New("the snapshot did not read back as it was written")
	// ErrCopies is a folder for copies that cannot be one.
	ErrCopies = errors.New("not a folder for copies")
)
