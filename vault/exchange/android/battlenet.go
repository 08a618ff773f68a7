// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"context"
	"encoding/hex"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// battlenet reads the preferences of the Battle.net app on Android, which holds one account.
type battlenet struct{}

// Names in the preferences.
const (
	battlenetSecret = "com.blizzard.messenger.AUTHENTICATOR_DEVICE_SECRET"
	battlenetSerial = "com.blizzard.messenger.AUTHENTICATOR_SERIAL"
	battlenetKind   = "com.blizzard.messenger.AUTHENTICATOR_CREDENTIALS_ENCRYPTION_TYPE"
)

// battlenetMask is laid over what the app keeps.
var battlenetMask = func() []byte {
	mask, err := hex.DecodeString("398e27fc50276a656065b0e525f4c06c04c61075286b8e7aeda59da9813b5dd6" +
		"c80d2fb38068773fa59ba47c17ca6c6479015c1d5b8b8f6b9a")
	if err != nil {
		panic(err) // a constant
	}
	return mask
}()

func (battlenet) Format() foreign.Format {
	return foreign.Format{ID: "battlenet", App: "Battle.net"}
}

func (battlenet) Detect(s *foreign.Source) foreign.Match {
	if isPrefs(s.Data, battlenetSecret) {
		return foreign.Sure
	}
	return foreign.No
}

func (battlenet) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Open, nil }

func (battlenet) Read(_ context.Context, s *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
	prefs, err := parsePrefs(s.Data)
	values := map[string]string{}
	for _, p := range prefs {
		values[p.name] = p.value
	}
	if masked, ok := values[battlenetSecret]; ok {
		add(battlenetEntry(masked, values[battlenetSerial], values[battlenetKind]))
	}
	return err
}

func battlenetEntry(masked, serial, kind string) foreign.Entry {
	const issuer = "Battle.net"
	name, _ := unmask(serial) // it may be missing
	if kind != "" && kind != "MASK" {
		return foreign.Refused(issuer, name, foreign.ErrRestricted)
	}
	text, ok := unmask(masked)
	raw, err := hex.DecodeString(text)
	if !ok || err != nil || len(raw) == 0 {
		return foreign.Refused(issuer, name, otpauth.ErrBadSecret)
	}
	return foreign.Fields{Issuer: issuer, Name: name, Raw: raw, Digits: foreign.Int(8)}.Entry()
}

// unmask takes the mask off a text in hexadecimal digits.
func unmask(s string) (string, bool) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) > len(battlenetMask) {
		return "", false
	}
	for i := range b {
		b[i] ^= battlenetMask[i]
	}
	return string(b), true
}
