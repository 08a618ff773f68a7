// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

// signed1 is key1 as Java writes bytes.
const signed1 = "[72,101,108,108,111,33,-34,-83,-66,-17]"

const freeOTPPlusJSON = `{"tokenOrder":["Shop:ann","Bank:bob"],"tokens":[
 {"algo":"SHA256","counter":0,"digits":8,"issuerExt":"Shop","issuerInt":"shop.example","label":"ann","period":60,"secret":` + signed1 + `,"type":"TOTP"},
 {"algo":"SHA1","counter":6,"digits":6,"issuerExt":"","issuerInt":"Bank","label":"bob","period":30,"secret":` + signed1 + `,"type":"HOTP"},
 {"issuerExt":"Shop","issuerAlt":"My shop","label":"cat","labelAlt":"Cat","secret":` + signed1 + `,"type":"TOTP"},
 {"algo":"SHA1","digits":6,"issuerExt":"Steam","issuerInt":"Steam","label":"dan","period":30,"secret":` + signed1 + `,"type":"TOTP"}]}`

func TestFreeOTPPlus(t *testing.T) {
	raised := " remarks=" + fmt.Sprint([]foreign.Remark{foreign.RaisedCounter})
	want := []string{
		"totp Shop|ann " + hex1 + " SHA256 8 60s", "hotp Bank|bob " + hex1 + " SHA1 6 #7" + raised,
		"totp My shop|Cat " + hex1 + " SHA1 6 30s", "steam Steam|dan " + hex1 + " SHA1 5 30s",
	}
	one := func(field, value string) string {
		fields := map[string]string{"secret": "[1]", "counter": "4"}
		fields[field] = value
		return `{"tokens":[{"issuerExt":"Shop","label":"ann","type":"HOTP","secret":` + fields["secret"] + `,"counter":` + fields["counter"] + `}],"tokenOrder":[]}`
	}
	check(t, FreeOTPPlus, map[string]sample{
		"tokens":           {freeOTPPlusJSON, want, nil},
		"pretty":           {strings.NewReplacer(",", ",\n", "[", "[\n").Replace(freeOTPPlusJSON), want, nil},
		"unsigned":         {one("secret", "[255,0]"), []string{"hotp Shop|ann ff00 SHA1 6 #5" + raised}, nil},
		"no counter":       {one("counter", "null"), []string{"hotp Shop|ann 01 SHA1 6 #1" + raised}, nil},
		"byte too large":   {one("secret", "[256]"), []string{"Shop:ann: " + errText(otpauth.ErrBadSecret)}, nil},
		"byte no number":   {one("secret", `["x"]`), []string{"Shop:ann: " + errText(otpauth.ErrBadSecret)}, nil},
		"no secret":        {one("secret", "[]"), []string{"Shop:ann: secret: " + errText(otpauth.ErrNoSecret)}, nil},
		"secret is a text": {one("secret", `"x"`), []string{"Shop:ann: " + errText(otpauth.ErrBadSecret)}, nil},
		"secret too long":  {one("secret", "[1"+strings.Repeat(",1", javaLongest)+"]"), []string{"Shop:ann: " + errText(otpauth.ErrBadSecret)}, nil},
		"counter":          {one("counter", "-2"), []string{"Shop:ann: " + errText(otpauth.ErrCounter)}, nil},
		"counter a text":   {one("counter", `"x"`), []string{"Shop:ann: " + errText(otpauth.ErrCounter)}, nil},
		"counter too high": {one("counter", "9223372036854775807"), []string{"Shop:ann: " + errText(otpauth.ErrCounter)}, nil},
		"cut short":        {freeOTPPlusJSON[:len(freeOTPPlusJSON)-5], want[:3], foreign.ErrCutShort},
	})
}

func FuzzFreeOTPPlus(f *testing.F) { fuzz(f, FreeOTPPlus, freeOTPPlusJSON) }
