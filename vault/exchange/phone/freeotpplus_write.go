// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// freeotpPlusWriter writes FreeOTP+'s JSON.
type freeotpPlusWriter struct{}

func (freeotpPlusWriter) Target() foreign.Target {
	return foreign.Target{
		Format: foreign.Format{ID: "freeotp-plus", App: "FreeOTP+"}, ID: "freeotp-plus", Ext: ".json", Locking: foreign.NeverLocked,
	}
}

// freeotpSteam is the issuer whose tokens FreeOTP+ makes Steam codes for, whatever
// their type.
const freeotpSteam = "Steam"

// Fits knows what FreeOTP+ can hold and also write out again: its own export goes
// through a key URI, where it takes 5 to 8 digits.
func (freeotpPlusWriter) Fits(k otpauth.Key) error {
	switch {
	case k.Type == otpauth.Steam:
		return foreign.NoPlace("type", "FreeOTP+ has no type for Steam codes")
	case k.Issuer == freeotpSteam:
		return foreign.NoPlace("issuer", "FreeOTP+ makes Steam codes for this name")
	case k.Digits < 5 || k.Digits > 8:
		return foreign.NoPlace("digits", "FreeOTP+ has 5 to 8 only")
	case k.Counter > math.MaxInt64:
		return foreign.NoPlace("counter", "FreeOTP+ has no such large one")
	}
	return nil
}

// Mark returns what FreeOTP+ looks tokens up by.
func (freeotpPlusWriter) Mark(k otpauth.Key) (string, error) {
	return freeotpID(k), foreign.NoPlace("account", "FreeOTP+ takes its names for those of another account here")
}

func freeotpID(k otpauth.Key) string {
	if k.Issuer == "" {
		return k.Account
	}
	return k.Issuer + ":" + k.Account
}

// What the file holds.
type (
	freeotpOutFile struct {
		TokenOrder []string          `json:"tokenOrder"`
		Tokens     []freeotpOutToken `json:"tokens"`
	}
	freeotpOutToken struct {
		Algo      string `json:"algo"`
		Counter   int64  `json:"counter"`
		Digits    int    `json:"digits"`
		IssuerExt string `json:"issuerExt"`
		IssuerInt string `json:"issuerInt"`
		Label     string `json:"label"`
		Period    int    `json:"period"`
		Secret    []int8 `json:"secret"` // bytes with a sign, as Java has them
		Type      string `json:"type"`
	}
)

func (freeotpPlusWriter) Write(ctx context.Context, entries []foreign.Entry, _ secret.Value) ([]foreign.Output, error) {
	file := freeotpOutFile{make([]string, len(entries)), make([]freeotpOutToken, len(entries))}
	for i, e := range entries {
		file.TokenOrder[i], file.Tokens[i] = freeotpID(e.Key), freeotpToken(e.Key)
	}
	defer func() {
		for _, t := range file.Tokens {
			clear(t.Secret)
		}
	}()
	data, err := json.Marshal(file)
	if err != nil {
		return nil, fmt.Errorf("write a FreeOTP+ file: %w", err)
	}
	return []foreign.Output{{Data: data}}, ctx.Err()
}

func freeotpToken(k otpauth.Key) freeotpOutToken {
	t := freeotpOutToken{
		Algo: k.Algorithm.String(), Digits: k.Digits, IssuerExt: k.Issuer, IssuerInt: k.Issuer, Label: k.Account,
		Period: k.Period, Type: "TOTP", Secret: make([]int8, k.Secret.Len()),
	}
	if k.Type == otpauth.HOTP {
		t.Type = "HOTP"
		t.Counter = int64(k.Counter) - 1 // raised before each code
		t.Period = otpauth.DefaultPeriod // how long a code is shown
	}
	for i, b := range k.Secret.Bytes() {
		t.Secret[i] = int8(b)
	}
	return t
}
