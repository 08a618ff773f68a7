// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

const cotpElements = `[
 {"secret":"` + key1 + `","issuer":"Shop","label":"ann","digits":8,"type":"TOTP","algorithm":"SHA256","period":60,"counter":null,"pin":null},
 {"secret":"` + key1 + `","issuer":"","label":"bob","digits":6,"type":"Hotp","algorithm":"SHA1","period":30,"counter":7,"pin":null},
 {"secret":"` + key1 + `","issuer":"Steam","label":"cat","digits":5,"type":"STEAM","algorithm":"SHA1","period":30,"counter":null,"pin":null},
 {"secret":"0123456789abcdef","issuer":"VPN","label":"dan","digits":6,"type":"MOTP","algorithm":"MD5","period":10,"counter":null,"pin":"1234"}]`

var cotpWant = []string{
	"totp Shop|ann " + hex1 + " SHA256 8 60s", "hotp |bob " + hex1 + " SHA1 6 #7", "steam Steam|cat " + hex1 + " SHA1 5 30s",
	"VPN:dan: a kind of code that is not supported: motp",
}

func TestCotp(t *testing.T) {
	check(t, Cotp, map[string]sample{
		"version 2": {`{"version":2,"elements":` + cotpElements + "}", cotpWant, nil},
		"version 1": {cotpElements, cotpWant, nil},
		"newer":     {`{"version":3,"elements":` + cotpElements + "}", cotpWant, nil},
		"cut short": {`{"version":2,"elements":` + cotpElements[:strings.Index(cotpElements, "cat")], cotpWant[:2], foreign.ErrCutShort},
	})
}

func sealCotp(t testing.TB, plain string) []byte {
	t.Helper()
	salt, nonce := counted(16), counted(24)
	x, err := chacha20poly1305.NewX(derived(t)(foreign.Argon2id(t.Context(), []byte(password), salt, 4, 32768, 4, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, `{"version":1,"nonce":"%s","salt":"%s","cipher":"%s"}`, b64(nonce), b64(salt), b64(x.Seal(nil, nonce, []byte(plain), nil)))
}

func TestCotpSealed(t *testing.T) {
	checkSealed(t, Cotp, sealCotp(t, `{"version":2,"elements":`+cotpElements+"}"), password, cotpWant...)
	if _, err := collect(t, Cotp, []byte(`{"nonce":"AAAA","salt":"","cipher":""}`), password); !errors.Is(err, foreign.ErrDamaged) {
		t.Errorf("short nonce: %v", err)
	}
}

func FuzzCotp(f *testing.F) {
	fuzz(f, Cotp, cotpElements, `{"version":2,"elements":`+cotpElements+"}", `{"version":1,"nonce":"AAAA","salt":"AAAA","cipher":"AAAA"}`)
}
