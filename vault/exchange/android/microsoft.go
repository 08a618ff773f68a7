// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/sqlitefile"
	"github.com/kutano/authenticator/vault/otpauth"
)

// personalAccount is the type of Microsoft's own accounts of people, which have codes
// of eight digits. All others with a secret have six; those of work and school mostly have none.
const personalAccount = 1

// microsoftEntry reads an account of Microsoft Authenticator's database, PhoneFactor.
func microsoftEntry(r sqlitefile.Row, _ tags) foreign.Entry {
	f := foreign.Fields{Issuer: r.Text("name"), Name: r.Text("username"), Secret: r.Text("oath_secret_key")}
	switch {
	case strings.TrimSpace(f.Secret) != "":
	case r.Text("encrypted_oath_secret_key") != "": // with a key that only the phone has
		return foreign.Refused(f.Issuer, f.Name, foreign.ErrRestricted)
	default:
		return foreign.Refused(f.Issuer, f.Name, foreign.ErrNotOTP)
	}
	if r.Number("account_type") == foreign.Int(personalAccount) {
		raw, ok := fromBase64(f.Secret)
		if !ok || len(raw) == 0 {
			return foreign.Refused(f.Issuer, f.Name, otpauth.ErrBadSecret)
		}
		f.Raw, f.Digits = raw, foreign.Int(8)
	}
	return assumed(f.Entry())
}
