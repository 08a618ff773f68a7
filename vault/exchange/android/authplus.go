// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"context"
	"encoding/hex"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/sqlitefile"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// allAccounts is the category of those that are in none.
const allAccounts = "All Accounts"

// plusEntry reads an account of Authenticator Plus, which keeps what Google Authenticator
// does, and Battle.net's: a secret in hexadecimal digits and codes of eight.
func plusEntry(r sqlitefile.Row, _ tags) foreign.Entry {
	issuer, name := otpauth.SplitLabel(r.Text("email"), r.Text("issuer"))
	f := foreign.Fields{Issuer: issuer, Name: name, Secret: r.Text("secret"), Counter: r.Number("counter")}
	var e foreign.Entry
	if kind := r.Number("type"); kind == foreign.Int(typeBlizzard) {
		e = blizzard(f)
	} else {
		e = typed(f, kind)
	}
	if group := r.Text("category"); e.Err == nil && group != "" && group != allAccounts {
		e.Tags = []string{group}
	}
	return e
}

func blizzard(f foreign.Fields) foreign.Entry {
	raw, err := hex.DecodeString(f.Secret)
	if err != nil || len(raw) == 0 {
		return foreign.Refused(f.Issuer, f.Name, otpauth.ErrBadSecret)
	}
	f.Issuer, f.Raw, f.Digits = "Blizzard", raw, foreign.Int(8)
	return f.Entry()
}

// sqlcipher reads databases that SQLCipher has encrypted: Authenticator Plus's, which it
// writes as a backup, and Stratum's.
type sqlcipher struct{}

func (sqlcipher) Format() foreign.Format { return plusDB.format }

func (sqlcipher) Detect(s *foreign.Source) foreign.Match {
	if sqlitefile.MayBeEncrypted(s.Data) {
		return foreign.Maybe
	}
	return foreign.No
}

func (sqlcipher) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Password, nil }

func (sqlcipher) Read(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	plain, err := sqlitefile.Decrypt(ctx, s.Data, pass.Bytes())
	if err != nil {
		return err
	}
	defer clear(plain)
	db, err := sqlitefile.Open(plain)
	if err != nil {
		return err
	}
	for _, app := range []*schema{plusDB, googleDB, stratumDB} {
		if app.fits(db) {
			return app.read(ctx, db, add)
		}
	}
	return foreign.ErrUnknown
}
