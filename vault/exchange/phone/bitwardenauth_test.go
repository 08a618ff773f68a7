// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

const bitwardenAuthJSON = `{"encrypted":false,"items":[
 {"id":"1","name":"Shop","folderId":null,"organizationId":null,"collectionIds":null,"notes":"my note","type":1,"login":{"totp":"otpauth://totp/Shop%3Aann?secret=` + key1 + `&algorithm=SHA256&digits=8&period=60&issuer=Shop"},"favorite":true},
 {"favorite":false,"id":"2","login":{"totp":"otpauth://totp/?secret=` + key1 + `","username":"bob"},"name":"Bank","type":1},
 {"id":"3","name":"Games","notes":null,"type":1,"login":{"totp":"steam://` + key1 + `"}},
 {"id":"4","name":"","type":1,"login":{"totp":"steam://` + key1 + `"}},
 {"id":"5","name":"Plain","type":1,"login":{"totp":"` + key1 + `","username":"cat"}},
 {"id":"6","name":"Empty","type":1,"login":{"totp":null}},
 {"id":"7","name":"None","type":1,"login":null}]}`

func TestBitwardenAuthenticator(t *testing.T) {
	want := []string{
		"totp Shop|ann " + hex1 + ` SHA256 8 60s note="my note" favourite`, "totp Bank|bob " + hex1 + " SHA1 6 30s",
		"steam Games| " + hex1 + " SHA1 5 30s", "steam Steam| " + hex1 + " SHA1 5 30s", "totp Plain|cat " + hex1 + " SHA1 6 30s",
		"Empty: secret: " + errText(otpauth.ErrNoSecret), "None: secret: " + errText(otpauth.ErrNoSecret),
	}
	csv := "folder,favorite,type,name,login_uri,login_totp\n" +
		",,1,Shop,,otpauth://totp/Shop%3Aann?secret=" + key1 + "&issuer=Shop,Shop,30,6\n" +
		",true,1,A, B \"C\" D,,otpauth://totp/?secret=" + key1 + ",,30,6\n" +
		",,1,Games,,steam://" + key1 + ",,30,5\n" +
		",,1,Plain,," + key1 + ",,30,6\n" +
		",,1,Short\n"
	csvWant := []string{
		"totp Shop|ann " + hex1 + " SHA1 6 30s", `totp A, B "C" D| ` + hex1 + " SHA1 6 30s favourite",
		"steam Games| " + hex1 + " SHA1 5 30s", "totp Plain| " + hex1 + " SHA1 6 30s", ": " + errText(foreign.ErrCutShort),
	}
	check(t, BitwardenAuthenticator, map[string]sample{
		"JSON":            {bitwardenAuthJSON, want, nil},
		"cut short":       {bitwardenAuthJSON[:strings.Index(bitwardenAuthJSON, "Plain")], want[:4], foreign.ErrCutShort},
		"CSV":             {csv, csvWant, nil},
		"CSV, CRLF, BOM":  {"\xEF\xBB\xBF" + strings.ReplaceAll(csv, "\n", "\r\n"), csvWant, nil},
		"CSV with header": {strings.Replace(csv, "login_totp\n", "login_totp,issuer,period,digits\n", 1), csvWant, nil},
	})
}

// In what the app does not quote, a quote is a character like others.
func TestBitwardenAuthenticatorQuotes(t *testing.T) {
	const head = "folder,favorite,type,name,login_uri,login_totp\n"
	totp := "otpauth://totp/?secret=" + key1
	check(t, BitwardenAuthenticator, map[string]sample{
		"not quoted": {
			head + ",,1,\"My\" bank,," + totp + ",\"My\" bank,30,6\n,,1,\"Open,," + totp + ",\"Open,30,6\n,,1,Shop,," + totp + ",Shop,30,6",
			[]string{`totp "My" bank| ` + hex1 + " SHA1 6 30s", `totp "Open| ` + hex1 + " SHA1 6 30s", "totp Shop| " + hex1 + " SHA1 6 30s"},
			nil,
		},
		"quoted": {head + ",,1,\"A, \"\"B\"\"\",,\"" + totp + "\",,30,6\n", []string{`totp A, "B"| ` + hex1 + " SHA1 6 30s"}, nil},
	})
}

// On Android the app writes a label as for a page before it puts it into a URI.
func TestBitwardenAuthenticatorEntities(t *testing.T) {
	check(t, BitwardenAuthenticator, map[string]sample{
		"": {
			`{"encrypted":false,"items":[{"name":"A & B","type":1,"login":{"totp":"otpauth://totp/A%20%26amp%3B%20B%3AO%26%2339%3BNeil?secret=` + key1 + `&issuer=A%20%26%20B"}}]}`,
			[]string{"totp A & B|O'Neil " + hex1 + " SHA1 6 30s"},
			nil,
		},
	})
}

// What the password manager exports is for another reader.
func TestBitwardenIsAnother(t *testing.T) {
	for _, data := range []string{
		`{"encrypted":false,"folders":[],"items":[{"id":"1","name":"a","type":1,"login":{"totp":"x"}}]}`,
		`{"encrypted":false,"collections":[],"items":[{"name":"a","type":1,"login":{}}]}`,
		`{"encrypted":false,"items":[{"reprompt":0,"name":"a","type":1,"login":{}}]}`,
		`{"encrypted":true,"items":[{"name":"a","type":1,"login":{}}]}`,
		`{"encrypted":true,"passwordProtected":true,"data":"x"}`,
		"folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n",
	} {
		if m := BitwardenAuthenticator.Detect(foreign.NewSource("", []byte(data))); m != foreign.No {
			t.Errorf("%s: %d", data, m)
		}
	}
}

func FuzzBitwardenAuthenticator(f *testing.F) {
	fuzz(f, BitwardenAuthenticator, bitwardenAuthJSON, "folder,favorite,type,name,login_uri,login_totp\n,,1,Shop,,otpauth://totp/a?secret="+key1+",Shop,30,6\n")
}
