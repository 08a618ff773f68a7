// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import "errors"

// What is wrong with the safe as a whole.
var (
	// ErrNoSafe is returned where there is no sealed file yet.
	ErrNoSafe = errors.New("there is no safe for backup codes yet")
	// ErrExists is returned where a safe would be made over another.
	ErrExists = errors.New("there is a safe for backup codes already")
	// ErrLocked is returned for what needs the codes while the safe is locked.
	ErrLocked = errors.New("the safe for backup codes is locked")
	// ErrPassphrase is a wrong passphrase. It is also returned, and the safe locked,
	// where another process has changed the passphrase meanwhile.
	ErrPassphrase = errors.New("wrong passphrase for the backup codes")
	// ErrNoPassphrase is an empty passphrase where a new one is needed.
	ErrNoPassphrase = errors.New("the safe for backup codes needs a passphrase")
	// ErrDamaged is a file whose bytes were changed or cut off after it was written.
	ErrDamaged = errors.New("the file of backup codes is damaged")
	// ErrNotSafe is a file that holds no backup codes of ours.
	ErrNotSafe = errors.New("not a file of backup codes")
	// ErrNewer is a file that a newer version of this program wrote; it is left as it is.
	ErrNewer = errors.New("the file of backup codes was made by a newer version")
	// ErrTooCostly is a file whose passphrase takes more work to try than any file should ask for.
	ErrTooCostly = errors.New("the file of backup codes asks for too much work to try a passphrase")
	// ErrTooLarge is a file beyond what backup codes can be.
	ErrTooLarge = errors.New("too large for a file of backup codes")
	// ErrMissing is what [Safe.Problem] returns where the register tells of codes kept
	// here, and the sealed file is gone.
	ErrMissing = errors.New("the file of backup codes is missing")
	// ErrRegister is what [Safe.Problem] returns where the register was damaged and put
	// aside. Unlocking brings back what it said of codes kept here.
	ErrRegister = errors.New("the list of backup codes was damaged")
	// ErrBusy is returned where another process keeps the files to itself for too long.
	ErrBusy = errors.New("the backup codes are in use by another program")
	// ErrReadBack is a file that did not read back as it was written.
	ErrReadBack = errors.New("the file of backup codes did not read back as it was written")
)

// What is wrong with a set or a code.
var (
	// ErrNoSet is a set that is not there, or was removed.
	ErrNoSet = errors.New("there is no such set of backup codes")
	// ErrNoCode is a code that is not in its set.
	ErrNoCode = errors.New("there is no such code in the set")
	// ErrPlace is returned for what does not go with where the codes are: revealing
	// the codes of a note, or counting down codes that are here.
	ErrPlace = errors.New("this does not go with where the codes are kept")
	// ErrUsed is a code that was used before.
	ErrUsed = errors.New("the code was used before")
	// ErrNotUsed is returned where there is no use to take back.
	ErrNotUsed = errors.New("the code was not used")
	// ErrNoneLeft is a note that has no code left.
	ErrNoneLeft = errors.New("there is no backup code left in the set")
	// ErrNoCodes is a text or a set without any code.
	ErrNoCodes = errors.New("there are no codes in it")
	// ErrTooMany is more than [MaxCodes] codes in a set, or more than [MaxSets] sets.
	ErrTooMany = errors.New("too many for the safe for backup codes")
	// ErrTooLong is a code of more than [MaxCode] characters, or a title or place
	// beyond [MaxText].
	ErrTooLong = errors.New("longer than a backup code can be")
	// ErrUnprintable is a code with characters that nobody can type.
	ErrUnprintable = errors.New("a code has characters that cannot be typed")
	// ErrNoTitle is a set without a title.
	ErrNoTitle = errors.New("the set of backup codes has no title")
	// ErrCount is a number of codes that cannot be.
	ErrCount = errors.New("not a number of backup codes")
)
