// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

// Steam reads Steam Guard's accounts: the file of the app for one account, the
// newer one for several, and the maFile of Steam Desktop Authenticator. Of the
// latter's manifest it says that the keys stand elsewhere.
var Steam foreign.Reader = &reader{
	format: foreign.Format{ID: "steam", App: "Steam"},
	detect: detectSteam,
	lock: func(s *foreign.Source) (foreign.Lock, error) {
		if steamManifest(s.Shape()) {
			return foreign.Open, foreign.ErrElsewhere
		}
		return foreign.Open, nil
	},
	read: unlocked(readSteam),
}

// steamAccount is an account.
type steamAccount struct {
	AccountName  text `json:"account_name"`
	SharedSecret text `json:"shared_secret"` // base64
	URI          text `json:"uri"`
	SteamID      text `json:"steamid"`
}

func detectSteam(s *foreign.Source) bool {
	shape := s.Shape()
	return steamAccountIn(shape) || steamManifest(shape) || steamAccounts(shape.At("accounts"))
}

func steamAccountIn(shape foreign.Shape) bool {
	return shape.Has("shared_secret") && (shape.Has("account_name") || shape.Has("serial_number") || shape.Has("identity_secret") || shape.Has("steamid"))
}

func steamManifest(shape foreign.Shape) bool {
	return shape.Has("entries") && shape.Has("encrypted") && (shape.Has("first_run") || shape.At("entries").Has("steamid", "filename"))
}

// steamAccounts tells whether any field holds an account; they are named by number.
func steamAccounts(shape foreign.Shape) bool {
	for _, f := range shape.Fields {
		if steamAccountIn(f) {
			return true
		}
	}
	return false
}

func readSteam(ctx context.Context, s *foreign.Source, add func(foreign.Entry)) error {
	entry := each(add, steamAccount.entry)
	shape := s.Shape()
	switch {
	case shape.Kind == foreign.Array:
		return foreign.Elements(ctx, s.Data, entry)
	case shape.Has("accounts"):
		var f struct {
			Accounts json.RawMessage `json:"accounts"`
		}
		if err := foreign.Decode(s.Data, &f); err != nil {
			return err
		}
		return eachField(ctx, f.Accounts, entry)
	}
	var raw json.RawMessage
	if err := foreign.Decode(s.Data, &raw); err != nil {
		return err
	}
	entry(raw)
	return nil
}

// eachField calls each for the values of an object, in their order.
func eachField(ctx context.Context, object json.RawMessage, each func(json.RawMessage)) error {
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return foreign.ErrDamaged
	}
	for d.More() {
		if err := ctx.Err(); err != nil {
			return err
		}
		var raw json.RawMessage
		if _, err := d.Token(); err != nil {
			return foreign.ErrDamaged
		}
		if err := d.Decode(&raw); err != nil {
			return foreign.ErrDamaged
		}
		each(raw)
	}
	return nil
}

func (a steamAccount) entry() foreign.Entry {
	f := foreign.Fields{Type: "steam", Issuer: "Steam", Name: string(cmp.Or(a.AccountName, a.SteamID))}
	switch raw, err := unbase64(string(a.SharedSecret)); {
	case err != nil:
		return foreign.Refused(f.Issuer, f.Name, otpauth.ErrBadSecret)
	case len(raw) > 0:
		f.Raw = raw
		return f.Entry()
	}
	// The link says totp, for Steam's codes all the same.
	uri := strings.Replace(string(a.URI), "otpauth://totp/", "otpauth://steam/", 1)
	if uri == "" {
		return foreign.Refused(f.Issuer, f.Name, otpauth.ErrNoSecret)
	}
	return foreign.FromURI(uri).Named(f.Issuer, f.Name)
}
