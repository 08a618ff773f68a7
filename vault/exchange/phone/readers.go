// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import "github.com/kutano/authenticator/vault/exchange/foreign"

// Readers are the readers of this room, those that people ask for most first.
var Readers = []foreign.Reader{
	Aegis, TwoFAS, BitwardenAuthenticator, Ente, Stratum, AndOTP, FreeOTPPlus, LastPass, ProtonAuthenticator, Raivo,
	Steam, Duo, OTPClient, Cotp, GnomeAuthenticator,
}

// Writers are the writers of this room.
var Writers = []foreign.Writer{aegisWriter{}, twofasWriter{}, freeotpPlusWriter{}}
