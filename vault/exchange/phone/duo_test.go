// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"fmt"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

const duoJSON = `[{"version":1.0,"accountType":"OtpAccount","name":"ann","otpGenerator":{"otpSecret":"` + key1 + `"},"pkey":"a"},
 {"accountType":"OtpAccount","name":"bob","otpGenerator":{"otpSecret":"` + key1 + `","counter":3},"pkey":"b"},
 {"accountType":"DuoAccount","name":"Work","pkey":"c"},
 {"accountType":"OtpAccount","name":"cat","otpGenerator":{},"pkey":"d"}]`

func TestDuo(t *testing.T) {
	assumed := " remarks=" + fmt.Sprint([]foreign.Remark{foreign.AssumedSHA1, foreign.Assumed6x30})
	want := []string{
		"totp |ann " + hex1 + " SHA1 6 30s" + assumed, "hotp |bob " + hex1 + " SHA1 6 #3" + assumed,
		"Work: " + errText(foreign.ErrNotOTP), "cat: secret: " + errText(otpauth.ErrNoSecret),
	}
	check(t, Duo, map[string]sample{
		"accounts":  {duoJSON, want, nil},
		"cut short": {duoJSON[:len(duoJSON)-5], want[:3], foreign.ErrCutShort},
	})
}

func FuzzDuo(f *testing.F) { fuzz(f, Duo, duoJSON) }
