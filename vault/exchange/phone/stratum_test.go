// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

const stratumJSON = `{"Authenticators":[
 {"Type":2,"Icon":"shop","Issuer":"Shop","Username":"ann","Secret":"` + key1 + `","Pin":null,"Algorithm":1,"Digits":8,"Period":60,"Counter":0,"Ranking":0},
 {"Type":1,"Issuer":"Bank","Username":null,"Secret":"` + key2 + `","Algorithm":2,"Digits":6,"Period":30,"Counter":7},
 {"Type":4,"Issuer":"Steam","Username":"cat","Secret":"` + key1 + `","Algorithm":0,"Digits":5,"Period":30},
 {"Type":3,"Issuer":"VPN","Username":"dan","Secret":"0123456789abcdef","Pin":"1234","Digits":6,"Period":10},
 {"Type":5,"Issuer":"Yandex","Username":"eve","Secret":"` + key1 + `"},
 {"Type":9,"Issuer":"New","Username":"fay","Secret":"` + key1 + `"},
 {"Type":2,"Issuer":"New","Username":"gus","Secret":"` + key1 + `","Algorithm":9},
 {"Type":2,"Issuer":"Zero","Username":"hal","Secret":"` + key1 + `","Algorithm":0,"Digits":0}],
"Categories":[{"Id":"c1","Name":"Work","Ranking":1},{"Id":"c2","Name":"Money"}],
"AuthenticatorCategories":[{"CategoryId":"c2","AuthenticatorSecret":"` + key2 + `","Ranking":0},{"CategoryId":"c1","AuthenticatorSecret":"` + key2 + `"},{"CategoryId":"c9","AuthenticatorSecret":"` + key2 + `"}],
"CustomIcons":[]}`

var stratumWant = []string{
	"totp Shop|ann " + hex1 + " SHA256 8 60s",
	"hotp Bank| " + hex2 + ` SHA512 6 #7 ["Money" "Work"]`,
	"steam Steam|cat " + hex1 + " SHA1 5 30s",
	"VPN:dan: a kind of code that is not supported: motp",
	"Yandex:eve: a kind of code that is not supported: yandex",
	"New:fay: a kind of code that is not supported: number-9",
	"New:gus: algorithm: " + errText(otpauth.ErrAlgorithm),
	"Zero:hal: " + errText(otpauth.ErrDigits),
}

func TestStratum(t *testing.T) {
	html := func(rows string) string {
		return "<!DOCTYPE html>\n<html><head><title>Backup</title></head><body><table><tr><th>Issuer</th></tr>" + rows + "</table></body></html>"
	}
	row := func(issuer, name, uri string) string {
		return "<tr>\n  <td>" + issuer + "</td>\n  <td>" + name + "</td>\n  <td><code>" + uri + "</code></td>\n  <td><img src=\"data:image/png;base64,AAAA\"></td>\n</tr>\n"
	}
	rows := row("A &amp; B", "ann", "otpauth://totp/A%20%26%20B:ann?secret="+key1+"&issuer=A%20%26%20B&section=1") +
		row("Bank", "", "otpauth://hotp/Bank?secret="+key1+"&amp;issuer=Bank&amp;counter=7") +
		row("VPN", "dan", "motp://VPN:dan?secret=0123456789abcdef")
	htmlWant := []string{
		"totp A & B|ann " + hex1 + " SHA1 6 30s", "hotp Bank|Bank " + hex1 + " SHA1 6 #7", "VPN:dan: a kind of code that is not supported: motp",
	}
	plain := strings.ReplaceAll(strings.Join(stratumWant, "\n"), ` ["Money" "Work"]`, "")
	check(t, Stratum, map[string]sample{
		"JSON":             {stratumJSON, stratumWant, nil},
		"pretty":           {strings.ReplaceAll(stratumJSON, ",", ",\r\n\t"), stratumWant, nil},
		"no categories":    {stratumJSON[:strings.Index(stratumJSON, ",\n\"Categories\"")] + "}", strings.Split(plain, "\n"), nil},
		"empty":            {`{"Authenticators":[],"Categories":[]}`, nil, nil},
		"null":             {`{"Authenticators":null,"Categories":null}`, nil, nil},
		"cut short":        {stratumJSON[:strings.Index(stratumJSON, "\"fay\"")], strings.Split(plain, "\n")[:5], foreign.ErrCutShort},
		"HTML":             {html(rows), htmlWant, nil},
		"HTML, other code": {strings.Replace(html(rows), "<table>", "<p><code>x</code></p><tr><td>y</td></tr><table>", 1), htmlWant, nil},
		"HTML cut":         {html(rows)[:strings.Index(html(rows), "<tr>\n  <td>VPN")], htmlWant[:2], foreign.ErrCutShort},
	})
}

func sealStratum(t testing.TB, plain string) []byte {
	t.Helper()
	salt, iv := counted(stratumStrongSalt), counted(stratumStrongIV)
	key := derived(t)(foreign.Argon2id(t.Context(), []byte(password), salt, 3, 64<<10, 4, 32))
	return bytes.Join([][]byte{[]byte("AUTHENTICATORPRO"), salt, iv, sealGCM(t, key, iv, []byte(plain), nil)}, nil)
}

func sealLegacyStratum(t testing.TB, plain string) []byte {
	t.Helper()
	salt, iv := counted(stratumLegacySalt), counted(aes.BlockSize)
	block, err := aes.NewCipher(derived(t)(foreign.PBKDF2(t.Context(), sha1.New, []byte(password), salt, 64000, 32)))
	if err != nil {
		t.Fatal(err)
	}
	n := aes.BlockSize - len(plain)%aes.BlockSize
	sealed := append([]byte(plain), bytes.Repeat([]byte{byte(n)}, n)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(sealed, sealed)
	return bytes.Join([][]byte{[]byte("AuthenticatorPro"), salt, iv, sealed}, nil)
}

func TestStratumSealed(t *testing.T) {
	checkSealed(t, Stratum, sealStratum(t, stratumJSON), password, stratumWant...)
	checkSealed(t, Stratum, sealLegacyStratum(t, stratumJSON), password, stratumWant...)
}

func TestStratumCutShort(t *testing.T) {
	for _, mark := range []string{stratumStrongMark, stratumLegacyMark} {
		data := append([]byte(mark), counted(60)...)
		for _, n := range []int{16, 30, 40, 44, 52, 59} {
			if _, err := collect(t, Stratum, data[:n], password); !errors.Is(err, foreign.ErrCutShort) {
				t.Errorf("%s, %d bytes: %v", mark, n, err)
			}
		}
	}
}

func TestUnpad(t *testing.T) {
	for in, want := range map[string]string{
		"abc\x01": "abc", "ab\x02\x02": "ab", strings.Repeat("\x10", 16): "",
		"abc\x00": "-", "abc\x02": "-", "\x05": "-", "abcdefghijklmnopq\x11": "-",
	} {
		got, ok := unpad([]byte(in))
		if ok != (want != "-") || ok && string(got) != want {
			t.Errorf("%q: %q, %v", in, got, ok)
		}
	}
}

func FuzzStratum(f *testing.F) {
	fuzz(f, Stratum, stratumJSON, fmt.Sprintf("<html><tr><td>a</td><td>b</td><td><code>otpauth://totp/a?secret=%s</code></td></tr></html>", key1), "AUTHENTICATORPRO", "AuthenticatorPro")
}
