// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

func TestSteam(t *testing.T) {
	b := base64.StdEncoding.EncodeToString(unhex(t, hex1))
	one := func(name string) string {
		return `{"shared_secret":"` + strings.ReplaceAll(b, "/", `\/`) + `","serial_number":"1","revocation_code":"R1","uri":"otpauth:\/\/totp\/Steam:` + name +
			`?secret=JJJJJJJJ&issuer=Steam","account_name":"` + name + `","identity_secret":"AAAA","status":1,"Session":{"SteamID":1}}`
	}
	want := func(name string) string { return "steam Steam|" + name + " " + hex1 + " SHA1 5 30s" }
	check(t, Steam, map[string]sample{
		"one":          {one("ann"), []string{want("ann")}, nil},
		"several":      {`{"accounts":{"76561":` + one("ann") + `,"76562":` + one("bob") + `,"76563":null},"version":2}`, []string{want("ann"), want("bob"), ": " + errText(foreign.ErrDamaged)}, nil},
		"a list":       {"[" + one("ann") + "," + one("bob") + "]", []string{want("ann"), want("bob")}, nil},
		"only a link":  {`{"shared_secret":"","steamid":"76561","uri":"otpauth://totp/Steam:ann?secret=` + key1 + `&issuer=Steam"}`, []string{want("ann")}, nil},
		"no name":      {`{"shared_secret":"` + b + `","steamid":"76561"}`, []string{want("76561")}, nil},
		"no secret":    {`{"shared_secret":null,"account_name":"ann"}`, []string{"Steam:ann: " + errText(otpauth.ErrNoSecret)}, nil},
		"no base64":    {`{"shared_secret":"&&","account_name":"ann"}`, []string{"Steam:ann: " + errText(otpauth.ErrBadSecret)}, nil},
		"cut short":    {one("ann")[:150], nil, foreign.ErrCutShort},
		"cut, several": {`{"accounts":{"76561":` + one("ann") + `,"7`, nil, foreign.ErrCutShort},
	})
}

// The manifest of Steam Desktop Authenticator has no keys.
func TestSteamManifest(t *testing.T) {
	const manifest = `{"encrypted":true,"first_run":false,"entries":[{"encryption_iv":"x","encryption_salt":"y","filename":"1.maFile","steamid":1}],"periodic_checking":false}`
	s := foreign.NewSource("", []byte(manifest))
	recognised(t, Steam, s)
	if _, err := Steam.Lock(s); !errors.Is(err, foreign.ErrElsewhere) {
		t.Error(err)
	}
}

func FuzzSteam(f *testing.F) {
	const one = `{"shared_secret":"SGVsbG8h","account_name":"ann","uri":"otpauth://totp/Steam:ann?secret=` + key1 + `"}`
	fuzz(f, Steam, one, "["+one+"]", `{"accounts":{"1":`+one+"}}")
}
