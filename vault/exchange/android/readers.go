// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import "github.com/kutano/authenticator/vault/exchange/foreign"

// Readers are the readers of this room, those that people ask for most first.
var Readers = []foreign.Reader{
	googleDB, microsoft, authy{}, freeotp2{}, freeotp1{}, stratumDB, plusDB, sqlcipher{}, totpAuthenticator{}, battlenet{},
}
