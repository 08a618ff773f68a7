// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

// Kind names a sort of failure for programs. The names are part of the command
// line's contract: they are added to, never changed.
type Kind string

// The kinds.
const (
	NotFound           Kind = "not_found"           // no such account, or no such file
	Ambiguous          Kind = "ambiguous"           // several accounts fit
	Exists             Kind = "exists"              // the account is there, with another key
	Locked             Kind = "locked"              // the keyring is locked
	Passphrase         Kind = "passphrase"          // wrong, or needed and not given
	KeyringUnavailable Kind = "keyring_unavailable" // none is running
	KeyringDenied      Kind = "keyring_denied"      // it said no, or its window was closed
	Timeout            Kind = "timeout"             // the keyring did not answer
	ReadOnly           Kind = "read_only"           // the folder cannot be read or written
	DiskFull           Kind = "disk_full"
	Busy               Kind = "busy"      // another program is changing the accounts
	KeysGone           Kind = "keys_gone" // the keyring was reset
	TooLarge           Kind = "too_large"
	Damaged            Kind = "damaged"     // a file or an entry that cannot be read
	Newer              Kind = "newer"       // written by a newer version
	Older              Kind = "older"       // a warning: an older copy was put in place
	Refused            Kind = "refused"     // an entry that cannot be an account
	BadPicture         Kind = "bad_picture" // not a picture, or too big
	NoQR               Kind = "no_qr"       // no QR code with an account in it
	Empty              Kind = "empty"       // another app's export without an account
	NoScreen           Kind = "no_screen"   // no screen, clipboard or permission to read it
	Unsupported        Kind = "unsupported" // not offered here
	Cancelled          Kind = "cancelled"
	Usage              Kind = "usage"
	Clock              Kind = "clock"      // the device's clock is wrong, or cannot be checked
	NoNetwork          Kind = "no_network" // nobody on the network answered
	LinkEnded          Kind = "link_ended" // the linked service takes the permission no more
	NotKnown           Kind = "not_known"  // whether a service did what it was asked
	Failed             Kind = "failed"
)

// Exit returns the command line's exit code for a kind: 1 failed, 2 wrong use,
// 3 not found or ambiguous, 4 locked or passphrase wrong, 5 keyring
// unavailable, 6 some entries refused, 7 cancelled.
func (k Kind) Exit() int {
	switch k {
	case Usage:
		return 2
	case NotFound, Ambiguous:
		return 3
	case Locked, Passphrase:
		return 4
	case KeyringUnavailable, KeyringDenied, Timeout:
		return 5
	case Refused, Exists:
		return 6
	case Cancelled:
		return 7
	}
	return 1
}
