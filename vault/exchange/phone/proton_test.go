// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

const protonJSON = `{"version":1,"entries":[
 {"id":"1","content":{"uri":"otpauth://totp/ann?secret=` + key1 + `&issuer=Shop&algorithm=SHA256&digits=8&period=60","entry_type":"Totp","name":"ann"},"note":"my note"},
 {"id":"2","content":{"uri":"otpauth://totp/%3Abob?secret=` + key1 + `&issuer=%2Fe%2F","entry_type":"Totp","name":":bob"},"note":null},
 {"id":"3","content":{"uri":"otpauth://totp/work%3Acat?secret=` + key1 + `&issuer=Shop","entry_type":"Totp","name":"work:cat"}},
 {"id":"4","content":{"uri":"otpauth://totp/Shop%3Adan?secret=` + key1 + `&issuer=Shop","entry_type":"Totp","name":"Shop:dan"}},
 {"id":"5","content":{"uri":"steam://` + key1 + `","entry_type":"Steam","name":"eve"},"note":null},
 {"id":"6","content":{"uri":"otpauth://totp/fay?secret=` + key1 + `&issuer=","entry_type":"Totp","name":""}},
 {"id":"7","content":{"uri":"otpauth://totp/gus?secret=0189","entry_type":"Totp","name":"gus"}},
 {"id":"8","content":{}}]}`

var protonWant = []string{
	"totp Shop|ann " + hex1 + ` SHA256 8 60s note="my note"`, "totp /e/|bob " + hex1 + " SHA1 6 30s", "totp Shop|work:cat " + hex1 + " SHA1 6 30s",
	"totp Shop|dan " + hex1 + " SHA1 6 30s", "steam Steam|eve " + hex1 + " SHA1 5 30s", "totp |fay " + hex1 + " SHA1 6 30s",
	"gus: secret: " + errText(otpauth.ErrBadSecret) + ": character 1 is none of A–Z and 2–7", ": not a key URI: it does not begin with otpauth://",
}

func TestProtonAuthenticator(t *testing.T) {
	check(t, ProtonAuthenticator, map[string]sample{
		"entries":   {protonJSON, protonWant, nil},
		"newer":     {strings.Replace(protonJSON, `"version":1`, `"version":2`, 1), protonWant, nil},
		"cut short": {protonJSON[:strings.Index(protonJSON, "eve")], protonWant[:4], foreign.ErrCutShort},
	})
}

func protonSealedText(t testing.TB, plain string) []byte {
	t.Helper()
	salt, nonce := counted(16), counted(protonNonce)
	key := derived(t)(foreign.Argon2id(t.Context(), []byte(password), salt, 2, 19*1024, 1, 32))
	content := append(nonce, sealGCM(t, key, nonce, []byte(plain), []byte("proton.authenticator.export.v1"))...)
	return fmt.Appendf(nil, `{"version":1,"salt":"%s","content":"%s"}`, b64(salt), b64(content))
}

func TestProtonAuthenticatorSealed(t *testing.T) {
	checkSealed(t, ProtonAuthenticator, protonSealedText(t, protonJSON), password, protonWant...)
	newer := strings.Replace(string(protonSealedText(t, "{}")), `"version":1`, `"version":2`, 1)
	if _, err := collect(t, ProtonAuthenticator, []byte(newer), password); !errors.Is(err, foreign.ErrNewer) {
		t.Errorf("newer: %v", err)
	}
	for _, odd := range []string{`"AAAA"`, `""`, `"&"`} {
		data := []byte(`{"version":1,"salt":"AAAA","content":` + odd + "}")
		if _, err := collect(t, ProtonAuthenticator, data, password); !errors.Is(err, foreign.ErrCutShort) && !errors.Is(err, foreign.ErrDamaged) {
			t.Errorf("%s: %v", odd, err)
		}
	}
}

func FuzzProtonAuthenticator(f *testing.F) {
	fuzz(f, ProtonAuthenticator, protonJSON, `{"version":1,"salt":"AAAA","content":"AAAA"}`)
}
